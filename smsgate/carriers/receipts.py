"""What a delivery receipt says, whichever protocol brings it, in the house's words (smpp.md 4, cmpp.md 6).

Which MT it is about is the store's to find (`store/message_ids.py` knows the spellings of ids); here are the ids as
they came.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from smsgate.carriers.codec import smpp34
from smsgate.carriers.codec.cmpp.report import Report
from smsgate.carriers.codec.smpp34.messages import ESM_INTERMEDIATE, ESM_RECEIPT, ESM_TYPE
from smsgate.carriers.codec.smpp34.statuses import MESSAGE_STATES
from smsgate.carriers.codec.smpp34.tags import MESSAGE_STATE, NETWORK_ERROR_CODE, RECEIPTED_MESSAGE_ID
from smsgate.carriers.codec.tlv import find, find_number, find_text
from smsgate.carriers.text import incoming
from smsgate.carriers.text.charsets import Charset
from smsgate.domain.messages import MtState

STATES: dict[str, MtState] = {
    "ENROUTE": MtState.SENT,
    "ACCEPTD": MtState.SENT,
    "ACCEPTED": MtState.SENT,
    "DELIVRD": MtState.DELIVERED,
    "DELIVERED": MtState.DELIVERED,
    "EXPIRED": MtState.EXPIRED,
    "DELETED": MtState.FAILED,
    "UNDELIV": MtState.FAILED,
    "UNDELIVERABLE": MtState.FAILED,
    "REJECTD": MtState.FAILED,
    "REJECTED": MtState.FAILED,
    "UNKNOWN": MtState.UNKNOWN,
}
"""stat, Stat and message_state. `sent` is on its way and never final."""

_LONGEST_READ = 1_024
"""Characters of a receipt's text that are looked at; a whole one has some 150."""
_FIELD = re.compile(
    r"(?:^|\s)(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err):(?:(\S+)|\s+([^\s:]+)(?=\s|$)|)", re.IGNORECASE
)
_QUOTED = re.compile(r"(?:^|\s)text:", re.IGNORECASE)
"""Behind it is what we sent, in which a sender may have written anything."""


class Receipt(NamedTuple):
    """What became of one MT, as its receipt says."""

    ids: tuple[str, ...]
    """The ids that it names, as it spells them, the surest first; none if it is a receipt of no use."""
    state: MtState
    """sent, delivered, failed, expired or unknown."""
    word: str = ""
    """The state in the centre's own word."""
    error: str = ""
    """The centre's error code."""
    done: str = ""
    """When, as it says; mostly YYMMDDhhmm."""
    phone: str = ""
    """Whom the MT went to, as it says."""

    @property
    def code(self) -> str:
        """Word and error, for operators."""
        return f"{self.word} {self.error}".strip()


def is_receipt(pdu: smpp34.DeliverSm | smpp34.DataSm) -> bool:
    """Whether an SMPP message is a receipt and not an MO.

    By esm_class, or by the parameter that only a centre can add. Never by the text: a phone can send the same.
    """
    kind = pdu.esm_class & ESM_TYPE
    return kind in (ESM_RECEIPT, ESM_INTERMEDIATE) or find(pdu.tlvs, RECEIPTED_MESSAGE_ID) is not None


def of_smpp(pdu: smpp34.DeliverSm | smpp34.DataSm) -> Receipt:
    """The receipt in a message that is one. Its parameters win over its text, which is the vendor's own form."""
    # a centre's alphabet, whichever it is, has ASCII in it
    fields = read_fields(incoming.of_smpp(pdu, Charset.LATIN1).reading.text)
    ids = (find_text(pdu.tlvs, RECEIPTED_MESSAGE_ID), fields.get("id"))
    word = MESSAGE_STATES.get(find_number(pdu.tlvs, MESSAGE_STATE) or 0) or fields.get("stat", "")
    intermediate = pdu.esm_class & ESM_TYPE == ESM_INTERMEDIATE
    return Receipt(
        ids=tuple(dict.fromkeys(one for one in ids if one)),
        state=MtState.SENT if intermediate else STATES.get(word.upper(), MtState.UNKNOWN),
        word=word,
        error=_network_error(find(pdu.tlvs, NETWORK_ERROR_CODE)) or fields.get("err", ""),
        done=fields.get("done date", ""),
        phone=pdu.source_addr,
    )


def read_fields(text: str) -> dict[str, str]:
    """The fields of a receipt's text that have a value: `id`, `stat`, `done date` …, by name in lower case.

    In any order, letter case and number; of two with one name the first counts.
    """
    told = _QUOTED.split(text[:_LONGEST_READ], maxsplit=1)[0]
    found: dict[str, str] = {}
    for name, beside, apart in _FIELD.findall(told):
        if value := beside or apart:
            found.setdefault(re.sub(r"[ _]?date", " date", name.lower()), value)
    return found


def write_text(message_id: str, word: str, submitted: str, done: str, error: str = "000", quoted: str = "") -> str:
    """A receipt's text in the form of smpp.md 4, for whoever plays a centre."""
    delivered = "001" if STATES.get(word) is MtState.DELIVERED else "000"
    return (
        f"id:{message_id} sub:001 dlvrd:{delivered} submit date:{submitted} done date:{done} "
        f"stat:{word} err:{error} text:{quoted[:20]}"
    )


def _network_error(value: bytes | None) -> str:
    """NETWORK_ERROR_CODE: the network's kind in one octet, then its code in two (SMPP 3.4, 5.3.2.31)."""
    return str(int.from_bytes(value[1:], "big")) if value and len(value) == 3 else ""


def of_cmpp(report: Report) -> Receipt:
    """A CMPP status report. A Stat that isn't in the table is an error of some gateway's, so a failure (cmpp.md 6)."""
    return Receipt(
        ids=(cmpp_id(report.msg_id),),
        state=STATES.get(report.stat.upper(), MtState.FAILED if report.stat else MtState.UNKNOWN),
        word=report.stat,
        done=report.done_time,
        phone=report.dest_terminal_id,
    )


def cmpp_id(msg_id: int) -> str:
    """A Msg_Id as the text by which a SUBMIT_RESP and its reports find each other."""
    return str(msg_id)
