"""What a report costs on a log of 1,000,000 hops: counted first, counted again, for one day; a list; the memory."""

from __future__ import annotations

import asyncio
import resource
import sys
import tempfile
import time
from collections.abc import Awaitable
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.long_log import Growing, length, newest_moment
from smsgate.reports import Reports
from smsgate.sample import sample_chart
from smsgate.service.reports import LONGEST, Level, Number, Period
from smsgate.service.reports.periods import day_at
from smsgate.store.engine import database_url, reading_engine
from smsgate.store.store import Store

HOPS = 1_000_000
Rows = list[tuple[str, str]]


def run() -> Rows:
    """The rows of the table."""
    with tempfile.TemporaryDirectory() as folder:
        url = database_url(f"sqlite:///{Path(folder) / 'long.db'}")
        store = Store.open(url)
        growing = Growing.begun(store)
        store.close()
        growing.to(HOPS)
        newest = newest_moment(growing.path)
        return asyncio.run(_measured(growing.path, newest))


async def _measured(path: Path, newest: int) -> Rows:
    reading, zone = reading_engine(database_url(f"sqlite:///{path}")), sample_chart().time_zone
    reports = Reports(reading, lambda: newest + 1)
    last = day_at(newest, zone)
    whole, day = Period(last - timedelta(days=LONGEST - 1), last, zone), Period(last, last, zone)
    number = Number("accepted", Level.GROUP, None, None)
    rows = [
        ("report of the last day, counted", await _took(reports.table(day, Level.GROUP))),
        (f"report of {length(path):,} hops, counted", await _took(reports.table(whole, Level.GROUP))),
        ("the same again", await _took(reports.table(whole, Level.GROUP))),
        ("the same by person", await _took(reports.table(whole, Level.PERSON))),
        ("200 lines of a list of it", await _took(reports.listed(whole, number._replace(level=None), 0, 200))),
        ("memory of the process at most", f"{_peak():,.0f} MB"),
    ]
    await reading.dispose()
    return rows


async def _took(work: Awaitable[Any]) -> str:
    began = time.perf_counter()
    await work
    return f"{(time.perf_counter() - began) * 1000:,.0f} ms"


def _peak() -> float:
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1024 / (1024 if sys.platform == "darwin" else 1)
