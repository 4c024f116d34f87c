"""What a list of a report says of its lines, beside the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from routing.model import Actor, Target
from smsgate.store.rows import read_actor, read_target
from smsgate.store.tables import hops, tickets

_AT_ONCE = 500


class Told(NamedTuple):
    """A line of the log and its ticket, for who reads."""

    number: str
    code: str
    title: str
    severity: str
    from_holder: Target | None
    to_holder: Target | None
    actor: Actor | None
    actor_name: str
    opinion: str


_QUERY = select(
    hops.c.id, tickets.c.number, tickets.c.code, tickets.c.title, tickets.c.severity, hops.c.from_holder,
    hops.c.to_holder, hops.c.actor, hops.c.actor_name, hops.c.opinion,
).select_from(hops.join(tickets, tickets.c.id == hops.c.ticket_id))  # fmt: skip


async def told_of(engine: AsyncEngine, ids: Sequence[int]) -> dict[int, Told]:
    """By the line's id."""
    found: dict[int, Told] = {}
    async with engine.connect() as connection:
        for start in range(0, len(ids), _AT_ONCE):
            rows = await connection.execute(_QUERY.where(hops.c.id.in_(ids[start : start + _AT_ONCE])))
            for hop, number, code, title, severity, before, after, actor, name, opinion in rows:
                found[hop] = Told(
                    number, code, title, severity, read_target(before), read_target(after), read_actor(actor),
                    name or "", opinion,
                )  # fmt: skip
    return found
