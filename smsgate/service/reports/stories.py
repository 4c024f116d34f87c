"""One ticket's lines of the log, in order, told as what counts: who came to hold it, for how long, what they did.

A ticket is on hand from the hop that gives it to somebody until it goes to somebody else, is resolved or cancelled.
The unit of a stay is the path that the ticket was sent to, and stays so when one of its people accepts; without a path
it is the dispatchers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from routing.model import DISPATCH_DESK, Act, Kind, Target, UnitPath
from smsgate.domain.hop import LogKind
from smsgate.domain.states import State
from smsgate.service.reports.figures import What

ON_HAND = frozenset({State.DISPATCHED.value, State.ACCEPTED.value, State.HELD.value})
"""The states in which somebody has the ticket to work on."""

_GIVEN = frozenset({Act.OPEN.value, Act.TRANSFER.value, Act.RETURN.value, Act.REOPEN.value})
_BEGUN = frozenset({Act.OPEN.value, Act.REOPEN.value})
_STRUCK = {LogKind.REMIND.value: What.REMINDED, LogKind.OVERDUE.value: What.OVERDUE}


class Line(NamedTuple):
    """A line of the transfer log that was not refused, as far as it counts. Times are milliseconds since the epoch."""

    hop: int
    """Its id."""
    ticket: int
    no: int | None
    """None: the clock wrote it."""
    kind: str
    at: int
    state: str
    """Afterwards."""
    to_holder: Target
    target: Target | None
    accept_by: int | None
    resolve_by: int | None


class Holding(NamedTuple):
    """Who has a ticket: a unit, and those of its people who are named."""

    unit: UnitPath
    accounts: tuple[str, ...] = ()


class Moved(NamedTuple):
    """It went from one hand into another; None: from or to nobody."""

    at: int
    line: Line
    before: Holding | None
    after: Holding | None


class Marked(NamedTuple):
    """Something that is counted for who has it."""

    what: What
    at: int
    line: Line
    holding: Holding
    took: int = 0
    """Milliseconds: to accept, or to resolve."""
    transfers: int = 0
    """Of a ticket that is resolved: how often it was transferred until then."""


class Held(NamedTuple):
    """It was in one hand from start to end, all the time on hold or none of it."""

    start: int
    end: int
    line: Line
    """The one that began it."""
    holding: Holding
    paused: bool


class Routed(NamedTuple):
    """It was transferred from one unit to another, or within one."""

    at: int
    line: Line
    start: UnitPath
    end: UnitPath


Event = Moved | Marked | Held | Routed


def events_of(lines: Iterable[Line], until: int) -> Iterator[Event]:
    """What one ticket's lines, in the order of their ids, come to before that moment.

    Where a node's clock was behind, a line counts at the moment of the line before it.
    """
    story = _Story()
    for line in lines:
        at = max(line.at, story.at)
        if at >= until:
            break
        story.at = at
        yield from story.struck(line) if line.no is None else story.acted(line)
    yield from story.held(until)


class _Story:
    """Where a ticket stands while its lines are read."""

    def __init__(self) -> None:
        self.at = -1
        self._holding: Holding | None = None
        self._unit = DISPATCH_DESK
        self._trail: list[UnitPath] = []
        self._paused = False
        self._since: tuple[int, Line] | None = None
        """When its present hold or pause began, and by which line."""
        self._given_at = 0
        self._began_at = 0
        self._rested = 0
        self._transfers = 0
        self._accept_by: int | None = None

    def struck(self, line: Line) -> Iterator[Event]:
        """A line of the clock."""
        what = _STRUCK.get(line.kind)
        if what is not None and self._holding is not None:
            yield Marked(what, self.at, line, self._holding)
        elif line.accept_by is not None:
            # nobody had heard of it: its time to accept began anew
            self._accept_by = line.accept_by

    def acted(self, line: Line) -> Iterator[Event]:
        """A numbered hop."""
        gives = line.kind in _GIVEN and not (line.kind == Act.RETURN and line.target is None)
        before = self._holding
        after = self._after(line, gives)
        paused = line.state == State.HELD
        yield from self._marks(line, before, after, gives)
        if after != before or paused != self._paused:
            yield from self.held(self.at)
            self._since = (self.at, line)
        if after != before:
            yield Moved(self.at, line, before, after)
        self._holding, self._paused = after, paused
        if gives:
            self._given_at, self._accept_by = self.at, line.accept_by
        if line.kind in _BEGUN:
            self._began_at, self._rested = self.at, 0

    def held(self, end: int) -> Iterator[Held]:
        """What has passed of the present hold until then."""
        if self._holding is None or self._since is None:
            return
        start, line = self._since
        if self._paused:
            self._rested += end - start
        yield Held(start, end, line, self._holding, self._paused)

    def _after(self, line: Line, gives: bool) -> Holding | None:
        if gives:
            self._unit = self._unit_given(line)
        if line.state not in ON_HAND:
            return None
        holder = line.to_holder
        return Holding(self._unit, holder.accounts if holder.kind is Kind.PEOPLE else ())

    def _unit_given(self, line: Line) -> UnitPath:
        holder, former = line.to_holder, self._unit
        if line.kind == Act.TRANSFER:
            self._trail.append(former)
        elif line.kind == Act.RETURN and self._trail:
            former = self._trail.pop()
        if holder.kind is Kind.DISPATCHERS:
            return DISPATCH_DESK
        if holder.kind is Kind.PEOPLE and line.kind in (Act.RETURN, Act.REOPEN):
            # people get it back as the unit's that they had it as
            return former
        return holder.path or DISPATCH_DESK

    def _marks(self, line: Line, before: Holding | None, after: Holding | None, gives: bool) -> Iterator[Event]:
        if before is None:
            return
        if line.kind == Act.ACCEPT and after is not None:
            late = self._accept_by is not None and self.at > self._accept_by
            what = What.ACCEPTED_LATE if late else What.ACCEPTED
            yield Marked(what, self.at, line, after, self.at - self._given_at)
        elif line.kind == Act.RESOLVE:
            yield self._resolved(line, before)
        elif line.kind == Act.RETURN and gives:
            yield Marked(What.RETURNED, self.at, line, before)
        elif line.kind == Act.TRANSFER and after is not None:
            self._transfers += 1
            yield Routed(self.at, line, before.unit, after.unit)

    def _resolved(self, line: Line, before: Holding) -> Marked:
        pausing = self.at - self._since[0] if self._paused and self._since is not None else 0
        took = self.at - self._began_at - self._rested - pausing
        late = line.resolve_by is not None and self.at > line.resolve_by
        what = What.RESOLVED_LATE if late else What.RESOLVED
        return Marked(what, self.at, line, before, took, self._transfers)
