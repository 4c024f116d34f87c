"""Where a target ends whose second hash was forgotten: the longest that can be read is the target, the rest opinion."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from grammar.ast import TargetName
from grammar.cut import Cut
from grammar.directory import Directory
from grammar.layouts import taken_apart
from grammar.normalise import Folded, strip
from grammar.reader import resolve
from grammar.readings import readings
from grammar.spelling import Reach, Speller

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
    head = cut.target
    if head is None or cut.first_hash is None or cut.last_hash is not None:
        return None
    gaps = list(_gaps(cut.raw, cut.first_hash + 1, head))
    for end in sorted([*gaps, *_seams(head)], reverse=True):
        found = _read(cut, head, end, directory, Reach.EXACT) if end.free else _seamed(cut, head, end, directory)
        if found is not None:
            return found
    misspelt = (_read(cut, head, end, directory, Reach.NEAR) for end in reversed(gaps))
    return next(filter(None, misspelt), None)


def _gaps(raw: str, start: int, head: Folded) -> Iterator[_End]:
    for match in islice(_GAP.finditer(raw, start), _MOST_GAPS):
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
