"""A CMPP frame: Total_Length, Command_Id, Sequence_Id, then the body (cmpp.md 2)."""

from __future__ import annotations

import struct
from typing import Any, Literal

from smsgate.carriers.codec.layout import Layout
from smsgate.carriers.codec.seam import RESPONSE, Commanded, Unknown
from smsgate.carriers.codec.wire import ProtocolError, Reader

HEADER = struct.Struct(">3I")
LENGTHS = range(HEADER.size, 4_097)
"""The advice of cmpp.md 2; the longest legal one is a 3.0 SUBMIT to 99 receivers, 3,471 octets."""

CONNECT_RESP = RESPONSE | 0x1
_CONNECT_RESP_30 = 33


def encode_frame(layouts: dict[int, Layout[Any]], pdu: Commanded, sequence: int) -> bytes:
    """The frame. Raises ProtocolError for a value that its field can't hold."""
    body = bytearray()
    if isinstance(pdu, Unknown):
        body += pdu.body
    else:
        layouts[pdu.command].write(pdu, body)
    length = HEADER.size + len(body)
    if length not in LENGTHS:
        raise ProtocolError(f"a frame of {length} octets is too long")
    try:
        return HEADER.pack(length, pdu.command, sequence) + body
    except struct.error as error:
        raise ProtocolError(f"the header can't hold it: {error}") from None


def decode_frame(layouts: dict[int, Layout[Any]], frame: bytes) -> tuple[Any, int]:
    """The PDU and sequence of a whole frame. Raises ProtocolError."""
    command, sequence = read_header(frame)
    layout = layouts.get(command)
    if layout is None:
        return Unknown(command, frame[HEADER.size :]), sequence
    reader = Reader(frame, HEADER.size)
    try:
        values = layout.read(reader)
        reader.end()
    except ProtocolError as error:
        raise error.within(layout.pdu.__name__).of(command, sequence) from None
    return layout.pdu(**values), sequence


def read_header(frame: bytes) -> tuple[int, int]:
    """Command and sequence. Raises ProtocolError for a frame that isn't as long as it says."""
    if len(frame) < HEADER.size:
        raise ProtocolError(f"a frame of {len(frame)} octets has no header")
    length, command, sequence = HEADER.unpack_from(frame)
    if length != len(frame):
        raise ProtocolError(f"a frame of {len(frame)} octets says it has {length}")
    return command, sequence


def spoken_version(frame: bytes) -> Literal["cmpp20", "cmpp30"] | None:
    """Which layout a gateway speaks, by the length of its CONNECT_RESP; None for any other frame.

    Its length and not what we asked for, nor its version octet: gateways answer in the version that the account is
    set to, and go on in it (cmpp.md 3).
    """
    command = int.from_bytes(frame[4:8], "big")
    if command != CONNECT_RESP:
        return None
    return "cmpp30" if len(frame) == _CONNECT_RESP_30 else "cmpp20"
