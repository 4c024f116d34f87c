"""Accounts at carriers' gateways: kinds smpp and cmpp. One link over the session core, and what each protocol says."""

from smsgate.providers.carrier.link import CarrierLink, make_cmpp, make_smpp

__all__ = ["CarrierLink", "make_cmpp", "make_smpp"]
