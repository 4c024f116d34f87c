"""What the live pages follow: the transfer log by id, the board's numbers, and what phones of the simulator got."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from smsgate.domain.messages import MtState
from smsgate.domain.states import State
from smsgate.store.queries.stretches import Stretch
from smsgate.store.queries.transfers import NO_FILTERS, TransferFilters, TransferRow, transfers_after, transfers_before
from smsgate.store.tables import hops, mos, mt_changes, mts, tickets

ARRIVED = (MtState.SENT, MtState.DELIVERED)
"""States in which a handset of the simulator shows an MT."""

RECENT = 500
"""How many of the newest messages are looked at to tell which phones are in use."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """A hop as the live log shows it."""

    row: TransferRow
    running: bool
    """Nothing has happened to its ticket since: its clock is the one that runs."""

    @property
    def id(self) -> int:
        """The id of the hop, which the stream goes by."""
        return self.row.id


@dataclass(frozen=True, slots=True)
class Board:
    """How many live tickets stand where, and how many of them are late."""

    states: dict[State, int]
    late: int


@dataclass(frozen=True, slots=True)
class Arrival:
    """A phone's screen has changed: an MT went out to it or was delivered, or it sent an MO."""

    phone: str
    mt_id: int | None
    """None for an MO."""
    fresh: bool
    """The MT was not there before: the phone rings."""


@dataclass(frozen=True, slots=True)
class Marks:
    """How far somebody has followed."""

    hop: int
    mo: int
    change: int


@dataclass(frozen=True, slots=True)
class PhoneLine:
    """A phone in use, and its newest message."""

    phone: str
    text: str
    at: int
    mine: bool
    newest_mt: int
    got: tuple[int, ...]
    """Ids of the MTs that it shows, newest first, among the recent."""


async def newest_marks(reading: AsyncEngine) -> Marks:
    """The newest ids."""
    query = select(
        select(func.coalesce(func.max(hops.c.id), 0)).scalar_subquery(),
        select(func.coalesce(func.max(mos.c.id), 0)).scalar_subquery(),
        select(func.coalesce(func.max(mt_changes.c.id), 0)).scalar_subquery(),
    )
    async with reading.connect() as connection:
        return Marks(*(await connection.execute(query)).one())


async def newest_mt(reading: AsyncEngine) -> int:
    """The newest MT's id; 0 without any."""
    async with reading.connect() as connection:
        return int((await connection.execute(select(func.coalesce(func.max(mts.c.id), 0)))).scalar_one())


async def lines_after(reading: AsyncEngine, after: int, most: int) -> list[LogLine]:
    """The log's lines after an id, oldest first."""
    return await with_clocks(reading, (await transfers_after(reading, after, most)).rows)


async def lines_before(
    reading: AsyncEngine, before: int | None, most: int, filters: TransferFilters = NO_FILTERS
) -> Stretch[LogLine]:
    """The log's lines before an id (None: from the newest), newest first."""
    found = await transfers_before(reading, before, most, filters)
    return Stretch(await with_clocks(reading, found.rows), found.next)


async def with_clocks(reading: AsyncEngine, rows: Sequence[TransferRow]) -> list[LogLine]:
    """The same lines, each told whether it is its ticket's newest."""
    ids = {row.ticket_id for row in rows if row.ticket_id is not None}
    query = select(tickets.c.id, tickets.c.hop).where(tickets.c.id.in_(ids), tickets.c.live)
    async with reading.connect() as connection:
        newest = {row[0]: row[1] for row in await connection.execute(query)}
    return [LogLine(row, row.no is not None and newest.get(row.ticket_id or 0) == row.no) for row in rows]


async def board(reading: AsyncEngine, now: int) -> Board:
    """The numbers over the log."""
    live = [state.value for state in State if not state.ended]
    counts = select(tickets.c.state, func.count()).where(tickets.c.state.in_(live)).group_by(tickets.c.state)
    late = select(func.count()).where(
        ((tickets.c.state == State.DISPATCHED.value) & (tickets.c.accept_by < now))
        | ((tickets.c.state == State.ACCEPTED.value) & (tickets.c.resolve_by < now))
    )
    async with reading.connect() as connection:
        rows = (await connection.execute(counts)).all()
        overdue = int((await connection.execute(late)).scalar_one())
    found = {State(state): int(count) for state, count in rows}
    return Board({state: found.get(state, 0) for state in State if not state.ended}, overdue)


async def arrivals_after(
    reading: AsyncEngine, accounts: Collection[str], marks: Marks, most: int
) -> tuple[list[Arrival], Marks]:
    """What phones got and sent after the marks, and the marks to go on from."""
    earlier = mt_changes.alias()
    again = exists().where(
        earlier.c.mt_id == mt_changes.c.mt_id, earlier.c.id < mt_changes.c.id, earlier.c.state.in_(ARRIVED)
    )
    got = (
        select(mt_changes.c.id, mts.c.phone, mts.c.id, mt_changes.c.state, again)
        .join(mts, mts.c.id == mt_changes.c.mt_id)
        .where(mt_changes.c.id > marks.change, mts.c.provider.in_(accounts))
        .order_by(mt_changes.c.id)
        .limit(most)
    )
    sent = (
        select(mos.c.id, mos.c.sender)
        .where(mos.c.id > marks.mo, mos.c.account.in_(accounts))
        .order_by(mos.c.id)
        .limit(most)
    )
    async with reading.connect() as connection:
        changes = (await connection.execute(got)).all()
        messages = (await connection.execute(sent)).all()
    found = [Arrival(sender, None, False) for _, sender in messages]
    found += [Arrival(phone, mt, not shown) for _, phone, mt, state, shown in changes if state in ARRIVED]
    last_mo = messages[-1][0] if messages else marks.mo
    last_change = changes[-1][0] if changes else marks.change
    return found, Marks(marks.hop, last_mo, last_change)


async def phones_in_use(reading: AsyncEngine, accounts: Collection[str]) -> list[PhoneLine]:
    """The phones of the newest messages, the newest first."""
    sent = (
        select(mos.c.sender, mos.c.text, mos.c.received_at, mos.c.id)
        .where(mos.c.account.in_(accounts))
        .order_by(mos.c.id.desc())
        .limit(RECENT)
    )
    got = (
        select(mts.c.phone, mts.c.text, mts.c.created_at, mts.c.id)
        .where(mts.c.provider.in_(accounts), mts.c.state.in_(ARRIVED))
        .order_by(mts.c.id.desc())
        .limit(RECENT)
    )
    async with reading.connect() as connection:
        mine = (await connection.execute(sent)).all()
        theirs = (await connection.execute(got)).all()
    return _phone_lines(mine, theirs)


def _phone_lines(mine: Sequence[Any], theirs: Sequence[Any]) -> list[PhoneLine]:
    got: dict[str, list[int]] = {}
    for phone, _, _, mt_id in theirs:
        got.setdefault(phone, []).append(mt_id)
    newest: dict[str, tuple[int, bool, str]] = {}
    for rows, is_mine in ((theirs, False), (mine, True)):
        for phone, text, at, _ in rows:
            # of an answer and its question, which have one time, the answer is the newer
            if phone not in newest or newest[phone][0] < at:
                newest[phone] = (at, is_mine, text)
    lines = [
        PhoneLine(phone, text, at, is_mine, max(got.get(phone, [0])), tuple(got.get(phone, ())))
        for phone, (at, is_mine, text) in newest.items()
    ]
    return sorted(lines, key=lambda line: (-line.at, line.phone))
