"""What changed between two charts, in words: who came, went and moved, what was renamed, who is reached otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from routing.chart import Chart
from routing.model import DISPATCH_DESK, Kind, Person, Roster, Rotation, Target, Unit, UnitPath


class ChangeKind(StrEnum):
    """What kind of difference it is."""

    CAME = "came"
    WENT = "went"
    RENAMED = "renamed"
    MOVED = "moved"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `subject` is the account or the path it is about, in the old chart's spelling if it was there."""

    kind: ChangeKind
    subject: str
    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh


def diff(old: Chart, new: Chart) -> tuple[Change, ...]:
    """All differences: settings, dispatchers, units, then people, each in the chart's order; empty for equal charts."""
    found = [*_settings(old, new), *_units(old, new), *_people(old, new)]
    return tuple(found)


def removed_paths(old: Chart, new: Chart) -> tuple[UnitPath, ...]:
    """The paths that are gone, by removal or by renaming them or what they lie in."""
    return tuple(path for path in old.walk() if new.unit(path) is None)


def removed_accounts(old: Chart, new: Chart) -> tuple[str, ...]:
    """The accounts that are gone, by removal or renaming."""
    return tuple(person.account for person in old.people() if new.person(person.account) is None)


def is_missing(chart: Chart, target: Target) -> bool:
    """Whether a target is (in part) no longer in the chart: what holds a ticket must not be removed unnoticed."""
    if target.kind is Kind.DISPATCHERS:
        return False
    if target.kind is Kind.PEOPLE:
        return any(chart.person(account) is None for account in target.accounts)
    return target.path is None or chart.unit(target.path) is None


def _settings(old: Chart, new: Chart) -> Iterator[Change]:
    yield from _changed("default_center", "缺省中心", "default centre", old.default_center, new.default_center)
    yield from _changed("time_zone", "时区", "time zone", old.time_zone.key, new.time_zone.key)
    before, after = _desk(old), _desk(new)
    yield from _unit_changes("dispatchers", "调度", before, after)
    for account in _lost(before.members, after.members):
        yield Change(
            ChangeKind.WENT, account, f"{_named(old, account)} 不再是调度", f"{account} is no dispatcher any more"
        )
    for account in _lost(after.members, before.members):
        yield Change(ChangeKind.CAME, account, f"{_named(new, account)} 成为调度", f"{account} is a dispatcher now")


def _desk(chart: Chart) -> Unit:
    desk = chart.dispatchers
    return Unit(DISPATCH_DESK, None, desk.duty_phone, desk.members, desk.roster)


def _units(old: Chart, new: Chart) -> Iterator[Change]:
    gone = set(removed_paths(old, new))
    come = {path for path in new.walk() if old.unit(path) is None}
    renamed = _renamed_units(old, new, gone, come)
    for path in old.walk():
        name, unit = str(path), old.unit(path)
        other = renamed.get(path)
        if other is not None:
            yield Change(ChangeKind.RENAMED, name, f"{name} 改名为 {other}", f"{name} is {other} now")
        elif path in gone:
            yield Change(ChangeKind.WENT, name, f"{name} 撤销", f"{name} is gone")
        after = new.unit(other or path)
        if unit is not None and after is not None:
            yield from _unit_changes(str(other or path), str(other or path), unit, after)
    for path in new.walk():
        if path in come and path not in renamed.values():
            yield Change(ChangeKind.CAME, str(path), f"新增 {path}", f"{path} is new")


def _renamed_units(old: Chart, new: Chart, gone: set[UnitPath], come: set[UnitPath]) -> dict[UnitPath, UnitPath]:
    """Gone paths, and the new ones that have the same people below the same (or likewise renamed) parent."""
    renamed: dict[UnitPath, UnitPath] = {}
    signs: dict[tuple[UnitPath | None, frozenset[str]], UnitPath] = {}
    for path in new.walk():
        if path in come:
            signs.setdefault((_parent(path), _people_below(new, path)), path)
    for path in (path for path in old.walk() if path in gone):
        parent = _parent(path)
        key = (renamed.get(parent, parent) if parent is not None else None, _people_below(old, path))
        if key[1] and key in signs:
            renamed[path] = signs.pop(key)
    return renamed


def _parent(path: UnitPath) -> UnitPath | None:
    above = path.upwards()
    return above[1] if len(above) > 1 else None


def _people_below(chart: Chart, path: UnitPath) -> frozenset[str]:
    unit = chart.unit(path)
    if unit is None:
        return frozenset()
    found = {account.lower() for account in unit.members}
    for child in unit.children:
        found |= _people_below(chart, child)
    return frozenset(found)


def _unit_changes(subject: str, name: str, old: Unit, new: Unit) -> Iterator[Change]:
    yield from _changed(subject, f"{name} 负责人", f"{name} leader", old.leader, new.leader)
    yield from _changed(subject, f"{name} 值班手机", f"{name} duty phone", old.duty_phone, new.duty_phone)
    if old.roster != new.roster:
        yield from _changed(subject, f"{name} 值班", f"{name} rota", _rota(old.roster), _rota(new.roster))


def _people(old: Chart, new: Chart) -> Iterator[Change]:
    accounts = _renamed_accounts(old, new)
    for person in old.people():
        account = accounts.get(person.account, person.account)
        after = new.person(account)
        if after is None:
            zh, en = f"{person.name} ({person.account}) 离开", f"{person.name} ({person.account}) is gone"
            yield Change(ChangeKind.WENT, person.account, zh, en)
            continue
        if account != person.account:
            zh, en = f"{person.name} 的账号 {person.account} 改为 {account}", f"{person.account} is {account} now"
            yield Change(ChangeKind.RENAMED, person.account, zh, en)
        yield from _person_changes(person, after)
        yield from _moves(person, old.units_of(person.account), new.units_of(account))
    for person in new.people():
        if old.person(person.account) is None and person.account not in accounts.values():
            where = "、".join(map(str, new.units_of(person.account)))
            zh = f"{person.name} ({person.account}) 加入 {where}".rstrip()
            en = f"{person.name} ({person.account}) is new {where}".rstrip()
            yield Change(ChangeKind.CAME, person.account, zh, en)


def _renamed_accounts(old: Chart, new: Chart) -> dict[str, str]:
    """Gone accounts and the new ones that have their first phone, or case alone changed."""
    renamed: dict[str, str] = {}
    for person in old.people():
        same = new.person(person.account)
        if same is not None and same.account != person.account:
            renamed[person.account] = same.account
        elif same is None and person.phones:
            caller = new.who_calls(person.phones[0])
            if caller is not None and caller.account is not None and old.person(caller.account) is None:
                renamed[person.account] = caller.account
    return renamed


def _person_changes(old: Person, new: Person) -> Iterator[Change]:
    subject, who, who_en = old.account, f"{old.name} ({new.account})", new.account
    if old.name != new.name:
        yield Change(ChangeKind.RENAMED, subject, f"{who} 改名为 {new.name}", f"{who_en}: {old.name} is {new.name} now")
    phones = (" ".join(old.phones), " ".join(new.phones))
    yield from _changed(subject, f"{who} 号码", f"{who_en} phone", *phones)
    yield from _changed(subject, f"{who} 邮箱", f"{who_en} e-mail", old.email, new.email)
    if old.active != new.active:
        zh, en = ("恢复在岗", "is active again") if new.active else ("停用", "is inactive now")
        yield Change(ChangeKind.CHANGED, subject, f"{who} {zh}", f"{who_en} {en}")


def _moves(person: Person, old: Iterable[UnitPath], new: Iterable[UnitPath]) -> Iterator[Change]:
    left, joined = _lost(list(map(str, old)), list(map(str, new))), _lost(list(map(str, new)), list(map(str, old)))
    who, account = f"{person.name} ({person.account})", person.account
    if left and joined:
        zh = f"{who} 从 {'、'.join(left)} 调到 {'、'.join(joined)}"
        yield Change(ChangeKind.MOVED, account, zh, f"{account} moved from {', '.join(left)} to {', '.join(joined)}")
    elif left:
        yield Change(ChangeKind.MOVED, account, f"{who} 离开 {'、'.join(left)}", f"{account} left {', '.join(left)}")
    elif joined:
        yield Change(
            ChangeKind.MOVED, account, f"{who} 加入 {'、'.join(joined)}", f"{account} joined {', '.join(joined)}"
        )


def _changed(subject: str, zh: str, en: str, old: str | None, new: str | None) -> Iterator[Change]:
    if old != new:
        yield Change(
            ChangeKind.CHANGED, subject, f"{zh}: {old or '无'} → {new or '无'}", f"{en}: {old or '-'} → {new or '-'}"
        )


def _lost(old: Iterable[str], new: Iterable[str]) -> list[str]:
    kept = {one.lower() for one in new}
    return [one for one in old if one.lower() not in kept]


def _named(chart: Chart, account: str) -> str:
    return f"{chart.name_of(account)} ({account})"


_TURNS: dict[Rotation, Callable[[Roster], str]] = {
    Rotation.DAILY: lambda roster: f"daily {roster.start} {roster.handover:%H:%M}",
    Rotation.WEEKLY: lambda roster: f"weekly {roster.start} {roster.handover:%H:%M}",
    Rotation.LIST: lambda _roster: "list",
}


def _rota(roster: Roster | None) -> str | None:
    return f"{_TURNS[roster.rotation](roster)} [{', '.join(roster.people)}]" if roster is not None else None
