"""The chart as its pages show it: units with who is on duty and what they hold, people with where they belong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from routing.chart import Chart
from routing.model import DISPATCH_DESK, Kind, Person, Recipient, Roster, Target, Unit, UnitPath
from routing.reach import reach
from routing.roster import next_handover, on_duty
from smsgate.store.queries.charts import Held

TURNS = 6
"""Turns of a roster that a unit's page shows."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Who is on duty from when; in epoch milliseconds, None for «now» and for lists."""

    people: tuple[str, ...]
    since: int | None
    until: int | None


@dataclass(frozen=True, slots=True)
class Node:
    """A unit of the tree."""

    path: UnitPath
    unit: Unit
    turns: tuple[Turn, ...]
    held: int
    """Open tickets that it holds itself."""
    held_below: int
    """And those that units and people in it hold."""
    children: tuple[Node, ...]

    @property
    def name(self) -> str:
        """Its own name."""
        return self.path.group or self.path.room or self.path.center


class Holding:
    """How many open tickets each holder has."""

    def __init__(self, held: Iterable[Held]) -> None:
        self.tickets = tuple(held)
        self._by_path: Counter[UnitPath] = Counter()
        self._by_account: Counter[str] = Counter()
        self._people_below: Counter[UnitPath] = Counter()
        self.desk = 0
        for one in self.tickets:
            if one.holder.kind is Kind.PEOPLE:
                self._by_account.update({account.lower() for account in one.holder.accounts})
                if one.holder.path is not None:
                    self._people_below[one.holder.path] += 1
            elif one.holder.path is None:
                self.desk += 1
            else:
                self._by_path[one.holder.path] += 1

    def of_unit(self, path: UnitPath) -> int:
        """Held by the unit itself."""
        return self._by_path[path]

    def of_people_below(self, path: UnitPath) -> int:
        """Held by people to whom a ticket was sent there."""
        return self._people_below[path]

    def of_person(self, account: str) -> int:
        """Held by the person by name, alone or with others."""
        return self._by_account[account.lower()]

    def by_unit(self, path: UnitPath) -> list[Held]:
        """Those of the unit and of what lies in it."""
        depth = len([name for name in path if name is not None])
        return [one for one in self.tickets if one.holder.path is not None and one.holder.path[:depth] == path[:depth]]

    def by_person(self, account: str) -> list[Held]:
        """Those of the person by name."""
        return [one for one in self.tickets if account in one.holder.accounts]


def node(chart: Chart, path: UnitPath, holding: Holding, at: datetime) -> Node | None:
    """A unit with all that lies in it."""
    unit = chart.unit(path)
    if unit is None:
        return None
    children = tuple(child for below in unit.children if (child := node(chart, below, holding, at)) is not None)
    held = holding.of_unit(path)
    below = holding.of_people_below(path) + sum(child.held + child.held_below for child in children)
    return Node(path, unit, tuple(turns(chart, unit.roster, at, 2)), held, below, children)


def turns(chart: Chart, roster: Roster | None, at: datetime, most: int) -> Iterator[Turn]:
    """The turn of this moment and those that come."""
    moment, since = at, None
    for _ in range(most if roster is not None else 0):
        until = next_handover(roster, moment, chart.time_zone)
        yield Turn(on_duty(roster, moment, chart.time_zone), since, _ms(until))
        if until is None:
            return
        moment, since = until + timedelta(milliseconds=1), _ms(until)


def told_now(chart: Chart, path: UnitPath, at: datetime) -> tuple[Recipient, ...]:
    """Whom a ticket sent there would reach at this moment."""
    if path == DISPATCH_DESK:
        return reach(chart, Target(Kind.DISPATCHERS, None), at)
    if path.room is None:
        return ()
    return reach(chart, Target(Kind.ROOM if path.group is None else Kind.GROUP, path), at)


def next_turn(chart: Chart, path: UnitPath, account: str, at: datetime) -> Turn | None:
    """The person's turn of this moment, or the next one, in a unit's roster."""
    unit = chart.unit(path)
    roster = unit.roster if unit is not None else None
    if path == DISPATCH_DESK:
        roster = chart.dispatchers.roster
    if roster is None or account not in roster.people:
        return None
    return next((turn for turn in turns(chart, roster, at, len(roster.people) + 1) if account in turn.people), None)


def path_of(text: str, chart: Chart) -> UnitPath | None:
    """`centre-room-group` as the chart spells it; names hold no dash."""
    names = [name for name in text.split("-") if name][:3]
    if not names:
        return None
    path = UnitPath(names[0], *names[1:])
    return path if path == DISPATCH_DESK or chart.unit(path) is not None else None


def members_of(chart: Chart, accounts: Iterable[str]) -> list[Person]:
    """The people of these accounts."""
    return [person for account in accounts if (person := chart.person(account)) is not None]


def _ms(at: datetime | None) -> int | None:
    return int(at.timestamp() * 1000) if at is not None else None
