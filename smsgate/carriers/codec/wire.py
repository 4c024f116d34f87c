"""Octets in the order of the wire: the one exception of the codecs, and a reader that never leaves its frame.

All integers are unsigned and big-endian in all four protocols (cmpp.md 1, smpp.md 2, sgip.md 2, smgp.md 1).
"""

from __future__ import annotations

from collections.abc import Hashable

CHARSET = "latin-1"
"""Of text fields: one character an octet, both ways, for every octet."""


class ProtocolError(ValueError):
    """These octets are no PDU, or this PDU can't be put into octets.

    `command` and `sequence` are the header's, where there is one: then the stream is still in step, and the peer can
    be told. Without them nothing is known of what follows, and the connection is to be closed.
    """

    def __init__(self, sentence: str, command: int | None = None, sequence: Hashable = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.command = command
        self.sequence = sequence

    @property
    def in_step(self) -> bool:
        """Whether only this PDU is lost, and the next can be read."""
        return self.command is not None

    def within(self, where: str) -> ProtocolError:
        """The same, saying where it was."""
        return ProtocolError(f"{where}: {self.sentence}", self.command, self.sequence)

    def of(self, command: int, sequence: Hashable) -> ProtocolError:
        """The same, of the PDU with that header."""
        return ProtocolError(self.sentence, command, sequence)


class Reader:
    """The octets of one frame, read from front to back. Every method raises ProtocolError where they don't suffice."""

    __slots__ = ("_at", "_octets")

    def __init__(self, octets: bytes, at: int = 0) -> None:
        self._octets = octets
        self._at = at

    @property
    def left(self) -> int:
        """How many octets have not been read yet."""
        return len(self._octets) - self._at

    def octets(self, count: int) -> bytes:
        """The next octets, so many."""
        end = self._at + count
        if end > len(self._octets):
            raise ProtocolError(f"it ends within {count} octets")
        taken = self._octets[self._at : end]
        self._at = end
        return taken

    def unsigned(self, width: int) -> int:
        """An unsigned integer of so many octets."""
        start, end = self._at, self._at + width
        if end > len(self._octets):
            raise ProtocolError(f"it ends within {width} octets")
        self._at = end
        return self._octets[start] if width == 1 else int.from_bytes(self._octets[start:end], "big")

    def c_string(self, most: int) -> str:
        """Text that ends in NUL, of at most so many octets, the NUL among them (smpp.md 2)."""
        start = self._at
        end = self._octets.find(b"\0", start, start + most)
        if end < 0:
            raise ProtocolError(f"it has no NUL within {most} octets")
        self._at = end + 1
        return self._octets[start:end].decode(CHARSET) if end > start else ""

    def rest(self) -> bytes:
        """All that is left."""
        return self.octets(self.left)

    def end(self) -> None:
        """Nothing is to be left."""
        if self.left:
            raise ProtocolError(f"{self.left} octets too many")


def text_octets(text: str) -> bytes:
    """The octets of a text field. Raises ProtocolError for a character that isn't one octet."""
    try:
        return text.encode(CHARSET)
    except UnicodeEncodeError as error:
        raise ProtocolError("it has a character that is no octet") from error


def unsigned_octets(number: int, width: int) -> bytes:
    """An unsigned integer in so many octets. Raises ProtocolError if it needs more."""
    try:
        return number.to_bytes(width, "big")
    except OverflowError as error:
        raise ProtocolError(f"{number} does not fit into {width} octets") from error


def up_to_nul(text: str) -> str:
    """A fixed field's value up to its first NUL: some gateways leave old octets behind it."""
    return text.partition("\0")[0]
