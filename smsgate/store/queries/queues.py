"""What waits for each provider account, and what has moved between them, for pages and metrics."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from smsgate.store.move_tables import mt_moves
from smsgate.store.mt_rows import NEVER
from smsgate.store.tables import mts


class Queue(NamedTuple):
    """The MTs of one account and class that wait for their lane; not those that wait for their time."""

    account: str
    klass: int
    waiting: int
    oldest: int
    """When the first of them was queued."""


class Move(NamedTuple):
    """A queued MT was handed to another account."""

    mt_id: int
    at: int
    from_account: str
    to_account: str
    cause: str
    """What was wrong with the first: a `service.health.Cause`."""


async def queues(engine: AsyncEngine) -> tuple[Queue, ...]:
    """All that are not empty."""
    # the words of ix_mts_lines, which holds all that is asked for
    waiting = (
        select(mts.c.provider, mts.c.klass, func.count().label("waiting"), func.min(mts.c.id).label("first"))
        .where(text("state = 'queued'"), mts.c.not_before < NEVER)
        .group_by(mts.c.provider, mts.c.klass)
        .subquery()
    )
    wanted = select(waiting.c.provider, waiting.c.klass, waiting.c.waiting, mts.c.created_at).join(
        mts, mts.c.id == waiting.c.first
    )
    async with engine.connect() as connection:
        rows = (await connection.execute(wanted.order_by(waiting.c.provider, waiting.c.klass))).all()
    return tuple(Queue(*row) for row in rows)


async def due(engine: AsyncEngine, at: int) -> dict[str, int]:
    """How many of those may go at once, by account."""
    wanted = (
        select(mts.c.provider, func.count())
        .where(text("state = 'queued'"), mts.c.not_before <= at)
        .group_by(mts.c.provider)
    )
    async with engine.connect() as connection:
        return {account: number for account, number in (await connection.execute(wanted)).all()}  # noqa: C416


async def last_moves(engine: AsyncEngine, most: int) -> tuple[Move, ...]:
    """The newest first."""
    m = mt_moves.c
    wanted = select(m.mt_id, m.at, m.from_account, m.to_account, m.cause).order_by(m.id.desc()).limit(most)
    async with engine.connect() as connection:
        rows = (await connection.execute(wanted)).all()
    return tuple(Move(*row) for row in rows)
