"""Which lines of the log a number is made of: as many as it says, or, of a duration, those that it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from routing.model import UnitPath
from smsgate.service.reports.figures import COLUMNS, Level, What
from smsgate.service.reports.stories import Event, Held, Holding, Line, Marked, Moved, Routed
from smsgate.service.reports.tally import lies_in, unit_at

ROUTE = "route"
"""The column that stands for the transfers between two units."""


class Number(NamedTuple):
    """A number of a report: in which column, and of whom."""

    column: str
    """One of COLUMNS, or ROUTE."""
    level: Level | None = None
    """None: of everybody."""
    account: str | None = None
    """On level person."""
    unit: UnitPath | None = None
    """The unit of the row; of a person: the unit that the report is confined to."""
    towards: UnitPath | None = None
    """Of a route, where it ends; it starts at `unit`."""


class Shown(NamedTuple):
    """One line that counted."""

    at: int
    line: Line
    holding: Holding
    """Who had it, or came to have it."""
    value: int | None
    """Milliseconds, of what is measured."""
    transfers: int | None = None
    """Of what was resolved."""


def shown_by(number: Number, events: Iterable[Event], start: int, end: int) -> Iterator[Shown]:
    """The lines that a number of a report on that time counts, among the events of a ticket."""
    wanted = COLUMNS.get(number.column, ())
    for event in events:
        if isinstance(event, Held):
            found = _time(number, wanted, event, start, end)
        elif not start <= event.at < end:
            continue
        elif isinstance(event, Marked):
            counts = event.what in wanted and _has(number, event.holding)
            found = Shown(event.at, event.line, event.holding, event.took or None, event.transfers) if counts else None
        elif isinstance(event, Moved):
            found = _move(number, wanted, event)
        else:
            found = _route(number, event)
        if found is not None:
            yield found


def _time(number: Number, wanted: tuple[What, ...], event: Held, start: int, end: int) -> Shown | None:
    first, last = max(event.start, start), min(event.end, end)
    if last <= first or not _has(number, event.holding):
        return None
    if What.ON_HAND in wanted and event.start < end <= event.end:
        return Shown(event.start, event.line, event.holding, last - event.start)
    if (What.PAUSED if event.paused else What.HELD) in wanted:
        return Shown(event.start, event.line, event.holding, last - first)
    return None


def _move(number: Number, wanted: tuple[What, ...], event: Moved) -> Shown | None:
    before, after = event.before, event.after
    if number.level is None:
        had, has = before is not None, after is not None
    elif number.level is Level.PERSON:
        had, has = _named(number, before), _named(number, after)
    else:
        had, has = before is not None and _has(number, before), after is not None and _has(number, after)
    if What.IN in wanted and has and not had and after is not None and _inside(number, after):
        return Shown(event.at, event.line, after, None)
    if What.OUT in wanted and had and not has and before is not None and _inside(number, before):
        return Shown(event.at, event.line, before, None)
    return None


def _route(number: Number, event: Routed) -> Shown | None:
    if number.column != ROUTE or (event.start, event.end) != (number.unit, number.towards):
        return None
    return Shown(event.at, event.line, Holding(event.end), None)


def _named(number: Number, holding: Holding | None) -> bool:
    return holding is not None and number.account in holding.accounts


def _inside(number: Number, holding: Holding) -> bool:
    return number.level is not Level.PERSON or number.unit is None or lies_in(holding.unit, number.unit)


def _has(number: Number, holding: Holding) -> bool:
    if number.level is None:
        return True
    if number.level is Level.PERSON:
        return _named(number, holding) and _inside(number, holding)
    return unit_at(holding.unit, number.level) == number.unit
