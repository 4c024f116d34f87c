"""The numbers of a report: what they are called, and how they come out of what was counted (docs/reports.md)."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from enum import StrEnum
from math import ceil
from typing import NamedTuple

MINUTE = 60_000


class Level(StrEnum):
    """Whose numbers a row has."""

    PERSON = "person"
    GROUP = "group"
    """A group, or a room for what it holds itself."""
    ROOM = "room"
    CENTER = "center"


class What(StrEnum):
    """What is counted."""

    __hash__ = str.__hash__

    IN = "in"
    OUT = "out"
    ON_HAND = "on_hand"
    ACCEPTED = "accepted"
    """In time."""
    ACCEPTED_LATE = "accepted_late"
    RESOLVED = "resolved"
    """In time."""
    RESOLVED_LATE = "resolved_late"
    HELD = "held"
    """Milliseconds, without those on hold."""
    PAUSED = "paused"
    """Milliseconds on hold."""
    RETURNED = "returned"
    REMINDED = "reminded"
    OVERDUE = "overdue"


INDEX = {what: place for place, what in enumerate(What)}
_IN, _OUT, _ON_HAND, _HELD, _PAUSED = (
    INDEX[what] for what in (What.IN, What.OUT, What.ON_HAND, What.HELD, What.PAUSED)
)
_RESOLVED = (INDEX[What.RESOLVED], INDEX[What.RESOLVED_LATE])


class Figures(NamedTuple):
    """One row's numbers, in the order of the columns. Durations are minutes, to one decimal; None: there is none."""

    came: int
    went: int
    on_hand: int
    accepted: int
    accepted_late: int
    accept_median: float | None
    accept_p90: float | None
    resolved: int
    resolved_late: int
    resolve_median: float | None
    resolve_p90: float | None
    held: float
    paused: float
    returned: int
    transfers: float | None
    """A ticket resolved, to two decimals."""
    reminded: int
    overdue: int


FIGURES = Figures._fields

COLUMNS: dict[str, tuple[What, ...]] = {
    "came": (What.IN,),
    "went": (What.OUT,),
    "on_hand": (What.ON_HAND,),
    "accepted": (What.ACCEPTED,),
    "accepted_late": (What.ACCEPTED_LATE,),
    "accept_median": (What.ACCEPTED, What.ACCEPTED_LATE),
    "accept_p90": (What.ACCEPTED, What.ACCEPTED_LATE),
    "resolved": (What.RESOLVED,),
    "resolved_late": (What.RESOLVED_LATE,),
    "resolve_median": (What.RESOLVED, What.RESOLVED_LATE),
    "resolve_p90": (What.RESOLVED, What.RESOLVED_LATE),
    "held": (What.HELD,),
    "paused": (What.PAUSED,),
    "returned": (What.RETURNED,),
    "transfers": (What.RESOLVED, What.RESOLVED_LATE),
    "reminded": (What.REMINDED,),
    "overdue": (What.OVERDUE,),
}
"""By column: what it is made of, and so what its list shows."""


class Tally:
    """What has been counted of one place in one stretch of days. Every duration is kept, so that medians are exact."""

    __slots__ = ("accept", "counts", "resolve", "transfers")

    def __init__(self) -> None:
        self.counts = [0] * len(INDEX)
        self.accept: array[int] | None = None
        self.resolve: array[int] | None = None
        self.transfers = 0

    def mark(self, what: What, took: int, transfers: int) -> None:
        """Count an event."""
        self.counts[INDEX[what]] += 1
        if what in (What.ACCEPTED, What.ACCEPTED_LATE):
            self.accept = _with(self.accept, (took,))
        elif what in (What.RESOLVED, What.RESOLVED_LATE):
            self.resolve = _with(self.resolve, (took,))
            self.transfers += transfers

    def add(self, other: Tally, *, flows: bool, stock: bool) -> None:
        """Another's numbers too; without `flows` neither in nor out, without `stock` not what is on hand."""
        counts = self.counts
        for place, count in enumerate(other.counts):
            counts[place] += count
        if not flows:
            self.flow(-other.counts[_IN], -other.counts[_OUT])
        if not stock:
            counts[_ON_HAND] -= other.counts[_ON_HAND]
        self.accept = _with(self.accept, other.accept)
        self.resolve = _with(self.resolve, other.resolve)
        self.transfers += other.transfers

    def flow(self, came: int, went: int) -> None:
        """So many came, so many went."""
        self.counts[_IN] += came
        self.counts[_OUT] += went

    def figures(self) -> Figures:
        """The numbers of a row."""
        counts = self.counts
        resolved = sum(counts[place] for place in _RESOLVED)
        accept, resolve = sorted(self.accept or ()), sorted(self.resolve or ())
        return Figures(
            came=counts[_IN],
            went=counts[_OUT],
            on_hand=counts[_ON_HAND],
            accepted=counts[INDEX[What.ACCEPTED]],
            accepted_late=counts[INDEX[What.ACCEPTED_LATE]],
            accept_median=_median(accept),
            accept_p90=_p90(accept),
            resolved=counts[_RESOLVED[0]],
            resolved_late=counts[_RESOLVED[1]],
            resolve_median=_median(resolve),
            resolve_p90=_p90(resolve),
            held=minutes(counts[_HELD]),
            paused=minutes(counts[_PAUSED]),
            returned=counts[INDEX[What.RETURNED]],
            transfers=round(self.transfers / resolved, 2) if resolved else None,
            reminded=counts[INDEX[What.REMINDED]],
            overdue=counts[INDEX[What.OVERDUE]],
        )


def minutes(milliseconds: float) -> float:
    """To one decimal."""
    return round(milliseconds / MINUTE, 1)


def _with(kept: array[int] | None, more: Sequence[int] | None) -> array[int] | None:
    if not more:
        return kept
    if kept is None:
        return array("q", more)
    kept.extend(more)
    return kept


def _median(ordered: Sequence[int]) -> float | None:
    """The middle one; of an even number the mean of the two in the middle."""
    if not ordered:
        return None
    half, odd = divmod(len(ordered), 2)
    return minutes(ordered[half] if odd else (ordered[half - 1] + ordered[half]) / 2)


def _p90(ordered: Sequence[int]) -> float | None:
    """The smallest that nine of ten do not exceed (nearest rank)."""
    return minutes(ordered[ceil(len(ordered) * 9 / 10) - 1]) if ordered else None
