"""How many SMS a text takes, and where it may be cut.

GSM 03.38 (3GPP TS 23.038) 7-bit where every character is in its alphabet, else UCS-2. One SMS carries 140 octets:
160 septets or 70 UTF-16 units; the parts of a longer text lose six of them to the header that ties them together
(3GPP TS 23.040, 9.2.3.24.1): 153 and 67.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import lru_cache
from typing import Literal, NamedTuple

from smsgate.service.graphemes import graphemes, is_plain

Encoding = Literal["gsm7", "ucs2"]

WHOLE: dict[Encoding, int] = {"gsm7": 160, "ucs2": 70}
"""Units of a text that is one SMS."""
PART: dict[Encoding, int] = {"gsm7": 153, "ucs2": 67}
"""Units of each SMS of a text that takes several."""
ELLIPSIS: dict[Encoding, str] = {"gsm7": "...", "ucs2": "…"}
"""What stands for what was cut: the one of one character would put a 7-bit text into UCS-2."""

BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
"""In the order of their codes; the escape code, which is no character, is left out before Æ."""
ESCAPED = "\f^{}\\[~]|€"
"""Those that take an escape code and another, in the order of the other."""
_GSM7 = re.compile(f"[{re.escape(BASIC + ESCAPED)}]*")
_EXTENSION = re.compile(f"[{re.escape(ESCAPED)}]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Repertoire(IntEnum):
    """Which texts of GSM's alphabet a link can say in an octet for each character; each has all that those above have.

    A text that it can't say so goes in UCS-2.
    """

    ASCII = 1
    LATIN1 = 2
    GSM7 = 3


class Manner(NamedTuple):
    """How an account's gateway takes a text, where that needs more SMS than GSM's own way."""

    signature: int = 0
    """Characters that it adds to each SMS and counts; they are no part of the text's length."""
    whole: int = WHOLE["gsm7"]
    """Septets of a 7-bit text that is one SMS."""
    repertoire: Repertoire = Repertoire.GSM7

    def says(self, text: str) -> bool:
        """Whether a text goes out in seven bits."""
        if _GSM7.fullmatch(text) is None:
            return False
        match self.repertoire:
            case Repertoire.GSM7:
                return True
            case Repertoire.LATIN1:
                return max(text, default="") <= "\xff"
            case Repertoire.ASCII:
                return text.isascii()

    def most(self, encoding: Encoding) -> int:
        """Units of a text that is one SMS beside the signature."""
        return (self.whole if encoding == "gsm7" else WHOLE[encoding]) - self.signature

    def part(self, encoding: Encoding) -> int:
        """Units of each SMS of a text that takes several, beside the signature."""
        return PART[encoding] - self.signature


PLAIN = Manner()


def narrowest(manners: Iterable[Manner]) -> Manner:
    """What takes no fewer SMS for any text than each of them, GSM's own way among them."""
    signatures, wholes, repertoires = zip(PLAIN, *manners, strict=True)
    return Manner(max(signatures), min(wholes), min(repertoires))


class Measured(NamedTuple):
    """What a text takes on the air."""

    encoding: Encoding
    units: int
    """Septets or UTF-16 units."""
    segments: int


@lru_cache(maxsize=1024)
def measure(text: str, manner: Manner = PLAIN) -> Measured:
    """How it is encoded, its length in that encoding, and the number of SMS; the empty text is one SMS too."""
    encoding = encoding_of(text, manner)
    units = units_of(text, encoding)
    if units <= manner.most(encoding):
        return Measured(encoding, units, 1)
    if units == len(text) and is_plain(text):
        return Measured(encoding, units, -(-units // manner.part(encoding)))
    return Measured(encoding, units, len(split(text, manner)))


def encoding_of(text: str, manner: Manner = PLAIN) -> Encoding:
    """The shorter encoding in which every character of the text can be said."""
    return "gsm7" if manner.says(text) else "ucs2"


def units_of(text: str, encoding: Encoding) -> int:
    """Length in septets (extension characters take two) or UTF-16 units (surrogate pairs do)."""
    twice = _EXTENSION if encoding == "gsm7" else _ASTRAL
    return len(text) + len(twice.findall(text))


def split(text: str, manner: Manner = PLAIN) -> tuple[str, ...]:
    """The text of each SMS: as full as they get without a cut within a cluster, surrogate pair or escape pair.

    A cluster that is longer than a whole part, which only malice makes, is cut between code points.
    """
    encoding = encoding_of(text, manner)
    if units_of(text, encoding) <= manner.most(encoding):
        return (text,)
    part = manner.part(encoding)
    return tuple(_filled(_pieces(text, encoding, part), encoding, part))


def cut(text: str, units: int, encoding: Encoding = "ucs2") -> str:
    """The text if it takes at most so many units, else as many of its clusters as fit, and `…` (`...` in 7 bits).

    `encoding`: what it goes out in, which may be less short than its own: what stands around it counts as well. Nothing
    fits into 0 units.
    """
    if units_of(text, encoding) <= units:
        return text
    mark = ELLIPSIS[encoding][:units]
    kept, room = [], units - len(mark)
    for cluster in graphemes(text):
        room -= units_of(cluster, encoding)
        if room < 0:
            break
        kept.append(cluster)
    return "".join(kept) + mark if units > 0 else ""


def _filled(pieces: Iterable[str], encoding: Encoding, part: int) -> Iterator[str]:
    filling: list[str] = []
    room = part
    for piece in pieces:
        size = units_of(piece, encoding)
        if size > room:
            yield "".join(filling)
            filling, room = [], part
        filling.append(piece)
        room -= size
    yield "".join(filling)


def _pieces(text: str, encoding: Encoding, part: int) -> Iterator[str]:
    """What is not to be cut, but for what is too long not to be."""
    for cluster in graphemes(text):
        if units_of(cluster, encoding) > part:
            yield from cluster
        else:
            yield cluster
