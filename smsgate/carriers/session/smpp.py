"""SMPP 3.4 in a session (smpp.md 1–3, 6)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smsgate.carriers.codec import smpp34
from smsgate.carriers.codec.seam import RESPONSE, Packet, is_response
from smsgate.carriers.codec.smpp34.statuses import OK, sentence
from smsgate.carriers.codec.wire import ProtocolError
from smsgate.carriers.session.dialect import LoginRefused, Welcome

_BAD_LENGTH, _BAD_COMMAND = 0x02, 0x03
_BRINGING = (smpp34.DeliverSm, smpp34.DataSm)
_BIND_RESPONSES = (smpp34.BindTransceiverResp, smpp34.BindTransmitterResp, smpp34.BindReceiverResp)
_ANSWERS = frozenset(one.command for one in (*_BIND_RESPONSES, smpp34.GenericNack))


@dataclass(slots=True)
class SmppDialect:
    """An ESME's side of it."""

    bind: smpp34.Bind
    """The login, whole."""
    lengths: range = smpp34.LENGTHS
    sequences: range = range(1, 0x8000_0000)

    def encode(self, pdu: Any, sequence: int) -> bytes:
        """The frame."""
        return smpp34.encode(pdu, sequence)

    def decode(self, frame: bytes) -> Packet[Any, int]:
        """The PDU."""
        return smpp34.decode(frame)

    def login(self) -> Any:
        """Our bind."""
        return self.bind

    def welcome(self, frame: bytes) -> Welcome | None:
        """A bind's answer; a generic_nack is a refusal too."""
        if int.from_bytes(frame[4:8], "big") not in _ANSWERS:
            return None
        pdu = smpp34.decode(frame).pdu
        if isinstance(pdu, smpp34.GenericNack) or (isinstance(pdu, _BIND_RESPONSES) and pdu.status != OK):
            raise LoginRefused(f"the gateway refuses the bind: {sentence(pdu.status)}")
        return Welcome("smpp34")

    def test(self) -> Any:
        """enquire_link."""
        return smpp34.EnquireLink()

    def goodbye(self) -> Any:
        """Unbind."""
        return smpp34.Unbind()

    def is_goodbye(self, pdu: Any) -> bool:
        """Whether it is an unbind."""
        return isinstance(pdu, smpp34.Unbind)

    def brings(self, pdu: Any) -> bool:
        """deliver_sm, and data_sm, which some send instead."""
        return isinstance(pdu, _BRINGING)

    def reply(self, pdu: Any) -> Any:
        """To a test and a farewell; an unknown request is told so (alert_notification has no answer)."""
        match pdu:
            case smpp34.EnquireLink():
                return smpp34.EnquireLinkResp()
            case smpp34.Unbind():
                return smpp34.UnbindResp()
            case smpp34.AlertNotification() | smpp34.Outbind():
                return None
            case _:
                return None if is_response(pdu) else smpp34.GenericNack(status=_BAD_COMMAND)

    def unread(self, fault: ProtocolError, frame: bytes) -> tuple[Any, bool]:
        """What was to bring a message is taken as it is; any other request is a generic_nack's."""
        del frame
        command = fault.command or 0
        if command == smpp34.DeliverSm.command:
            return smpp34.DeliverSmResp(), True
        if command == smpp34.DataSm.command:
            return smpp34.DataSmResp(), True
        return (None if command & RESPONSE else smpp34.GenericNack(status=_BAD_LENGTH)), False
