"""The header, the PDUs that are the same in both versions, and the widths of fields (cmpp.md 2–6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from smsgate.carriers.codec.fields import Absent, Octets, Text, Unsigned
from smsgate.carriers.codec.seam import RESPONSE

Byte = Annotated[int, Unsigned(1)]
Word = Annotated[int, Unsigned(4)]
MsgId = Annotated[int, Unsigned(8)]
"""64 opaque bits, unsigned: months from August set the top one (cmpp.md 5 «Msg_Id»); parts in `msg_id.py`."""
SpId = Annotated[str, Text(6)]
ServiceId = Annotated[str, Text(10)]
Digest = Annotated[bytes, Octets(16)]
Time = Annotated[str, Text(17)]
"""Empty, or `YYMMDDhhmmsstnnp`: `times.absolute_time`."""
Number = Annotated[str, Text(21)]
"""Service numbers in both versions, phones in 2.0."""
LongNumber = Annotated[str, Text(32)]
"""Phones in 3.0."""

UDHI = 0x41
"""TP_udhi: the content begins with a user data header if it has one of these bits; some gateways pass SMPP's 0x40
through (cmpp.md 6)."""


@dataclass(frozen=True, slots=True)
class Connect:
    """The login. The digest is of `login.authenticator_source`."""

    command: ClassVar[int] = 0x1
    source_addr: SpId = ""
    authenticator_source: Digest = bytes(16)
    version: Byte = 0x20
    """High nibble major, low nibble minor; 0x21 speaks the layout of 2.0 (cmpp.md 10)."""
    timestamp: Word = 0
    """The integer MMDDHHMMSS."""


@dataclass(frozen=True, slots=True)
class Terminate:
    """The connection is to be closed after the answer; either side may say so."""

    command: ClassVar[int] = 0x2


@dataclass(frozen=True, slots=True)
class TerminateResp:
    """It may be closed."""

    command: ClassVar[int] = RESPONSE | Terminate.command


@dataclass(frozen=True, slots=True)
class Query:
    """How many messages of a day? (fields: specification 7.4.5 by SMSGate's code)."""

    command: ClassVar[int] = 0x6
    time: Annotated[str, Text(8)] = ""
    """The day, YYYYMMDD."""
    query_type: Byte = 0
    """0: all; 1: those of a service."""
    query_code: ServiceId = ""
    reserve: Annotated[bytes, Octets(8)] = bytes(8)


@dataclass(frozen=True, slots=True)
class QueryResp:
    """So many (fields: specification 7.4.5 by SMSGate's code)."""

    command: ClassVar[int] = RESPONSE | Query.command
    time: Annotated[str, Text(8)] = ""
    query_type: Byte = 0
    query_code: ServiceId = ""
    mt_tl_msg: Word = 0
    """Messages from the SP."""
    mt_tl_usr: Word = 0
    """Users they went to."""
    mt_scs: Word = 0
    """Passed on."""
    mt_wt: Word = 0
    """Waiting."""
    mt_fl: Word = 0
    """Failed."""
    mo_scs: Word = 0
    mo_wt: Word = 0
    mo_fl: Word = 0


@dataclass(frozen=True, slots=True)
class Cancel:
    """Don't send it (fields: specification 7.4.6 by SMSGate's code)."""

    command: ClassVar[int] = 0x7
    msg_id: MsgId = 0


@dataclass(frozen=True, slots=True)
class ActiveTest:
    """Are you there? Either side may ask."""

    command: ClassVar[int] = 0x8


@dataclass(frozen=True, slots=True)
class ActiveTestResp:
    """I am."""

    command: ClassVar[int] = RESPONSE | ActiveTest.command
    reserved: Annotated[int | None, Absent(Unsigned(1))] = 0
    """None: the frame ends before it, as some do (cmpp.md 4)."""


Common = Connect | Terminate | TerminateResp | Query | QueryResp | Cancel | ActiveTest | ActiveTestResp
SHARED: tuple[type[Common], ...] = Common.__args__


def reply_to(pdu: object) -> ActiveTestResp | TerminateResp | None:
    """What either side owes a test and a farewell; None: nothing, or what only its receiver knows."""
    match pdu:
        case ActiveTest():
            return ActiveTestResp()
        case Terminate():
            return TerminateResp()
        case _:
            return None
