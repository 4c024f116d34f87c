"""What the org chart's commands say of a person, a unit, or the whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from grammar.normalise import fold
from routing.chart import Chart
from routing.ladder import rungs
from routing.model import DISPATCH_DESK, Kind, Person, Recipient, Roster, Target, Unit, UnitPath
from routing.phones import normalise_phone
from routing.reach import reach
from routing.roster import next_handover, on_duty


def lines_about(chart: Chart, asked: str, at: datetime) -> list[str]:
    """Who a phone, an account, a name or a path is, and who would be told at that instant; empty for nobody."""
    phone = normalise_phone(asked)
    actor = chart.who_calls(phone) if phone is not None else None
    account = actor.account if actor is not None else chart.find_account(asked) or _account_in_path(chart, asked)
    person = chart.person(account) if account is not None else None
    if person is not None:
        return list(_about_person(chart, person, at))
    if (actor is not None and actor.unit == DISPATCH_DESK) or asked == str(DISPATCH_DESK):
        return list(_about_desk(chart, at))
    path = actor.unit if actor is not None else path_named(chart, asked)
    unit = chart.unit(path) if path is not None else None
    return list(_about_unit(chart, unit, at)) if unit is not None else _about_name(chart, asked, at)


def path_named(chart: Chart, text: str) -> UnitPath | None:
    """A path typed as in a command: `-核心维护室-话务维护组`, with or without the centre, with any dash."""
    first, *rest = _names_typed(text)
    center = chart.find_center(first or chart.default_center)
    if center is None or len(rest) > 2:
        return None
    path = UnitPath(center)
    if rest:
        room = chart.find_room(center, rest[0])
        if room is None:
            return None
        path = UnitPath(center, room)
        group = chart.find_group(center, room, rest[1]) if len(rest) == 2 else None
        if len(rest) == 2:
            return UnitPath(center, room, group) if group is not None else None
    return path


def _names_typed(text: str) -> list[str]:
    return fold(text, 0, len(text)).text.split("-")


def _account_in_path(chart: Chart, text: str) -> str | None:
    """The account at the end of a whole path, if it is that of a member of the group."""
    *names, last = _names_typed(text)
    path = path_named(chart, "-".join(names)) if len(names) == 3 else None
    account = chart.find_account(last)
    return account if account is not None and path in chart.units_of(account) else None


def tree_lines(chart: Chart) -> Iterator[str]:
    """The whole chart, indented."""
    desk = chart.dispatchers
    yield f"调度 dispatchers: {_names(chart, desk.members)}{_phone(desk.duty_phone)}"
    for path in chart.walk():
        unit = chart.unit(path)
        if unit is None:
            continue
        indent = "  " * (len(path.upwards()) - 1)
        leader = f"  负责人 {_names(chart, (unit.leader,))}" if unit.leader else ""
        yield f"{indent}{path.group or path.room or path.center}{leader}{_phone(unit.duty_phone)}"
        if unit.members:
            yield f"{indent}  成员 {_names(chart, unit.members)}"
        if unit.roster is not None:
            yield f"{indent}  值班 {unit.roster.rotation} {_names(chart, unit.roster.people)}"


def _about_person(chart: Chart, person: Person, at: datetime) -> Iterator[str]:
    state = "" if person.active else "  停用 (inactive)"
    yield f"{person.name} ({person.account})  {' '.join(person.phones)}  {person.email or ''}".rstrip() + state
    for path in chart.units_of(person.account):
        yield f"  成员 {path}"
    for path in chart.leads(person.account):
        yield f"  负责人 {path}"
    if chart.is_dispatcher(person.account):
        yield "  调度 dispatcher"
    yield from _told(chart, Target(Kind.PEOPLE, None, (person.account,)), at)


def _about_unit(chart: Chart, unit: Unit, at: datetime) -> Iterator[str]:
    leader = f"  负责人 {_names(chart, (unit.leader,))}" if unit.leader else ""
    yield f"{unit.path}{leader}{_phone(unit.duty_phone)}"
    if unit.children:
        yield f"  下设 {'、'.join(child.group or child.room or '' for child in unit.children)}"
    if unit.members:
        yield f"  成员 {_names(chart, unit.members)}"
    yield from _duty(chart, unit.roster, at)
    if unit.path.room is not None:
        kind = Kind.ROOM if unit.path.group is None else Kind.GROUP
        yield from _told(chart, Target(kind, unit.path), at)
    above = " → ".join(_names(chart, rung) for rung in rungs(chart, unit.path) if rung)
    yield f"  逐级 above: {above}"


def _about_desk(chart: Chart, at: datetime) -> Iterator[str]:
    desk = chart.dispatchers
    yield f"调度 dispatchers: {_names(chart, desk.members)}{_phone(desk.duty_phone)}"
    yield from _duty(chart, desk.roster, at)
    yield from _told(chart, Target(Kind.DISPATCHERS, None), at)


def _about_name(chart: Chart, asked: str, at: datetime) -> list[str]:
    """Whoever and whatever is called so: several may share a name."""
    people = [person for person in chart.people() if person.name == asked.strip()]
    paths = [UnitPath(*names) for names in (*chart.rooms_named(asked), *chart.groups_named(asked))]
    unit = chart.unit(paths[0]) if len(paths) == 1 and not people else None
    if unit is not None:
        return list(_about_unit(chart, unit, at))
    return [f"{one.name} ({one.account})  {' '.join(one.phones)}" for one in people] + [str(path) for path in paths]


def _duty(chart: Chart, roster: Roster | None, at: datetime) -> Iterator[str]:
    if roster is None:
        return
    turn = next_handover(roster, at, chart.time_zone)
    until = f"  至 {turn.astimezone(chart.time_zone):%Y-%m-%d %H:%M}" if turn is not None else ""
    yield f"  当班 {_names(chart, on_duty(roster, at, chart.time_zone))}{until}"


def _told(chart: Chart, target: Target, at: datetime) -> Iterator[str]:
    told = reach(chart, target, at)
    shown = "、".join(_handset(chart, one) for one in told)
    yield f"  现在通知 told now: {shown or '无人, 转告调度 (nobody: the dispatchers are told)'}"


def _handset(chart: Chart, recipient: Recipient) -> str:
    if recipient.account is not None:
        return f"{chart.name_of(recipient.account)} ({recipient.account}) {recipient.phone}"
    return f"值班手机 {recipient.phone}"


def _names(chart: Chart, accounts: Iterable[str]) -> str:
    shown = []
    for account in accounts:
        away = "" if chart.is_active(account) else " 停用"
        shown.append(f"{chart.name_of(account)} ({account}{away})")
    return "、".join(shown)


def _phone(phone: str | None) -> str:
    return f"  值班手机 {phone}" if phone else ""
