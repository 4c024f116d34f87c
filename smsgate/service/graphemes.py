"""What a reader takes for one character: grapheme clusters, near enough to UAX #29 to cut a text between them.

Near enough: from the categories that the standard library knows, joined rather than cut where they leave a doubt.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum, auto
from functools import lru_cache

# Latin, CJK, kana and full-width forms: each its own cluster. Nothing here combines, and \r is left to the rules.
_PLAIN = re.compile(r"[\n\u0020-\u02ff\u2010-\u2027\u3001-\u3029\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uff01-\uff9d]*")

_PREPENDED = re.compile(r"[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\u0d4e\U000110bd\U000110cd]")
# zero-width non-joiner, Thai and Lao AM, half-width voice marks, skin tones, the tags of flags
_EXTENDING = re.compile(r"[\u200c\u0e33\u0eb3\uff9e\uff9f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_PICTURE = re.compile(r"[\u203c\u2049\u2194-\u21aa\u25fb-\u25fe\u2934\u2935\u3030\U0001f000-\U0001faff]")
_VIRAMA = 9
"""The canonical combining class of the sign that ties two consonants into one (Unicode, table 4-3)."""
_INDIC = range(0x0900, 0x0D80)
_INDIC_BLOCK = 0x80
"""Each of these scripts has a block of 128 code points (Devanagari at U+0900, Bengali at U+0980 …)."""


class _Kind(Enum):
    OTHER = auto()
    CONTROL = auto()
    EXTEND = auto()
    JOINER = auto()
    FLAG = auto()
    PREPEND = auto()
    PICTURE = auto()
    LEADING = auto()
    VOWEL = auto()
    TRAILING = auto()
    SYLLABLE_OPEN = auto()
    SYLLABLE_CLOSED = auto()


_K = _Kind
_HANGUL = {
    _K.LEADING: (_K.LEADING, _K.VOWEL, _K.SYLLABLE_OPEN, _K.SYLLABLE_CLOSED),
    _K.SYLLABLE_OPEN: (_K.VOWEL, _K.TRAILING),
    _K.VOWEL: (_K.VOWEL, _K.TRAILING),
    _K.SYLLABLE_CLOSED: (_K.TRAILING,),
    _K.TRAILING: (_K.TRAILING,),
}


def is_plain(text: str) -> bool:
    """Whether it is quickly seen that each code point of it is a cluster of its own."""
    return _PLAIN.fullmatch(text) is not None


def graphemes(text: str) -> Iterator[str]:
    """The clusters, in order; together they are the text."""
    if is_plain(text):
        yield from text
        return
    start = 0
    for at in range(1, len(text)):
        if _is_boundary(text, start, at):
            yield text[start:at]
            start = at
    if text:
        yield text[start:]


def _is_boundary(text: str, start: int, at: int) -> bool:
    """Whether the cluster that began at `start` ends before `at`."""
    before, after = _kind(text[at - 1]), _kind(text[at])
    if before is _K.CONTROL or after is _K.CONTROL:
        return text[at - 1 : at + 1] != "\r\n"
    if after in (_K.EXTEND, _K.JOINER) or before is _K.PREPEND:
        return False
    if before is _K.JOINER and after is _K.PICTURE:
        return _kind(text[start]) is not _K.PICTURE
    if before is _K.FLAG and after is _K.FLAG:
        return (at - start) % 2 == 0
    return after not in _HANGUL.get(before, ()) and not _is_conjunct(text, start, at)


def _is_conjunct(text: str, start: int, at: int) -> bool:
    """Whether a virama of the cluster ties the letter at `at` to it."""
    letter = text[at]
    if ord(letter) not in _INDIC or unicodedata.category(letter) != "Lo":
        return False
    block = ord(letter) // _INDIC_BLOCK
    for mark in reversed(text[start + 1 : at]):
        if unicodedata.combining(mark) == _VIRAMA:
            return ord(mark) // _INDIC_BLOCK == block
        if _kind(mark) not in (_K.EXTEND, _K.JOINER):
            return False
    return False


@lru_cache(maxsize=4096)
def _kind(char: str) -> _Kind:
    code = ord(char)
    if code == 0x200D:
        return _K.JOINER
    if 0x1F1E6 <= code <= 0x1F1FF:
        return _K.FLAG
    if _PREPENDED.match(char):
        return _K.PREPEND
    category = unicodedata.category(char)
    if _EXTENDING.match(char) or category in ("Mn", "Me", "Mc"):
        return _K.EXTEND
    if category in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return _K.CONTROL
    return _hangul(code) or (_K.PICTURE if category == "So" or _PICTURE.match(char) else _K.OTHER)


def _hangul(code: int) -> _Kind | None:
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return _K.LEADING
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return _K.VOWEL
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return _K.TRAILING
    if 0xAC00 <= code <= 0xD7A3:
        return _K.SYLLABLE_CLOSED if (code - 0xAC00) % 28 else _K.SYLLABLE_OPEN
    return None
