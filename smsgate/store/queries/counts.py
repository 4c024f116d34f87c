"""Numbers for the metrics page: counted over indices alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from smsgate.domain.messages import MtState
from smsgate.store.tables import mos, mts, tickets

# each in the words of an index that holds nothing else, or only what has had a lease or a failed try
_UNSETTLED = {
    MtState.QUEUED: "state = 'queued'",
    MtState.SENDING: "state = 'sending' AND leased_until IS NOT NULL",
    MtState.UNKNOWN: "state = 'unknown' AND held_until IS NOT NULL",
}


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
            await _unsettled(connection),
            await _by_state(connection, tickets.c.state),
        )


async def _by_state(connection: AsyncConnection, state: ColumnElement[str]) -> dict[str, int]:
    rows = await connection.execute(select(state, func.count()).group_by(state))
    return {name: number for name, number in rows.all()}  # noqa: C416 - a Row is no pair to the type checker


async def _unsettled(connection: AsyncConnection) -> dict[str, int]:
    found = {}
    for state, wanted in _UNSETTLED.items():
        query = select(func.count()).select_from(mts).where(text(wanted))
        found[state.value] = int(await connection.scalar(query) or 0)
    return {state: number for state, number in found.items() if number}
