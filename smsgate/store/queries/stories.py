"""The tickets that may count in a report, each with its whole log, some hundred at a time.

`tickets` only says which may: all that is counted is in `hops`. Rows are read in the event loop and made lines of by
whoever counts them, who may be in a thread.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Row, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from smsgate.service.reports import Line
from smsgate.store.queries.transfers import UNSTEADY
from smsgate.store.rows import read_target
from smsgate.store.tables import hops, tickets

AT_ONCE = 200
"""Tickets of one look: some two thousand lines."""

_COLUMNS = (
    hops.c.id, hops.c.ticket_id, hops.c.no, hops.c.kind, hops.c.at, hops.c.state, hops.c.to_holder, hops.c.target,
    hops.c.accept_by, hops.c.resolve_by,
)  # fmt: skip


Rowed = Row[*tuple[Any, ...]]
"""A line as it is read."""


async def stories(
    engine: AsyncEngine, since: int, until: int, after: int = 0, at_once: int = AT_ONCE
) -> AsyncIterator[Sequence[Rowed]]:
    """The lines, for `by_ticket`, of the tickets with an id over `after` that anything may have happened to between the
    two moments, or that somebody had on hand then: in the order of tickets, all that were not refused, the oldest
    first.
    """
    candidates = (
        select(tickets.c.id)
        .where(
            tickets.c.opened_at < until + UNSTEADY,
            or_(tickets.c.ended_at.is_(None), tickets.c.ended_at >= since - UNSTEADY),
        )
        .order_by(tickets.c.id)
        .limit(at_once)
    )
    while True:
        async with engine.connect() as connection:
            ids = list((await connection.scalars(candidates.where(tickets.c.id > after))).all())
            found = await connection.execute(
                select(*_COLUMNS)
                .where(hops.c.ticket_id.in_(ids), hops.c.refused.is_(None))
                .order_by(hops.c.ticket_id, hops.c.id)
            )
            rows = found.all() if ids else ()
        yield rows
        if len(ids) < at_once:
            return
        after = ids[-1]


def by_ticket(rows: Sequence[Rowed]) -> Iterator[Iterator[Line]]:
    """The lines of each ticket."""
    for _, told in groupby(map(_line, rows), key=attrgetter("ticket")):
        yield told


def _line(row: Rowed) -> Line:
    hop, ticket, no, kind, at, state, holder, target, accept_by, resolve_by = row
    held_by = read_target(holder)
    assert held_by is not None  # noqa: S101 - a line that was not refused has a holder
    return Line(hop, ticket, no, kind, at, state, held_by, read_target(target), accept_by, resolve_by)
