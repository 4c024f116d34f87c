"""The values of the organisation: paths, targets, actors, people, rosters.

They are what the other rooms know of the chart. Everything here is immutable and hashable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a ticket can be sent to and held by (spec «The source's rules», 1)."""

    __hash__ = str.__hash__

    ROOM = "room"
    GROUP = "group"
    PEOPLE = "people"
    DISPATCHERS = "dispatchers"
    """Only ever a holder of last resort: it can't be named in a command."""


class UnitPath(NamedTuple):
    """A centre, a room in a centre, or a group in a room, in the chart's spelling."""

    center: str
    room: str | None = None
    group: str | None = None

    def __str__(self) -> str:
        return "-".join(name for name in (self.center, self.room, self.group) if name is not None)

    def upwards(self) -> tuple[UnitPath, ...]:
        """Itself, then what it lies in, the centre last."""
        found: list[UnitPath] = []
        if self.group is not None:
            found.append(self)
        if self.room is not None:
            found.append(UnitPath(self.center, self.room))
        found.append(UnitPath(self.center))
        return tuple(found)


DISPATCH_DESK = UnitPath("dispatchers")
"""Stands for the dispatchers as a unit. No centre can be named so: the loader refuses it."""


class Target(NamedTuple):
    """Whom a ticket is sent to, or who holds it.

    `path` is the room's or group's own path; for people it is the path that the ticket was sent to (they
    stand below it); for the dispatchers it is None. `accounts` is empty unless people are meant.
    """

    kind: Kind
    path: UnitPath | None
    accounts: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.kind is Kind.PEOPLE:
            return ";".join(self.accounts)
        return "dispatchers" if self.path is None else str(self.path)


class Actor(NamedTuple):
    """Who acts: a person (`account`), or a unit through its duty phone (`unit`, account None).

    The dispatchers' duty phone acts as `Actor(unit=DISPATCH_DESK)` and has a dispatcher's rights.
    """

    account: str | None = None
    unit: UnitPath | None = None

    def __str__(self) -> str:
        return self.account if self.account is not None else str(self.unit)


class Act(StrEnum):
    """What can be done to a ticket; also the kind of a hop in the transfer log."""

    __hash__ = str.__hash__

    OPEN = "open"
    TRANSFER = "transfer"
    ASSIST = "assist"
    ACCEPT = "accept"
    PROGRESS = "progress"
    RESOLVE = "resolve"
    RETURN = "return"
    URGE = "urge"
    HOLD = "hold"
    RELEASE = "release"
    CLOSE = "close"
    REOPEN = "reopen"
    CANCEL = "cancel"


class Recipient(NamedTuple):
    """One handset that is to get an SMS: a person's first phone, or a duty phone."""

    phone: str
    """E.164."""
    account: str | None = None
    unit: UnitPath | None = None
    """The unit of a duty phone; None for a person. The dispatchers' duty phone has neither account nor unit."""
    on_duty: bool = False
    """A duty phone, a dispatcher, or somebody on duty by a roster at that moment: quiet hours don't hold it."""


@dataclass(frozen=True, slots=True)
class Person:
    """One account of the chart."""

    account: str
    name: str
    phones: tuple[str, ...] = ()
    """E.164; the first gets SMS, all may send."""
    email: str | None = None
    active: bool = True


class Rotation(StrEnum):
    """How a roster turns."""

    DAILY = "daily"
    WEEKLY = "weekly"
    LIST = "list"
    """It doesn't turn: all of its people, always."""


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is on duty in turn; `roster.on_duty` reads it."""

    rotation: Rotation
    people: tuple[str, ...]
    """Accounts, in turn."""
    start: date | None = None
    """The first person's first day; None only for a list."""
    handover: time = time(0)
    """Local time, in the chart's zone, at which a turn begins."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A centre, a room or a group of the chart."""

    path: UnitPath
    leader: str | None = None
    duty_phone: str | None = None
    """E.164."""
    members: tuple[str, ...] = ()
    """Accounts; only a group has any."""
    roster: Roster | None = None
    children: tuple[UnitPath, ...] = ()
    """The rooms of a centre, the groups of a room, in the chart's order."""


@dataclass(frozen=True, slots=True)
class Dispatchers:
    """The duty staff of the NOC: may transfer, close and cancel any ticket, get what nobody else can be told."""

    members: tuple[str, ...] = ()
    roster: Roster | None = None
    """Who of them is told; None: all of them."""
    duty_phone: str | None = None
    """E.164."""


class Party(NamedTuple):
    """Somebody's tie to one ticket: what the store keeps per ticket so that «may see» can be judged."""

    role: str
    """holder | held | helper | helped | told | opener"""
    target: Target


class Standing(NamedTuple):
    """What the rules need to know of one ticket, and nothing else of it."""

    holder: Target
    sent_to: UnitPath | None
    """The path that it was last sent to; above it stand its leaders."""
    helpers: tuple[Target, ...] = ()
    opener: str | None = None
    parties: tuple[Party, ...] = ()
    """All ties, present and past; needed by `may_see` alone."""


class Decision(NamedTuple):
    """Whether someone may, and by which rules: it explains itself."""

    allowed: bool
    looked: tuple[tuple[str, bool], ...]
    """Each rule looked at, in order, and whether it hit."""

    @property
    def rules(self) -> tuple[str, ...]:
        """The same as `name: hit` or `name: miss`."""
        return tuple(f"{name}: {'hit' if hit else 'miss'}" for name, hit in self.looked)
