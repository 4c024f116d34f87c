"""Look-ups that may allow for a slip of the finger or of the ear.

What is near, the chart decides (`Directory.nearest_*`): it answers those that are equally near, so that one answer is a
reading and several are a choice.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import IntEnum
from functools import cache
from typing import Literal

from grammar.directory import Directory, UnitNames

MISSPELT = 2
"""What a near spelling costs as a reading: more than a wrong form with right names."""
_LONGEST = 40
"""Names have up to 30 characters, accounts up to 32; what is longer is near to nothing."""

_WORD = 2
"""Characters that make a word behind a name; one may be a slip."""
_OPINION = re.compile("请|已|正在|麻烦|烦请|尽快|谢谢|辛苦|帮忙|协助")
"""What no name begins with: who types it has begun the opinion."""

_DIGITS = re.compile("[0-9]{4}")

Kind = Literal["center", "room", "group", "person"]
"""What can bear a name."""
UNITS: frozenset[Kind] = frozenset({"center", "room", "group"})


class Reach(IntEnum):
    """How far a look-up goes."""

    EXACT = 0
    NEAR = 1
    """To near names where the path leads."""
    ANYWHERE = 2
    """To near names in other rooms and centres as well."""


class Speller:
    """The directory's look-ups, each answer with its cost as a reading."""

    def __init__(self, directory: Directory, reach: Reach) -> None:
        self.directory = directory
        self._reach = reach
        # several layouts ask the same, and of a large chart it takes some milliseconds
        self.centers_near = cache(lambda name: _alone(name, directory.nearest_centers(name)))
        self.rooms_near = cache(lambda center, name: _alone(name, directory.nearest_rooms(center, name)))
        self.groups_near = cache(lambda center, room, name: _alone(name, directory.nearest_groups(center, room, name)))
        self._accounts = cache(lambda *path: self._people_alone(path[-1], directory.nearest_accounts(*path)))
        self._rooms_anywhere = cache(lambda name: _units_alone(name, directory.nearest_rooms_anywhere(name)))
        self._groups_anywhere = cache(lambda name: _units_alone(name, directory.nearest_groups_anywhere(name)))
        self._people = cache(lambda name: self._people_alone(name, directory.nearest_people(name)))
        self._kinds: dict[str, frozenset[Kind]] = {}

    def centers(self, name: str) -> Iterable[tuple[str, int]]:
        """The centres that may be meant."""
        return self._either(self.directory.find_center(name), name, lambda: self.centers_near(name))

    def rooms(self, center: str, name: str) -> Iterable[tuple[str, int]]:
        """The rooms of a centre that may be meant."""
        return self._either(self.directory.find_room(center, name), name, lambda: self.rooms_near(center, name))

    def groups(self, center: str, room: str, name: str) -> Iterable[tuple[str, int]]:
        """The groups of a room that may be meant."""
        found = self.directory.find_group(center, room, name)
        return self._either(found, name, lambda: self.groups_near(center, room, name))

    def accounts(self, group: tuple[str, str, str], name: str) -> Iterable[tuple[str, int]]:
        """The members of a group that may be meant by what is nobody's account or name."""
        return self._either(None, name, lambda: self._accounts(*group, name))

    def rooms_anywhere(self, name: str) -> Iterable[tuple[UnitNames, int]]:
        """The rooms that may be meant, of whichever centre."""
        return self._units(self.directory.rooms_named(name), name, lambda: self._rooms_anywhere(name))

    def groups_anywhere(self, name: str) -> Iterable[tuple[UnitNames, int]]:
        """The groups that may be meant, of whichever room."""
        return self._units(self.directory.groups_named(name), name, lambda: self._groups_anywhere(name))

    def people_anywhere(self, name: str, *, exact: bool) -> Sequence[str]:
        """The accounts that may be meant, of whichever group."""
        account = self.directory.find_account(name)
        found = (account,) if account is not None else self.directory.people_named(name)
        return found if found or exact or not self._looks(Reach.ANYWHERE, name) else self._people(name)

    def is_exact(self) -> bool:
        """Whether nothing near is looked for."""
        return self._reach is Reach.EXACT

    def kinds(self, name: str) -> frozenset[Kind]:
        """What bears that name, anywhere."""
        known = self._kinds.get(name)
        if known is None:
            known = self._kinds[name] = frozenset(_kinds(self.directory, name))
        return known

    def is_strange(self, name: str) -> bool:
        """Whether nothing bears that name, nor begins it, and it is no ticket's: it may be passed over on the way."""
        if self.kinds(name) or can_be_code(name) or is_opinion(name):
            return False
        return not any(self.kinds(name[:length]) & UNITS for length in range(1, min(len(name), _LONGEST)))

    def _looks(self, reach: Reach, name: str) -> bool:
        """Whether something near is looked for as far as that."""
        return self._reach >= reach and can_be_near(name)

    def _people_alone(self, typed: str, accounts: Sequence[str]) -> list[str]:
        return [
            account
            for account in accounts
            if not runs_on(typed, account) or not runs_on(typed, self.directory.name_of(account))
        ]

    def _either(self, found: str | None, name: str, near: Callable[[], Sequence[str]]) -> Iterable[tuple[str, int]]:
        if found is not None:
            return [(found, 0)]
        return [(meant, MISSPELT) for meant in near()] if self._looks(Reach.NEAR, name) else []

    def _units(
        self, found: Sequence[UnitNames], name: str, near: Callable[[], Sequence[UnitNames]]
    ) -> Iterable[tuple[UnitNames, int]]:
        if found:
            return [(unit, 0) for unit in found]
        return [(unit, MISSPELT) for unit in near()] if self._looks(Reach.ANYWHERE, name) else []


def is_opinion(text: str) -> bool:
    """Whether a text can be no name, because an opinion begins with it."""
    return _OPINION.match(text) is not None


def runs_on(typed: str, name: str) -> bool:
    """Whether more stands beside a name than a slip: words, which would be lost if it were taken for one."""
    if _OPINION.search(typed) is not None and _OPINION.search(name) is None:
        return True
    if name.isascii() != typed[-1].isascii():
        return name.isascii()
    return len(typed) >= len(name) + _WORD and typed[-1] != name[-1]


def _alone(typed: str, names: Sequence[str]) -> list[str]:
    return [name for name in names if not runs_on(typed, name)]


def _units_alone(typed: str, units: Sequence[UnitNames]) -> list[UnitNames]:
    return [unit for unit in units if not runs_on(typed, unit[2] or unit[1] or unit[0])]


def can_be_near(name: str) -> bool:
    """Whether a name can be a slip of another at all."""
    return len(name) <= _LONGEST and name.isprintable()


def can_be_code(name: str) -> bool:
    """Whether what no name is holds the digits of a ticket, right or wrong: then it is not to be passed over."""
    return _DIGITS.search(name) is not None


def _kinds(directory: Directory, name: str) -> Iterable[Kind]:
    if directory.find_center(name) is not None:
        yield "center"
    if directory.rooms_named(name):
        yield "room"
    if directory.groups_named(name):
        yield "group"
    if directory.find_account(name) is not None or directory.people_named(name):
        yield "person"
