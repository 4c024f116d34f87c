"""A fault ticket, as a value."""

from __future__ import annotations

from typing import NamedTuple

from routing.model import Actor, Party, Standing, Target, UnitPath
from smsgate.domain.states import Severity, State


class Facts(NamedTuple):
    """What the fault is: the carrier's own list of fields, all free text."""

    title: str
    severity: Severity
    fault_type: str = ""
    source: str = ""
    equipment: str = ""
    scope: str = ""
    owner: str = ""
    symptom: str = ""
    location: str = ""
    found_at: str = ""
    found_by: str = ""
    description: str = ""


class Limits(NamedTuple):
    """How long one may take, in milliseconds."""

    accept: int
    resolve: int
    working: bool = False
    """Whether they count working time alone."""


class Stay(NamedTuple):
    """Who held a ticket before a transfer that has not been undone: what SBHD goes back to."""

    holder: Target
    sent_to: UnitPath | None


class Ticket(NamedTuple):
    """One ticket. Times are milliseconds since the epoch, UTC."""

    id: int
    number: str
    code: str
    facts: Facts
    limits: Limits
    state: State
    holder: Target
    sent_to: UnitPath | None
    opened_at: int
    opener: Actor | None
    hop: int
    """The number of its newest hop: what an act from web or API says it has seen."""
    moved_at: int
    """When the holder got it."""
    resolve_by: int
    accept_by: int | None = None
    """None once accepted, and in any state after that."""
    moved_by: Actor | None = None
    """Who made the newest transfer; None when the system did."""
    move_hop: int | None = None
    """The log id of the hop that gave it to the holder."""
    accepted_by: Actor | None = None
    accepted_at: int | None = None
    ended_at: int | None = None
    """Since when it is resolved, closed or cancelled."""
    ended_by: Actor | None = None
    helpers: tuple[Target, ...] = ()
    trail: tuple[Stay, ...] = ()

    def standing(self, parties: tuple[Party, ...] = ()) -> Standing:
        """What the rules of who may need to know of it."""
        opener = self.opener.account if self.opener is not None else None
        return Standing(self.holder, self.sent_to, self.helpers, opener, parties)
