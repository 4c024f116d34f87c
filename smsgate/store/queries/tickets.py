"""Tickets: by number or code, and in pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, exists, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from routing.chart import Chart
from routing.model import UnitPath
from smsgate.domain.codes import is_number
from smsgate.domain.states import State
from smsgate.domain.ticket import Ticket
from smsgate.store.queries.stretches import Search, Stretch, look_back
from smsgate.store.queries.words import says, within
from smsgate.store.rows import TICKET_COLUMNS, read_ticket, unit_key
from smsgate.store.tables import parties, tickets

MOST = 500
"""Tickets of one page at most."""


@dataclass(frozen=True, slots=True)
class TicketFilters:
    """Which tickets; None: all."""

    state: str | None = None
    live: bool | None = None
    """Neither closed nor cancelled."""
    severity: str | None = None
    holder: tuple[str, ...] | None = None
    """Held under any of these keys (`holder_keys`)."""
    unit: UnitPath | None = None
    """Held by it, by what lies in it, or by people there."""
    q: str | None = None
    """A part of number, code, title or another fact."""


NO_FILTERS = TicketFilters()

_LIVE = frozenset(state.value for state in State if not state.ended)


def holder_keys(chart: Chart, account: str) -> tuple[str, ...]:
    """The keys under which a person holds tickets: alone, as a member, as a leader, as a dispatcher."""
    units = [unit for group in chart.units_of(account) for unit in group.upwards() if unit.room is not None]
    units += [unit for unit in chart.leads(account) if unit.room is not None]
    desk = ("!",) if chart.is_dispatcher(account) else ()
    return (f"@{account}", *dict.fromkeys(map(unit_key, units)), *desk)


async def ticket_by_ref(engine: AsyncEngine, ref: str) -> Ticket | None:
    """The ticket of that number or code; of several that had the code the live one, else the newest."""
    if not (ref.isascii() and ref.isdigit()):
        return None
    query = select(*TICKET_COLUMNS).where(tickets.c.number == ref if is_number(ref) else tickets.c.code == ref)
    async with engine.connect() as connection:
        found = await connection.execute(query.order_by(tickets.c.live.desc(), tickets.c.id.desc()).limit(1))
        row = found.first()
    return None if row is None else read_ticket(row)


async def tickets_page(
    engine: AsyncEngine, before: int | None, most: int, filters: TicketFilters = NO_FILTERS
) -> Stretch[Ticket]:
    """The tickets with an id under `before` (None: from the newest), newest first."""
    # live ones are never many, and have an index
    rare = filters != NO_FILTERS and not filters.live and filters.state not in _LIVE
    search = Search(select(*TICKET_COLUMNS).where(*conditions(filters)), tickets.c.id, rare)
    async with engine.connect() as connection:
        found = await look_back(connection, search, before, min(most, MOST))
    return found.read(read_ticket)


def conditions(filters: TicketFilters) -> Iterator[ColumnElement[bool]]:
    """The filters in SQL."""
    if filters.state is not None:
        # of what is not live there is much: it is read in the order of ids, for which the index must not be taken
        state = tickets.c.state if filters.state in _LIVE else tickets.c.state.concat("")
        yield state == filters.state
    if filters.severity is not None:
        yield tickets.c.severity == filters.severity
    if filters.live:
        # in the index's own word: with a bound parameter SQLite would not take it
        yield tickets.c.id.in_(select(tickets.c.id).where(text("live")).correlate(None))
    elif filters.live is not None:
        yield tickets.c.live.is_(False)
    if filters.holder is not None:
        yield _held_under(filters.holder, live=filters.live)
    if filters.unit is not None:
        yield within(filters.unit, tickets.c.holder)
    if filters.q:
        yield says(filters.q, tickets.c.number, tickets.c.code, tickets.c.title, tickets.c.facts)


def _held_under(keys: tuple[str, ...], *, live: bool | None) -> ColumnElement[bool]:
    held: Select[tuple[int]] = select(parties.c.ticket_id).where(parties.c.key.in_(keys), parties.c.role == "holder")
    if live:
        return tickets.c.id.in_(held.where(parties.c.live))
    return exists(held.where(parties.c.ticket_id == tickets.c.id))
