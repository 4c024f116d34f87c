"""Looking for messages, in and out as one list: by number, text, ticket, state, provider, time.

Both tables are read backwards by id, each by an index where there is one, else a stretch at a time for a bounded time;
the two are merged by their times. A cursor holds where each is to be read on, so that every message comes once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Table, TextClause, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from smsgate.domain.messages import MoState
from smsgate.store.queries.stretches import Search, Stretch, look_back
from smsgate.store.queries.words import holds, says
from smsgate.store.tables import mos, mts, tickets

MOST = 200
"""Messages of one page at most."""
SECONDS = 0.3
"""How long one request looks through each table where nothing but looking finds it."""
UNSTEADY = 3_600_000
"""Milliseconds by which the clock may have gone back between two messages."""

Way = Literal["mo", "mt"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where to read on: ids below which each table has not been read. None: to its end, 0. Written `12-40`."""

    mo: int | None = None
    mt: int | None = None

    def __str__(self) -> str:
        return f"{'' if self.mo is None else self.mo}-{'' if self.mt is None else self.mt}"

    @classmethod
    def read(cls, written: str) -> Place | None:
        """The same back; None for what is none."""
        found = re.fullmatch(r"([0-9]{0,18})-([0-9]{0,18})", written, re.ASCII)
        return None if found is None else cls(*(int(part) if part else None for part in found.groups()))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which messages; None: all."""

    way: Way | None = None
    phones: tuple[str, ...] | None = None
    """Any of these, whole."""
    digits: str | None = None
    """A part of the number."""
    words: str | None = None
    """A part of the text, whatever the case."""
    ticket_id: int | None = None
    state: str | None = None
    provider: str | None = None
    since: int | None = None
    until: int | None = None
    """Before that moment."""


@dataclass(frozen=True, slots=True)
class Line:
    """A message of either way."""

    way: Way
    id: int
    at: int
    phone: str
    provider: str
    text: str
    state: str
    ticket_id: int | None
    kind: str | None
    """Of an MT."""
    outcome: str | None
    """Of an MO: the code of the refusal or diagnosis."""
    code: str | None = None
    """Of its ticket."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A page."""

    rows: list[Line]
    next: Place | None
    """None: that was all."""
    looked_to: int | None
    """Where the time was up before the page was full: how far was looked, in milliseconds since the epoch."""


@dataclass(frozen=True, slots=True)
class _Side:
    """What is different between the two tables."""

    way: Way
    table: Table
    phone: ColumnElement[str]
    at: ColumnElement[int]
    provider: ColumnElement[str]
    columns: tuple[ColumnElement[Any], ...]
    states_indexed: bool


def _probe(table: str, column: str) -> TextClause:
    """The first id at a moment: what is left is halved some twenty times, within the database."""
    return text(
        f"""
        WITH RECURSIVE probe(low, high) AS (
            SELECT CAST(1 AS BIGINT), CAST((SELECT coalesce(max(id), 0) + 1 FROM {table}) AS BIGINT)
            UNION ALL
            SELECT CASE WHEN middle.{column} < :moment THEN middle.id + 1 ELSE low END,
                   CASE WHEN middle.{column} < :moment THEN high ELSE (low + high) / 2 END
            FROM probe JOIN {table} AS middle
                ON middle.id = (SELECT min(id) FROM {table} WHERE id >= (probe.low + probe.high) / 2)
            WHERE low < high
        )
        SELECT max(low) FROM probe
        """  # noqa: S608 - both are names of our own
    )


_ID_AT = {"mo": _probe("mos", "received_at"), "mt": _probe("mts", "created_at")}
_SIDES: dict[Way, _Side] = {
    "mo": _Side(
        "mo", mos, mos.c.sender, mos.c.received_at, mos.c.account,
        (mos.c.id, mos.c.received_at, mos.c.sender, mos.c.account, mos.c.text, mos.c.state, mos.c.ticket_id,
         mos.c.outcome), True,
    ),
    "mt": _Side(
        "mt", mts, mts.c.phone, mts.c.created_at, mts.c.provider,
        (mts.c.id, mts.c.created_at, mts.c.phone, mts.c.provider, mts.c.text, mts.c.state, mts.c.ticket_id,
         mts.c.kind), False,
    ),
}  # fmt: skip


async def search_messages(engine: AsyncEngine, wanted: Wanted, place: Place, most: int) -> Lines:
    """The messages that are wanted, newest first."""
    most = min(most, MOST)
    async with engine.connect() as connection:
        came = await _looked(connection, "mo", wanted, place.mo, most)
        went = await _looked(connection, "mt", wanted, place.mt, most)
        rows = _merged(came.rows, went.rows)[:most]
        looked_to = await _looked_to(connection, (("mo", came), ("mt", went)), len(rows) < most)
        shown = await _with_codes(connection, rows)
    left = Place(_left(came, [row for row in rows if row.way == "mo"]), _left(went, [r for r in rows if r.way == "mt"]))
    return Lines(shown, None if left == Place(0, 0) else left, looked_to)


def digits_of(typed: str) -> str | None:
    """The digits of a part of a number as people write it; None where it is none."""
    plain = re.sub(r"[\s().\-+]", "", typed)
    if not plain.isascii() or not plain.isdigit():
        return None
    return plain


async def _looked(
    connection: AsyncConnection, way: Way, wanted: Wanted, before: int | None, most: int
) -> Stretch[Line]:
    if wanted.way not in (None, way) or before == 0 or not _may_be(way, wanted.state):
        return Stretch([], None)
    side = _SIDES[way]
    floor = await _id_at(connection, way, wanted.since, -UNSTEADY) or 1
    ceiling = await _id_at(connection, way, wanted.until, UNSTEADY)
    if ceiling is not None:
        before = ceiling if before is None else min(before, ceiling)
    conditions = list(_conditions(side, wanted))
    # a phone's and a ticket's messages have an index, and so has the state of what came in
    indexed = wanted.phones is not None or wanted.ticket_id is not None
    indexed = indexed or (side.states_indexed and wanted.state is not None and len(conditions) == 1)
    search = Search(
        select(*side.columns).where(*conditions), side.table.c.id, bool(conditions) and not indexed, SECONDS
    )
    found = await look_back(connection, search, before, most, floor)
    return found.read(_reader(way))


def _may_be(way: Way, state: str | None) -> bool:
    """Whether messages of that way have that state at all."""
    if state is None:
        return True
    return (state in set(MoState)) if way == "mo" else state not in set(MoState) or state == MoState.SUPPRESSED


def _conditions(side: _Side, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.phones is not None:
        yield side.phone.in_(wanted.phones)
    if wanted.digits is not None:
        yield holds(wanted.digits, side.phone)
    if wanted.words is not None:
        yield says(wanted.words, side.table.c.text)
    if wanted.ticket_id is not None:
        yield side.table.c.ticket_id == wanted.ticket_id
    if wanted.state is not None:
        yield side.table.c.state == wanted.state
    if wanted.provider is not None:
        yield side.provider == wanted.provider
    if wanted.since is not None:
        yield side.at >= wanted.since
    if wanted.until is not None:
        yield side.at < wanted.until


async def _id_at(connection: AsyncConnection, way: Way, moment: int | None, shift: int) -> int | None:
    if moment is None:
        return None
    return int(await connection.scalar(_ID_AT[way], {"moment": moment + shift}) or 1)


def _reader(way: Way) -> Any:
    def read(row: Row[Any]) -> Line:
        number, at, phone, provider, words, state, ticket_id, last = tuple(row)
        kind, outcome = (last, None) if way == "mt" else (None, last)
        return Line(way, number, at, phone, provider, words, state, ticket_id, kind, outcome)

    return read


def _merged(came: Sequence[Line], went: Sequence[Line]) -> list[Line]:
    """Newest first, each side in its own order: a clock that went back puts no message before its predecessor."""
    merged: list[Line] = []
    left, right = list(came), list(went)
    while left and right:
        merged.append((left if left[0].at >= right[0].at else right).pop(0))
    return merged + left + right


def _left(found: Stretch[Line], shown: list[Line]) -> int | None:
    """Below which id one side is to be read on; 0: nothing is left of it."""
    if len(shown) < len(found.rows):
        return shown[-1].id if shown else found.rows[0].id + 1
    return found.next if found.next is not None else 0


async def _looked_to(
    connection: AsyncConnection, sides: Sequence[tuple[Way, Stretch[Line]]], short: bool
) -> int | None:
    """Where the time was up: the newest moment that has not been looked at."""
    if not short:
        return None
    moments = []
    for way, found in sides:
        if found.next is not None:
            at = _SIDES[way].at
            query = select(at).where(_SIDES[way].table.c.id >= found.next).order_by(_SIDES[way].table.c.id).limit(1)
            moments.append(await connection.scalar(query))
    return max((int(one) for one in moments if one is not None), default=None)


async def _with_codes(connection: AsyncConnection, rows: list[Line]) -> list[Line]:
    ids = {row.ticket_id for row in rows if row.ticket_id is not None}
    if not ids:
        return rows
    query = select(tickets.c.id, tickets.c.code).where(tickets.c.id.in_(ids))
    codes = {number: code for number, code in await connection.execute(query)}  # noqa: C416 - a Row is no pair
    return [replace(row, code=codes.get(row.ticket_id)) if row.ticket_id is not None else row for row in rows]
