"""Numbers for the metrics page: counted over indices alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, TextClause, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from smsgate.store.tables import mos, mts, tickets

# in the index's own words: with bound parameters SQLite would not take it
UNSETTLED = "state IN ('queued', 'sending', 'unknown')"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many there are now, by state."""

    mos: dict[str, int]
    mts_unsettled: dict[str, int]
    """queued, sending, unknown: what has left these states is counted by the lanes."""
    tickets: dict[str, int]


async def counts(engine: AsyncEngine) -> Counts:
    """Count."""
    async with engine.connect() as connection:
        return Counts(
            await _by_state(connection, mos.c.state),
            await _by_state(connection, mts.c.state, text(UNSETTLED)),
            await _by_state(connection, tickets.c.state),
        )


async def _by_state(
    connection: AsyncConnection, state: ColumnElement[str], *wanted: ColumnElement[bool] | TextClause
) -> dict[str, int]:
    rows = await connection.execute(select(state, func.count()).where(*wanted).group_by(state))
    return {name: number for name, number in rows.all()}  # noqa: C416 - a Row is no pair to the type checker
