"""smsgate: fault tickets that move by SMS."""

__version__ = "0.1.0"
