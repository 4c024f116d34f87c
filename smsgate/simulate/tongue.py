"""What a protocol owes the simulated gateway: the seam between them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol

from smsgate.carriers.codec.seam import Packet
from smsgate.carriers.text.incoming import Content
from smsgate.simulate.faults import Faults
from smsgate.simulate.writing import Piece


@dataclass(frozen=True, slots=True)
class Login:
    """Who may log in."""

    name: str = "smsgate"
    """system_id, or the SP's code (six characters at most)."""
    secret: str = field(default="geheim12", repr=False)


class LetIn(NamedTuple):
    """A login, judged."""

    answer: Any
    good: bool
    why: str = ""
    """Why not."""
    sends: bool = True
    """Whether the client may submit on this session."""
    receives: bool = True


class Asked(NamedTuple):
    """A submit, taken apart."""

    source: str
    destination: str
    content: Content
    wants_receipt: bool


class Tongue(Protocol):
    """One connection's way of speaking."""

    version: str

    @property
    def lengths(self) -> range:
        """Of a frame."""

    def encode(self, pdu: Any, sequence: int) -> bytes:
        """A frame."""

    def decode(self, frame: bytes) -> Packet[Any, int]:
        """A PDU. Raises ProtocolError."""

    def let_in(self, pdu: Any, login: Login, faults: Faults) -> LetIn | None:
        """A login, judged; None where the PDU is none."""

    def asked(self, pdu: Any) -> Asked | None:
        """A submit, taken apart; None where the PDU is none."""

    def new_id(self, no: int, at: int) -> str:
        """The id of the so-manieth submit."""

    def yes(self, message_id: str) -> Any:
        """The answer to a submit that is taken."""

    def slower(self) -> Any:
        """The answer to one that is throttled."""

    def out_of_place(self) -> Any:
        """The answer to a submit on a session that may not."""

    def no(self, code: int) -> Any:
        """The answer to one that is refused; 0: by the most usual code."""

    def deliver(self, no: int, sender: str, receiver: str, piece: Piece) -> Any:
        """What brings a phone's message, or a part of it, under the so-manieth id of the gateway's own."""

    def receipt(self, no: int, submit: Asked, message_id: str, word: str, at: int, faults: Faults) -> Any:
        """What brings a receipt."""

    def reply(self, pdu: Any) -> Any:
        """The answer to a test or farewell; None: it needs none."""

    def is_goodbye(self, pdu: Any) -> bool:
        """Whether the client ends the session."""

    def status(self, pdu: Any) -> int | None:
        """What a client answers to a delivery; None where the PDU is no such answer."""

    def is_later(self, status: int) -> bool:
        """Whether that asks for it again."""

    def test(self) -> Any:
        """Are you there?"""

    def goodbye(self) -> Any:
        """The session ends."""
