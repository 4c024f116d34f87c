"""SMPP 3.4 as a centre speaks it (smpp.md)."""

from __future__ import annotations

from typing import Any

from smsgate.carriers import receipts
from smsgate.carriers.codec import smpp34
from smsgate.carriers.codec.seam import Packet, is_response
from smsgate.carriers.codec.smpp34.messages import ESM_RECEIPT, ESM_UDHI
from smsgate.carriers.codec.smpp34.statuses import MESSAGE_STATES, RECEIVER_TEMPORARY
from smsgate.carriers.codec.smpp34.tags import MESSAGE_PAYLOAD, MESSAGE_STATE, RECEIPTED_MESSAGE_ID
from smsgate.carriers.codec.times import report_time
from smsgate.carriers.codec.tlv import Tlv, number_tlv
from smsgate.carriers.text import incoming
from smsgate.carriers.text.charsets import Charset
from smsgate.carriers.text.coding import smpp_data_coding
from smsgate.carriers.text.part import sar_of
from smsgate.simulate.faults import Faults, IdForm, ReceiptForm
from smsgate.simulate.tongue import Asked, LetIn, Login
from smsgate.simulate.writing import Piece

THROTTLED, REFUSED, WRONG_PASSWORD, INVALID_COMMAND, WRONG_STATE = 0x58, 0x45, 0x0E, 0x03, 0x04
_RECEIPTED = 1
"""registered_delivery: the final state is wanted."""
_STATES = {word: number for number, word in MESSAGE_STATES.items()}
_LONG_WORDS = {"DELIVRD": "DELIVERED", "UNDELIV": "UNDELIVERABLE", "ACCEPTD": "ACCEPTED", "REJECTD": "REJECTED"}
_BINDS: dict[type[Any], tuple[type[Any], bool, bool]] = {
    smpp34.BindTransceiver: (smpp34.BindTransceiverResp, True, True),
    smpp34.BindTransmitter: (smpp34.BindTransmitterResp, True, False),
    smpp34.BindReceiver: (smpp34.BindReceiverResp, False, True),
}


class SmppTongue:
    """A centre's."""

    version = "smpp34"
    lengths = smpp34.LENGTHS

    def __init__(self, alphabet: Charset = Charset.GSM7) -> None:
        self._alphabet = alphabet

    def encode(self, pdu: Any, sequence: int) -> bytes:
        """A frame."""
        return smpp34.encode(pdu, sequence)

    def decode(self, frame: bytes) -> Packet[Any, int]:
        """A PDU."""
        return smpp34.decode(frame)

    def let_in(self, pdu: Any, login: Login, faults: Faults) -> LetIn | None:
        """A bind of any of the three kinds."""
        kind = _BINDS.get(type(pdu))
        if kind is None:
            return None
        response, sends, receives = kind
        if faults.takes("refuse_login"):
            code = faults.login_code or WRONG_PASSWORD
            return LetIn(response(status=code, system_id=None), False, f"told to refuse it by 0x{code:x}")
        if (pdu.system_id, pdu.password) != (login.name, login.secret):
            why = "system_id" if pdu.system_id != login.name else "password"
            return LetIn(response(status=WRONG_PASSWORD, system_id=None), False, f"wrong {why}")
        return LetIn(response(system_id="SMSC"), True, "", sends, receives)

    def asked(self, pdu: Any) -> Asked | None:
        """A submit_sm."""
        if not isinstance(pdu, smpp34.SubmitSm):
            return None
        content = incoming.of_smpp(pdu, self._alphabet)
        return Asked(pdu.source_addr, pdu.destination_addr, content, bool(pdu.registered_delivery & _RECEIPTED))

    def new_id(self, no: int, at: int) -> str:
        """A number; long enough for its hexadecimal form to look like another."""
        del at
        return str(2_000_000_000 + no)

    def yes(self, message_id: str) -> Any:
        """Status 0."""
        return smpp34.SubmitSmResp(message_id=message_id)

    def slower(self) -> Any:
        """ESME_RTHROTTLED."""
        return smpp34.SubmitSmResp(status=THROTTLED, message_id=None)

    def out_of_place(self) -> Any:
        """ESME_RINVBNDSTS."""
        return smpp34.SubmitSmResp(status=WRONG_STATE, message_id=None)

    def no(self, code: int) -> Any:
        """ESME_RSUBMITFAIL, or another."""
        return smpp34.SubmitSmResp(status=code or REFUSED, message_id=None)

    def deliver(self, no: int, sender: str, receiver: str, piece: Piece) -> Any:
        """A deliver_sm; SMPP has no ids of deliveries."""
        del no
        coding = piece.data_coding
        tlvs: tuple[Tlv, ...] = sar_of(piece.sar) if piece.sar is not None else ()
        if piece.is_payload:
            tlvs = (Tlv(MESSAGE_PAYLOAD, piece.octets),)
        return smpp34.DeliverSm(
            source_addr_ton=1,
            source_addr_npi=1,
            source_addr=sender,
            destination_addr=receiver,
            esm_class=ESM_UDHI if piece.has_header else 0,
            data_coding=smpp_data_coding(piece.charset, self._alphabet) if coding is None else coding,
            short_message=b"" if piece.is_payload else piece.octets,
            tlvs=tlvs,
        )

    def receipt(self, no: int, submit: Asked, message_id: str, word: str, at: int, faults: Faults) -> Any:
        """A deliver_sm with esm_class 4; the addresses change sides."""
        del no
        spelt, when = _spelt(message_id, faults.receipt_id), report_time(at)
        error = "000" if word in ("DELIVRD", "ACCEPTD", "ENROUTE") else "034"
        text = receipts.write_text(spelt, word, when, when, error, submit.content.reading.text[:20])
        state = number_tlv(MESSAGE_STATE, _STATES.get(_LONG_WORDS.get(word, word), 7), 1)
        tlvs = (Tlv(RECEIPTED_MESSAGE_ID, spelt.encode("ascii") + b"\0"), state)
        return smpp34.DeliverSm(
            source_addr_ton=1,
            source_addr_npi=1,
            source_addr=submit.destination,
            destination_addr=submit.source,
            esm_class=ESM_RECEIPT,
            short_message=b"" if faults.receipt_form is ReceiptForm.TLV else text.encode("ascii", "replace"),
            tlvs=() if faults.receipt_form is ReceiptForm.TEXT else tlvs,
        )

    def reply(self, pdu: Any) -> Any:
        """To a test and a farewell, and a generic_nack to what else is asked."""
        match pdu:
            case smpp34.EnquireLink():
                return smpp34.EnquireLinkResp()
            case smpp34.Unbind():
                return smpp34.UnbindResp()
            case _:
                return None if is_response(pdu) else smpp34.GenericNack(status=INVALID_COMMAND)

    def is_goodbye(self, pdu: Any) -> bool:
        """Unbind."""
        return isinstance(pdu, smpp34.Unbind)

    def status(self, pdu: Any) -> int | None:
        """deliver_sm_resp; a generic_nack too."""
        return pdu.status if isinstance(pdu, smpp34.DeliverSmResp | smpp34.GenericNack) else None

    def is_later(self, status: int) -> bool:
        """ESME_RX_T_APPN."""
        return status == RECEIVER_TEMPORARY

    def test(self) -> Any:
        """enquire_link."""
        return smpp34.EnquireLink()

    def goodbye(self) -> Any:
        """Unbind."""
        return smpp34.Unbind()


def _spelt(message_id: str, form: IdForm) -> str:
    match form:
        case IdForm.HEX:
            return f"{int(message_id):x}"
        case IdForm.DECIMAL:
            return str(int(message_id, 16))
        case IdForm.ZEROS:
            return message_id.rjust(len(message_id) + 4, "0")
        case IdForm.UPPER:
            return message_id.upper()
        case IdForm.SAME:
            return message_id
