"""How long receipts take, for who judges provider accounts."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from smsgate.domain.messages import MtState
from smsgate.store.tables import mt_changes, mts

LOOKED_AT = 2_000
"""Changes of MTs that one look reads at most: of more the newest, which say as much."""


class Receipt(NamedTuple):
    """An MT that has arrived."""

    account: str
    at: int
    delay: int
    """Milliseconds from the request to the receipt."""


async def receipts_after(engine: AsyncEngine, seen: int | None) -> tuple[tuple[Receipt, ...], int]:
    """Those that came after the change `seen`, and the newest change; None: the newest of those that there are."""
    arrived, begun = mt_changes.alias("arrived"), mt_changes.alias("begun")
    began = (
        select(func.max(begun.c.at))
        .where(begun.c.mt_id == arrived.c.mt_id, begun.c.state == MtState.SENDING.value)
        .scalar_subquery()
    )
    async with engine.connect() as connection:
        newest = int(await connection.scalar(select(func.max(mt_changes.c.id))) or 0)
        after = max(newest - LOOKED_AT, -1 if seen is None else seen)
        wanted = (
            select(mts.c.provider, arrived.c.at, began)
            .select_from(arrived.join(mts, mts.c.id == arrived.c.mt_id))
            .where(arrived.c.id > after, arrived.c.id <= newest, arrived.c.state == MtState.DELIVERED.value)
            .order_by(arrived.c.id)
        )
        rows = (await connection.execute(wanted)).all()
    found = (Receipt(account, at, max(at - start, 0)) for account, at, start in rows if start is not None)
    return tuple(found), newest
