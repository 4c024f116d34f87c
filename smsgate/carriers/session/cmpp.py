"""CMPP 2.0 and 3.0 in a session (cmpp.md 1–4): one login, after which the gateway's answer says which is spoken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from smsgate.carriers.codec import cmpp20, cmpp30
from smsgate.carriers.codec.cmpp.common import reply_to
from smsgate.carriers.codec.cmpp.frames import LENGTHS, spoken_version
from smsgate.carriers.codec.cmpp.login import authenticator_source, is_gateway_genuine
from smsgate.carriers.codec.cmpp.results import CONNECT_STATUSES, OK, sentence
from smsgate.carriers.codec.seam import Codec, Packet
from smsgate.carriers.codec.short_header import HEADER_OCTETS
from smsgate.carriers.codec.versions import CODECS
from smsgate.carriers.codec.wire import ProtocolError
from smsgate.carriers.session.dialect import LoginRefused, Welcome

_MSG_ID = slice(HEADER_OCTETS, HEADER_OCTETS + 8)


@dataclass(slots=True)
class CmppDialect:
    """An SP's side of it."""

    sp_id: str
    secret: bytes = field(repr=False)
    asked: int
    """The version that CONNECT says: 0x20 or 0x30."""
    timestamp: int
    """MMDDHHMMSS in Beijing's time."""
    padded: bool = False
    strict: bool = False
    """Refuse a gateway whose digest is wrong."""
    codec: Codec[Any, int] = cmpp20
    """CONNECT is the same in both; the answer decides."""
    lengths: range = LENGTHS
    sequences: range = range(1, 0x1_0000_0000)

    def encode(self, pdu: Any, sequence: int) -> bytes:
        """The frame, in the version that is spoken."""
        return self.codec.encode(pdu, sequence)

    def decode(self, frame: bytes) -> Packet[Any, int]:
        """The PDU, in the version that is spoken."""
        return self.codec.decode(frame)

    def login(self) -> Any:
        """Our CONNECT."""
        return cmpp20.Connect(self.sp_id, self._digest(), self.asked, self.timestamp)

    def welcome(self, frame: bytes) -> Welcome | None:
        """A CONNECT_RESP; its length says the version, not what we asked for."""
        version = spoken_version(frame)
        if version is None:
            return None
        self.codec = CODECS[version]
        pdu = self.codec.decode(frame).pdu
        if pdu.status != OK:
            raise LoginRefused(f"the gateway refuses the login: {sentence(pdu.status, CONNECT_STATUSES)}")
        oddity = ""
        if not is_gateway_genuine(pdu.authenticator_ismg, pdu.status, self._digest(), self.secret):
            oddity = "its AuthenticatorISMG is not made with our secret"
            if self.strict:
                raise LoginRefused(f"{oddity}, and strict_login is set")
        if (version == "cmpp20") != (self.asked < cmpp30.VERSION):
            oddity = f"it speaks {version} and was asked for {'cmpp30' if version == 'cmpp20' else 'cmpp20'}; " + oddity
        return Welcome(version, oddity.rstrip("; "))

    def test(self) -> Any:
        """ACTIVE_TEST."""
        return cmpp20.ActiveTest()

    def goodbye(self) -> Any:
        """TERMINATE."""
        return cmpp20.Terminate()

    def is_goodbye(self, pdu: Any) -> bool:
        """Whether it is a TERMINATE."""
        return isinstance(pdu, cmpp20.Terminate)

    def brings(self, pdu: Any) -> bool:
        """DELIVER."""
        return isinstance(pdu, cmpp20.Deliver | cmpp30.Deliver)

    def reply(self, pdu: Any) -> Any:
        """To a test and a farewell; CMPP has no word for what is not understood."""
        return reply_to(pdu)

    def unread(self, fault: ProtocolError, frame: bytes) -> tuple[Any, bool]:
        """A DELIVER is taken as it is, under the id that it has, if it has one."""
        if fault.command != cmpp20.Deliver.command:
            return None, False
        msg_id = int.from_bytes(frame[_MSG_ID].ljust(8, b"\0"), "big")
        return (cmpp30 if self.codec is cmpp30 else cmpp20).DeliverResp(msg_id), True

    def _digest(self) -> bytes:
        return authenticator_source(self.sp_id, self.secret, self.timestamp, self.padded)
