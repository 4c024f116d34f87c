"""What happened, counted day by day. A day's count is small and can be kept; days add up to any longer period.

All but in and out of a room or centre is the sum over what lies in it, so only the smallest units are counted. In and
out are not: what goes from one group to another of the same room leaves the room nowhere.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from routing.model import UnitPath
from smsgate.service.reports.figures import INDEX, Level, Tally, What
from smsgate.service.reports.periods import Period, midnight
from smsgate.service.reports.stories import Event, Held, Holding, Marked, Moved, Routed

_IN, _OUT, _ON_HAND = INDEX[What.IN], INDEX[What.OUT], INDEX[What.ON_HAND]
_TIMES = {False: INDEX[What.HELD], True: INDEX[What.PAUSED]}

Flow = list[int]
"""In, out."""


def _flow() -> Flow:
    return [0, 0]


@dataclass(slots=True)
class Day:
    """What was counted on one day."""

    people: defaultdict[tuple[str, UnitPath], Tally] = field(default_factory=lambda: defaultdict(Tally))
    """By account and the unit as whose the ticket was theirs."""
    units: defaultdict[UnitPath, Tally] = field(default_factory=lambda: defaultdict(Tally))
    """By the unit that held it, the smallest that is known."""
    flows: defaultdict[tuple[Level, UnitPath] | None, Flow] = field(default_factory=lambda: defaultdict(_flow))
    """In and out of rooms, centres and, None, the whole house."""
    routes: defaultdict[tuple[UnitPath, UnitPath], int] = field(default_factory=lambda: defaultdict(int))
    """Transfers, by where from and where to."""


@lru_cache(maxsize=4096)
def unit_at(unit: UnitPath, level: Level) -> UnitPath:
    """The row of that level that a unit counts in."""
    if level is Level.ROOM:
        return UnitPath(unit.center, unit.room)
    return UnitPath(unit.center) if level is Level.CENTER else unit


class Days:
    """The days of a period, up to a moment, and where each event goes."""

    def __init__(self, period: Period, until: int) -> None:
        self.days: list[Day] = []
        self.dates: list[date] = []
        self._borders: list[int] = []
        for day in period.days():
            start = midnight(day, period.zone)
            if start >= until:
                break
            self._borders.append(start)
            self.dates.append(day)
            self.days.append(Day())
        self.end = min(period.end, until)
        """Nothing from this moment on is counted."""
        self._borders.append(self.end)

    def add(self, event: Event) -> None:
        """Count it, where it lies in the period."""
        if isinstance(event, Held):
            self._add_time(event)
            return
        place = bisect_right(self._borders, event.at) - 1
        if not 0 <= place < len(self.days):
            return
        day = self.days[place]
        if isinstance(event, Marked):
            for tally in _tallies(day, event.holding):
                tally.mark(event.what, event.took, event.transfers)
        elif isinstance(event, Routed):
            day.routes[event.start, event.end] += 1
        else:
            _add_move(day, event)

    def _add_time(self, event: Held) -> None:
        borders, slot = self._borders, _TIMES[event.paused]
        place = max(bisect_right(borders, event.start) - 1, 0)
        while place < len(self.days) and borders[place] < event.end:
            start, end = max(event.start, borders[place]), min(event.end, borders[place + 1])
            for tally in _tallies(self.days[place], event.holding):
                tally.counts[slot] += end - start
                if event.start < borders[place + 1] <= event.end:
                    tally.counts[_ON_HAND] += 1
            place += 1


def lies_in(unit: UnitPath, scope: UnitPath) -> bool:
    """Whether a unit is another or lies in it."""
    return unit[: 3 - scope.count(None)] == scope[: 3 - scope.count(None)]


def _tallies(day: Day, holding: Holding) -> list[Tally]:
    unit = holding.unit
    return [day.units[unit], *(day.people[account, unit] for account in holding.accounts)]


def _add_move(day: Day, event: Moved) -> None:
    before, after = event.before, event.after
    _add_people(day, before, after)
    left, reached = (None if held is None else held.unit for held in (before, after))
    if left == reached:
        return
    if reached is not None:
        day.units[reached].counts[_IN] += 1
    if left is not None:
        day.units[left].counts[_OUT] += 1
    for level in (Level.ROOM, Level.CENTER):
        _flowed(day, _at(left, level), _at(reached, level))
    if left is None:
        day.flows[None][0] += 1
    elif reached is None:
        day.flows[None][1] += 1


def _add_people(day: Day, before: Holding | None, after: Holding | None) -> None:
    had = before.accounts if before is not None else ()
    has = after.accounts if after is not None else ()
    if after is not None:
        for account in has:
            if account not in had:
                day.people[account, after.unit].counts[_IN] += 1
    if before is not None:
        for account in had:
            if account not in has:
                day.people[account, before.unit].counts[_OUT] += 1


def _at(unit: UnitPath | None, level: Level) -> tuple[Level, UnitPath] | None:
    return None if unit is None else (level, unit_at(unit, level))


def _flowed(day: Day, left: tuple[Level, UnitPath] | None, reached: tuple[Level, UnitPath] | None) -> None:
    if left == reached:
        return
    if reached is not None:
        day.flows[reached][0] += 1
    if left is not None:
        day.flows[left][1] += 1
