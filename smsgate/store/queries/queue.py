"""The desk's queue for pages and API: what waits, longest first; what is over; what was done to one item."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import Boolean, ColumnElement, Select, and_, func, literal_column, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from smsgate.domain.queue import ItemKind, Proposal, QueueItem
from smsgate.store.proposal_rows import PROPOSAL_COLUMNS, read_proposal
from smsgate.store.queue_rows import ITEM_COLUMNS, read_item
from smsgate.store.queue_tables import chart_proposals, queue_acts, queue_items
from smsgate.store.tables import dlrs, mos, mts, tickets

MOST = 200
"""Items of one page at most."""


class Cursor(NamedTuple):
    """A place in the order of the list: the time that it goes by, and the id. Written `1700000000000-12`."""

    at: int
    id: int

    def __str__(self) -> str:
        return f"{self.at}-{self.id}"

    @classmethod
    def read(cls, written: str) -> Cursor | None:
        """The same back; None for what is none."""
        at, dash, number = written.partition("-")
        sound = dash and all(part.isascii() and part.isdigit() and len(part) <= 18 for part in (at, number))
        return cls(int(at), int(number)) if sound else None


@dataclass(frozen=True, slots=True)
class QueueRow:
    """An item with what it is about."""

    item: QueueItem
    text: str
    """Of the message; the provider's word of a receipt."""
    outcome: str | None
    """Of an MO: the code of the diagnosis."""
    code: str | None
    """Of its ticket."""


@dataclass(frozen=True, slots=True)
class QueuePage:
    """A page of the queue."""

    rows: list[QueueRow]
    next: Cursor | None
    """Where to read on; None: that was all."""


@dataclass(frozen=True, slots=True)
class ActRow:
    """What somebody did to an item."""

    id: int
    at: int
    who: str
    act: str
    note: str | None


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt that names none of our messages."""

    id: int
    account: str
    provider_id: str
    phone: str | None
    state: str
    code: str | None
    received_at: int


_q = queue_items.c
# in the words of the partial indices
_waits: ColumnElement[bool] = literal_column("waits", Boolean)
_over: ColumnElement[bool] = literal_column("NOT waits", Boolean)


async def waiting(engine: AsyncEngine, kind: ItemKind | None, after: Cursor | None, most: int) -> QueuePage:
    """What waits, longest first."""
    wanted: list[ColumnElement[bool]] = [_waits]
    if kind is not None:
        wanted.append(_q.kind == kind.value)
    if after is not None:
        wanted.append(or_(_q.since > after.at, and_(_q.since == after.at, _q.id > after.id)))
    query = select(*ITEM_COLUMNS).where(*wanted).order_by(_q.since, _q.id)
    return await _page(engine, query, most, lambda item: Cursor(item.since, item.id))


async def done(engine: AsyncEngine, kind: ItemKind | None, before: Cursor | None, most: int) -> QueuePage:
    """What is over, newest first."""
    wanted: list[ColumnElement[bool]] = [_over]
    if kind is not None:
        wanted.append(_q.kind == kind.value)
    if before is not None:
        wanted.append(or_(_q.handled_at < before.at, and_(_q.handled_at == before.at, _q.id < before.id)))
    query = select(*ITEM_COLUMNS).where(*wanted).order_by(_q.handled_at.desc(), _q.id.desc())
    return await _page(engine, query, most, lambda item: Cursor(item.handled_at or 0, item.id))


async def waiting_counts(engine: AsyncEngine) -> dict[ItemKind, int]:
    """How many wait, by kind; all kinds."""
    query = select(_q.kind, func.count()).where(_waits).group_by(_q.kind)
    async with engine.connect() as connection:
        found = {ItemKind(kind): number for kind, number in await connection.execute(query)}
    return {kind: found.get(kind, 0) for kind in ItemKind}


async def queue_row(engine: AsyncEngine, item_id: int) -> QueueRow | None:
    """One item."""
    async with engine.connect() as connection:
        row = (await connection.execute(select(*ITEM_COLUMNS).where(_q.id == item_id))).first()
        return None if row is None else (await _about(connection, [read_item(row)]))[0]


async def items_of(engine: AsyncEngine, *, mo_id: int | None = None, mt_id: int | None = None) -> list[QueueItem]:
    """The items that a message is about, or was made for."""
    wanted = []
    if mo_id is not None:
        wanted += [_q.mo_id == mo_id, _q.made_mo_id == mo_id]
    if mt_id is not None:
        wanted.append(_q.mt_id == mt_id)
    async with engine.connect() as connection:
        rows = await connection.execute(select(*ITEM_COLUMNS).where(or_(*wanted)).order_by(_q.id))
        return [read_item(row) for row in rows]


async def acts_of(engine: AsyncEngine, item_id: int) -> list[ActRow]:
    """What was done to an item, oldest first."""
    a = queue_acts.c
    query = select(a.id, a.at, a.who, a.act, a.note).where(a.item_id == item_id).order_by(a.id)
    async with engine.connect() as connection:
        return [ActRow(*row) for row in await connection.execute(query)]


async def receipt_of(engine: AsyncEngine, dlr_id: int) -> ReceiptRow | None:
    """A receipt by id."""
    d = dlrs.c
    columns = (d.id, d.account, d.provider_id, d.phone, d.state, d.code, d.received_at)
    async with engine.connect() as connection:
        row = (await connection.execute(select(*columns).where(d.id == dlr_id))).first()
    return None if row is None else ReceiptRow(*row)


async def alike(engine: AsyncEngine, item: QueueItem) -> int:
    """How many others of the same phone and kind wait."""
    same = (_q.phone == item.phone, _q.kind == item.kind.value, _waits, _q.id != item.id)
    async with engine.connect() as connection:
        return int(await connection.scalar(select(func.count()).select_from(queue_items).where(*same)) or 0)


async def proposals(engine: AsyncEngine, *, open_only: bool, most: int = MOST) -> list[Proposal]:
    """Proposed changes of the chart, newest first."""
    query = select(*PROPOSAL_COLUMNS).order_by(chart_proposals.c.id.desc()).limit(most)
    if open_only:
        query = query.where(text("state = 'open'"))
    async with engine.connect() as connection:
        return [read_proposal(row) for row in await connection.execute(query)]


async def proposal(engine: AsyncEngine, proposal_id: int) -> Proposal | None:
    """One of them."""
    query = select(*PROPOSAL_COLUMNS).where(chart_proposals.c.id == proposal_id)
    async with engine.connect() as connection:
        row = (await connection.execute(query)).first()
    return None if row is None else read_proposal(row)


async def proposal_of(engine: AsyncEngine, phone: str) -> Proposal | None:
    """The newest one about a number."""
    p = chart_proposals.c
    query = select(*PROPOSAL_COLUMNS).where(p.phone == phone).order_by(p.id.desc()).limit(1)
    async with engine.connect() as connection:
        row = (await connection.execute(query)).first()
    return None if row is None else read_proposal(row)


async def _page(engine: AsyncEngine, query: Select[Any], most: int, place: Any) -> QueuePage:
    most = min(most, MOST)
    async with engine.connect() as connection:
        items = [read_item(row) for row in await connection.execute(query.limit(most + 1))]
        shown = items[:most]
        rows = await _about(connection, shown)
    return QueuePage(rows, place(shown[-1]) if len(items) > most else None)


async def _about(connection: AsyncConnection, items: list[QueueItem]) -> list[QueueRow]:
    came = await _by_id(connection, select(mos.c.id, mos.c.text, mos.c.outcome), mos.c.id, (i.mo_id for i in items))
    went = await _by_id(connection, select(mts.c.id, mts.c.text), mts.c.id, (i.mt_id for i in items))
    told = await _by_id(connection, select(dlrs.c.id, dlrs.c.code), dlrs.c.id, (i.dlr_id for i in items))
    codes = await _by_id(connection, select(tickets.c.id, tickets.c.code), tickets.c.id, (i.ticket_id for i in items))
    found = []
    for item in items:
        mo, mt, dlr = came.get(item.mo_id), went.get(item.mt_id), told.get(item.dlr_id)
        words = mo[1] if mo is not None else mt[1] if mt is not None else (dlr[1] if dlr is not None else "") or ""
        code = codes.get(item.ticket_id)
        found.append(QueueRow(item, words, mo[2] if mo is not None else None, code[1] if code is not None else None))
    return found


async def _by_id(
    connection: AsyncConnection, query: Select[Any], key: ColumnElement[int], ids: Iterable[int | None]
) -> dict[int | None, Any]:
    wanted: Collection[int] = {one for one in ids if one is not None}
    if not wanted:
        return {}
    return {row[0]: row for row in await connection.execute(query.where(key.in_(wanted)))}
