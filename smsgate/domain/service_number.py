"""Our number at a carrier, and the digits behind it that name a ticket (spec/tickets.md «Which ticket is meant», 1)."""

from __future__ import annotations

from typing import NamedTuple

LONGEST = 20
"""Digits of a sender that a phone shows and replies to (3GPP TS 23.040 «Address fields»: 20 semi-octets)."""

_COUNTRY = ("", "86", "0086")
"""What carriers put before an access code, or leave out."""


class ServiceNumber(NamedTuple):
    """The number that a provider account sends from, which replies come back to with whatever stands behind it."""

    digits: str
    extension_digits: int = 0
    """How many digits the carrier allows behind it; 0: it keeps none."""

    def source(self, code: str | None) -> str:
        """The number that an SMS about the ticket of that code comes from; the bare one where the code has no room."""
        return self.digits if code is None or len(code) > self.extension_digits else self.digits + code

    def extension(self, receiver: str) -> str | None:
        """The digits behind it in the number that a message was sent to; None: none, or the carrier keeps none."""
        return self._behind(receiver) or None if self.extension_digits else None

    def means(self, number: str) -> bool:
        """Whether a number is this one, whatever stands behind it."""
        return self._behind(number) is not None

    def _behind(self, number: str) -> str | None:
        given = number.removeprefix("+")
        for country in _COUNTRY:
            if given.startswith(country + self.digits):
                rest = given[len(country + self.digits) :]
                return rest if not rest or (rest.isascii() and rest.isdigit()) else None
        return None
