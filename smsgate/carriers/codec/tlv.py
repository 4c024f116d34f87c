"""Optional parameters: tag and length of two octets each, then the value, in SMPP and SMGP alike.

SMPP 3.4, 5.3.1; smgp.md 6. Each protocol's tags are with its PDUs.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from smsgate.carriers.codec.wire import CHARSET, Reader, text_octets, unsigned_octets


class Tlv(NamedTuple):
    """One optional parameter, as it stands on the wire."""

    tag: int
    value: bytes


def read_tlvs(reader: Reader) -> tuple[Tlv, ...]:
    """All that the frame still has. Raises ProtocolError if the last one isn't whole."""
    tlvs = []
    while reader.left:
        tag = reader.unsigned(2)
        tlvs.append(Tlv(tag, reader.octets(reader.unsigned(2))))
    return tuple(tlvs)


def write_tlvs(tlvs: Iterable[Tlv], out: bytearray) -> None:
    """Append them. Raises ProtocolError for a tag or value too great."""
    for tlv in tlvs:
        out += unsigned_octets(tlv.tag, 2) + unsigned_octets(len(tlv.value), 2) + tlv.value


def text_tlv(tag: int, text: str) -> Tlv:
    """A C-octet string. Raises ProtocolError for a character that isn't one octet."""
    return Tlv(tag, text_octets(text) + b"\0")


def number_tlv(tag: int, number: int, width: int) -> Tlv:
    """An integer of so many octets. Raises ProtocolError if it needs more."""
    return Tlv(tag, unsigned_octets(number, width))


def find(tlvs: Iterable[Tlv], tag: int) -> bytes | None:
    """The value of the first with that tag."""
    return next((tlv.value for tlv in tlvs if tlv.tag == tag), None)


def find_text(tlvs: Iterable[Tlv], tag: int) -> str | None:
    """The same as text, up to its NUL if it has one."""
    value = find(tlvs, tag)
    return None if value is None else value.partition(b"\0")[0].decode(CHARSET)


def find_number(tlvs: Iterable[Tlv], tag: int) -> int | None:
    """The same as an integer, whatever its width; None also for no octets or more than eight."""
    value = find(tlvs, tag)
    return int.from_bytes(value, "big") if value and len(value) <= 8 else None
