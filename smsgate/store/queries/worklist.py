"""Live tickets in the order in which somebody has to look at them: what is overdue first, what has no clock last."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, case, func, literal, literal_column, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from smsgate.domain.states import State
from smsgate.domain.ticket import Ticket
from smsgate.store.queries.tickets import MOST, TicketFilters, conditions
from smsgate.store.rows import TICKET_COLUMNS, read_ticket
from smsgate.store.tables import tickets

NEVER = 2**62
"""Where a ticket whose clock stands still comes in the order."""

DUE: ColumnElement[int] = func.coalesce(
    case(
        (tickets.c.state == State.DISPATCHED.value, tickets.c.accept_by),
        (tickets.c.state == State.ACCEPTED.value, tickets.c.resolve_by),
        else_=literal_column(str(NEVER)),
    ),
    literal_column(str(NEVER)),
)
"""When the running clock of a ticket is over (spec/tickets.md «Clocks»)."""


class Place(NamedTuple):
    """Where a page ends: its last ticket's time and id."""

    due: int
    id: int


class Worklist(NamedTuple):
    """A page of live tickets."""

    tickets: list[Ticket]
    next: Place | None
    """None: the end is reached."""


async def worklist(
    engine: AsyncEngine, after: Place | None, most: int, filters: TicketFilters, late_at: int | None = None
) -> Worklist:
    """The live tickets after a place, the most urgent first; `late_at`: only those that are overdue at that moment."""
    most = min(most, MOST)
    query = select(*TICKET_COLUMNS, DUE).where(*conditions(filters))
    if late_at is not None:
        query = query.where(late_at > DUE)
    if after is not None:
        query = query.where(or_(after.due < DUE, and_(literal(after.due) == DUE, tickets.c.id > after.id)))
    async with engine.connect() as connection:
        rows = (await connection.execute(query.order_by(DUE, tickets.c.id).limit(most + 1))).all()
    page = [read_ticket(row[:-1]) for row in rows[:most]]
    return Worklist(page, Place(rows[most - 1][-1], page[-1].id) if len(rows) > most else None)
