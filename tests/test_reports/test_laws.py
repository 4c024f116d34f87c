"""Laws of a report over random logs: it equals the slow way, its parts fit, its lists are as long as they say."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.model import UnitPath
from smsgate.service.reports import (
    COLUMNS,
    By,
    Days,
    Level,
    Line,
    Number,
    Period,
    Row,
    Shown,
    Table,
    events_of,
    shown_by,
    table_of,
)
from tests.test_reports import naive
from tests.test_reports.logs import MINUTE, START, ZONE, logs

PERIODS = st.builds(
    lambda first, length: Period(first, first + timedelta(days=length), ZONE),
    st.dates(date(2026, 11, 1), date(2026, 11, 7)),
    st.integers(0, 8),
)
LATER = st.integers(0, 20_000).map(lambda minutes: START + minutes * MINUTE)
ADDED = ("accepted", "accepted_late", "resolved", "resolved_late", "on_hand", "returned", "reminded", "overdue")


def report(log: list[list[Line]], period: Period, now: int, level: Level, by: By = By.WHOLE, within=None) -> Table:  # type: ignore[no-untyped-def]
    """The streaming way."""
    days = Days(period, now)
    for lines in log:
        for event in events_of(lines, days.end):
            days.add(event)
    return table_of(list(zip(days.dates, days.days, strict=True)), period, level, by, within)


def key_of(row: Row) -> object:
    """The place of a row."""
    return row.place.account or row.place.unit


def end_of(period: Period, now: int) -> int:
    return min(period.end, now)


@given(logs(), PERIODS, LATER, st.sampled_from(Level), st.sampled_from(By))
def test_a_report_equals_the_slow_way(log: list[list[Line]], period: Period, now: int, level: Level, by: By) -> None:
    """Every number of every row, over the whole period and by day, week and month."""
    table = report(log, period, now, level, by)
    for row in table.rows:
        start, end = row.span.start, end_of(row.span, now)
        assert row.figures == naive.row(log, level, key_of(row), start, end), row
    for total in (*table.totals, *table.trend):
        assert total.figures == naive.row(log, None, None, total.span.start, end_of(total.span, now))


@given(logs(), PERIODS, LATER, st.sampled_from(Level))
def test_nobody_is_left_out(log: list[list[Line]], period: Period, now: int, level: Level) -> None:
    """Whoever had or did anything has a row."""
    shown = {key_of(row) for row in report(log, period, now, level).rows}
    stays = [s for lines in log for m in naive.moments(lines) for s in (m.before, m.after) if s is not None]
    for unit, names in stays:
        keys = names if level is Level.PERSON else (unit,) if level is Level.GROUP else ()
        for key in keys:
            figures = naive.row(log, level, key, period.start, end_of(period, now))
            if period.start < now and any(figures[:5]):
                assert key in shown


@given(logs(), PERIODS, LATER)
def test_parts_add_up(log: list[list[Line]], period: Period, now: int) -> None:
    """Groups to their room, rooms to their centre, centres to the total: all but in and out, which only balance."""
    tables = {level: report(log, period, now, level) for level in Level}
    for column in ADDED:
        sums = {level: sum(getattr(row.figures, column) for row in tables[level].rows) for level in Level}
        total = sum(getattr(row.figures, column) for row in tables[Level.GROUP].totals)
        assert sums[Level.GROUP] == sums[Level.ROOM] == sums[Level.CENTER] == total
    for room in tables[Level.ROOM].rows:
        unit = room.place.unit
        assert unit is not None
        inside = report(log, period, now, Level.GROUP, within=unit)
        for column in ADDED:
            assert sum(getattr(row.figures, column) for row in inside.rows) == getattr(room.figures, column)
        assert inside.totals[0].figures == room.figures or unit.room is None


@given(logs(), PERIODS, LATER, st.sampled_from(Level))
def test_what_came_and_did_not_go_is_on_hand(log: list[list[Line]], period: Period, now: int, level: Level) -> None:
    """On hand before, plus in, less out, is on hand after."""
    before = Period(period.first - timedelta(days=9), period.first - timedelta(days=1), ZONE)
    if period.start >= now:
        return
    had = {key_of(row): row.figures.on_hand for row in report(log, before, now, level).rows}
    table = report(log, period, now, level)
    for row in table.rows:
        assert had.get(key_of(row), 0) + row.figures.came - row.figures.went == row.figures.on_hand
    total = table.totals[0].figures
    assert sum(
        row.figures.on_hand for row in report(log, before, now, Level.CENTER).rows
    ) + total.came - total.went == (total.on_hand)


@given(logs(), PERIODS, LATER, st.sampled_from(Level), st.sampled_from(By))
def test_each_list_is_as_long_as_its_number(
    log: list[list[Line]], period: Period, now: int, level: Level, by: By
) -> None:
    """Counts count their lines; minutes are the sum of theirs; medians come from theirs."""
    table = report(log, period, now, level, by)
    for row in table.rows:
        number = Number("", level, row.place.account, row.place.unit)
        _hold(log, row, number, now)
    for row in table.totals:
        _hold(log, row, Number(""), now)
    for start, end, count in table.routes:
        number = Number("route", None, None, start, end)
        assert len(listed(log, number, period, now)) == count


def _hold(log: list[list[Line]], row: Row, number: Number, now: int) -> None:
    for column in COLUMNS:
        found, value = listed(log, number._replace(column=column), row.span, now), getattr(row.figures, column)
        if column in ("held", "paused"):
            assert round(sum(shown.value or 0 for shown in found) / MINUTE, 1) == value, column
        elif column.endswith("median"):
            assert naive.spread([shown.value or 0 for shown in found])[0] == value
        elif column.endswith("p90"):
            assert naive.spread([shown.value or 0 for shown in found])[1] == value
        elif column == "transfers":
            moved = sum(shown.transfers or 0 for shown in found)
            assert (round(moved / len(found), 2) if found else None) == value
        else:
            assert len(found) == value, column


def listed(log: list[list[Line]], number: Number, period: Period, now: int) -> list[Shown]:
    end = end_of(period, now)
    return [shown for lines in log for shown in shown_by(number, events_of(lines, end), period.start, end)]


@pytest.mark.parametrize(("by", "starts"), [(By.WEEK, ["10-30", "11-02", "11-09"]), (By.MONTH, ["10-30", "11-01"])])
def test_weeks_begin_on_monday_and_are_cut_at_the_border(by: By, starts: list[str]) -> None:
    """From a Friday to a Tuesday: parts of weeks, and of months."""
    period = Period(date(2026, 10, 30), date(2026, 11, 10), ZONE)
    table = report([], period, period.end, Level.GROUP, by)
    assert [f"{row.span.first:%m-%d}" for row in table.totals] == starts
    assert table.totals[-1].span.last == date(2026, 11, 10)


def test_a_unit_that_is_nowhere_has_an_empty_report() -> None:
    period = Period(date(2026, 11, 2), date(2026, 11, 2), ZONE)
    table = report([], period, period.end, Level.ROOM, within=UnitPath("无", "无"))
    assert (table.rows, table.totals[0].figures.came) == ((), 0)
