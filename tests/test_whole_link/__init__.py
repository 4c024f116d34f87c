"""smsgate behind a link to a simulated gateway, from the octets to the database and back."""
