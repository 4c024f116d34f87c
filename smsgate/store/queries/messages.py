"""Messages: pages of MOs and MTs, and the way of each over parse and hop to segments and receipts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Table, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from routing.model import Actor
from smsgate.store.queries.stretches import Search, Stretch, look_back
from smsgate.store.queries.transfers import TransferRow, read_transfer, transfers
from smsgate.store.rows import read_actor
from smsgate.store.tables import dlrs, hops, mos, mt_changes, mt_segments, mts

MOST = 500
"""Messages of one page at most."""


@dataclass(frozen=True, slots=True)
class MoRow:
    """A message that came in, and what became of it. Times are milliseconds since the epoch."""

    id: int
    account: str
    provider_id: str | None
    sender: str
    receiver: str
    channel: str
    text: str
    received_at: int
    sent_at: int | None
    state: str
    verb: str | None
    outcome: str | None
    detail: str | None
    actor: Actor | None
    ticket_id: int | None
    ticket_hop: int | None


@dataclass(frozen=True, slots=True)
class MtRow:
    """A message that goes out."""

    id: int
    phone: str
    account: str | None
    role: str
    kind: str
    klass: int
    provider: str
    source: str | None
    text: str
    encoding: str
    segments: int
    state: str
    state_at: int
    created_at: int
    ticket_id: int | None
    hop_id: int | None
    mo_id: int | None
    valid_until: int | None
    tries: int
    provider_id: str | None
    error: str | None
    resend_of: int | None
    gather_until: int | None
    """While it waits for the morning or for the rest of a storm: until when."""
    bundle_id: int | None
    """The MT that said it together with others."""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change of an MT's state after `queued`."""

    id: int
    mt_id: int
    state: str
    at: int
    note: str | None


@dataclass(frozen=True, slots=True)
class SegmentRow:
    """A segment that the provider gave an id of its own."""

    mt_id: int
    no: int
    provider_id: str
    state: str
    at: int


@dataclass(frozen=True, slots=True)
class DlrRow:
    """A receipt."""

    id: int
    mt_id: int | None
    provider_id: str
    state: str
    code: str | None
    received_at: int


@dataclass(frozen=True, slots=True)
class MtWay:
    """An MT with all that happened to it."""

    mt: MtRow
    changes: tuple[ChangeRow, ...]
    segments: tuple[SegmentRow, ...]
    dlrs: tuple[DlrRow, ...]


@dataclass(frozen=True, slots=True)
class MoWay:
    """An MO with all that came of it: its hops, and the MTs that they and the answer caused."""

    mo: MoRow
    hops: tuple[TransferRow, ...]
    mts: tuple[MtWay, ...]


@dataclass(frozen=True, slots=True)
class MoFilters:
    """Which MOs; None: all."""

    sender: str | None = None
    state: str | None = None


@dataclass(frozen=True, slots=True)
class MtFilters:
    """Which MTs; None: all."""

    phone: str | None = None
    state: str | None = None
    ticket_id: int | None = None


_OfMt = TypeVar("_OfMt", ChangeRow, SegmentRow, DlrRow)
_Row = MoRow | MtRow | ChangeRow | SegmentRow | DlrRow


def _columns(table: Table, row: type[_Row]) -> tuple[ColumnElement[Any], ...]:
    return tuple(table.c[field.name] for field in fields(row))


MO_COLUMNS = _columns(mos, MoRow)
MT_COLUMNS = _columns(mts, MtRow)


async def mos_page(engine: AsyncEngine, before: int | None, most: int, filters: MoFilters) -> Stretch[MoRow]:
    """The MOs with an id under `before` (None: from the newest), newest first."""
    wanted = _equal(mos, sender=filters.sender, state=filters.state)
    # each alone has an index
    search = Search(select(*MO_COLUMNS).where(*wanted), mos.c.id, len(wanted) > 1)
    async with engine.connect() as connection:
        found = await look_back(connection, search, before, min(most, MOST))
    return found.read(read_mo)


async def mts_page(engine: AsyncEngine, before: int | None, most: int, filters: MtFilters) -> Stretch[MtRow]:
    """The MTs with an id under `before` (None: from the newest), newest first."""
    wanted = _equal(mts, phone=filters.phone, state=filters.state, ticket_id=filters.ticket_id)
    rare = filters.ticket_id is None and filters.state is not None
    search = Search(select(*MT_COLUMNS).where(*wanted), mts.c.id, rare)
    async with engine.connect() as connection:
        found = await look_back(connection, search, before, min(most, MOST))
    return found.read(_read_mt)


async def mo_way(engine: AsyncEngine, mo_id: int) -> MoWay | None:
    """One MO's whole way."""
    async with engine.connect() as connection:
        mo = (await connection.execute(select(*MO_COLUMNS).where(mos.c.id == mo_id))).first()
        if mo is None:
            return None
        log = await connection.execute(transfers().where(_of_mo(mo)).order_by(hops.c.id))
        lines = tuple(map(read_transfer, log))
        sent = await mt_ways(connection, _caused_by(mo_id, lines))
    return MoWay(read_mo(mo), lines, sent)


async def mt_way(engine: AsyncEngine, mt_id: int) -> MtWay | None:
    """One MT with all that happened to it."""
    async with engine.connect() as connection:
        found = await mt_ways(connection, mts.c.id == mt_id)
    return found[0] if found else None


async def mt_ways(connection: AsyncConnection, *wanted: ColumnElement[bool]) -> tuple[MtWay, ...]:
    """The MTs that are wanted, oldest first, each with all that happened to it."""
    rows = [_read_mt(row) for row in await connection.execute(select(*MT_COLUMNS).where(*wanted).order_by(mts.c.id))]
    ids = [row.id for row in rows]
    changes = await _by_mt(connection, mt_changes, ChangeRow, ids)
    parts = await _by_mt(connection, mt_segments, SegmentRow, ids)
    receipts = await _by_mt(connection, dlrs, DlrRow, ids)
    return tuple(
        MtWay(row, tuple(changes.get(row.id, ())), tuple(parts.get(row.id, ())), tuple(receipts.get(row.id, ())))
        for row in rows
    )


def read_mo(row: Row[Any]) -> MoRow:
    """An MO from its columns."""
    plain = row._asdict()
    return MoRow(**{**plain, "actor": read_actor(plain["actor"])})


def _read_mt(row: Any) -> MtRow:
    return MtRow(*row)


def _of_mo(mo: Row[Any]) -> ColumnElement[bool]:
    # what was done is found by its ticket, what was refused by an index of its own: no index costs every hop
    refused = and_(hops.c.mo_id == mo.id, hops.c.refused.is_not(None))
    if mo.ticket_id is None:
        return refused
    return or_(refused, and_(hops.c.ticket_id == mo.ticket_id, hops.c.mo_id == mo.id))


def _caused_by(mo_id: int, lines: Sequence[TransferRow]) -> ColumnElement[bool]:
    # its answer names the MO, its notices the hop; the ticket is asked for because it is what MTs are indexed by
    told = and_(
        mts.c.ticket_id.in_({line.ticket_id for line in lines if line.ticket_id is not None}),
        mts.c.hop_id.in_([line.id for line in lines]),
    )
    return or_(mts.c.mo_id == mo_id, told) if lines else mts.c.mo_id == mo_id


async def _by_mt(
    connection: AsyncConnection, table: Table, row: type[_OfMt], ids: Sequence[int]
) -> dict[int, list[_OfMt]]:
    """The rows of a table that belong to these MTs, in order."""
    order = table.c["no" if "no" in table.c else "id"]
    query = select(*_columns(table, row)).where(table.c.mt_id.in_(ids)).order_by(table.c.mt_id, order)
    grouped: dict[int, list[_OfMt]] = {}
    for found in await connection.execute(query):
        grouped.setdefault(found.mt_id, []).append(row(*found))
    return grouped


def _equal(table: Table, **wanted: Any) -> list[ColumnElement[bool]]:
    return [table.c[name] == value for name, value in wanted.items() if value is not None]
