"""The ways to and from phones: one file or folder per provider, all of one shape (service/ports.py `Provider`)."""

from smsgate.providers.registry import KINDS, UnknownProvider, is_link, make_provider

__all__ = ["KINDS", "UnknownProvider", "is_link", "make_provider"]
