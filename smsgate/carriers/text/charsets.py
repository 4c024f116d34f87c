"""How the octets of a message are text."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from smsgate.carriers.text.gsm7 import UNREADABLE, pack, read_gsm7, unpack, write_gsm7


class Charset(StrEnum):
    """What octets may be; the first five are what a link's default alphabet may be (smpp.md 5, cmpp.md 8)."""

    GSM7 = "gsm7"
    """A septet in each octet."""
    GSM7_PACKED = "gsm7-packed"
    ASCII = "ascii"
    LATIN1 = "latin1"
    GB18030 = "gb18030"
    """A superset of GBK and of ASCII."""
    UCS2 = "ucs2"
    """UTF-16, big-endian, without a mark: surrogate pairs occur."""
    JIS = "jis"
    CYRILLIC = "cyrillic"
    OCTETS = "octets"
    """No text by what it says it is."""


class Reading(NamedTuple):
    """Octets as text."""

    text: str
    sound: bool = True
    """Whether the text is all that the octets are: nothing is replaced, and they are text at all."""


_CODECS = {
    Charset.ASCII: "ascii",
    Charset.LATIN1: "latin-1",
    Charset.GB18030: "gb18030",
    Charset.UCS2: "utf-16-be",
    Charset.JIS: "iso2022_jp",
    Charset.CYRILLIC: "iso8859_5",
}


def read_text(octets: bytes, charset: Charset) -> Reading:
    """The text, whatever the octets."""
    match charset:
        case Charset.GSM7 | Charset.GSM7_PACKED:
            text = read_gsm7(octets if charset is Charset.GSM7 else unpack(octets))
            return Reading(text, UNREADABLE not in text)
        case Charset.OCTETS:
            return _read_octets(octets)
        case Charset.UCS2 if len(octets) % 2 and octets.endswith(b"\0"):
            return _decoded(octets[:-1], _CODECS[charset])  # some add a NUL to every text (smpp.md 5)
        case _:
            return _decoded(octets, _CODECS[charset])


def write_text(text: str, charset: Charset) -> bytes:
    """The octets. A character that the charset doesn't have becomes `?`."""
    match charset:
        case Charset.GSM7:
            return write_gsm7(text)
        case Charset.GSM7_PACKED:
            return pack(write_gsm7(text))
        case Charset.OCTETS:
            return text.encode("ascii", "replace")
        case _:
            return text.encode(_CODECS[charset], "replace")


def _decoded(octets: bytes, codec: str) -> Reading:
    try:
        return Reading(octets.decode(codec))
    except UnicodeDecodeError:
        return Reading(octets.decode(codec, "replace"), sound=False)


def _read_octets(octets: bytes) -> Reading:
    """Some gateways say `binary` of everything: what can be read is read, all else is shown in hexadecimal."""
    text = octets.decode("latin-1")
    if octets.isascii() and all(char.isprintable() or char in "\r\n\t" for char in text):
        return Reading(text)
    return Reading(octets.hex(), sound=False)
