"""What people write into a filter: a unit, a person, a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from routing.chart import Chart, UnitNames
from routing.model import UnitPath
from routing.phones import normalise_phone
from smsgate.web.pages.speech import Speech


class Who(NamedTuple):
    """A person or a unit's duty phone, or why it is nobody's."""

    account: str | None = None
    unit: UnitPath | None = None
    wrong: str = ""


def unit_of(chart: Chart, typed: str) -> UnitPath | None:
    """A unit as people write it: in full, as in a command (`-专业室-组`), or from its room or group on.

    One that the chart does not know is taken as written: the log is older than the chart.
    """
    names = [name.strip() for name in typed.split("-")]
    if not any(names):
        return None
    center = chart.find_center(names[0]) if names[0] else chart.default_center
    if center is None:
        rooms = chart.rooms_named(names[0])
        if len(names) == 1 or rooms:
            return _from_below(chart, names, rooms)
    room, group = ([*names[1:], "", ""])[:2]
    center = center or names[0]
    inner = chart.find_room(center, room) or room
    return UnitPath(center, inner or None, (chart.find_group(center, inner, group) or group) or None)


def _from_below(chart: Chart, names: list[str], rooms: Sequence[UnitNames]) -> UnitPath:
    if rooms:
        center, room, _ = rooms[0]
        group = names[1] if len(names) > 1 else ""
        return UnitPath(center, room, (chart.find_group(center, room or "", group) or group) or None)
    groups = chart.groups_named(names[0])
    return UnitPath(*groups[0]) if groups else UnitPath(names[0])


def who_of(speech: Speech, typed: str) -> Who:
    """An account, a name, or a phone."""
    if not typed:
        return Who()
    chart = speech.chart
    account = chart.find_account(typed)
    if account is not None:
        return Who(account)
    caller = chart.who_calls(normalise_phone(typed) or "")
    if caller is not None:
        return Who(caller.account, caller.unit)
    found = chart.people_named(typed)
    if len(found) == 1:
        return Who(found[0])
    near = found or chart.nearest_people(typed)
    if not near:
        return Who(wrong=speech.t("filter.who.nobody"))
    key = "filter.who.several" if found else "filter.who.unknown"
    return Who(wrong=speech.t(key, near="、".join(near[:5])))


def moment_of(typed: str, zone: ZoneInfo) -> int:
    """Milliseconds of a time of day in the NOC's zone, as a browser's field writes it (`2026-11-23T10:02`).

    Raises ValueError for what is no time.
    """
    found = datetime.fromisoformat(typed)
    return int((found if found.tzinfo is not None else found.replace(tzinfo=zone)).timestamp() * 1000)
