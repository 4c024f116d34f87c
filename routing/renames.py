"""What was renamed between two charts rather than removed: accounts by their phone, units by their people."""

from __future__ import annotations

from dataclasses import dataclass

from routing.chart import Chart
from routing.model import UnitPath


@dataclass(frozen=True, slots=True)
class Renames:
    """Old names to new ones."""

    accounts: dict[str, str]
    paths: dict[UnitPath, UnitPath]

    def path(self, old: UnitPath) -> UnitPath:
        """What the old path is called now, if it is there at all."""
        return self.paths.get(old, old)


def renames(old: Chart, new: Chart) -> Renames:
    """Accounts that are gone whose phone a new account has (or case alone changed); units that are gone whose people a
    new unit below the same parent has. Of what lies in a renamed unit the whole path is renamed.
    """
    accounts = _accounts(old, new)
    return Renames(accounts, _paths(old, new, {before.lower(): after.lower() for before, after in accounts.items()}))


def _accounts(old: Chart, new: Chart) -> dict[str, str]:
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


def _paths(old: Chart, new: Chart, accounts: dict[str, str]) -> dict[UnitPath, UnitPath]:
    candidates: dict[tuple[UnitPath | None, frozenset[str]], UnitPath] = {}
    for path in new.walk():
        if old.unit(path) is None:
            candidates.setdefault((_parent(path), _people_below(new, path, {})), path)
    renamed: dict[UnitPath, UnitPath] = {}
    for path in old.walk():
        if new.unit(path) is not None:
            continue
        parent = _parent(path)
        people = _people_below(old, path, accounts)
        key = (renamed.get(parent, parent) if parent is not None else None, people)
        if people and key in candidates:
            renamed[path] = candidates.pop(key)
        elif parent in renamed:
            _follow(new, path, renamed[parent], renamed)
    return renamed


def _follow(new: Chart, path: UnitPath, parent: UnitPath, renamed: dict[UnitPath, UnitPath]) -> None:
    """A unit that kept its own name below a renamed one."""
    if path.group is None:
        moved = UnitPath(parent.center, path.room)
    else:
        moved = UnitPath(parent.center, parent.room, path.group)
    if new.unit(moved) is not None:
        renamed[path] = moved


def _parent(path: UnitPath) -> UnitPath | None:
    above = path.upwards()
    return above[1] if len(above) > 1 else None


def _people_below(chart: Chart, path: UnitPath, accounts: dict[str, str]) -> frozenset[str]:
    """All members in a unit, as they are called in the new chart."""
    unit = chart.unit(path)
    if unit is None:
        return frozenset()
    found = {accounts.get(account.lower(), account.lower()) for account in unit.members}
    for child in unit.children:
        found |= _people_below(chart, child, accounts)
    return frozenset(found)
