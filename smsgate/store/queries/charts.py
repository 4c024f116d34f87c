"""The charts that were in force: which, since when, by whom, and their texts."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from routing.model import Target
from smsgate.store.chart_rows import unpacked
from smsgate.store.chart_tables import chart_versions
from smsgate.store.rows import read_target
from smsgate.store.tables import charts, tickets

MOST = 200
"""Versions of one page at most."""


@dataclass(frozen=True, slots=True)
class ChartVersion:
    """One coming into force."""

    id: int
    hash: str
    since: int
    who: str
    """`start`, `file:OWNER`, `desk:ACCOUNT`, `api:ACCOUNT`."""
    note: str
    """`return:ID`, `import`, or nothing."""


@dataclass(frozen=True, slots=True)
class Held:
    """An open ticket and who holds it."""

    number: str
    code: str
    title: str
    severity: str
    state: str
    holder: Target


_VERSION = (
    chart_versions.c.id,
    chart_versions.c.hash,
    chart_versions.c.since,
    chart_versions.c.who,
    chart_versions.c.note,
)


async def chart_versions_page(engine: AsyncEngine, before: int | None, most: int) -> tuple[ChartVersion, ...]:
    """The versions with an id under `before` (None: from the newest), newest first."""
    query = select(*_VERSION).order_by(chart_versions.c.id.desc()).limit(min(most, MOST))
    if before is not None:
        query = query.where(chart_versions.c.id < before)
    async with engine.connect() as connection:
        return tuple(ChartVersion(*row) for row in await connection.execute(query))


async def chart_version(engine: AsyncEngine, version_id: int) -> ChartVersion | None:
    """One version."""
    query = select(*_VERSION).where(chart_versions.c.id == version_id)
    async with engine.connect() as connection:
        row = (await connection.execute(query)).first()
    return None if row is None else ChartVersion(*row)


async def chart_text(engine: AsyncEngine, chart_hash: str) -> str | None:
    """The text of a chart that was in force."""
    query = select(charts.c.text, charts.c.packed).where(charts.c.hash == chart_hash)
    async with engine.connect() as connection:
        row = (await connection.execute(query)).first()
    # a large one takes some milliseconds, which nobody else is to wait for
    return None if row is None else await asyncio.to_thread(unpacked, *row)


async def live_held(engine: AsyncEngine) -> tuple[Held, ...]:
    """Every ticket that is neither closed nor cancelled, oldest first."""
    columns = (tickets.c.number, tickets.c.code, tickets.c.title, tickets.c.severity, tickets.c.state)
    query = select(*columns, tickets.c.holder).where(tickets.c.live).order_by(tickets.c.id)
    async with engine.connect() as connection:
        rows = await connection.execute(query)
        return tuple(Held(*row[:5], target) for row in rows if (target := read_target(row[5])) is not None)
