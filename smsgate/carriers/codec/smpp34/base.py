"""What all PDUs of SMPP 3.4 have, and the widths that they share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from smsgate.carriers.codec.fields import CString, Unsigned
from smsgate.carriers.codec.tlv import Tlv

Byte = Annotated[int, Unsigned(1)]
ServiceType = Annotated[str, CString(6)]
Address = Annotated[str, CString(21)]
LongAddress = Annotated[str, CString(65)]
Time = Annotated[str, CString(17)]
"""Empty, or `YYMMDDhhmmsstnnp` (smpp.md 3): `times.absolute_time`."""
MessageId = Annotated[str, CString(65)]
"""Opaque text of at most 64 characters (smpp.md 3)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Smpp:
    """Every PDU: the header's status, and the optional parameters behind its fields.

    `tlvs` are there for every PDU, in the order of the wire, unknown ones too. The specification gives them to a few
    only, and forbids them in failed responses, where everybody sends them all the same (smpp.md 3).
    """

    status: int = 0
    """0 in requests; `statuses.py`."""
    tlvs: tuple[Tlv, ...] = ()
