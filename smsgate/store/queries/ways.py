"""What is known of a message beside its own row: the parts it came in, where it moved, its relatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from smsgate.store.link_tables import mo_groups, mo_parts
from smsgate.store.move_tables import mt_moves
from smsgate.store.queries.messages import MO_COLUMNS, MoRow, MtRow, MtWay, mt_ways, read_mo
from smsgate.store.queries.queues import Move
from smsgate.store.queries.transfers import TransferRow, read_transfer, transfers
from smsgate.store.tables import hops, mos, mts


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of a long message as it came."""

    no: int
    total: int
    reference: int
    provider_id: str
    charset: str
    octets: int
    received_at: int


@dataclass(frozen=True, slots=True)
class Cause:
    """From an MT back to what caused it, and to its relatives."""

    way: MtWay
    mo: MoRow | None
    hop: TransferRow | None
    moves: tuple[Move, ...]
    """Between provider accounts, oldest first."""
    resent_as: tuple[int, ...]
    """Later copies of it."""
    said: tuple[MtRow, ...]
    """Of a bundle: what it said in their place."""


async def parts_of(engine: AsyncEngine, mo_id: int) -> tuple[PartRow, ...]:
    """The parts of a long message, in order; none where it came in one."""
    p, g = mo_parts.c, mo_groups.c
    columns = (p.no, g.total, g.reference, p.provider_id, p.charset, p.body, p.received_at)
    query = select(*columns).join(mo_groups, g.id == p.group_id).where(g.mo_id == mo_id).order_by(p.no, p.id)
    async with engine.connect() as connection:
        found = (await connection.execute(query)).all()
    return tuple(
        PartRow(no, total, reference, provider_id, charset, len(body), at)
        for no, total, reference, provider_id, charset, body, at in found
    )


async def raw_of(engine: AsyncEngine, mo_id: int) -> bytes:
    """The bytes of an MO as its door received them; empty where there is none."""
    async with engine.connect() as connection:
        return bytes(await connection.scalar(select(mos.c.raw).where(mos.c.id == mo_id)) or b"")


async def mt_cause(engine: AsyncEngine, mt_id: int) -> Cause | None:
    """One MT, with what caused it."""
    async with engine.connect() as connection:
        found = await mt_ways(connection, mts.c.id == mt_id)
        if not found:
            return None
        way = found[0]
        hop = await _hop(connection, way.mt)
        mo_id = way.mt.mo_id or (hop.mo_id if hop is not None else None)
        m = mt_moves.c
        moves = select(m.mt_id, m.at, m.from_account, m.to_account, m.cause).where(m.mt_id == mt_id).order_by(m.id)
        copies = select(mts.c.id).where(mts.c.phone == way.mt.phone, mts.c.resend_of == mt_id).order_by(mts.c.id)
        said = await mt_ways(connection, mts.c.bundle_id == mt_id)
        return Cause(
            way=way,
            mo=await _mo(connection, mo_id),
            hop=hop,
            moves=tuple(Move(*row) for row in await connection.execute(moves)),
            resent_as=tuple((await connection.execute(copies)).scalars()),
            said=tuple(one.mt for one in said),
        )


async def _hop(connection: AsyncConnection, mt: MtRow) -> TransferRow | None:
    if mt.hop_id is None:
        return None
    row: Any = (await connection.execute(transfers().where(hops.c.id == mt.hop_id))).first()
    return None if row is None else read_transfer(row)


async def _mo(connection: AsyncConnection, mo_id: int | None) -> MoRow | None:
    if mo_id is None:
        return None
    row = (await connection.execute(select(*MO_COLUMNS).where(mos.c.id == mo_id))).first()
    return None if row is None else read_mo(row)
