"""Frames whose header is length, command and sequence, four octets each: CMPP's (cmpp.md 2) and SMGP's (smgp.md 2)."""

from __future__ import annotations

import struct
from typing import Any

from smsgate.carriers.codec.layout import Layout
from smsgate.carriers.codec.seam import Commanded, Unknown
from smsgate.carriers.codec.wire import ProtocolError, Reader

_HEADER = struct.Struct(">3I")
HEADER_OCTETS = _HEADER.size


def encode_frame(layouts: dict[int, Layout[Any]], lengths: range, pdu: Commanded, sequence: int) -> bytes:
    """The frame. Raises ProtocolError for a value that its field can't hold."""
    body = bytearray()
    if isinstance(pdu, Unknown):
        body += pdu.body
    else:
        layouts[pdu.command].write(pdu, body)
    length = _HEADER.size + len(body)
    if length not in lengths:
        raise ProtocolError(f"a frame of {length} octets is too long")
    try:
        return _HEADER.pack(length, pdu.command, sequence) + body
    except struct.error as error:
        raise ProtocolError(f"the header can't hold it: {error}") from None


def decode_frame(layouts: dict[int, Layout[Any]], frame: bytes) -> tuple[Any, int]:
    """The PDU and sequence of a whole frame. Raises ProtocolError."""
    command, sequence = read_header(frame)
    layout = layouts.get(command)
    if layout is None:
        return Unknown(command, frame[_HEADER.size :]), sequence
    reader = Reader(frame, _HEADER.size)
    try:
        values = layout.read(reader)
        reader.end()
    except ProtocolError as error:
        raise error.within(layout.pdu.__name__).of(command, sequence) from None
    return layout.pdu(**values), sequence


def read_header(frame: bytes) -> tuple[int, int]:
    """Command and sequence. Raises ProtocolError for a frame that isn't as long as it says."""
    if len(frame) < _HEADER.size:
        raise ProtocolError(f"a frame of {len(frame)} octets has no header")
    length, command, sequence = _HEADER.unpack_from(frame)
    if length != len(frame):
        raise ProtocolError(f"a frame of {len(frame)} octets says it has {length}")
    return command, sequence
