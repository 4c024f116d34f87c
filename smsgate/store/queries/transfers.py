"""The transfer log, read by id: forwards to follow it, backwards to page through it.

The writer gives ids in the order of commits on both databases, so whoever follows by id misses no line.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, func, literal, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from routing.model import Actor, Target, UnitPath
from smsgate.store.queries.stretches import Search, Stretch, look_back, look_on
from smsgate.store.queries.words import holds, says, within
from smsgate.store.rows import read_actor, read_target, write_actor
from smsgate.store.tables import hops, tickets

MOST = 1000
"""Lines of one page at most."""

UNSTEADY = 3_600_000
"""Milliseconds by which the clock may have gone back between two lines."""


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One line of the transfer log. Times are milliseconds since the epoch."""

    id: int
    ticket_id: int | None
    number: str | None
    """Of the ticket."""
    no: int | None
    """Of the hop on its ticket, from 1; None for what was refused, and for what the clock did."""
    kind: str
    at: int
    refused: str | None
    """The code of the refusal or diagnosis; None for what was done."""
    severity: str | None
    code: str | None
    title: str | None
    state: str | None
    from_holder: Target | None
    to_holder: Target | None
    target: Target | None
    target_typed: str | None
    actor: Actor | None
    actor_name: str | None
    """As the chart of the moment had it."""
    phone: str | None
    channel: str
    opinion: str
    raw: str
    mo_id: int | None
    accept_by: int | None
    resolve_by: int | None
    told: int
    """Handsets that were told; 0 where a target is named: nobody was reachable."""
    chart: str
    desk: str | None = None
    """Who at the desk did it, where somebody signed in did."""


@dataclass(frozen=True, slots=True)
class TransferFilters:
    """Which lines; None: all."""

    ticket_id: int | None = None
    account: str | None = None
    """Acted, or is named as old holder, new holder or target."""
    unit: UnitPath | None = None
    """Acted through its duty phone, or it (or what lies in it) is holder or target."""
    severity: str | None = None
    state: str | None = None
    """Of the ticket, as the line left it."""
    kind: str | None = None
    refused: bool | None = None
    q: str | None = None
    """A part of opinion, text, title, code or the actor's name."""
    since: int | None = None
    until: int | None = None
    """Before that moment."""


NO_FILTERS = TransferFilters()

_COLUMNS = (
    hops.c.id, hops.c.ticket_id, tickets.c.number, hops.c.no, hops.c.kind, hops.c.at, hops.c.refused, hops.c.severity,
    hops.c.code, hops.c.title, hops.c.state, hops.c.from_holder, hops.c.to_holder, hops.c.target, hops.c.target_typed,
    hops.c.actor, hops.c.actor_name, hops.c.phone, hops.c.channel, hops.c.opinion, hops.c.raw, hops.c.mo_id,
    hops.c.accept_by, hops.c.resolve_by, hops.c.told, hops.c.chart, hops.c.desk,
)  # fmt: skip
_TARGETS = (hops.c.from_holder, hops.c.to_holder, hops.c.target)
# halves what is left some twenty times, within the database
_ID_AT = text(
    """
    WITH RECURSIVE probe(low, high) AS (
        SELECT CAST(1 AS BIGINT), CAST((SELECT coalesce(max(id), 0) + 1 FROM hops) AS BIGINT)
        UNION ALL
        SELECT CASE WHEN middle.at < :moment THEN middle.id + 1 ELSE low END,
               CASE WHEN middle.at < :moment THEN high ELSE (low + high) / 2 END
        FROM probe JOIN hops AS middle
            ON middle.id = (SELECT min(id) FROM hops WHERE id >= (probe.low + probe.high) / 2)
        WHERE low < high
    )
    SELECT max(low) FROM probe
    """
)


async def transfers_after(
    engine: AsyncEngine, after: int, most: int, filters: TransferFilters = NO_FILTERS
) -> Stretch[TransferRow]:
    """The lines that follow `after`, oldest first."""
    async with engine.connect() as connection:
        floor, ceiling = await _bounds(connection, filters)
        after = max(after, floor - 1)
        found = await look_on(connection, _search(filters), after, min(most, MOST), ceiling)
    return found.read(read_transfer)


async def transfers_before(
    engine: AsyncEngine, before: int | None, most: int, filters: TransferFilters = NO_FILTERS
) -> Stretch[TransferRow]:
    """The lines before `before` (None: from the end), newest first."""
    async with engine.connect() as connection:
        floor, ceiling = await _bounds(connection, filters)
        if ceiling is not None:
            before = ceiling if before is None else min(before, ceiling)
        found = await look_back(connection, _search(filters), before, min(most, MOST), floor)
    return found.read(read_transfer)


async def newest_transfer(engine: AsyncEngine) -> int:
    """The id of the newest line; 0 while there is none."""
    async with engine.connect() as connection:
        return int(await connection.scalar(select(func.coalesce(func.max(hops.c.id), 0))) or 0)


def transfers() -> Select[tuple[object, ...]]:
    """All lines, with the columns that `read_transfer` reads."""
    return select(*_COLUMNS).select_from(hops.outerjoin(tickets, tickets.c.id == hops.c.ticket_id))


def read_transfer(row: Row[tuple[object, ...]]) -> TransferRow:
    """A line from its columns."""
    plain = row._asdict()
    for name in ("from_holder", "to_holder", "target"):
        plain[name] = read_target(plain[name])
    plain["actor"] = read_actor(plain["actor"])
    return TransferRow(**plain)


def _search(filters: TransferFilters) -> Search:
    # a ticket's lines are few, and found by their index
    rare = filters.ticket_id is None and filters != NO_FILTERS
    return Search(transfers().where(*_conditions(filters)), hops.c.id, rare)


async def _bounds(connection: AsyncConnection, filters: TransferFilters) -> tuple[int, int | None]:
    """The ids between which lines of the wanted time lie: from the first, and before the second."""
    floor = await _id_at(connection, filters.since - UNSTEADY) if filters.since is not None else 1
    ceiling = await _id_at(connection, filters.until + UNSTEADY) if filters.until is not None else None
    return floor, ceiling


async def _id_at(connection: AsyncConnection, moment: int) -> int:
    """The first line at that moment or later, else the id after the last: the log is in the order of time."""
    return int(await connection.scalar(_ID_AT, {"moment": moment}) or 1)


def _conditions(filters: TransferFilters) -> Iterator[ColumnElement[bool]]:
    plain = ((hops.c.ticket_id, filters.ticket_id), (hops.c.state, filters.state), (hops.c.kind, filters.kind))
    for column, wanted in plain:
        if wanted is not None:
            yield column == wanted
    if filters.severity is not None:
        # spelled out, or SQLite would not see that the index of critical ones fits
        yield hops.c.severity == literal(filters.severity, literal_execute=True)
    if filters.refused is not None:
        yield hops.c.refused.is_not(None) if filters.refused else hops.c.refused.is_(None)
    if filters.since is not None:
        yield hops.c.at >= filters.since
    if filters.until is not None:
        yield hops.c.at < filters.until
    if filters.account is not None:
        yield _of_account(filters.account)
    if filters.unit is not None:
        yield _of_unit(filters.unit)
    if filters.q:
        yield says(filters.q, hops.c.opinion, hops.c.raw, hops.c.title, hops.c.code, hops.c.actor_name)


def _of_account(account: str) -> ColumnElement[bool]:
    return or_(hops.c.actor == write_actor(Actor(account=account)), holds(json.dumps(account), *_TARGETS))


def _of_unit(unit: UnitPath) -> ColumnElement[bool]:
    return or_(hops.c.actor == write_actor(Actor(unit=unit)), within(unit, *_TARGETS))
