"""Who holds what now, read without the office: for checks of the org chart."""

from __future__ import annotations

from sqlalchemy import Engine, select

from routing.model import Target
from smsgate.store.rows import read_target
from smsgate.store.tables import tickets


def live_holders(engine: Engine) -> list[tuple[str, Target]]:
    """Code and holder of every ticket that is neither closed nor cancelled."""
    query = select(tickets.c.code, tickets.c.holder).where(tickets.c.live).order_by(tickets.c.code)
    with engine.connect() as connection:
        return [(code, target) for code, held in connection.execute(query) if (target := read_target(held)) is not None]
