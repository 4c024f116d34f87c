"""CMPP 3.0: its PDUs and frames. Facts and examples: cmpp.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from smsgate.carriers.codec.cmpp.common import (
    SHARED,
    ActiveTest,
    ActiveTestResp,
    Byte,
    Cancel,
    Common,
    Connect,
    Digest,
    LongNumber,
    MsgId,
    Number,
    Query,
    QueryResp,
    ServiceId,
    SpId,
    Terminate,
    TerminateResp,
    Time,
    Word,
)
from smsgate.carriers.codec.cmpp.frames import LENGTHS
from smsgate.carriers.codec.fields import Counted, Numbers, Rest, Text
from smsgate.carriers.codec.layout import layouts
from smsgate.carriers.codec.seam import RESPONSE, Packet, Unknown
from smsgate.carriers.codec.short_header import decode_frame, encode_frame

VERSION = 0x30
STATUS_WIDTH = 4
"""Octets of Status, Result and Success_Id."""
NUMBER_WIDTH = 32
"""Octets of a phone."""


@dataclass(frozen=True, slots=True)
class ConnectResp:
    """The gateway's answer to the login, in all 33 octets."""

    command: ClassVar[int] = RESPONSE | Connect.command
    status: Word = 0
    authenticator_ismg: Digest = bytes(16)
    version: Byte = VERSION
    """The highest that the gateway speaks."""


@dataclass(frozen=True, slots=True)
class Submit:
    """An MT (cmpp.md 5)."""

    command: ClassVar[int] = 0x4
    msg_id: MsgId = 0
    """The gateway says it in its answer."""
    pk_total: Byte = 1
    pk_number: Byte = 1
    registered_delivery: Byte = 0
    """1: a status report is wanted."""
    msg_level: Byte = 0
    service_id: ServiceId = ""
    fee_user_type: Byte = 0
    """2: the SP pays."""
    fee_terminal_id: LongNumber = ""
    fee_terminal_type: Byte = 0
    """0: a real number; 1: a pseudo code."""
    tp_pid: Byte = 0
    tp_udhi: Byte = 0
    msg_fmt: Byte = 0
    msg_src: SpId = ""
    fee_type: Annotated[str, Text(2)] = "01"
    """01: free."""
    fee_code: Annotated[str, Text(6)] = "000000"
    """Fen."""
    valid_time: Time = ""
    at_time: Time = ""
    src_id: Number = ""
    """Our service number, or a longer one that begins with it."""
    dest_terminal_id: Annotated[tuple[str, ...], Numbers(NUMBER_WIDTH)] = ()
    """Behind DestUsr_tl; fewer than 100."""
    dest_terminal_type: Byte = 0
    """0: real numbers; 1: pseudo codes."""
    msg_content: Annotated[bytes, Counted(1)] = b""
    """Behind Msg_Length; the user data header is part of it."""
    link_id: Annotated[bytes, Rest(20)] = bytes(20)
    """NULs, but where an on-demand MO is answered by the one that came with it. Shorter with some gateways."""


@dataclass(frozen=True, slots=True)
class SubmitResp:
    """The MT's id, or why it wasn't taken: Result in four octets."""

    command: ClassVar[int] = RESPONSE | Submit.command
    msg_id: MsgId = 0
    result: Word = 0


@dataclass(frozen=True, slots=True)
class Deliver:
    """An MO or a status report (cmpp.md 6)."""

    command: ClassVar[int] = 0x5
    msg_id: MsgId = 0
    """Of this DELIVER, to be repeated in the answer."""
    dest_id: Number = ""
    """The service number, and what extension digits the user added."""
    service_id: ServiceId = ""
    tp_pid: Byte = 0
    tp_udhi: Byte = 0
    msg_fmt: Byte = 0
    src_terminal_id: LongNumber = ""
    src_terminal_type: Byte = 0
    """0: a real number; 1: a pseudo code."""
    registered_delivery: Byte = 0
    """1: the content is a report."""
    msg_content: Annotated[bytes, Counted(1)] = b""
    link_id: Annotated[bytes, Rest(20)] = bytes(20)
    """NULs, but where an on-demand MO is answered by the one that came with it. Shorter with some gateways."""


@dataclass(frozen=True, slots=True)
class DeliverResp:
    """Taken, or not: Result in four octets."""

    command: ClassVar[int] = RESPONSE | Deliver.command
    msg_id: MsgId = 0
    result: Word = 0


@dataclass(frozen=True, slots=True)
class CancelResp:
    """Whether it was cancelled: Success_Id in four octets."""

    command: ClassVar[int] = RESPONSE | Cancel.command
    success_id: Word = 0


Pdu = Common | ConnectResp | Submit | SubmitResp | Deliver | DeliverResp | CancelResp | Unknown

PDUS = (*SHARED, ConnectResp, Submit, SubmitResp, Deliver, DeliverResp, CancelResp)
_LAYOUTS = layouts(*PDUS)


def encode(pdu: Pdu, sequence: int) -> bytes:
    """The frame. Raises ProtocolError for a value that its field can't hold."""
    return encode_frame(_LAYOUTS, LENGTHS, pdu, sequence)


def decode(frame: bytes) -> Packet[Pdu, int]:
    """The PDU of a whole frame. Raises ProtocolError."""
    return Packet(*decode_frame(_LAYOUTS, frame))


__all__ = [
    "LENGTHS",
    "NUMBER_WIDTH",
    "PDUS",
    "STATUS_WIDTH",
    "VERSION",
    "ActiveTest",
    "ActiveTestResp",
    "Cancel",
    "CancelResp",
    "Connect",
    "ConnectResp",
    "Deliver",
    "DeliverResp",
    "Pdu",
    "Query",
    "QueryResp",
    "Submit",
    "SubmitResp",
    "Terminate",
    "TerminateResp",
    "Unknown",
    "decode",
    "encode",
]
