"""What is rare is looked for a stretch at a time, and whoever reads on misses nothing and sees nothing twice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from smsgate.sample import sample_chart
from smsgate.store.engine import reading_engine
from smsgate.store.queries import (
    TicketFilters,
    TransferFilters,
    TransferRow,
    stretches,
    tickets_page,
    transfers_after,
    transfers_before,
)
from smsgate.testing.stage import Stage

T = TypeVar("T")
LINES = 40
RARE = TransferFilters(q="光缆")


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    """A log of forty lines, of which every seventh is looked for; no time for more than one short stretch."""
    monkeypatch.setattr(stretches, "SECONDS", 0)
    monkeypatch.setattr(stretches, "FIRST", 5)
    made = Stage.in_folder(tmp_path, sample_chart())
    for number in range(1, LINES + 1):
        made.clock.go_on(minutes=10)
        made.open("光缆中断" if number % 7 == 0 else "基站退服")
    made.close()
    return made


def ask(stage: Stage, question: Callable[[AsyncEngine], Awaitable[T]]) -> T:
    async def asking() -> T:
        engine = reading_engine(stage.store.url)
        try:
            return await question(engine)
        finally:
            await engine.dispose()

    return asyncio.run(asking())


def ids(rows: list[TransferRow]) -> list[int]:
    return [row.id for row in rows]


@pytest.mark.parametrize("most", [1, 2, 100])
def test_reading_back_finds_all_once(stage: Stage, most: int) -> None:
    """Pages may be empty, but each says where to go on, until the last."""
    found: list[int] = []
    before, pages = None, 0
    while pages == 0 or before is not None:
        page = ask(stage, lambda engine, before=before: transfers_before(engine, before, most, RARE))  # type: ignore[misc]
        assert before is None or page.next is None or page.next < before
        found += ids(page.rows)
        before, pages = page.next, pages + 1
    assert found == [35, 28, 21, 14, 7]
    assert pages >= LINES // 5


@pytest.mark.parametrize("most", [1, 2, 100])
def test_following_finds_all_once_and_then_waits_at_the_end(stage: Stage, most: int) -> None:
    """Who follows what is rare doesn't look through the same lines again."""
    found: list[int] = []
    after, last = 0, -1
    while after != last:
        page = ask(stage, lambda engine, after=after: transfers_after(engine, after, most, RARE))  # type: ignore[misc]
        found += ids(page.rows)
        assert page.next is not None
        after, last = page.next, after
    assert (found, after) == ([7, 14, 21, 28, 35], LINES)


def test_what_is_not_rare_comes_in_one_page(stage: Stage) -> None:
    """The order itself finds it, or an index."""
    page = ask(stage, lambda engine: transfers_before(engine, None, LINES))
    assert (len(page.rows), page.next) == (LINES, None)
    page = ask(stage, lambda engine: transfers_before(engine, None, LINES - 1))
    assert (len(page.rows), page.next) == (LINES - 1, 2)
    live = ask(stage, lambda engine: tickets_page(engine, None, LINES, TicketFilters(live=True, q="光缆")))
    assert ([ticket.id for ticket in live.rows], live.next) == ([35, 28, 21, 14, 7], None)
    ended = ask(stage, lambda engine: tickets_page(engine, None, LINES, TicketFilters(state="closed")))
    assert (ended.rows, ended.next) == ([], LINES - 4)


def test_nothing_is_looked_at_before_or_after_the_wanted_time(stage: Stage) -> None:
    """A narrow time is a narrow part of the log, an hour added for clocks that go back."""
    end = stage.clock()
    hour = 3_600_000
    filters = TransferFilters(q="光缆", since=end - 1, until=end)
    page = ask(stage, lambda engine: transfers_before(engine, None, 100, filters))
    assert (page.rows, page.next) == ([], 36)
    page = ask(stage, lambda engine: transfers_before(engine, 36, 100, filters))
    assert (page.rows, page.next) == ([], None)
    early = TransferFilters(q="光缆", until=end - 6 * hour)
    page = ask(stage, lambda engine: transfers_after(engine, 9, 100, early))
    assert (page.rows, page.next) == ([], LINES)


@pytest.mark.parametrize(("where", "index"), [
    ("refused IS NOT NULL", "ix_hops_refused"), ("severity = 'critical'", "ix_hops_critical"),
])  # fmt: skip
def test_rare_lines_have_an_index(stage: Stage, where: str, index: str) -> None:
    """SQLite takes it for a stretch."""
    plan = text(f"EXPLAIN QUERY PLAN SELECT * FROM hops WHERE {where} AND id >= 5 AND id < 900 ORDER BY id DESC")

    async def planned(engine: AsyncEngine) -> str:
        async with engine.connect() as connection:
            return " ".join(str(row[3]) for row in await connection.execute(plan))

    assert f"USING INDEX {index} (id>? AND id<?)" in ask(stage, planned)
