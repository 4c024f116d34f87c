"""What a protocol owes the session core: its login, its tests, its farewell, and which PDUs bring messages."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol

from smsgate.carriers.codec.seam import Packet
from smsgate.carriers.codec.wire import ProtocolError


class LoginRefused(Exception):  # noqa: N818 - the gateway refuses, which is no error of ours
    """The gateway doesn't want our login; its message says why, and holds no secret."""


class Welcome(NamedTuple):
    """The gateway has taken our login."""

    version: str
    """What is spoken from now on: smpp34, cmpp20, cmpp30."""
    oddity: str = ""
    """What operators should know of it all the same."""


class Dialect(Protocol):
    """One session's way of speaking: made anew for each, because the gateway's answer may change it."""

    @property
    def lengths(self) -> range:
        """Of a frame, in octets."""

    @property
    def sequences(self) -> range:
        """Of our requests: the first, and behind the last; they begin anew after it."""

    def encode(self, pdu: Any, sequence: int) -> bytes:
        """The frame. Raises ProtocolError for a value that its field can't hold."""

    def decode(self, frame: bytes) -> Packet[Any, int]:
        """The PDU. Raises ProtocolError."""

    def login(self) -> Any:
        """The request to be let in."""

    def welcome(self, frame: bytes) -> Welcome | None:
        """The gateway's answer to it; None where the frame is something else. Raises LoginRefused, ProtocolError."""

    def test(self) -> Any:
        """Are you there?"""

    def goodbye(self) -> Any:
        """The request to end the session."""

    def is_goodbye(self, pdu: Any) -> bool:
        """Whether the gateway ends it."""

    def brings(self, pdu: Any) -> bool:
        """Whether it brings a message or a receipt, which is answered by whoever keeps it."""

    def reply(self, pdu: Any) -> Any:
        """The answer to any other request; None where there is none to give."""

    def unread(self, fault: ProtocolError, frame: bytes) -> tuple[Any, bool]:
        """A frame in step that is no PDU: what to answer (None: nothing), and whether it was to bring a message."""
