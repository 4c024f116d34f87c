"""What a list of people would change, line by line: added, changed, the same, or refused and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from routing.chart import Chart
from routing.editing import PersonEdit
from routing.model import Person, UnitPath
from routing.names import NAME_LENGTH, fold, is_account, unusable_characters
from routing.nearest import usual_spelling
from routing.phones import normalise_phone
from smsgate.service.people_import.columns import Field, Row

_YES = frozenset(("true", "yes", "on", "y", "1", "是", "在岗", "启用", "有效", "正常", "在职"))
_NO = frozenset(("false", "no", "off", "n", "0", "否", "停用", "禁用", "无效", "休假", "离职", "离岗"))


_OFFERS = 50
"""Unknown groups for which near ones are looked up; each is compared with all groups."""
_NEAR = 3
"""Groups that are named to choose from."""


class Action(StrEnum):
    """What becomes of a line."""

    ADD = "add"
    CHANGE = "change"
    SAME = "same"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Planned:
    """One line: what is to be done, or the key of why not with what it is about."""

    line: int
    action: Action
    account: str
    name: str
    edit: PersonEdit | None = None
    why: str = ""
    about: str = ""
    invented: bool = False
    """Whether the account was made of the name's pinyin."""


class _Refused(Exception):  # noqa: N818 - it is what happens to a line
    def __init__(self, why: str, about: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.about = about


def plan(chart: Chart, rows: Iterable[Row]) -> list[Planned]:
    """One entry for each row, in order; what is refused changes nothing, and the others go on."""
    planning = _Planning(chart)
    return [planning.one(row) for row in rows]


class _Planning:
    """Remembers what earlier lines have taken."""

    def __init__(self, chart: Chart) -> None:
        self._chart = chart
        self._accounts: dict[str, int] = {}
        self._phones: dict[str, int] = {}
        self._offers: dict[str, str] = {}

    def one(self, row: Row) -> Planned:
        """Plan one line."""
        name = row.get(Field.NAME)
        try:
            phone = self._phone(row)
            account, invented = self._account(row, phone)
            before = self._chart.person(account)
            edit = self._added(row, account, phone) if before is None else self._changed(row, before, phone)
            self._take(row, account, phone)
        except _Refused as no:
            return Planned(row.line, Action.REFUSE, row.get(Field.ACCOUNT), name, why=no.why, about=no.about)
        if before is None:
            return Planned(row.line, Action.ADD, account, edit.name or "", edit, invented=invented)
        action = Action.CHANGE if edit.says_anything else Action.SAME
        return Planned(row.line, action, before.account, edit.name or before.name, edit)

    def _phone(self, row: Row) -> str | None:
        typed = row.get(Field.PHONE)
        if not typed:
            return None
        phone = normalise_phone(typed)
        if phone is None:
            raise _Refused("phone", typed)
        if phone in self._phones:
            raise _Refused("phone_twice", str(self._phones[phone]))
        return phone

    def _account(self, row: Row, phone: str | None) -> tuple[str, bool]:
        account = row.get(Field.ACCOUNT)
        owner = self._chart.who_calls(phone) if phone is not None else None
        if owner is not None and owner.account is None:
            raise _Refused("phone_of_unit", str(owner))
        if account:
            if not is_account(account):
                raise _Refused("account", account)
            if owner is not None and owner.account is not None and owner.account.lower() != account.lower():
                raise _Refused("phone_taken", owner.account)
            return self._untaken(account), False
        if owner is not None and owner.account is not None:
            return self._untaken(owner.account), False
        return self._invented(row), True

    def _untaken(self, account: str) -> str:
        if account.lower() in self._accounts:
            raise _Refused("account_twice", str(self._accounts[account.lower()]))
        return account

    def _invented(self, row: Row) -> str:
        name = row.get(Field.NAME)
        if self._chart.people_named(name):
            raise _Refused("name_known", "、".join(self._chart.people_named(name)))
        folded = fold(name)
        made = usual_spelling(folded)[:32]
        if not is_account(made):
            raise _Refused("no_account", name)
        free, number = made, 1
        while free.lower() in self._accounts or self._chart.person(free) is not None:
            number += 1
            free = f"{made[:28]}{number}"
        return free

    def _take(self, row: Row, account: str, phone: str | None) -> None:
        self._accounts[account.lower()] = row.line
        if phone is not None:
            self._phones[phone] = row.line

    def _added(self, row: Row, account: str, phone: str | None) -> PersonEdit:
        name = _name(row)
        if not name:
            raise _Refused("no_name")
        joins = self._group(row)
        return PersonEdit(account, True, name, phone, row.get(Field.EMAIL) or None, _active(row), joins)

    def _changed(self, row: Row, before: Person, phone: str | None) -> PersonEdit:
        name, email, active, joins = _name(row), row.get(Field.EMAIL), _active(row), self._group(row)
        if phone is not None and len(before.phones) > 1 and phone not in before.phones:
            raise _Refused("many_phones", before.account)
        member = joins is not None and joins in self._chart.units_of(before.account)
        return PersonEdit(
            before.account,
            False,
            name if name and name != before.name else None,
            phone if phone is not None and phone not in before.phones else None,
            email if email and email != before.email else None,
            active if active is not None and active != before.active else None,
            None if member else joins,
        )

    def _group(self, row: Row) -> UnitPath | None:
        typed = [row.get(field) for field in (Field.CENTER, Field.ROOM, Field.GROUP)]
        if row.get(Field.PATH):
            names = [name.strip() for name in row.get(Field.PATH).replace("/", "-").split("-") if name.strip()]
            typed = ["", "", *names][-3:] if len(names) <= 3 else typed
        center, room, group = typed
        if not group:
            if room or center:
                raise _Refused("no_group", "-".join(filter(None, typed)))
            return None
        found = [
            UnitPath(*path)
            for path in self._chart.groups_named(group)
            if (not room or fold(path[1] or "") == fold(room)) and (not center or fold(path[0]) == fold(center))
        ]
        if len(found) > 1:
            usual = [path for path in found if path.center == self._chart.default_center and not center]
            if len(usual) != 1:
                raise _Refused("several_groups", _listed(found[:_NEAR]))
            found = usual
        if not found:
            near = self._near(group)
            raise _Refused("group", near) if near else _Refused("no_such_group", group)
        return found[0]

    def _near(self, group: str) -> str:
        """The groups that may have been meant; empty where none is like it."""
        if group not in self._offers and len(self._offers) < _OFFERS:
            near = self._chart.nearest_groups_anywhere(group)[:_NEAR]
            self._offers[group] = _listed([UnitPath(*path) for path in near])
        return self._offers.get(group, "")


def _listed(groups: Sequence[UnitPath]) -> str:
    return "、".join(map(str, groups))


def _name(row: Row) -> str:
    name = row.get(Field.NAME)
    if len(name) > NAME_LENGTH:
        raise _Refused("long_name", name[:NAME_LENGTH])
    if unusable_characters(name):
        raise _Refused("name", name)
    return name


def _active(row: Row) -> bool | None:
    typed = row.get(Field.ACTIVE).lower()
    if typed in _YES:
        return True
    if typed in _NO:
        return False
    if typed:
        raise _Refused("active", typed)
    return None
