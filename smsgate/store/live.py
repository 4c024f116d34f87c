"""Who holds what now, and which charts were in force, read without the office: for the org chart's commands."""

from __future__ import annotations

from sqlalchemy import Engine, select

from routing.model import Target
from smsgate.store.chart_rows import unpacked
from smsgate.store.chart_tables import chart_versions
from smsgate.store.rows import read_target
from smsgate.store.tables import charts, tickets


def live_holders(engine: Engine) -> list[tuple[str, Target]]:
    """Code and holder of every ticket that is neither closed nor cancelled."""
    query = select(tickets.c.code, tickets.c.holder).where(tickets.c.live).order_by(tickets.c.code)
    with engine.connect() as connection:
        return [(code, target) for code, held in connection.execute(query) if (target := read_target(held)) is not None]


def charts_in_force(engine: Engine, most: int) -> list[tuple[int, int, str, str, str]]:
    """Id, since when, by whom, note and hash of each coming into force, the newest first."""
    columns = (
        chart_versions.c.id,
        chart_versions.c.since,
        chart_versions.c.who,
        chart_versions.c.note,
        chart_versions.c.hash,
    )
    query = select(*columns).order_by(chart_versions.c.id.desc()).limit(most)
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def newest_chart(engine: Engine) -> str | None:
    """The text of the chart that came into force last; None where none ever did."""
    query = (
        select(charts.c.text, charts.c.packed)
        .join(chart_versions, chart_versions.c.hash == charts.c.hash)
        .order_by(chart_versions.c.id.desc())
        .limit(1)
    )
    with engine.connect() as connection:
        row = connection.execute(query).first()
    return None if row is None else unpacked(row[0], row[1])
