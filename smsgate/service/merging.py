"""Three texts to one: two people have changed the same file. What doesn't overlap is taken, the rest is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from smsgate.service.line_diff import Edit, Lines, edits, matches


class Side(StrEnum):
    """Whose lines a piece of the merged text has."""

    SAME = "same"
    MINE = "mine"
    THEIRS = "theirs"
    CONFLICT = "conflict"
    BOTH = "both"
    """An answer to a conflict: theirs, then mine."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines in a row. A conflict has both sides', others have the same under `mine` and `theirs`."""

    side: Side
    base: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]
    line: int
    """Where it begins in theirs, from 1."""


def merge(base: Lines, mine: Lines, theirs: Lines) -> tuple[Piece, ...]:
    """The pieces of the merged text, in order."""
    return tuple(_pieces(base, mine, theirs))


def merge_unknown(mine: Lines, theirs: Lines) -> tuple[Piece, ...]:
    """The same where nobody knows what both came from: all that differs is a conflict."""
    found: list[Piece] = []
    at, at_theirs = 0, 0
    for start, start_theirs, length in (*matches(mine, theirs), (len(mine), len(theirs), 0)):
        if start > at or start_theirs > at_theirs:
            sides = tuple(mine[at:start]), tuple(theirs[at_theirs:start_theirs])
            found.append(Piece(Side.CONFLICT, (), *sides, at_theirs + 1))
        if length:
            same = tuple(mine[start : start + length])
            found.append(Piece(Side.SAME, same, same, same, start_theirs + 1))
        at, at_theirs = start + length, start_theirs + length
    return tuple(found)


def conflicts(pieces: Iterable[Piece]) -> list[Piece]:
    """Those that somebody has to decide."""
    return [piece for piece in pieces if piece.side is Side.CONFLICT]


def merged(pieces: Iterable[Piece], answers: Mapping[int, Side]) -> list[str] | None:
    """The lines, with each conflict (counted from 0) as answered; None if one isn't."""
    lines: list[str] = []
    number = 0
    for piece in pieces:
        if piece.side is not Side.CONFLICT:
            lines += piece.theirs if piece.side is Side.THEIRS else piece.mine
            continue
        answer = answers.get(number)
        number += 1
        if answer not in (Side.MINE, Side.THEIRS, Side.BOTH):
            return None
        lines += piece.theirs if answer is not Side.MINE else ()
        lines += piece.mine if answer is not Side.THEIRS else ()
    return lines


@dataclass(frozen=True, slots=True)
class _Cluster:
    """Edits of one side or both that overlap, and the base's lines that they touch."""

    start: int
    stop: int
    mine: tuple[Edit, ...]
    theirs: tuple[Edit, ...]


def _pieces(base: Lines, mine: Lines, theirs: Lines) -> Iterator[Piece]:
    at, line = 0, 1
    for cluster in _clusters(list(_by_line(edits(base, mine))), list(_by_line(edits(base, theirs)))):
        if cluster.start > at:
            same = tuple(base[at : cluster.start])
            yield Piece(Side.SAME, same, same, same, line)
            line += len(same)
        piece = _changed(cluster, base, mine, theirs, line)
        yield piece
        line += len(piece.theirs)
        at = cluster.stop
    if at < len(base):
        same = tuple(base[at:])
        yield Piece(Side.SAME, same, same, same, line)


def _by_line(made: Sequence[Edit]) -> Iterator[Edit]:
    """As many lines as before: each for itself, so that the other side may have changed the next one."""
    for edit in made:
        count = edit.stop - edit.start
        if count != edit.new_stop - edit.new_start:
            yield edit
            continue
        for step in range(count):
            start, new_start = edit.start + step, edit.new_start + step
            yield Edit(start, start + 1, new_start, new_start + 1)


def _changed(cluster: _Cluster, base: Lines, mine: Lines, theirs: Lines, line: int) -> Piece:
    before = tuple(base[cluster.start : cluster.stop])
    ours = _applied(cluster.mine, cluster, base, mine)
    other = _applied(cluster.theirs, cluster, base, theirs)
    if not cluster.theirs or ours == other:
        return Piece(Side.MINE, before, ours, ours, line)
    if not cluster.mine:
        return Piece(Side.THEIRS, before, other, other, line)
    return Piece(Side.CONFLICT, before, ours, other, line)


def _applied(made: Sequence[Edit], cluster: _Cluster, base: Lines, new: Lines) -> tuple[str, ...]:
    """The cluster's lines of the base as one side has them."""
    lines: list[str] = []
    at = cluster.start
    for edit in made:
        lines += base[at : edit.start]
        lines += new[edit.new_start : edit.new_stop]
        at = edit.stop
    return (*lines, *base[at : cluster.stop])


def _clusters(mine: Sequence[Edit], theirs: Sequence[Edit]) -> Iterator[_Cluster]:
    waiting = sorted([(edit, True) for edit in mine] + [(edit, False) for edit in theirs], key=_place)
    group: list[tuple[Edit, bool]] = []
    start, stop = 0, 0
    for edit, is_mine in waiting:
        if group and _overlaps(edit, start, stop):
            stop = max(stop, edit.stop)
        else:
            if group:
                yield _cluster(group, start, stop)
            group, start, stop = [], edit.start, edit.stop
        group.append((edit, is_mine))
    if group:
        yield _cluster(group, start, stop)


def _place(one: tuple[Edit, bool]) -> tuple[int, int]:
    return one[0].start, one[0].stop


def _overlaps(edit: Edit, start: int, stop: int) -> bool:
    """Whether they touch the same lines, or put something in at the same place."""
    if edit.start == edit.stop and start == stop:
        return edit.start == start
    return edit.start < stop


def _cluster(group: list[tuple[Edit, bool]], start: int, stop: int) -> _Cluster:
    mine = tuple(edit for edit, is_mine in group if is_mine)
    theirs = tuple(edit for edit, is_mine in group if not is_mine)
    return _Cluster(start, stop, mine, theirs)
