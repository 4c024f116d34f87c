"""Rows of figures, by place and stretch of time, from what was counted day by day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import NamedTuple

from routing.model import UnitPath
from smsgate.service.reports.figures import Figures, Level, Tally
from smsgate.service.reports.periods import By, Period
from smsgate.service.reports.tally import Day, lies_in, unit_at

Dated = Sequence[tuple[date, Day]]


class Place(NamedTuple):
    """Whose numbers: a person, a unit, or, where both are None, everybody's."""

    account: str | None = None
    unit: UnitPath | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one place in one stretch of the period."""

    place: Place
    span: Period
    figures: Figures


@dataclass(frozen=True, slots=True)
class Table:
    """A report."""

    period: Period
    level: Level
    by: By
    within: UnitPath | None
    """Only what lies in that unit, or the row that it lies in; None: everything."""
    rows: tuple[Row, ...]
    totals: tuple[Row, ...]
    """Of all that is shown, or of `within` itself, one for each stretch: not always the sum of the rows."""
    trend: tuple[Row, ...]
    """The totals day by day, or by the stretches where there are several."""
    routes: tuple[tuple[UnitPath, UnitPath, int], ...]
    """Transfers from one unit to another, the most frequent first."""


def table_of(days: Dated, period: Period, level: Level, by: By, within: UnitPath | None = None) -> Table:
    """The report on these days of the period."""
    finer = By.DAY if by is By.WHOLE else by
    rows = [row for span, part in _stretches(days, period, by) for row in _rows(part, span, level, within)]
    totals = tuple(_total(part, span, within) for span, part in _stretches(days, period, by))
    trend = tuple(_total(part, span, within) for span, part in _stretches(days, period, finer))
    return Table(period, level, by, within, tuple(rows), totals, trend, _routes(days, within))


def level_of(unit: UnitPath) -> Level:
    """The level that a unit is a row of."""
    if unit.group is not None:
        return Level.GROUP
    return Level.CENTER if unit.room is None else Level.ROOM


def _stretches(days: Dated, period: Period, by: By) -> list[tuple[Period, list[Day]]]:
    found = groupby(days, key=lambda dated: by.start_of(dated[0], period.first))
    return [(period.within(by, start), [day for _, day in part]) for start, part in found]


def _rows(days: list[Day], span: Period, level: Level, within: UnitPath | None) -> Iterable[Row]:
    if level is Level.PERSON:
        people: defaultdict[str, Tally] = defaultdict(Tally)
        for day in days:
            for (account, unit), tally in day.people.items():
                if within is None or lies_in(unit, within):
                    people[account].add(tally, flows=True, stock=day is days[-1])
        return [Row(Place(account=account), span, people[account].figures()) for account in sorted(people)]
    units = _units(days, level, within)
    return [Row(Place(unit=unit), span, units[unit].figures()) for unit in sorted(units, key=_order)]


def _units(days: list[Day], level: Level, within: UnitPath | None) -> dict[UnitPath, Tally]:
    scope = None if within is None else unit_at(within, level)
    units: defaultdict[UnitPath, Tally] = defaultdict(Tally)
    sums = level in (Level.ROOM, Level.CENTER)
    for day in days:
        for unit, tally in day.units.items():
            if scope is None or lies_in(unit, scope):
                units[unit_at(unit, level)].add(tally, flows=not sums, stock=day is days[-1])
        for key, (came, went) in day.flows.items() if sums else ():
            if key is not None and key[0] is level and (scope is None or lies_in(key[1], scope)):
                units[key[1]].flow(came, went)
    return units


def _total(days: list[Day], span: Period, within: UnitPath | None) -> Row:
    place = Place(unit=within)
    if within is not None:
        found = _units(days, level_of(within), within).get(within, Tally())
        return Row(place, span, found.figures())
    whole = Tally()
    for day in days:
        for tally in day.units.values():
            whole.add(tally, flows=False, stock=day is days[-1])
        whole.flow(*day.flows.get(None, (0, 0)))
    return Row(place, span, whole.figures())


def _routes(days: Dated, within: UnitPath | None) -> tuple[tuple[UnitPath, UnitPath, int], ...]:
    found: Counter[tuple[UnitPath, UnitPath]] = Counter()
    for _, day in days:
        for ends, count in day.routes.items():
            if within is None or any(lies_in(end, within) for end in ends):
                found[ends] += count
    ordered = sorted(found.items(), key=lambda item: (-item[1], _order(item[0][0]), _order(item[0][1])))
    return tuple((start, end, count) for (start, end), count in ordered)


def _order(unit: UnitPath) -> tuple[str, str, str]:
    return (unit.center, unit.room or "", unit.group or "")
