"""What changed between two charts, in words: who came, went and moved, what was renamed, who is reached otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from routing.chart import Chart
from routing.model import DISPATCH_DESK, Kind, Person, Roster, Rotation, Target, Unit, UnitPath
from routing.renames import Renames, renames


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
    renamed = renames(old, new)
    return (*_settings(old, new, renamed), *_units(old, new, renamed), *_people(old, new, renamed))


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


def _settings(old: Chart, new: Chart, renamed: Renames) -> Iterator[Change]:
    yield from _changed("default_center", "缺省中心", "default centre", old.default_center, new.default_center)
    yield from _changed("time_zone", "时区", "time zone", old.time_zone.key, new.time_zone.key)
    before, after = _desk(old), _desk(new)
    yield from _unit_changes("dispatchers", "调度", before, after, renamed)
    members = [renamed.accounts.get(account, account) for account in before.members]
    for account in _lost(members, after.members):
        yield Change(
            ChangeKind.WENT, account, f"{_named(old, account)} 不再是调度", f"{account} is no dispatcher any more"
        )
    for account in _lost(after.members, members):
        yield Change(ChangeKind.CAME, account, f"{_named(new, account)} 成为调度", f"{account} is a dispatcher now")


def _desk(chart: Chart) -> Unit:
    desk = chart.dispatchers
    return Unit(DISPATCH_DESK, None, desk.duty_phone, desk.members, desk.roster)


def _units(old: Chart, new: Chart, renamed: Renames) -> Iterator[Change]:
    for path in old.walk():
        now = renamed.path(path)
        before, after = old.unit(path), new.unit(now)
        if after is None:
            yield Change(ChangeKind.WENT, str(path), f"{path} 撤销", f"{path} is gone")
        elif now != path:
            yield Change(ChangeKind.RENAMED, str(path), f"{path} 改名为 {now}", f"{path} is {now} now")
        if before is not None and after is not None:
            yield from _unit_changes(str(now), str(now), before, after, renamed)
    known = set(renamed.paths.values())
    for path in new.walk():
        if old.unit(path) is None and path not in known:
            yield Change(ChangeKind.CAME, str(path), f"新增 {path}", f"{path} is new")


def _unit_changes(subject: str, name: str, old: Unit, new: Unit, renamed: Renames) -> Iterator[Change]:
    accounts = renamed.accounts
    leader = accounts.get(old.leader, old.leader) if old.leader is not None else None
    yield from _changed(subject, f"{name} 负责人", f"{name} leader", leader, new.leader)
    yield from _changed(subject, f"{name} 值班手机", f"{name} duty phone", old.duty_phone, new.duty_phone)
    yield from _changed(subject, f"{name} 值班", f"{name} rota", _rota(old.roster, accounts), _rota(new.roster, {}))


def _people(old: Chart, new: Chart, renamed: Renames) -> Iterator[Change]:
    for person in old.people():
        account = renamed.accounts.get(person.account, person.account)
        after = new.person(account)
        if after is None:
            zh, en = f"{person.name} ({person.account}) 离开", f"{person.name} ({person.account}) is gone"
            yield Change(ChangeKind.WENT, person.account, zh, en)
            continue
        if account != person.account:
            zh, en = f"{person.name} 的账号 {person.account} 改为 {account}", f"{person.account} is {account} now"
            yield Change(ChangeKind.RENAMED, person.account, zh, en)
        yield from _person_changes(person, after)
        yield from _moves(person, map(renamed.path, old.units_of(person.account)), new.units_of(account))
    known = set(renamed.accounts.values())
    for person in new.people():
        if old.person(person.account) is None and person.account not in known:
            where = "、".join(map(str, new.units_of(person.account)))
            zh = f"{person.name} ({person.account}) 加入 {where}".rstrip()
            en = f"{person.name} ({person.account}) is new {where}".rstrip()
            yield Change(ChangeKind.CAME, person.account, zh, en)


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
    before, after = [str(path) for path in old], [str(path) for path in new]
    left, joined = _lost(before, after), _lost(after, before)
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


def _rota(roster: Roster | None, accounts: dict[str, str]) -> str | None:
    if roster is None:
        return None
    people = ", ".join(accounts.get(account, account) for account in roster.people)
    return f"{_TURNS[roster.rotation](roster)} [{people}]"
