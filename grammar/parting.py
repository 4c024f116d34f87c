"""Where a target ends whose second hash was forgotten, or stands too late: the longest that can be read is the target.

The rest is opinion, of which no word may be lost.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from grammar.ast import TargetName
from grammar.cut import Cut
from grammar.directory import Directory
from grammar.layouts import read, taken_apart
from grammar.normalise import Folded, strip
from grammar.reader import resolve
from grammar.readings import readings
from grammar.spelling import Reach, Speller, is_opinion

_GAP = re.compile(r"[\s,，、。;；:：]+")
"""What may stand between a target and an opinion."""
_MOST_GAPS = 10
"""Gaps before which a target may end; behind that many there is no target any more."""
_LONGEST = 200
"""Characters in which a target may end without a gap behind it."""
_SHORTEST_OPINION = 2
"""Characters without a gap before them: a single one may as well belong to the name."""
_IN_ACCOUNT = re.compile(r"[A-Za-z0-9_.]{2}")
_ACCOUNT_BEFORE_TEXT = re.compile(r"[A-Za-z0-9_.][^\W\d_]")
_BETWEEN_ACCOUNTS = re.compile(r"[、,/|:]+")
_DASHES = re.compile("[-－\u2010-\u2015\u2212\u2500\u2501]+")
_LONGEST_NAME = 30
_BETWEEN_NAMES = re.compile(r"[-－\u2010-\u2015\u2212\u2500\u2501;；﹔、,，/／|:：\s]+")


class Parted(NamedTuple):
    """A target with what is then the free text."""

    targets: tuple[TargetName, ...]
    text: str


class _End(NamedTuple):
    """Where a target may end: so many characters of the head, and where in the message the opinion begins."""

    length: int
    opinion: int
    free: bool
    """Whether it need not be right to be taken for a target: a gap follows, or an account ends there."""


def parted(cut: Cut, directory: Directory) -> Parted | None:
    """What may be meant by the longest part of a message without second hash that can be read, and the rest of it."""
    if cut.target is None or cut.last_hash is not None:
        return None
    gaps, seams = _ends(cut, cut.target)
    found = _longest(cut, cut.target, sorted([*gaps, *seams], reverse=True), directory)
    return found or _misspelt(cut, cut.target, reversed(gaps), directory)


def run_on(cut: Cut, directory: Directory, *, is_read: bool) -> Parted | None:
    """The same of a message whose second hash stands too late: words that name nothing run on behind its target.

    `is_read`: something was made of all of it, so that the words may have been taken for a slip of a name.
    """
    if cut.target is None or cut.last_hash is None or _ends_in_name(cut.target.text, directory):
        return None
    gaps, seams = _ends(cut, cut.target)
    speller, last = Speller(directory, Reach.EXACT), cut.last_hash
    ends = [end for end in sorted([*gaps, *seams], reverse=True) if _is_only_text(cut, end, last, speller)]
    found = _longest(cut, cut.target, ends, directory)
    slips = [end for end in ends if end.free and (is_read or is_opinion(cut.raw[end.opinion :]))]
    return found or _misspelt(cut, cut.target, slips, directory)


def _ends(cut: Cut, head: Folded) -> tuple[list[_End], list[_End]]:
    """Where a target may end: in front of gaps, and close to the next word."""
    start = 0 if cut.first_hash is None else cut.first_hash + 1
    stop = len(cut.raw) if cut.last_hash is None else cut.last_hash
    return list(_gaps(cut.raw, start, stop, head)), list(_seams(head))


def _longest(cut: Cut, head: Folded, ends: Iterable[_End], directory: Directory) -> Parted | None:
    """The longest part that can be read, without words at its end that add nothing to it."""
    found: Parted | None = None
    after, speller = 0, Speller(directory, Reach.EXACT)
    for end in ends:
        shorter = _read(cut, head, end, directory, Reach.EXACT) if end.free else _seamed(cut, head, end, directory)
        if shorter is None:
            continue
        if found is not None and (shorter.targets != found.targets or not _is_only_text(cut, end, after, speller)):
            break
        found, after = shorter, end.opinion
    return found


def _misspelt(cut: Cut, head: Folded, ends: Iterable[_End], directory: Directory) -> Parted | None:
    return next(filter(None, (_read(cut, head, end, directory, Reach.NEAR) for end in ends)), None)


def _is_only_text(cut: Cut, end: _End, stop: int, speller: Speller) -> bool:
    """Whether something stands behind a target's end that isn't the name of anything."""
    behind = cut.raw[end.opinion : min(stop, end.opinion + _LONGEST)]
    pieces = [read(piece) for piece in _BETWEEN_NAMES.split(behind)]
    return any(pieces) and not any(speller.kinds(piece) for piece in pieces if piece)


def _ends_in_name(text: str, directory: Directory) -> bool:
    """Whether the last name of a target is right, however many blanks there are in it."""
    return Speller(directory, Reach.EXACT).kinds(_BETWEEN_NAMES.split(text)[-1]) != frozenset()


def _gaps(raw: str, start: int, stop: int, head: Folded) -> Iterator[_End]:
    for match in islice(_GAP.finditer(raw, start, stop), _MOST_GAPS):
        yield _End(bisect_right(head.ends, match.start()), match.end(), free=True)


def _seams(head: Folded) -> Iterator[_End]:
    """The places within a head where no account goes on."""
    accounts = 0
    for length in range(2, min(len(head.text), _LONGEST)):
        if _IN_ACCOUNT.match(head.text, length - 1) is None:
            free = accounts < _MOST_GAPS and _ACCOUNT_BEFORE_TEXT.match(head.text, length - 1) is not None
            accounts += free
            yield _End(length, head.ends[length - 1], free)


def _read(cut: Cut, head: Folded, end: _End, directory: Directory, reach: Reach) -> Parted | None:
    """A target before a gap, however it is written."""
    text = strip(cut.raw[end.opinion :])
    after_gap = end.length == 0 or end.opinion > head.ends[end.length - 1]
    if not end.length or len(text) < (1 if after_gap else _SHORTEST_OPINION):
        return None
    target = Folded(head.text[: end.length], head.starts[: end.length], head.ends[: end.length])
    found = readings(taken_apart(cut.raw, target), directory, farthest=reach)
    return Parted(found, text) if found else None


def _seamed(cut: Cut, head: Folded, end: _End, directory: Directory) -> Parted | None:
    """A target that is right but for its first dash and what separates accounts, with the opinion close to it."""
    names = head.text[: end.length].split("-")
    names[-1] = _BETWEEN_ACCOUNTS.sub(";", names[-1])
    target = _resolved(names, directory) or (_resolved(["", *names], directory) if names[0] else None)
    if target is None:
        return None
    text = strip(cut.raw[end.opinion :])
    dash = _DASHES.match(text)
    if dash is not None and target.accounts:
        text = strip(text[dash.end() :])
    elif dash is not None or _goes_on(head.text[end.length :], directory):
        return None
    return Parted((target,), text) if len(text) >= _SHORTEST_OPINION else None


def _resolved(names: list[str], directory: Directory) -> TargetName | None:
    return resolve(names, directory) if len(names) in (2, 3, 4) else None


def _goes_on(rest: str, directory: Directory) -> bool:
    """Whether the rest begins with a name, so that the target doesn't end there."""
    speller = Speller(directory, Reach.EXACT)
    return any(speller.kinds(rest[:length]) for length in range(2, min(len(rest), _LONGEST_NAME) + 1))
