"""By when a ticket has to be accepted and resolved: what its limits come to on the clock of the moment."""

from __future__ import annotations

from typing import NamedTuple

from routing.model import Target
from smsgate.domain.clocks import Later
from smsgate.domain.ticket import Limits, Ticket
from smsgate.service.gathering import held_from_all
from smsgate.service.scene import Scene


class TermsNow(NamedTuple):
    """The domain's `Terms`, by this scene's chart, calendar and hour."""

    scene: Scene

    def reachable(self, target: Target) -> bool:
        """Whether anybody of a target is active."""
        return self.scene.reachable(target)

    def accept_by(self, ticket: Ticket, holder: Target) -> int:
        """By when to accept: where quiet hours hold every notice, the clock starts when they end."""
        held = held_from_all(self.scene, ticket.facts.severity, self.scene.reach(holder))
        start = self.scene.at if held is None else held
        return later(self.scene, ticket.limits)(start, ticket.limits.accept)

    def resolve_by(self, ticket: Ticket) -> int:
        """By when to resolve, from now on."""
        return later(self.scene, ticket.limits)(self.scene.at, ticket.limits.resolve)

    def resumed(self, ticket: Ticket) -> int:
        """The same for one that was on hold: what was left of its limit then is left now."""
        if ticket.held_at is None:
            return ticket.resolve_by
        at, zone = self.scene.at, self.scene.chart.time_zone
        if not ticket.limits.working:
            return ticket.resolve_by + at - ticket.held_at
        office = self.scene.rules.office
        return office.after(at, office.between(ticket.held_at, ticket.resolve_by, zone), zone)


def later(scene: Scene, limits: Limits) -> Later:
    """How the ticket's limits count time."""
    if not limits.working:
        return _always
    office, zone = scene.rules.office, scene.chart.time_zone
    return lambda at, duration: office.after(at, duration, zone)


def _always(at: int, duration: int) -> int:
    return at + duration
