"""What two texts have in common, line by line: fast on large files whose lines are mostly different from each other.

Lines that occur once in both are matched first, in order, and what lies between them is looked at in the same way
(the way known as patience diff); small rests go to `difflib`.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

Lines = Sequence[str]
SMALL = 250_000
"""Lines times lines up to which a rest without lines of its own is compared each with each."""
CONTEXT = 3
"""Equal lines shown around a change."""


@dataclass(frozen=True, slots=True)
class Edit:
    """The old lines from `start` to `stop` (counted from 0) became the new ones from `new_start` to `new_stop`."""

    start: int
    stop: int
    new_start: int
    new_stop: int


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a diff. `sign` is `+`, `-`, a blank, or `@` for a gap; numbers count from 1, None where it isn't."""

    sign: str
    old: int | None
    new: int | None
    text: str


def edits(old: Lines, new: Lines) -> list[Edit]:
    """All that changed, in order."""
    found: list[Edit] = []
    at_old, at_new = 0, 0
    for start, new_start, length in (*matches(old, new), (len(old), len(new), 0)):
        if start > at_old or new_start > at_new:
            found.append(Edit(at_old, start, at_new, new_start))
        at_old, at_new = start + length, new_start + length
    return found


def matches(old: Lines, new: Lines) -> list[tuple[int, int, int]]:
    """Runs of equal lines: where in the old, where in the new, how many; in order."""
    pairs = sorted(_pairs(old, new))
    runs: list[tuple[int, int, int]] = []
    for one, other in pairs:
        if runs and one == runs[-1][0] + runs[-1][2] and other == runs[-1][1] + runs[-1][2]:
            runs[-1] = (*runs[-1][:2], runs[-1][2] + 1)
        else:
            runs.append((one, other, 1))
    return runs


def unified(old: Lines, new: Lines, most: int) -> list[DiffLine]:
    """The changes with the lines around them; at most so many lines, the rest as one `@` that says how many more."""
    shown: list[DiffLine] = []
    at, edit_offset = None, 0
    for edit in edits(old, new):
        first = max(0, edit.start - CONTEXT)
        if at is not None and first <= at + CONTEXT:
            first = at
        elif at is not None or first > 0:
            shown += _equal(old, at, at + CONTEXT, edit_offset) if at is not None else []
            shown.append(DiffLine("@", first + 1, None, ""))
        shown += _equal(old, first, edit.start, edit.new_start - edit.start)
        shown += [DiffLine("-", no + 1, None, old[no]) for no in range(edit.start, edit.stop)]
        shown += [DiffLine("+", None, no + 1, new[no]) for no in range(edit.new_start, edit.new_stop)]
        at, edit_offset = edit.stop, edit.new_stop - edit.stop
        if len(shown) > most:
            return [*shown[:most], DiffLine("@", None, None, "…")]
    if at is not None:
        shown += _equal(old, at, min(at + CONTEXT, len(old)), edit_offset)
    return shown


def _equal(old: Lines, start: int, stop: int, offset: int) -> list[DiffLine]:
    return [DiffLine(" ", no + 1, no + 1 + offset, old[no]) for no in range(start, stop)]


def _pairs(old: Lines, new: Lines) -> Iterator[tuple[int, int]]:
    waiting = [(0, len(old), 0, len(new))]
    while waiting:
        start, stop, new_start, new_stop = waiting.pop()
        while start < stop and new_start < new_stop and old[start] == new[new_start]:
            yield start, new_start
            start, new_start = start + 1, new_start + 1
        while start < stop and new_start < new_stop and old[stop - 1] == new[new_stop - 1]:
            stop, new_stop = stop - 1, new_stop - 1
            yield stop, new_stop
        if start == stop or new_start == new_stop:
            continue
        anchors = _anchors(old, start, stop, new, new_start, new_stop)
        if not anchors:
            yield from _rest(old, start, stop, new, new_start, new_stop)
            continue
        for one, other in (*anchors, (stop, new_stop)):
            waiting.append((start, one, new_start, other))
            if one < stop:
                yield one, other
            start, new_start = one + 1, other + 1


def _anchors(old: Lines, start: int, stop: int, new: Lines, new_start: int, new_stop: int) -> list[tuple[int, int]]:
    """Lines that stand once in both, the longest row of them that is in order in both."""
    once, other_once = _once(old, start, stop), _once(new, new_start, new_stop)
    common = [(at, other_once[line]) for line, at in once.items() if line in other_once]
    tops: list[int] = []
    heads: list[int] = []
    before: list[int] = []
    for index, (_, other) in enumerate(common):
        pile = bisect_left(tops, other)
        before.append(heads[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(other)
            heads.append(index)
        else:
            tops[pile], heads[pile] = other, index
    row: list[tuple[int, int]] = []
    at = heads[-1] if heads else -1
    while at >= 0:
        row.append(common[at])
        at = before[at]
    return row[::-1]


def _once(lines: Lines, start: int, stop: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in range(start, stop):
        found[lines[at]] = -1 if lines[at] in found else at
    return {line: at for line, at in found.items() if at >= 0}


def _rest(old: Lines, start: int, stop: int, new: Lines, new_start: int, new_stop: int) -> Iterator[tuple[int, int]]:
    if (stop - start) * (new_stop - new_start) > SMALL:
        return
    matcher = SequenceMatcher(None, old[start:stop], new[new_start:new_stop], autojunk=False)
    for one, other, length in matcher.get_matching_blocks():
        for step in range(length):
            yield start + one + step, new_start + other + step
