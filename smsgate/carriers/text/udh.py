"""The user data header in front of a part's text (3GPP TS 23.040, 9.2.3.24; cmpp.md 8, smpp.md 5).

One octet for its length, then elements of identity, length and value, in any order, of which only concatenation is
ours to understand.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from smsgate.carriers.codec.wire import unsigned_octets
from smsgate.carriers.text.part import Part

CONCATENATED_8 = 0x00
CONCATENATED_16 = 0x08
"""By a reference of 8 or 16 bits (9.2.3.24.1 and .8)."""


class Element(NamedTuple):
    """One information element."""

    identity: int
    value: bytes


class UserData(NamedTuple):
    """The content of a message that says it begins with a header."""

    elements: tuple[Element, ...]
    body: bytes
    """The text's octets. The whole content, if there is no header of that length in it."""
    header: int
    """Octets of the header, its length too."""
    sound: bool
    """Whether all of the header was read."""


def read_user_data(content: bytes) -> UserData:
    """Takes the header apart, as far as it can be."""
    header = content[0] + 1 if content else 0
    if not header or header > len(content):
        return UserData((), content, 0, sound=False)
    elements = []
    at = 1
    while at + 2 <= header and (end := at + 2 + content[at + 1]) <= header:
        elements.append(Element(content[at], content[at + 2 : end]))
        at = end
    return UserData(tuple(elements), content[header:], header, sound=at == header)


def write_header(elements: Iterable[Element]) -> bytes:
    """The header. Raises ProtocolError if it has over 255 octets."""
    octets = b"".join(bytes((identity, *unsigned_octets(len(value), 1))) + value for identity, value in elements)
    return unsigned_octets(len(octets), 1) + octets


def part_of(elements: Iterable[Element]) -> Part | None:
    """Which part of which text it is. Of several the last counts; one that makes no sense does not (23.040)."""
    found = None
    for identity, value in elements:
        match identity, tuple(value):
            case 0x00, (reference, total, index):
                part = Part(reference, 8, total, index)
            case 0x08, (high, low, total, index):
                part = Part(high << 8 | low, 16, total, index)
            case _:
                continue
        found = part if part.is_sound else found
    return found


def element_of(part: Part) -> Element:
    """The element that says so. Raises ProtocolError for numbers that are too great."""
    identity = CONCATENATED_8 if part.width == 8 else CONCATENATED_16
    reference = unsigned_octets(part.reference, 1 if part.width == 8 else 2)
    return Element(identity, reference + unsigned_octets(part.total, 1) + unsigned_octets(part.index, 1))
