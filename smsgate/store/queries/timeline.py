"""All that happened to one ticket: its lines of the log, the messages about it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncEngine

from smsgate.store.queries.messages import MO_COLUMNS, MoRow, MtWay, mt_ways, read_mo
from smsgate.store.queries.transfers import TransferRow, read_transfer, transfers
from smsgate.store.tables import hops, mos, mts


@dataclass(frozen=True, slots=True)
class Timeline:
    """Each in the order in which it happened."""

    hops: tuple[TransferRow, ...]
    """Refused commands among them."""
    mos: tuple[MoRow, ...]
    mts: tuple[MtWay, ...]


async def timeline(engine: AsyncEngine, ticket_id: int) -> Timeline:
    """All that happened to one ticket."""
    async with engine.connect() as connection:
        log = await connection.execute(transfers().where(hops.c.ticket_id == ticket_id).order_by(hops.c.id))
        lines = tuple(map(read_transfer, log))
        named = {line.mo_id for line in lines if line.mo_id is not None}
        about = or_(mos.c.ticket_id == ticket_id, mos.c.id.in_(named))
        came = await connection.execute(select(*MO_COLUMNS).where(about).order_by(mos.c.id))
        return Timeline(lines, tuple(map(read_mo, came)), await mt_ways(connection, mts.c.ticket_id == ticket_id))
