"""What only the whole file can tell: accounts that are not there, people in no group, the default centre."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from routing import nearest
from routing.faults import TOP, Faults, KeyPath
from routing.loading.nodes import Typed
from routing.loading.people import People
from routing.loading.rosters import TypedRoster
from routing.loading.units import TypedUnit
from routing.model import DISPATCH_DESK, Dispatchers, Person, Roster, Unit
from routing.names import fold

_OFFERS = 50
"""Undefined accounts that get an offer; each is looked for in the whole chart."""


class Accounts:
    """Turns accounts as typed into accounts of the chart, and notes which were used as members."""

    def __init__(self, people: People, faults: Faults) -> None:
        self._people = people.found
        self._place = people.place
        self._faults = faults
        self._offers_left = _OFFERS
        self._by_name: dict[str, list[str]] | None = None
        self.grouped: set[str] = set()

    def unit(self, typed: TypedUnit) -> Unit:
        """The unit with its accounts looked up."""
        members = self._members(typed)
        leader = self._known(typed.leader, (*typed.keys, "leader")) if typed.leader else None
        is_group = typed.path.group is not None
        if leader is not None and is_group and leader not in members and typed.leader is not None:
            zh = f"组长「{leader}」不是本组成员, 工单无法指名转派给他"
            en = f"the leader {leader!r} is no member: no ticket can be sent to him by name"
            self._faults.warning(typed.leader.at, (*typed.keys, "leader"), zh, en)
        roster = self._roster(typed.roster, members, (*typed.keys, "duty", "people"))
        return Unit(typed.path, leader, typed.duty_phone, members, roster, tuple(typed.children))

    def dispatchers(self, typed: TypedUnit | None) -> Dispatchers:
        """The dispatchers with their accounts looked up."""
        desk = self.unit(typed) if typed is not None else Unit(DISPATCH_DESK)
        if not desk.duty_phone and not any(self._people[account.lower()].active for account in desk.members):
            at = typed.at if typed is not None else TOP
            zh = "没有在岗的调度: 无人可归档, 送不到的工单也无人知晓"
            en = "no active dispatcher: nobody can close tickets or hear of those that reach nobody"
            self._faults.warning(at, ("dispatchers",), zh, en)
        return Dispatchers(desk.members, desk.roster, desk.duty_phone)

    def warn_of_groupless(self, dispatchers: Dispatchers) -> None:
        """Note the people who are in no group; dispatchers need none."""
        placed = self.grouped.union(account.lower() for account in dispatchers.members)
        for key, person in self._people.items():
            if key not in placed:
                zh, en = "不在任何组里, 工单转派不到", "is in no group: no ticket can be sent there"
                self._faults.warning(self._place(key), ("people", person.account), zh, en)

    def _members(self, typed: TypedUnit) -> tuple[str, ...]:
        members: dict[str, str] = {}
        for index, one in enumerate(typed.members):
            key = one.value.lower()
            person = self._people.get(key)
            if person is not None and key not in members:
                members[key] = person.account
            else:
                self._doubted(one, (*_list_keys(typed), index))
        if typed.path != DISPATCH_DESK:
            self.grouped.update(members)
        return tuple(members.values())

    def _doubted(self, one: Typed, keys: KeyPath) -> None:
        """A member who is not defined, or there twice."""
        account = self._known(one, keys)
        if account is not None:
            self._faults.warning(
                one.at, keys, f"「{account}」重复, 请删去一处", f"{account!r} is there twice: drop one"
            )

    def _roster(self, typed: TypedRoster | None, members: Sequence[str], keys: KeyPath) -> Roster | None:
        if typed is None:
            return None
        people = []
        for index, one in enumerate(typed.people):
            account = self._known(one, (*keys, index))
            if account is not None and account not in members:
                zh = f"值班人「{account}」不是本组成员, 请加进 members"
                self._faults.error(one.at, (*keys, index), zh, f"{account!r} is on duty but no member: add to members")
            if account is not None:
                people.append(account)
        return Roster(typed.rotation, tuple(people), typed.start, typed.handover)

    def _known(self, typed: Typed, keys: KeyPath) -> str | None:
        person = self._people.get(typed.value.lower())
        if person is not None:
            return person.account
        hint, hint_en = self._offer(typed.value)
        zh, en = f"账号「{typed.value}」没有在 people 中定义{hint}", f"{typed.value!r} is not among the people{hint_en}"
        self._faults.error(typed.at, keys, zh, en)
        return None

    def _offer(self, text: str) -> tuple[str, str]:
        if self._offers_left == 0:
            return "", ""
        self._offers_left -= 1
        if self._by_name is None:
            self._by_name = _names(self._people)
        named = self._by_name.get(fold(text))
        if named:
            accounts = "、".join(named)
            return f"; 这是姓名, 账号是 {accounts}", f"; that is a name, the account is {accounts}"
        near = nearest.spelt(fold(text), list(self._people), limit=1)
        meant = self._people[near[0]].account if near else ""
        return (f", 是不是「{meant}」?", f", did you mean {meant!r}?") if near else ("", "")


def _list_keys(typed: TypedUnit) -> KeyPath:
    return typed.keys if typed.is_list else (*typed.keys, "members")


def _names(people: dict[str, Person]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for person in people.values():
        found[fold(person.name)].append(person.account)
    return found
