"""SMPP 3.4: the PDUs and their frames. Facts and examples: smpp.md; layouts that it leaves out: SMPP 3.4 itself."""

from __future__ import annotations

import struct

from smsgate.carriers.codec.layout import layouts
from smsgate.carriers.codec.seam import Packet, Unknown
from smsgate.carriers.codec.smpp34.enquiries import (
    AlertNotification,
    CancelSm,
    CancelSmResp,
    QuerySm,
    QuerySmResp,
    ReplaceSm,
    ReplaceSmResp,
)
from smsgate.carriers.codec.smpp34.messages import DataSm, DataSmResp, DeliverSm, DeliverSmResp, SubmitSm, SubmitSmResp
from smsgate.carriers.codec.smpp34.session import (
    BindReceiver,
    BindReceiverResp,
    BindTransceiver,
    BindTransceiverResp,
    BindTransmitter,
    BindTransmitterResp,
    EnquireLink,
    EnquireLinkResp,
    GenericNack,
    Outbind,
    Unbind,
    UnbindResp,
)
from smsgate.carriers.codec.tlv import Tlv, read_tlvs, write_tlvs
from smsgate.carriers.codec.wire import ProtocolError, Reader

Bind = BindReceiver | BindTransmitter | BindTransceiver
BindResp = BindReceiverResp | BindTransmitterResp | BindTransceiverResp
Known = (
    Bind | BindResp | Outbind | Unbind | UnbindResp | EnquireLink | EnquireLinkResp | GenericNack
    | SubmitSm | SubmitSmResp | DeliverSm | DeliverSmResp | DataSm | DataSmResp
    | QuerySm | QuerySmResp | ReplaceSm | ReplaceSmResp | CancelSm | CancelSmResp | AlertNotification
)  # fmt: skip
Pdu = Known | Unknown

_HEADER = struct.Struct(">4I")
"""command_length, command_id, command_status, sequence_number (smpp.md 2)."""

LENGTHS = range(_HEADER.size, 67_585)
"""Room for one message_payload of 65,535 octets and all else. SMPP states no greatest frame; ours is 66 KB."""

PDUS: tuple[type[Known], ...] = Known.__args__
_LAYOUTS = layouts(*PDUS)


def encode(pdu: Pdu, sequence: int) -> bytes:
    """The frame. Raises ProtocolError for a value that its field can't hold.

    Sequences of requests are 1 to 0x7FFFFFFF (smpp.md 2); a response repeats whatever the request had.
    """
    body = bytearray(pdu.body) if isinstance(pdu, Unknown) else _body(pdu)
    length = _HEADER.size + len(body)
    if length not in LENGTHS:
        raise ProtocolError(f"a frame of {length} octets is too long")
    try:
        return _HEADER.pack(length, pdu.command, pdu.status, sequence) + body
    except struct.error as error:
        raise ProtocolError(f"the header can't hold it: {error}") from None


def decode(frame: bytes) -> Packet[Pdu, int]:
    """The PDU of a whole frame. Raises ProtocolError."""
    if len(frame) < _HEADER.size:
        raise ProtocolError(f"a frame of {len(frame)} octets has no header")
    length, command, status, sequence = _HEADER.unpack_from(frame)
    if length != len(frame):
        raise ProtocolError(f"a frame of {len(frame)} octets says it has {length}")
    layout = _LAYOUTS.get(command)
    if layout is None:
        return Packet(Unknown(command, frame[_HEADER.size :], status), sequence)
    reader = Reader(frame, _HEADER.size)
    try:
        values = layout.read(reader)
        tlvs = read_tlvs(reader)
    except ProtocolError as error:
        raise error.within(layout.pdu.__name__).of(command, sequence) from None
    return Packet(layout.pdu(status=status, tlvs=tlvs, **values), sequence)


def _body(pdu: Known) -> bytearray:
    body = bytearray()
    complete = _LAYOUTS[pdu.command].write(pdu, body)
    if pdu.tlvs and not complete:
        raise ProtocolError("options can't stand behind a body that isn't there")
    write_tlvs(pdu.tlvs, body)
    return body


__all__ = [
    "LENGTHS",
    "PDUS",
    "AlertNotification",
    "Bind",
    "BindReceiver",
    "BindReceiverResp",
    "BindResp",
    "BindTransceiver",
    "BindTransceiverResp",
    "BindTransmitter",
    "BindTransmitterResp",
    "CancelSm",
    "CancelSmResp",
    "DataSm",
    "DataSmResp",
    "DeliverSm",
    "DeliverSmResp",
    "EnquireLink",
    "EnquireLinkResp",
    "GenericNack",
    "Known",
    "Outbind",
    "Pdu",
    "QuerySm",
    "QuerySmResp",
    "ReplaceSm",
    "ReplaceSmResp",
    "SubmitSm",
    "SubmitSmResp",
    "Tlv",
    "Unbind",
    "UnbindResp",
    "Unknown",
    "decode",
    "encode",
]
