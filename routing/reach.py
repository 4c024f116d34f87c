"""Which handsets a target means at an instant (spec «What it means»)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from routing.chart import Chart
from routing.model import Kind, Person, Recipient, Target, Unit, UnitPath
from routing.roster import on_duty


def reach(chart: Chart, target: Target, at: datetime) -> tuple[Recipient, ...]:
    """Whom to tell, each handset once; empty where nobody can be told.

    A path or an account that the chart no longer has reaches nobody. Inactive people and people without a phone are
    passed over everywhere.
    """
    if target.kind is Kind.DISPATCHERS:
        return dispatchers_on_duty(chart, at)
    if target.kind is Kind.PEOPLE:
        return _people(chart, target.accounts, at)
    unit = chart.unit(target.path) if target.path is not None else None
    if unit is None:
        return ()
    return _room(chart, unit, at) if target.kind is Kind.ROOM else _group(chart, unit, at)


def dispatchers_on_duty(chart: Chart, at: datetime) -> tuple[Recipient, ...]:
    """The dispatchers on duty and their duty phone; all active ones without a rota, or with nobody reachable on it."""
    desk = chart.dispatchers
    people = _people(chart, on_duty(desk.roster, at, chart.time_zone), at) or _people(chart, desk.members, at)
    phone = [Recipient(desk.duty_phone, on_duty=True)] if desk.duty_phone is not None else []
    return _once([*people, *phone])


def recipient_of(chart: Chart, account: str, at: datetime | None = None) -> Recipient | None:
    """A person's own handset; None for the inactive, the unknown, and those without a phone.

    With `at`, `on_duty` says whether a roster or a dispatcher's office keeps them reachable at night.
    """
    person = chart.person(account)
    if person is None or not person.active or not person.phones:
        return None
    return Recipient(person.phones[0], account=person.account, on_duty=at is not None and is_on_duty(chart, person, at))


def is_on_duty(chart: Chart, person: Person, at: datetime) -> bool:
    """Whether the person is a dispatcher, or on duty by the roster of one of their groups."""
    if chart.is_dispatcher(person.account):
        return True
    return any(person.account in _turn(chart, path, at) for path in chart.units_of(person.account))


def _turn(chart: Chart, path: UnitPath, at: datetime) -> tuple[str, ...]:
    unit = chart.unit(path)
    return on_duty(unit.roster, at, chart.time_zone) if unit is not None else ()


def _room(chart: Chart, room: Unit, at: datetime) -> tuple[Recipient, ...]:
    """Duty phone and leader; with neither, the duty people of its groups; with none, its members."""
    leader = _people(chart, (room.leader,) if room.leader else (), at)
    heads = _once([*_duty_phone(room), *leader])
    if heads:
        return heads
    groups = list(_groups(chart, room))
    duty = [account for group in groups for account in on_duty(group.roster, at, chart.time_zone)]
    return _people(chart, duty, at) or _people(chart, (account for group in groups for account in group.members), at)


def _group(chart: Chart, group: Unit, at: datetime) -> tuple[Recipient, ...]:
    """Who is on duty, or all active members; the group's duty phone only where none of them can be told."""
    duty = _people(chart, on_duty(group.roster, at, chart.time_zone), at)
    return duty or _people(chart, group.members, at) or _once(_duty_phone(group))


def _groups(chart: Chart, room: Unit) -> Iterator[Unit]:
    for path in room.children:
        group = chart.unit(path)
        if group is not None:
            yield group


def _duty_phone(unit: Unit) -> list[Recipient]:
    return [Recipient(unit.duty_phone, unit=unit.path, on_duty=True)] if unit.duty_phone is not None else []


def _people(chart: Chart, accounts: Iterable[str], at: datetime) -> tuple[Recipient, ...]:
    found = (recipient_of(chart, account, at) for account in dict.fromkeys(accounts))
    return _once(recipient for recipient in found if recipient is not None)


def _once(recipients: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Each handset once, the first way it was reached."""
    by_phone: dict[str, Recipient] = {}
    for recipient in recipients:
        by_phone.setdefault(recipient.phone, recipient)
    return tuple(by_phone.values())
