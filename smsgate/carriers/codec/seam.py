"""The shape that every protocol version's module has, so that one session core serves them all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, NamedTuple, Protocol, TypeVar

RESPONSE = 0x8000_0000
"""The bit of a command id that makes it the answer to the command without it (in all four protocols)."""

P = TypeVar("P")
S = TypeVar("S")
_P_contra = TypeVar("_P_contra", contravariant=True)


class Packet(NamedTuple, Generic[P, S]):
    """A PDU with the sequence that ties a request and its response together."""

    pdu: P
    sequence: S
    """One number, but in SGIP, where it is three (sgip.md 2)."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A whole frame whose command id the module doesn't know: nothing is wrong with the stream."""

    command: int
    body: bytes
    status: int = 0
    """Where the header has one (SMPP)."""


class Commanded(Protocol):
    """What every PDU has."""

    @property
    def command(self) -> int:
        """Its command id."""


class Codec(Protocol[P, S]):
    """A protocol version's module."""

    @property
    def LENGTHS(self) -> range:  # noqa: N802 - a module's constant
        """The lengths that a frame may have, in octets; what `framing.Splitter` wants."""

    def encode(self, pdu: P, sequence: S) -> bytes:
        """The frame. Raises ProtocolError for a value that its field can't hold."""

    def decode(self, frame: bytes) -> Packet[P, S]:
        """The PDU of a whole frame. Raises ProtocolError, and nothing else whatever the octets."""


def is_response(pdu: Commanded) -> bool:
    """Whether it answers a request."""
    return bool(pdu.command & RESPONSE)
