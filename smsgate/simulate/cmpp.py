"""CMPP 2.0 and 3.0 as an ISMG speaks them (cmpp.md)."""

from __future__ import annotations

from types import ModuleType
from typing import Any

from smsgate.carriers.codec import cmpp20, cmpp30
from smsgate.carriers.codec.cmpp.common import reply_to
from smsgate.carriers.codec.cmpp.login import authenticator_ismg, authenticator_source
from smsgate.carriers.codec.cmpp.msg_id import MsgIdParts
from smsgate.carriers.codec.cmpp.report import NUMBER_20, NUMBER_30, Report, encode_report
from smsgate.carriers.codec.cmpp.results import FLOW_CONTROL
from smsgate.carriers.codec.seam import Packet
from smsgate.carriers.codec.times import login_timestamp, report_time
from smsgate.carriers.text import incoming
from smsgate.carriers.text.charsets import Charset
from smsgate.carriers.text.coding import cmpp_msg_fmt
from smsgate.simulate.faults import Faults
from smsgate.simulate.tongue import Asked, LetIn, Login
from smsgate.simulate.writing import Piece

REFUSED, WRONG_SOURCE, WRONG_SECRET = 9, 2, 3
GATEWAY = 10_100
_SIXTY = 60
_DELIVERS = 1 << 15
"""Ids of deliveries are of another half of the sequence than those of submits."""


class CmppTongue:
    """A gateway's. `forced`: the version that it speaks whatever it is asked for; empty: as asked."""

    def __init__(self, forced: str = "", alphabet: Charset = Charset.ASCII) -> None:
        self._forced = forced
        self._alphabet = alphabet
        self._layout: ModuleType = cmpp20
        self.version = ""

    @property
    def lengths(self) -> range:
        """Of a frame."""
        return cmpp20.LENGTHS

    def encode(self, pdu: Any, sequence: int) -> bytes:
        """A frame, in the version that is spoken."""
        frame: bytes = self._layout.encode(pdu, sequence)
        return frame

    def decode(self, frame: bytes) -> Packet[Any, int]:
        """A PDU."""
        packet: Packet[Any, int] = self._layout.decode(frame)
        return packet

    def let_in(self, pdu: Any, login: Login, faults: Faults) -> LetIn | None:
        """A CONNECT; its version decides, unless another is forced."""
        if not isinstance(pdu, cmpp20.Connect):
            return None
        asked = "3.0" if pdu.version >= cmpp30.VERSION else "2.0"
        self._layout = cmpp30 if (self._forced or asked) == "3.0" else cmpp20
        self.version = "cmpp30" if self._layout is cmpp30 else "cmpp20"
        secret = login.secret.encode("gbk", "replace")
        status, why = self._judged(pdu, login, secret, faults)
        digest = b"" if status else authenticator_ismg(0, self._layout.STATUS_WIDTH, pdu.authenticator_source, secret)
        answer = self._layout.ConnectResp(status, digest or bytes(16), self._layout.VERSION)
        return LetIn(answer, status == 0, why)

    def _judged(self, pdu: cmpp20.Connect, login: Login, secret: bytes, faults: Faults) -> tuple[int, str]:
        if faults.takes("refuse_login"):
            code = faults.login_code or WRONG_SECRET
            return code, f"told to refuse it by {code}"
        if pdu.source_addr != login.name:
            return WRONG_SOURCE, "wrong Source_Addr"
        spellings = [authenticator_source(pdu.source_addr, secret, pdu.timestamp, padded) for padded in (False, True)]
        if pdu.authenticator_source not in spellings:
            return WRONG_SECRET, "wrong secret"
        return 0, ""

    def asked(self, pdu: Any) -> Asked | None:
        """A SUBMIT; of several receivers the first."""
        if not isinstance(pdu, cmpp20.Submit | cmpp30.Submit):
            return None
        content = incoming.of_cmpp(pdu, self._alphabet)
        return Asked(pdu.src_id, pdu.dest_terminal_id[0], content, pdu.registered_delivery == 1)

    def new_id(self, no: int, at: int) -> str:
        """A Msg_Id with the clock in it."""
        return str(_msg_id(no % _DELIVERS, at))

    def yes(self, message_id: str) -> Any:
        """Result 0."""
        return self._layout.SubmitResp(int(message_id), 0)

    def slower(self) -> Any:
        """Result 8."""
        return self._layout.SubmitResp(0, FLOW_CONTROL)

    def out_of_place(self) -> Any:
        """There is none: every session of CMPP goes both ways."""
        return self.no(0)

    def no(self, code: int) -> Any:
        """Result 9, or another."""
        return self._layout.SubmitResp(0, code or REFUSED)

    def deliver(self, no: int, sender: str, receiver: str, piece: Piece) -> Any:
        """A DELIVER under an id that it keeps when it is brought again."""
        if piece.sar is not None or piece.is_payload:
            raise ValueError("CMPP knows a long message by its user data header alone: udh8 or udh16")
        coding = piece.data_coding
        return self._layout.Deliver(
            msg_id=no,
            dest_id=receiver,
            tp_udhi=int(piece.has_header),
            msg_fmt=cmpp_msg_fmt(piece.charset, self._alphabet) if coding is None else coding,
            src_terminal_id=sender,
            msg_content=piece.octets,
        )

    def receipt(self, no: int, submit: Asked, message_id: str, word: str, at: int, faults: Faults) -> Any:
        """A DELIVER with a status report."""
        width = NUMBER_30 if self._layout is cmpp30 else NUMBER_20
        if faults.receipt_octets:
            width = NUMBER_20 if faults.receipt_octets == _SIXTY else NUMBER_30
        when = report_time(at)
        report = Report(int(message_id), word, when, when, submit.destination)
        return self._layout.Deliver(
            msg_id=no,
            dest_id=submit.source,
            src_terminal_id=submit.destination,
            registered_delivery=1,
            msg_content=encode_report(report, width),
        )

    def reply(self, pdu: Any) -> Any:
        """To a test and a farewell."""
        return reply_to(pdu)

    def is_goodbye(self, pdu: Any) -> bool:
        """TERMINATE."""
        return isinstance(pdu, cmpp20.Terminate)

    def status(self, pdu: Any) -> int | None:
        """DELIVER_RESP."""
        return pdu.result if isinstance(pdu, cmpp20.DeliverResp | cmpp30.DeliverResp) else None

    def is_later(self, status: int) -> bool:
        """Result 8."""
        return status == FLOW_CONTROL

    def test(self) -> Any:
        """ACTIVE_TEST."""
        return cmpp20.ActiveTest()

    def goodbye(self) -> Any:
        """TERMINATE."""
        return cmpp20.Terminate()


def delivery_id(no: int, at: int) -> int:
    """The Msg_Id of the so-manieth delivery."""
    return _msg_id(_DELIVERS | no % _DELIVERS, at)


def _msg_id(sequence: int, at: int) -> int:
    stamp = f"{login_timestamp(at):010d}"
    month, day, hour, minute, second = (int(stamp[start : start + 2]) for start in range(0, 10, 2))
    return MsgIdParts(month, day, hour, minute, second, GATEWAY, sequence).joined()
