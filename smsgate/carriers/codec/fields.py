"""The kinds of fields that PDUs are made of: how each is read from the wire and written to it.

A PDU's class names them in its annotations, in the order of the protocol's table: `Annotated[str, CString(21)]`.
"""

from __future__ import annotations

from typing import Any, Protocol

from smsgate.carriers.codec.wire import CHARSET, ProtocolError, Reader, text_octets, unsigned_octets


class Kind(Protocol):
    """Reads one field and writes one. Both raise ProtocolError; `write` for a value that doesn't fit."""

    def read(self, reader: Reader) -> Any:
        """The value; None only where the field may be absent and is."""

    def write(self, value: Any, out: bytearray) -> None:
        """Append it. It is asked only for values that are there."""


class Unsigned:
    """An unsigned integer of 1, 2, 4 or 8 octets."""

    def __init__(self, width: int) -> None:
        self.width = width

    def read(self, reader: Reader) -> int:
        """The number."""
        return reader.unsigned(self.width)

    def write(self, value: int, out: bytearray) -> None:
        """Append it."""
        # an octet is what most fields are: written without a call, for what a link costs is mostly its fields
        if self.width == 1 and 0 <= value <= 0xFF:
            out.append(value)
        else:
            out += unsigned_octets(value, self.width)


class CString:
    """Text that ends in NUL; `most` octets, the NUL among them (smpp.md 2)."""

    def __init__(self, most: int) -> None:
        self.most = most

    def read(self, reader: Reader) -> str:
        """The text before the NUL."""
        return reader.c_string(self.most)

    def write(self, value: str, out: bytearray) -> None:
        """Append it with its NUL."""
        if not value:  # as most are
            out.append(0)
            return
        octets = text_octets(value)
        if len(octets) >= self.most or b"\0" in octets:
            raise ProtocolError(f"{value!r:.50} is no text of at most {self.most - 1} octets")
        out += octets + b"\0"


class Text:
    """Text in a field of fixed length, filled up by NULs (cmpp.md 1).

    Its value ends before the NULs at the end. A NUL with something else behind it stays in the value, so that it is
    written back as it came: see `wire.up_to_nul`.
    """

    def __init__(self, width: int) -> None:
        self.width = width

    def read(self, reader: Reader) -> str:
        """The text."""
        return reader.octets(self.width).rstrip(b"\0").decode(CHARSET)

    def write(self, value: str, out: bytearray) -> None:
        """Append it, filled up."""
        octets = text_octets(value)
        if len(octets) > self.width or octets.endswith(b"\0"):
            raise ProtocolError(f"{value!r:.50} is no text of at most {self.width} octets")
        out += octets.ljust(self.width, b"\0")


class Octets:
    """Exactly so many octets: a digest."""

    def __init__(self, width: int) -> None:
        self.width = width

    def read(self, reader: Reader) -> bytes:
        """The octets."""
        return reader.octets(self.width)

    def write(self, value: bytes, out: bytearray) -> None:
        """Append them."""
        if len(value) != self.width:
            raise ProtocolError(f"{len(value)} octets instead of {self.width}")
        out += value


class Counted:
    """Octets behind their number, which takes `width` octets itself: a message's content."""

    def __init__(self, width: int) -> None:
        self.width = width

    def read(self, reader: Reader) -> bytes:
        """The octets, without their number."""
        return reader.octets(reader.unsigned(self.width))

    def write(self, value: bytes, out: bytearray) -> None:
        """Append their number and them."""
        out += unsigned_octets(len(value), self.width)
        out += value


class Numbers:
    """How many receivers (one octet), then each in a text field of fixed length."""

    def __init__(self, width: int) -> None:
        self.number = Text(width)

    def read(self, reader: Reader) -> tuple[str, ...]:
        """The receivers."""
        return tuple(self.number.read(reader) for _ in range(reader.unsigned(1)))

    def write(self, value: tuple[str, ...], out: bytearray) -> None:
        """Append how many, and them."""
        out += unsigned_octets(len(value), 1)
        for number in value:
            self.number.write(number, out)


class Rest:
    """What is left of the frame, at most so many octets: some gateways send fewer than the table says (cmpp.md 6)."""

    def __init__(self, most: int) -> None:
        self.most = most

    def read(self, reader: Reader) -> bytes:
        """The octets, the filling too."""
        if reader.left > self.most:
            raise ProtocolError(f"{reader.left} octets are left, {self.most} at most are right")
        return reader.rest()

    def write(self, value: bytes, out: bytearray) -> None:
        """Append them."""
        if len(value) > self.most:
            raise ProtocolError(f"{len(value)} octets, {self.most} at most are right")
        out += value


class Absent:
    """A field that is there only if the frame goes on: None stands for a frame that ends before it."""

    def __init__(self, kind: Kind) -> None:
        self.kind = kind

    def read(self, reader: Reader) -> Any:
        """The value, or None."""
        return self.kind.read(reader) if reader.left else None

    def write(self, value: Any, out: bytearray) -> None:
        """Append it."""
        self.kind.write(value, out)
