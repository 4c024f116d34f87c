"""How long CMPP's frames may be, and which version one of them is (cmpp.md 2 and 3)."""

from __future__ import annotations

from typing import Literal

from smsgate.carriers.codec.seam import RESPONSE
from smsgate.carriers.codec.short_header import HEADER_OCTETS

LENGTHS = range(HEADER_OCTETS, 4_097)
"""The advice of cmpp.md 2; the longest legal one is a 3.0 SUBMIT to 99 receivers, 3,471 octets."""

CONNECT_RESP = RESPONSE | 0x1
_CONNECT_RESP_30 = 33


def spoken_version(frame: bytes) -> Literal["cmpp20", "cmpp30"] | None:
    """Which layout a gateway speaks, by the length of its CONNECT_RESP; None for any other frame.

    Its length and not what we asked for, nor its version octet: gateways answer in the version that the account is
    set to, and go on in it (cmpp.md 3).
    """
    command = int.from_bytes(frame[4:8], "big")
    if command != CONNECT_RESP:
        return None
    return "cmpp30" if len(frame) == _CONNECT_RESP_30 else "cmpp20"
