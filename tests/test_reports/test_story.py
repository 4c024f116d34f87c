"""The story's report, recomputed by hand: every number stands here as it was counted from the story's own comments."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from typing import TypeVar

import pytest

from routing.model import DISPATCH_DESK, UnitPath
from smsgate.reports import Listed, Reports
from smsgate.service.reports import COLUMNS, By, Level, Number, Period, Table
from smsgate.testing.stage import Stage
from tests.test_reports.story import BOTH, MONDAY, TUESDAY, ZONE

T = TypeVar("T")

CORE = UnitPath("网管维护中心", "核心维护室")
CABLE = UnitPath("网管维护中心", "传输维护室", "光缆维护组")
TRAFFIC, SWITCHING = UnitPath(*CORE[:2], "话务维护组"), UnitPath(*CORE[:2], "交换维护组")
BUSINESS = UnitPath("信息技术中心", "业务维护室")
NONE = None

# in, out, on hand | accepted, late, median, p90 | resolved, the same | held, on hold | back, moves, reminded, up
GROUPS = {
    DISPATCH_DESK: (1, 1, 0, 0, 0, NONE, NONE, 0, 0, NONE, NONE, 10.0, 0.0, 0, NONE, 2, 0),
    BUSINESS: (1, 0, 1, 0, 0, NONE, NONE, 0, 0, NONE, NONE, 150.0, 0.0, 0, NONE, 2, 1),
    CABLE: (2, 2, 0, 2, 0, 8.0, 14.0, 1, 0, 32.0, 32.0, 22.0, 0.0, 1, 1.0, 2, 0),
    SWITCHING: (1, 1, 0, 0, 1, 36.0, 36.0, 1, 0, 150.0, 150.0, 130.0, 120.0, 0, 1.0, 4, 1),
    TRAFFIC: (1, 1, 0, 1, 0, 8.0, 8.0, 0, 0, NONE, NONE, 20.0, 0.0, 0, NONE, 0, 0),
}
ROOMS = {
    DISPATCH_DESK: GROUPS[DISPATCH_DESK],
    BUSINESS: GROUPS[BUSINESS],
    UnitPath(*CABLE[:2]): GROUPS[CABLE],
    # the transfer from group to group left the room nowhere
    CORE: (1, 1, 0, 1, 1, 22.0, 36.0, 1, 0, 150.0, 150.0, 150.0, 120.0, 0, 1.0, 4, 1),
}
CENTRES = {
    DISPATCH_DESK: GROUPS[DISPATCH_DESK],
    UnitPath("信息技术中心"): GROUPS[BUSINESS],
    UnitPath("网管维护中心"): (3, 3, 0, 3, 1, 11.0, 36.0, 2, 0, 91.0, 150.0, 172.0, 120.0, 1, 1.0, 6, 1),
}
PEOPLE = {
    "gaofei": (1, 1, 0, 1, 0, 2.0, 2.0, 1, 0, 32.0, 32.0, 2.0, 0.0, 0, 1.0, 0, 0),
    "liuyang": (1, 1, 0, 0, 1, 36.0, 36.0, 1, 0, 150.0, 150.0, 94.0, 120.0, 0, 1.0, 2, 0),
    "wangmin": (1, 1, 0, 1, 0, 8.0, 8.0, 0, 0, NONE, NONE, 20.0, 0.0, 0, NONE, 0, 0),
    "wujing": (1, 1, 0, 1, 0, 14.0, 14.0, 0, 0, NONE, NONE, 20.0, 0.0, 1, NONE, 2, 0),
}
TOTAL = (3, 2, 1, 3, 1, 11.0, 36.0, 2, 0, 91.0, 150.0, 332.0, 120.0, 1, 1.0, 10, 2)
DAYS = {
    MONDAY: (2, 1, 1, 1, 1, 22.0, 36.0, 1, 0, 150.0, 150.0, 160.0, 120.0, 0, 1.0, 6, 1),
    TUESDAY: (1, 1, 1, 2, 0, 8.0, 14.0, 1, 0, 32.0, 32.0, 172.0, 0.0, 1, 1.0, 4, 1),
}
CABLE_BY_DAY = {
    MONDAY: (1, 0, 1, 0, 0, NONE, NONE, 0, 0, NONE, NONE, 10.0, 0.0, 0, NONE, 2, 0),
    TUESDAY: (1, 2, 0, 2, 0, 8.0, 14.0, 1, 0, 32.0, 32.0, 12.0, 0.0, 1, 1.0, 0, 0),
}


def asked(stage: Stage, work: Callable[[Reports], Awaitable[T]]) -> T:
    """What reports answer, in a loop of their own."""

    async def run() -> T:
        try:
            return await work(Reports(stage.store.reading, stage.clock))
        finally:
            await stage.store.reading.dispose()

    return asyncio.run(run())


def report(stage: Stage, level: Level, by: By = By.WHOLE, within: UnitPath | None = None) -> Table:
    return asked(stage, lambda reports: reports.table(BOTH, level, by, within))


def figures(table: Table) -> dict[object, tuple[float | None, ...]]:
    return {row.place.account or row.place.unit: tuple(row.figures) for row in table.rows}


@pytest.mark.parametrize(
    ("level", "expected"),
    [(Level.GROUP, GROUPS), (Level.ROOM, ROOMS), (Level.CENTER, CENTRES), (Level.PERSON, PEOPLE)],
)
def test_the_story_counted_by_hand(told: Stage, level: Level, expected: dict[object, object]) -> None:
    """Each level over both days, with its total."""
    table = report(told, level)
    assert figures(table) == expected
    assert [tuple(row.figures) for row in table.totals] == [TOTAL]
    assert table.routes == ((DISPATCH_DESK, CABLE, 1), (TRAFFIC, SWITCHING, 1))


def test_an_event_counts_on_the_day_that_it_happened(told: Stage) -> None:
    """The ticket that is open over midnight: told on Monday, accepted on Tuesday, its minutes shared."""
    table = report(told, Level.GROUP, By.DAY)
    assert {row.span.first: tuple(row.figures) for row in table.totals} == DAYS
    cable = {row.span.first: tuple(row.figures) for row in table.rows if row.place.unit == CABLE}
    assert cable == CABLE_BY_DAY
    assert table.trend == table.totals


def test_a_unit_alone(told: Stage) -> None:
    """Its rows, its own total, and the routes that begin or end in it."""
    table = report(told, Level.GROUP, within=CORE)
    assert figures(table) == {unit: GROUPS[unit] for unit in (SWITCHING, TRAFFIC)}
    assert [tuple(row.figures) for row in table.totals] == [ROOMS[CORE]]
    assert table.routes == ((TRAFFIC, SWITCHING, 1),)
    assert set(figures(report(told, Level.PERSON, within=CORE))) == {"liuyang", "wangmin"}


def test_every_number_opens_as_many_lines(told: Stage) -> None:
    """All levels, all columns, both totals: lists read from the database a few tickets at a time."""

    async def all_lists(reports: Reports) -> None:
        for level in Level:
            table = await reports.table(BOTH, level)
            for row in table.rows:
                number = Number("", level, row.place.account, row.place.unit)
                await _agree(reports, number, row.figures._asdict())
            await _agree(reports, Number(""), table.totals[0].figures._asdict())

    asked(told, all_lists)


async def _agree(reports: Reports, number: Number, expected: dict[str, float | None]) -> None:
    counts = set(COLUMNS) - {"held", "paused", "transfers"}
    for column in (name for name in counts if not name.endswith(("median", "p90"))):
        lines = await _whole(reports, number._replace(column=column))
        assert len(lines) == expected[column], (number, column)
    for column in ("held", "paused"):
        lines = await _whole(reports, number._replace(column=column))
        assert sum(value or 0 for value in lines) / 60_000 == expected[column]


async def _whole(reports: Reports, number: Number) -> list[int | None]:
    found: list[int | None] = []
    after: int | None = 0
    while after is not None:
        page: Listed = await reports.listed(BOTH, number, after, 1)
        found += [shown.value for shown, _ in page.lines]
        after = page.next
    return found


def test_a_list_says_what_happened(told: Stage) -> None:
    """Of the late acceptance: the ticket, who, how long it took."""
    number = Number("accepted_late", Level.GROUP, None, SWITCHING)
    ((shown, line),) = asked(told, lambda reports: reports.listed(BOTH, number, 0, 50)).lines
    assert (line.code, line.title, line.actor_name, shown.value) == ("48217", "西区基站退服", "刘洋", 36 * 60_000)


def test_days_that_are_over_are_counted_once(told_once: Stage) -> None:
    """What is kept is what was counted, also when somebody asks for part of it, and the present is counted anew."""

    async def again(reports: Reports) -> None:
        whole = Period(date(2026, 11, 1), TUESDAY, ZONE)
        first = await reports.table(whole, Level.GROUP)
        assert await reports.ready(whole, 0) is None
        assert (await reports.table(whole, Level.GROUP)).rows == first.rows
        assert tuple((await reports.table(Period(MONDAY, MONDAY, ZONE), Level.GROUP)).totals[0].figures) == DAYS[MONDAY]
        told_once.clock.go_on(minutes=10)
        later = await reports.table(whole, Level.GROUP)
        assert later.totals[0].figures.held == first.totals[0].figures.held + 10

    asked(told_once, again)


def test_a_long_count_goes_on_while_nobody_waits(told_once: Stage) -> None:
    """Who is not patient hears how far it is; then it is there."""

    async def counted(reports: Reports) -> None:
        year = Period(date(2026, 1, 1), TUESDAY, ZONE)
        part = await reports.ready(year, 0)
        assert part is not None
        assert 0 <= part < 1
        assert await reports.ready(year, 60) is None
        assert tuple((await reports.table(year, Level.GROUP)).totals[0].figures) == TOTAL

    asked(told_once, counted)


def test_nothing_of_the_future_is_counted(told_once: Stage) -> None:
    """A period that has not begun is empty, one that has begun ends now."""

    async def looked(reports: Reports) -> None:
        december = Period(date(2026, 12, 1), date(2026, 12, 31), ZONE)
        assert (await reports.table(december, Level.GROUP)).rows == ()
        month = Period(date(2026, 11, 1), date(2026, 11, 30), ZONE)
        assert tuple((await reports.table(month, Level.GROUP)).totals[0].figures) == TOTAL

    asked(told_once, looked)
