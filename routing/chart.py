"""The org chart in force: one immutable whole, every look-up a dictionary's.

It answers the parser's questions (structurally it is a `grammar.directory.Directory`) and those of the rules on who is
reached and who may. A chart never changes: an edit makes a new one (`routing.tables.Tables` is how).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from routing import nearest
from routing.joined import joined
from routing.model import DISPATCH_DESK, Actor, Dispatchers, Person, Unit, UnitPath
from routing.names import fold

if TYPE_CHECKING:
    from routing.tables import Head, Tables

UnitNames = tuple[str, str | None, str | None]
"""Centre, room, group, in the chart's spelling."""


class Chart:
    """Who is who. Built by the loader (or `routing.relay`) from checked tables; safe to share between threads."""

    __slots__ = ("_former", "_tables", "default_center", "dispatchers", "hash", "time_zone")

    def __init__(self, head: Head, tables: Tables) -> None:
        tables.add_dispatchers(head.dispatchers)
        self._tables = tables
        self.hash: str = head.hash
        """SHA-256 (hex) of the chart's text in UTF-8."""
        self.default_center: str = head.default_center
        self.time_zone: ZoneInfo = ZoneInfo(head.time_zone)
        self.dispatchers: Dispatchers = head.dispatchers
        self._former: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return f"<Chart {self.hash[:12]}: {len(self._tables.people)} people, {len(self._tables.units)} units>"

    # -- people ---------------------------------------------------------------------------------------------

    def person(self, account: str) -> Person | None:
        """The person of that account, ignoring case."""
        return self._tables.people.get(account.lower())

    def people(self) -> Iterable[Person]:
        """All people, in the chart's order."""
        return self._tables.people.values()

    def who_calls(self, msisdn: str) -> Actor | None:
        """Whose phone that is (E.164): a person, a unit by its duty phone, or the dispatchers' desk."""
        owner = self._tables.phones.get(msisdn)
        if owner is None:
            return None
        return Actor(account=owner) if isinstance(owner, str) else Actor(unit=owner)

    def who_mails(self, address: str) -> Actor | None:
        """Whose e-mail address that is, ignoring case; None as well for an address that several people share."""
        account = self._tables.emails.get(address.strip().lower())
        return Actor(account=account) if account else None

    def knows(self, actor: Actor) -> bool:
        """Whether the actor is in this chart (a command may outlive the person who sent it)."""
        if actor.account is not None:
            return self.person(actor.account) is not None
        if actor.unit == DISPATCH_DESK:
            return self.dispatchers.duty_phone is not None
        unit = self._tables.units.get(actor.unit) if actor.unit is not None else None
        return unit is not None and unit.duty_phone is not None

    def units_of(self, account: str) -> tuple[UnitPath, ...]:
        """The groups that the account is a member of."""
        return self._tables.memberships.get(account.lower(), ())

    def leads(self, account: str) -> tuple[UnitPath, ...]:
        """The units that the account is the leader of."""
        return tuple(self._tables.leaders.get(account.lower(), ()))

    def is_dispatcher(self, account: str) -> bool:
        """Whether the account is one of the dispatchers' members, active or not."""
        return account.lower() in self._tables.dispatcher_accounts

    # -- units ----------------------------------------------------------------------------------------------

    def unit(self, path: UnitPath) -> Unit | None:
        """The centre, room or group at that path (chart's spelling)."""
        return self._tables.units.get(path)

    def centers(self) -> tuple[UnitPath, ...]:
        """The centres, in the chart's order."""
        return tuple(UnitPath(name) for name in self._tables.center_names.values())

    def walk(self) -> Iterator[UnitPath]:
        """All units in the chart's order, each before what lies in it."""
        return iter(self._tables.units)

    def size(self) -> tuple[int, int]:
        """How many people, how many units."""
        return len(self._tables.people), len(self._tables.units)

    # -- what the parser asks (grammar.directory.Directory) ---------------------------------------------------

    def find_center(self, name: str) -> str | None:
        """The centre of that name."""
        return self._tables.center_names.get(fold(name))

    def find_room(self, center: str, name: str) -> str | None:
        """The room of that name in a centre."""
        return self._tables.child_names.get((center, None, fold(name)))

    def find_group(self, center: str, room: str, name: str) -> str | None:
        """The group of that name in a room."""
        return self._tables.child_names.get((center, room, fold(name)))

    def find_account(self, account: str) -> str | None:
        """The account in the chart's spelling, wherever it belongs, active or not."""
        person = self._tables.people.get(fold(account))
        return None if person is None else person.account

    def in_group(self, center: str, room: str, group: str, account: str) -> bool:
        """Whether the account is a member of the group."""
        return any(  # spelt out: this is asked for every message, and a path costs more than its names
            path.group == group and path.room == room and path.center == center for path in self.units_of(account)
        )

    def is_active(self, account: str) -> bool:
        """Whether the person can be a target."""
        person = self.person(account)
        return person is not None and person.active

    def name_of(self, account: str) -> str:
        """The person's display name, of who has left the last one; an unknown account is its own name."""
        person = self.person(account)
        return self._former.get(account.lower(), account) if person is None else person.name

    @property
    def former(self) -> Mapping[str, str]:
        """The names of people who have left, by account in lower case."""
        return self._former

    def remember(self, former: Mapping[str, str]) -> None:
        """Know the names of who has left. To be said before the chart comes into force."""
        self._former = former

    def accounts_named(self, center: str, room: str, group: str, name: str) -> Sequence[str]:
        """All members of the group with that display name, active or not, in the chart's order."""
        meant = fold(name)
        members = self._members(UnitPath(center, room, group))
        return tuple(person.account for person in members if fold(person.name) == meant)

    def people_named(self, name: str) -> Sequence[str]:
        """All active accounts with that display name, of any group, in the chart's order."""
        found = self._tables.people_by_name.get(fold(name), ())
        return tuple(account for account in found if self.is_active(account))

    def joined_accounts(self, center: str, room: str, group: str, text: str) -> Sequence[tuple[str, ...]]:
        """Every way to read the text as accounts or names of active members, one behind the other."""
        return joined(text, self._active(UnitPath(center, room, group)))

    def groups_of(self, account: str) -> Sequence[UnitNames]:
        """All groups that the account is a member of."""
        return tuple((path.center, path.room, path.group) for path in self.units_of(account))

    def rooms_named(self, name: str) -> Sequence[UnitNames]:
        """All rooms of that name, in any centre."""
        found = self._tables.rooms_by_name.get(fold(name), ())
        return tuple((path.center, path.room, None) for path in found)

    def groups_named(self, name: str) -> Sequence[UnitNames]:
        """All groups of that name, in any room."""
        found = self._tables.groups_by_name.get(fold(name), ())
        return tuple((path.center, path.room, path.group) for path in found)

    def nearest_centers(self, name: str) -> Sequence[str]:
        """Centres that the name may have meant."""
        return nearest.names(name, tuple(self._tables.center_names.values()))

    def nearest_rooms(self, center: str, name: str) -> Sequence[str]:
        """Rooms of the centre that the name may have meant."""
        unit = self.unit(UnitPath(center))
        return nearest.names(name, [path.room or "" for path in unit.children]) if unit else ()

    def nearest_groups(self, center: str, room: str, name: str) -> Sequence[str]:
        """Groups of the room that the name may have meant."""
        unit = self.unit(UnitPath(center, room))
        return nearest.names(name, [path.group or "" for path in unit.children]) if unit else ()

    def nearest_accounts(self, center: str, room: str, group: str, account: str) -> Sequence[str]:
        """Active members of the group whose account, name or name's pinyin is near."""
        return nearest.accounts(account, self._active(UnitPath(center, room, group)))

    def nearest_rooms_anywhere(self, name: str) -> Sequence[UnitNames]:
        """Rooms of any centre that the name may have meant."""
        known = self._tables.rooms_by_name
        return tuple((path.center, path.room, None) for key in nearest.names(name, tuple(known)) for path in known[key])

    def nearest_groups_anywhere(self, name: str) -> Sequence[UnitNames]:
        """Groups of any room that the name may have meant."""
        known = self._tables.groups_by_name
        found = (path for key in nearest.names(name, tuple(known)) for path in known[key])
        return tuple((path.center, path.room, path.group) for path in found)

    def nearest_people(self, account: str) -> Sequence[str]:
        """Active accounts of the whole chart whose account or name is near; in a large one by spelling alone."""
        people = self._tables.people
        if len(people) <= nearest.SOUNDED:
            pairs = [(person.account, person.name) for person in people.values() if person.active]
            return nearest.accounts(account, pairs)
        if account.isascii():
            near = nearest.spelt_alike(fold(account), tuple(people))
            return tuple(people[key].account for key in near if people[key].active)
        names = nearest.names(account, tuple(self._tables.people_by_name))
        return tuple(found for name in names for found in self.people_named(name))

    def nearest_anywhere(self, account: str) -> Sequence[str]:
        """Accounts of the whole chart, by spelling alone, best first: for the command line's questions."""
        near = nearest.spelt(fold(account), tuple(self._tables.people), limit=5)
        return tuple(self._tables.people[key].account for key in near)

    def _active(self, group: UnitPath) -> list[tuple[str, str]]:
        return [(person.account, person.name) for person in self._members(group) if person.active]

    def _members(self, group: UnitPath) -> Iterator[Person]:
        unit = self.unit(group)
        for account in unit.members if unit else ():
            person = self.person(account)
            if person is not None:
                yield person
