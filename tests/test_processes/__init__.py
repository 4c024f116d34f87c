"""smsgate and carriers' gateways as processes of their own, as users start them, and kill them."""
