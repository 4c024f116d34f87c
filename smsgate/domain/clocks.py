"""The clocks of a ticket: when its holder is reminded, and when somebody above hears of it (spec/tickets.md «Clocks»).

A clock has steps. The first two remind the holder, at one third and one half of the limit; the third is its end, at
which the next one above hears as well; every further half limit is one rung higher. All of them are counted from the
end, which the ticket holds, so that a hold moves them all by moving that.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from smsgate.domain.states import State
from smsgate.domain.ticket import Ticket

THIRD, HALF, END = 1, 2, 3
"""Steps with a name; each further one is a rung."""

BETWEEN_RUNGS = 5 * 60_000
"""Milliseconds that lie between two rungs at least (spec/tickets.md «Clocks»)."""

Later = Callable[[int, int], int]
"""The instant that lies so many milliseconds after another; before it, if negative. Only what the limit counts."""


class Clock(StrEnum):
    """What a limit is set to."""

    __hash__ = str.__hash__

    ACCEPT = "accept"
    RESOLVE = "resolve"


class Ring(NamedTuple):
    """A clock that runs, and its next step."""

    ticket_id: int
    clock: Clock
    step: int
    due_at: int
    """Milliseconds since the epoch, UTC."""


def running(ticket: Ticket) -> tuple[Clock, ...]:
    """The clocks that run in the ticket's state: a ticket on hold has none."""
    if ticket.state is State.DISPATCHED:
        return (Clock.ACCEPT, Clock.RESOLVE)
    return (Clock.RESOLVE,) if ticket.state is State.ACCEPTED else ()


def end_of(ticket: Ticket, clock: Clock) -> int:
    """When its limit ends."""
    if clock is Clock.RESOLVE or ticket.accept_by is None:
        return ticket.resolve_by
    return ticket.accept_by


def due_at(ticket: Ticket, clock: Clock, step: int, later: Later) -> int:
    """When a step is due."""
    end = end_of(ticket, clock)
    limit = ticket.limits.accept if clock is Clock.ACCEPT else ticket.limits.resolve
    if step == END:
        return end
    if step < END:
        return later(end, -limit // 2 if step == HALF else -limit * 2 // 3)
    return later(end, (step - END) * max(limit // 2, BETWEEN_RUNGS))


def newest_due(ticket: Ticket, clock: Clock, at: int, later: Later) -> int:
    """The newest step that is due at an instant; 0: none is."""
    if due_at(ticket, clock, END, later) > at:
        return next((step for step in (HALF, THIRD) if due_at(ticket, clock, step, later) <= at), 0)
    # far beyond the end there are many: doubled until too far, then halved
    low, high = END, END + 1
    while due_at(ticket, clock, high, later) <= at:
        low, high = high, END + (high - END) * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if due_at(ticket, clock, middle, later) <= at else (low, middle)
    return low


def next_ring(ticket: Ticket, clock: Clock, at: int, later: Later) -> Ring:
    """The clock with its first step that is still to come."""
    step = newest_due(ticket, clock, at, later) + 1
    return Ring(ticket.id, clock, step, due_at(ticket, clock, step, later))
