"""SMPP 3.4 as one account speaks it (smpp.md 3–6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from smsgate import accounts
from smsgate.carriers import receipts
from smsgate.carriers.codec import smpp34
from smsgate.carriers.codec.smpp34.messages import ESM_UDHI, REPORT_FINAL, REPORT_NEVER
from smsgate.carriers.codec.smpp34.statuses import OK, RECEIVER_TEMPORARY, RETRYABLE, SLOW_DOWN, sentence
from smsgate.carriers.codec.smpp34.tags import MESSAGE_PAYLOAD
from smsgate.carriers.codec.times import absolute_time
from smsgate.carriers.codec.tlv import Tlv, find
from smsgate.carriers.session.smpp import SmppDialect
from smsgate.carriers.text import incoming
from smsgate.carriers.text.charsets import Charset, write_text
from smsgate.carriers.text.coding import smpp_data_coding
from smsgate.carriers.text.outgoing import Segment, segments_of
from smsgate.carriers.text.part import sar_of
from smsgate.providers.carrier.speech import Codes, Heard, Taken, heard_text, recipient, sender
from smsgate.service.ports import DeliveryReport, ProviderError, Submission

_BINDS: dict[str, type[smpp34.Bind]] = {
    "both": smpp34.BindTransceiver,
    "out": smpp34.BindTransmitter,
    "in": smpp34.BindReceiver,
}
_ALPHABETS = {
    "gsm7": Charset.GSM7,
    "gsm7_packed": Charset.GSM7_PACKED,
    "ascii": Charset.ASCII,
    "latin1": Charset.LATIN1,
}
_NUL = b"\0"


class SmppSpeech:
    """An ESME's."""

    has_ids = False

    def __init__(self, name: str, settings: accounts.SmppAccount) -> None:
        self._account = name
        self._settings = settings
        self._password = settings.secret()
        self._alphabet = _ALPHABETS[settings.alphabet]
        self._codes = Codes.of(settings, SLOW_DOWN, RETRYABLE)

    def dialect(self, role: str, at: int) -> SmppDialect:
        """A session's, with its bind."""
        del at
        said = self._settings
        return SmppDialect(
            _BINDS[role](
                system_id=said.system_id,
                password=self._password,
                system_type=said.system_type,
                interface_version=said.interface_version,
                addr_ton=said.bind_ton,
                addr_npi=said.bind_npi,
                address_range=said.address_range,
            )
        )

    def submits(self, submission: Submission, reference: int, version: str, at: int) -> list[Any]:
        """submit_sm, one for each part, or one with the whole text as message_payload."""
        del version, at
        addressed = self._addressed(submission)
        segments = segments_of(submission.text, reference, self._alphabet, self._settings.manner)
        if self._settings.long_messages == "payload" and len(segments) > 1:
            return [self._whole(addressed, submission.text, segments[0].charset)]
        return [self._part(addressed, segment) for segment in segments]

    def answer(self, pdu: Any) -> Taken | ProviderError:
        """An id, or why not; a generic_nack is a no as well."""
        if isinstance(pdu, smpp34.SubmitSmResp) and pdu.status == OK:
            return Taken(pdu.message_id or "")
        return self._codes.error(pdu.status, sentence(pdu.status))

    def hear(self, pdu: Any, session: str, at: int) -> Heard | None:
        """deliver_sm and data_sm: a receipt, a message, or a part."""
        if receipts.is_receipt(pdu):
            return self._report(pdu, at)
        content = incoming.of_smpp(pdu, self._alphabet)
        if self._settings.trailing_nul:
            content = content._replace(body=_without_nul(content.body, content.charset))
        raw = b"" if isinstance(pdu, smpp34.DataSm) else pdu.short_message
        raw = raw or find(pdu.tlvs, MESSAGE_PAYLOAD) or b""
        numbers = (pdu.source_addr, pdu.destination_addr)
        return heard_text(content, self._account, "", numbers, raw, at, session)

    def taken(self, pdu: Any) -> Any:
        """Status 0."""
        return smpp34.DataSmResp() if isinstance(pdu, smpp34.DataSm) else smpp34.DeliverSmResp()

    def again(self, pdu: Any) -> Any:
        """ESME_RX_T_APPN: a temporary error of ours."""
        return replace(self.taken(pdu), status=RECEIVER_TEMPORARY, message_id=None)

    def _addressed(self, submission: Submission) -> dict[str, Any]:
        """The fields that all parts have."""
        said = self._settings
        until = submission.valid_until
        return {
            "service_type": said.service_type,
            "source_addr_ton": said.source_ton,
            "source_addr_npi": said.source_npi,
            "source_addr": submission.source or said.service_number,
            "dest_addr_ton": said.dest_ton,
            "dest_addr_npi": said.dest_npi,
            "destination_addr": recipient(submission.phone, said),
            "registered_delivery": REPORT_FINAL if said.receipts else REPORT_NEVER,
            "validity_period": absolute_time(until) if said.send_validity and until is not None else "",
        }

    def _part(self, addressed: dict[str, Any], segment: Segment) -> smpp34.SubmitSm:
        coding = smpp_data_coding(segment.charset, self._alphabet)
        if segment.part is None:
            return smpp34.SubmitSm(**addressed, data_coding=coding, short_message=segment.body)
        if self._settings.long_messages == "sar":
            tlvs = sar_of(segment.part)
            return smpp34.SubmitSm(**addressed, data_coding=coding, short_message=segment.body, tlvs=tlvs)
        return smpp34.SubmitSm(**addressed, data_coding=coding, short_message=segment.content, esm_class=ESM_UDHI)

    def _whole(self, addressed: dict[str, Any], text: str, charset: Charset) -> smpp34.SubmitSm:
        payload = Tlv(MESSAGE_PAYLOAD, write_text(text, charset))
        return smpp34.SubmitSm(**addressed, data_coding=smpp_data_coding(charset, self._alphabet), tlvs=(payload,))

    def _report(self, pdu: Any, at: int) -> DeliveryReport | None:
        receipt = receipts.of_smpp(pdu)
        if not receipt.ids:
            return None
        phone = sender(receipt.phone)
        return DeliveryReport(
            self._account,
            receipt.ids[0],
            receipt.state,
            at,
            phone=phone[:24] or None,
            code=receipt.code[:64],
            other_ids=receipt.ids[1:],
        )


def _without_nul(body: bytes, charset: Charset) -> bytes:
    """Without the NUL that some centres add; in UCS-2 it may be one octet or two (smpp.md 5)."""
    if charset is Charset.UCS2 and len(body) % 2 == 0:
        return body[:-2] if body.endswith(_NUL * 2) else body
    return body.removesuffix(_NUL)
