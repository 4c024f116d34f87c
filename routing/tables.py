"""The dictionaries behind a chart, and how they are filled: person by person, unit by unit.

Filling in small steps is what lets a running process take over a large chart without a pause (`routing.relay`).
What goes in has been checked; nothing here looks for faults.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from routing.model import DISPATCH_DESK, Dispatchers, Person, Unit, UnitPath
from routing.names import fold


@dataclass(frozen=True, slots=True)
class Head:
    """What a chart says once."""

    hash: str
    default_center: str
    time_zone: str
    dispatchers: Dispatchers


@dataclass(frozen=True, slots=True)
class Parts:
    """All that a chart is made of, checked."""

    head: Head
    people: Collection[Person]
    units: Sequence[Unit]
    """Each before what lies in it."""


@dataclass(slots=True)
class Tables:
    """Every index of a chart. Keys are lower-case accounts, E.164 phones, folded names, paths."""

    people: dict[str, Person] = field(default_factory=dict)
    people_by_name: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Folded display name -> the accounts of all who bear it, active or not."""
    phones: dict[str, str | UnitPath] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    """Lower-case address -> account, or "" where several people share it."""
    units: dict[UnitPath, Unit] = field(default_factory=dict)
    center_names: dict[str, str] = field(default_factory=dict)
    child_names: dict[tuple[str, str | None, str], str] = field(default_factory=dict)
    """Centre, room (None for a room's own name) and folded name -> name, for rooms and groups."""
    rooms_by_name: dict[str, list[UnitPath]] = field(default_factory=dict)
    groups_by_name: dict[str, list[UnitPath]] = field(default_factory=dict)
    memberships: dict[str, tuple[UnitPath, ...]] = field(default_factory=dict)
    leaders: dict[str, list[UnitPath]] = field(default_factory=dict)
    dispatcher_accounts: frozenset[str] = frozenset()

    def add_dispatchers(self, dispatchers: Dispatchers) -> None:
        """Enter the dispatchers as such, and their duty phone."""
        self.dispatcher_accounts = frozenset(account.lower() for account in dispatchers.members)
        if dispatchers.duty_phone is not None:
            self.phones[dispatchers.duty_phone] = DISPATCH_DESK

    def add_person(self, person: Person) -> None:
        """Enter a person under account, name, phones and address."""
        self.people[person.account.lower()] = person
        called = fold(person.name)
        self.people_by_name[called] = (*self.people_by_name.get(called, ()), person.account)
        for phone in person.phones:
            self.phones[phone] = person.account
        if person.email is not None:
            address = person.email.lower()
            self.emails[address] = "" if address in self.emails else person.account

    def add_unit(self, unit: Unit) -> None:
        """Enter a unit under path and name, its members and leader under it. A parent comes before its children."""
        path = unit.path
        self.units[path] = unit
        self._enter_name(path)
        if unit.duty_phone is not None:
            self.phones[unit.duty_phone] = path
        here = (path,)  # one for all members who are in no other group: a large chart has a hundred thousand
        for account in unit.members:
            key = account.lower()
            before = self.memberships.get(key)
            self.memberships[key] = here if before is None else before + here
        if unit.leader is not None:
            self.leaders.setdefault(unit.leader.lower(), []).append(path)

    def _enter_name(self, path: UnitPath) -> None:
        if path.room is None:
            self.center_names[fold(path.center)] = path.center
        elif path.group is None:
            folded = fold(path.room)
            self.child_names[path.center, None, folded] = path.room
            self.rooms_by_name.setdefault(folded, []).append(path)
        else:
            folded = fold(path.group)
            self.child_names[path.center, path.room, folded] = path.group
            self.groups_by_name.setdefault(folded, []).append(path)
