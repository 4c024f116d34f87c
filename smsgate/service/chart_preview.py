"""What a new chart would do before it is in force: what changes, which tickets it touches, whom nobody could reach.

The words for the concerns are the doors'; what changed is said by `routing.diffing`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from routing.chart import Chart
from routing.diffing import Change, diff, is_missing
from routing.model import DISPATCH_DESK, Kind, Recipient, Roster, Target, Unit, UnitPath
from routing.reach import reach, recipient_of
from routing.roster import next_handover, on_duty

MANY_GONE = 20
"""People that may go in one change before it looks like a mistake, if they are a tenth of all as well."""
TURNS = 60
"""Turns of a roster that are looked ahead, at most: two months of a daily one."""


class Weight(StrEnum):
    """How bad it is."""

    DANGER = "danger"
    """Has to be confirmed."""
    WARNING = "warning"
    NOTE = "note"


class Worry(StrEnum):
    """What a concern is about."""

    HOLDER_GONE = "holder_gone"
    """An open ticket's holder is not in the new chart."""
    HOLDER_UNREACHABLE = "holder_unreachable"
    """An open ticket's holder could be told before, and then nobody could be."""
    HOLDER_TOLD_OTHERWISE = "holder_told_otherwise"
    """For an open ticket others would be told than now."""
    DESK_UNREACHABLE = "desk_unreachable"
    """No dispatcher could be told."""
    MANY_GONE = "many_gone"
    """So many people go at once that it may be half a file."""
    UNIT_UNREACHABLE = "unit_unreachable"
    """Nobody of a room or a group could be told."""
    TURN_UNCOVERED = "turn_uncovered"
    """On a roster's turn nobody on it could be told: away, or without a phone."""
    NO_PHONE = "no_phone"
    """An active person has no phone any more, or came without one."""
    ON_DUTY = "on_duty"
    """Somebody else is on duty at once."""


WEIGHTS = {
    Worry.HOLDER_GONE: Weight.DANGER,
    Worry.HOLDER_UNREACHABLE: Weight.DANGER,
    Worry.DESK_UNREACHABLE: Weight.DANGER,
    Worry.MANY_GONE: Weight.DANGER,
    Worry.UNIT_UNREACHABLE: Weight.DANGER,
    Worry.TURN_UNCOVERED: Weight.WARNING,
    Worry.NO_PHONE: Weight.WARNING,
    Worry.HOLDER_TOLD_OTHERWISE: Weight.NOTE,
    Worry.ON_DUTY: Weight.NOTE,
}


@dataclass(frozen=True, slots=True)
class HeldTicket:
    """An open ticket, as far as it matters here."""

    number: str
    code: str
    holder: Target


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing to think of before saving."""

    worry: Worry
    subject: str
    """An account, a path, a ticket's code, or nothing."""
    ticket: str = ""
    """A ticket's number."""
    before: str = ""
    after: str = ""
    at: datetime | None = None
    """When it begins, for a turn."""

    @property
    def weight(self) -> Weight:
        """How bad it is."""
        return WEIGHTS[self.worry]


@dataclass(frozen=True, slots=True)
class Preview:
    """All that would come of it."""

    changes: tuple[Change, ...]
    concerns: tuple[Concern, ...]
    """The worst first."""

    @property
    def is_dangerous(self) -> bool:
        """Whether somebody has to confirm it."""
        return any(concern.weight is Weight.DANGER for concern in self.concerns)


def preview(old: Chart, new: Chart, tickets: Iterable[HeldTicket], at: datetime) -> Preview:
    """What putting `new` in force at an aware instant would do. Faults that were there before are left out."""
    found = [
        *_many_gone(old, new),
        *_desk(old, new, at),
        *_tickets(old, new, tickets, at),
        *_units(old, new, at),
        *_phones(old, new),
    ]
    order = list(Weight)
    return Preview(diff(old, new), tuple(sorted(found, key=lambda concern: order.index(concern.weight))))


def _many_gone(old: Chart, new: Chart) -> Iterator[Concern]:
    gone = sum(1 for person in old.people() if new.person(person.account) is None)
    if gone > MANY_GONE and gone * 10 > old.size()[0]:
        yield Concern(Worry.MANY_GONE, "", before=str(old.size()[0]), after=str(gone))


def _desk(old: Chart, new: Chart, at: datetime) -> Iterator[Concern]:
    desk = Target(Kind.DISPATCHERS, None)
    if reach(old, desk, at) and not reach(new, desk, at):
        yield Concern(Worry.DESK_UNREACHABLE, str(DISPATCH_DESK))
    yield from _roster(old, new, str(DISPATCH_DESK), old.dispatchers.roster, new.dispatchers.roster, at)


def _tickets(old: Chart, new: Chart, tickets: Iterable[HeldTicket], at: datetime) -> Iterator[Concern]:
    for ticket in tickets:
        holder = ticket.holder
        if is_missing(new, holder):
            if not is_missing(old, holder):
                yield Concern(Worry.HOLDER_GONE, ticket.code, ticket.number, before=str(holder))
            continue
        before, after = reach(old, holder, at), reach(new, holder, at)
        if before and not after:
            yield Concern(Worry.HOLDER_UNREACHABLE, ticket.code, ticket.number, before=str(holder))
        elif Counter(map(_handset, before)) != Counter(map(_handset, after)):
            told = _named(old, before), _named(new, after)
            yield Concern(Worry.HOLDER_TOLD_OTHERWISE, ticket.code, ticket.number, *told)


def _units(old: Chart, new: Chart, at: datetime) -> Iterator[Concern]:
    for path in new.walk():
        if path.room is None:
            continue
        after, before = new.unit(path), old.unit(path)
        target = Target(Kind.ROOM if path.group is None else Kind.GROUP, path)
        if not reach(new, target, at) and (before is None or reach(old, target, at)):
            yield Concern(Worry.UNIT_UNREACHABLE, str(path))
        elif after is not None:
            yield from _roster(old, new, str(path), _roster_of(before), after.roster, at)


def _roster_of(unit: Unit | None) -> Roster | None:
    return unit.roster if unit is not None else None


def _roster(
    old: Chart, new: Chart, subject: str, before: Roster | None, after: Roster | None, at: datetime
) -> Iterator[Concern]:
    was, will_be = on_duty(before, at, old.time_zone), on_duty(after, at, new.time_zone)
    if before is not None and after is not None and was != will_be:
        yield Concern(Worry.ON_DUTY, subject, before=_accounts(old, was), after=_accounts(new, will_be))
    covered = {account for account in (before.people if before is not None else ()) if not recipient_of(old, account)}
    for start, account in _uncovered(new, after, at):
        if account not in covered:
            yield Concern(Worry.TURN_UNCOVERED, subject, after=_accounts(new, (account,)), at=start)


def _uncovered(chart: Chart, roster: Roster | None, at: datetime) -> Iterator[tuple[datetime, str]]:
    """Who has a turn and can't be told, and when it begins: the first turn of each."""
    seen: set[str] = set()
    moment: datetime | None = at
    for _ in range(min(TURNS, len(roster.people)) if roster is not None else 0):
        if moment is None:
            return
        for account in on_duty(roster, moment, chart.time_zone):
            if account not in seen and recipient_of(chart, account) is None:
                yield moment, account
            seen.add(account)
        after = next_handover(roster, moment, chart.time_zone)
        # a moment later: the turn that begins at the handover itself
        moment = after + timedelta(milliseconds=1) if after is not None else None


def _phones(old: Chart, new: Chart) -> Iterator[Concern]:
    for person in new.people():
        before = old.person(person.account)
        if before is person or person.phones or not person.active:
            continue
        if before is None or before.phones or not before.active:
            yield Concern(Worry.NO_PHONE, person.account, after=person.name)


def _handset(recipient: Recipient) -> str:
    return recipient.phone


def _named(chart: Chart, recipients: Iterable[Recipient]) -> str:
    return "、".join(
        f"{chart.name_of(one.account)} ({one.account})" if one.account is not None else _unit_name(one.unit)
        for one in recipients
    )


def _unit_name(path: UnitPath | None) -> str:
    return str(DISPATCH_DESK if path is None else path)


def _accounts(chart: Chart, accounts: Iterable[str]) -> str:
    return "、".join(f"{chart.name_of(account)} ({account})" for account in accounts)
