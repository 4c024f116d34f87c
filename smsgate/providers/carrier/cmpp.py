"""CMPP 2.0 and 3.0 as one account speaks them (cmpp.md 3, 5–8)."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from smsgate import accounts
from smsgate.carriers import receipts
from smsgate.carriers.codec import cmpp20, cmpp30
from smsgate.carriers.codec.cmpp.report import decode_report
from smsgate.carriers.codec.cmpp.results import FLOW_CONTROL, OK, RETRYABLE, SLOW_DOWN, meaning
from smsgate.carriers.codec.times import absolute_time, login_timestamp
from smsgate.carriers.session.cmpp import CmppDialect
from smsgate.carriers.text import incoming
from smsgate.carriers.text.charsets import Charset
from smsgate.carriers.text.coding import cmpp_msg_fmt
from smsgate.carriers.text.outgoing import Segment, segments_of
from smsgate.providers.carrier.speech import Codes, Heard, Taken, heard_text, recipient, sender
from smsgate.service.ports import DeliveryReport, ProviderError, Submission

_VERSIONS = {"2.0": cmpp20.VERSION, "3.0": cmpp30.VERSION}
_LAYOUTS: dict[str, ModuleType] = {"cmpp20": cmpp20, "cmpp30": cmpp30}
_ALPHABETS = {"ascii": Charset.ASCII, "gb18030": Charset.GB18030, "latin1": Charset.LATIN1}


class CmppSpeech:
    """An SP's."""

    has_ids = True

    def __init__(self, name: str, settings: accounts.CmppAccount) -> None:
        self._account = name
        self._settings = settings
        self._secret = settings.secret().encode("gbk", "replace")
        self._alphabet = _ALPHABETS[settings.alphabet]
        self._codes = Codes.of(settings, SLOW_DOWN, RETRYABLE)

    def dialect(self, role: str, at: int) -> CmppDialect:
        """A session's; every connection of CMPP goes both ways."""
        del role
        said = self._settings
        return CmppDialect(
            said.sp_id,
            self._secret,
            _VERSIONS[said.version],
            login_timestamp(at),
            said.padded_digest,
            said.strict_login,
        )

    def submits(self, submission: Submission, reference: int, version: str, at: int) -> list[Any]:
        """SUBMIT, one for each part and receiver (cmpp.md 5 «Group send»), in the version that the gateway speaks."""
        del at
        segments = segments_of(submission.text, reference, self._alphabet, self._settings.manner)
        return [self._part(_LAYOUTS[version], submission, segment) for segment in segments]

    def answer(self, pdu: Any) -> Taken | ProviderError:
        """A Msg_Id, or why not."""
        if isinstance(pdu, cmpp20.SubmitResp | cmpp30.SubmitResp):
            if pdu.result == OK:
                return Taken(receipts.cmpp_id(pdu.msg_id))
            return self._codes.error(pdu.result, meaning(pdu.result))
        return ProviderError("answer", f"the gateway answers a SUBMIT with {type(pdu).__name__}", retryable=False)

    def hear(self, pdu: Any, session: str, at: int) -> Heard | None:
        """DELIVER: a report, a message, or a part."""
        if pdu.registered_delivery == 1:
            return self._report(pdu, at)
        content = incoming.of_cmpp(pdu, self._alphabet)
        numbers = (pdu.src_terminal_id, pdu.dest_id)
        # 0 is no id: by it a second equal command would be taken for the first
        msg_id, name = (receipts.cmpp_id(pdu.msg_id), None) if pdu.msg_id else ("", session)
        return heard_text(content, self._account, msg_id, numbers, pdu.msg_content, at, name)

    def taken(self, pdu: Any) -> Any:
        """Result 0, with the delivery's own id."""
        return self._answered(pdu, OK)

    def again(self, pdu: Any) -> Any:
        """Result 8, after which gateways bring it again (cmpp.md 6)."""
        return self._answered(pdu, FLOW_CONTROL)

    def _answered(self, pdu: Any, result: int) -> Any:
        layout = cmpp30 if isinstance(pdu, cmpp30.Deliver) else cmpp20
        return layout.DeliverResp(pdu.msg_id, result)

    def _part(self, layout: ModuleType, submission: Submission, segment: Segment) -> Any:
        said, part = self._settings, segment.part
        until = submission.valid_until
        return layout.Submit(
            pk_total=part.total if part else 1,
            pk_number=part.index if part else 1,
            registered_delivery=int(said.receipts),
            msg_level=said.msg_level,
            service_id=said.service_id,
            fee_user_type=said.fee_user_type,
            tp_udhi=int(part is not None),
            msg_fmt=cmpp_msg_fmt(segment.charset, self._alphabet),
            msg_src=said.msg_src or said.sp_id,
            fee_type=said.fee_type,
            fee_code=said.fee_code.rjust(6, "0"),
            valid_time=absolute_time(until) if said.send_validity and until is not None else "",
            src_id=submission.source or said.service_number,
            dest_terminal_id=(recipient(submission.phone, said),),
            msg_content=segment.content,
        )

    def _report(self, pdu: Any, at: int) -> DeliveryReport:
        receipt = receipts.of_cmpp(decode_report(pdu.msg_content))
        phone = sender(receipt.phone)
        return DeliveryReport(
            self._account, receipt.ids[0], receipt.state, at, phone=phone[:24] or None, code=receipt.code[:64]
        )
