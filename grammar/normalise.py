"""What a keyboard does to a character, undone, with a way back to the message as received.

Source: spec «Reading a message». The order counts: blanks go first, so that `— —` is one run of dashes; a run becomes
one `-` before NFKC, so that `——` is one separator while `--` and `－－` stay two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple
from unicodedata import combining, is_normalized, normalize

# White space, category Cf, variation selectors. Written out because a scan of all of Unicode at import takes a quarter
# of a second; a test compares it with unicodedata. U+001C–001F are white space to Python, though not to Unicode.
_BLANK_RANGES = (
    "\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    "\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0001\U000e0020-\U000e007f"
    "\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
)
_DASH_RANGES = "\u2010-\u2015\u2043\u2212\u2500\u2501\u2e3a\u2e3b\u30fc\ufe58\uff70\u058a"

_ODD = re.compile(f"[{_BLANK_RANGES}{_DASH_RANGES}]")
_PLAIN = re.compile("[!-~\u4e00-\u9fff]*")
"""Characters that nothing can happen to; nearly every head is made of them alone."""
_BLANK = re.compile(f"[{_BLANK_RANGES}]")
_DASH = re.compile(f"[{_DASH_RANGES}]")

HASH = re.compile("[#＃﹟]")
"""What counts as hash where a message is cut: `#` and all that NFKC makes one."""


class Folded(NamedTuple):
    """A stretch of a message as it is read, and where each of its characters came from."""

    text: str
    starts: Sequence[int]
    """Per character of `text`, the index in the message where its origin begins."""
    ends: Sequence[int]
    """Per character of `text`, the index in the message just after its origin."""


def fold(message: str, start: int, end: int) -> Folded:
    """Read `message[start:end]` as part of a head (spec «Reading a message», steps 1–3; case is left to look-ups)."""
    raw = message[start:end]
    if _PLAIN.fullmatch(raw) is not None or (_ODD.search(raw) is None and is_normalized("NFKC", raw)):
        return Folded(raw, range(start, end), range(start + 1, end + 1))
    clusters, starts, ends = _clusters(raw, start)
    texts = [cluster if cluster.isascii() else normalize("NFKC", cluster) for cluster in clusters]
    text = "".join(texts)
    if len(text) == len(texts):
        return Folded(text, starts, ends)
    repeats = [len(part) for part in texts]
    return Folded(text, _repeated(starts, repeats), _repeated(ends, repeats))


def _repeated(indices: list[int], repeats: list[int]) -> list[int]:
    return [index for index, count in zip(indices, repeats, strict=True) for _ in range(count)]


def strip(text: str) -> str:
    """The text without white space and invisible characters at both ends."""
    start, end = 0, len(text)
    while start < end and _BLANK.match(text, start) is not None:
        start += 1
    while end > start and _BLANK.match(text, end - 1) is not None:
        end -= 1
    return text[start:end]


def _clusters(raw: str, offset: int) -> tuple[list[str], list[int], list[int]]:
    """Steps 1 and 2: without blanks, a run of dashes as one; and what NFKC must see together as one."""
    clusters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    in_run = False
    for index, char in enumerate(raw, offset):
        if "!" <= char <= "~" or "\u4e00" <= char <= "\u9fff":  # most characters, which nothing can happen to
            in_run = False
        elif _BLANK.match(char) is not None:
            continue
        elif _DASH.match(char) is not None:
            if in_run:
                ends[-1] = index + 1
                continue
            char, in_run = "-", True
        else:
            in_run = False
            if clusters and _joins(clusters[-1], char):
                clusters[-1] += char
                ends[-1] = index + 1
                continue
        clusters.append(char)
        starts.append(index)
        ends.append(index + 1)
    return clusters, starts, ends


def _joins(cluster: str, char: str) -> bool:
    """Whether a character belongs to what comes before it: a combining mark, a jamo of the same syllable."""
    if combining(char):
        return True
    return normalize("NFKC", cluster + char) != normalize("NFKC", cluster) + normalize("NFKC", char)
