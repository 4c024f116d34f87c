"""SMS by mail: to number@gateway, over a mail server of the house."""

from smsgate.providers.email.provider import EmailProvider, make_email

__all__ = ["EmailProvider", "make_email"]
