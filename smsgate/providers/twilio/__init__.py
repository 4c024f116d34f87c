"""Twilio: signed webhooks in, status callbacks in, REST out (Messaging Service or a number)."""

from smsgate.providers.twilio.provider import Twilio, make_twilio

__all__ = ["Twilio", "make_twilio"]
