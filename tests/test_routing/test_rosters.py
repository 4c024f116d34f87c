"""Who is on duty: handovers, turns of the week, clocks that are put back."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.model import Roster, Rotation
from routing.roster import next_handover, on_duty

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = date(2026, 11, 2)
DAILY = Roster(Rotation.DAILY, ("a", "b", "c"), MONDAY, time(8, 30))
WEEKLY = Roster(Rotation.WEEKLY, ("a", "b"), MONDAY, time(8, 30))


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2026-11-02T08:29:59", "c"),  # the turn before the first
        ("2026-11-02T08:30", "a"),
        ("2026-11-02T23:59", "a"),
        ("2026-11-03T00:00", "a"),  # midnight turns nothing
        ("2026-11-03T08:29", "a"),
        ("2026-11-03T08:30", "b"),
        ("2026-11-05T08:30", "a"),
    ],
)
def test_a_daily_rota_turns_at_the_handover(at: str, who: str) -> None:
    assert on_duty(DAILY, local(at), SHANGHAI) == (who,)


@pytest.mark.parametrize(
    ("at", "who"),
    [
        ("2026-11-02T08:29", "b"),
        ("2026-11-02T08:30", "a"),
        ("2026-11-09T08:29", "a"),
        ("2026-11-09T08:30", "b"),
        ("2026-11-15T12:00", "b"),
        ("2026-11-16T08:30", "a"),
        ("2027-01-04T08:30", "b"),  # the year's end doesn't matter: nine weeks on
    ],
)
def test_a_weekly_rota_turns_on_the_weekday_it_began(at: str, who: str) -> None:
    assert on_duty(WEEKLY, local(at), SHANGHAI) == (who,)


def test_the_instant_counts_not_how_it_is_written() -> None:
    at = datetime(2026, 11, 2, 0, 30, tzinfo=UTC)
    assert on_duty(DAILY, at, SHANGHAI) == ("a",)
    assert on_duty(DAILY, at - timedelta(seconds=1), SHANGHAI) == ("c",)


def test_a_list_is_everybody_always() -> None:
    roster = Roster(Rotation.LIST, ("a", "b"))
    assert on_duty(roster, local("2020-01-01T00:00"), SHANGHAI) == ("a", "b")
    assert next_handover(roster, local("2020-01-01T00:00"), SHANGHAI) is None
    assert on_duty(None, local("2020-01-01T00:00"), SHANGHAI) == ()


def test_a_clock_put_back_turns_once() -> None:
    roster = Roster(Rotation.DAILY, ("a", "b"), date(2026, 10, 24), time(2, 30))
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # 02:30 summer time
    turns = [on_duty(roster, first + timedelta(minutes=m), BERLIN)[0] for m in range(-90, 150, 10)]
    assert turns == ["a"] * 9 + ["b"] * 15


def test_a_handover_that_the_clock_jumps_over_comes_right_after() -> None:
    roster = Roster(Rotation.DAILY, ("a", "b"), date(2026, 3, 28), time(2, 30))
    jump = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    turns = [on_duty(roster, jump + timedelta(minutes=m), BERLIN)[0] for m in range(-120, 180, 10)]
    assert turns == sorted(turns)
    assert set(turns) == {"a", "b"}


def test_next_handover() -> None:
    assert next_handover(DAILY, local("2026-11-02T08:30"), SHANGHAI) == local("2026-11-03T08:30")
    assert next_handover(DAILY, local("2026-11-03T08:29"), SHANGHAI) == local("2026-11-03T08:30")
    assert next_handover(WEEKLY, local("2026-11-04T12:00"), SHANGHAI) == local("2026-11-09T08:30")


@given(
    rotation=st.sampled_from([Rotation.DAILY, Rotation.WEEKLY]),
    people=st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5, unique=True),
    start=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    handover=st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    at=st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)),
    zone=st.sampled_from([SHANGHAI, BERLIN, ZoneInfo("America/St_Johns"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_duty_changes_at_the_next_handover_and_not_before(
    rotation: Rotation, people: list[str], start: date, handover: time, at: datetime, zone: ZoneInfo
) -> None:
    roster = Roster(rotation, tuple(people), start, handover)
    moment = at.replace(tzinfo=UTC)
    turn = next_handover(roster, moment, zone)
    assert turn is not None
    assert timedelta(0) < turn - moment <= timedelta(days=8)
    (now,) = on_duty(roster, moment, zone)
    assert on_duty(roster, turn - timedelta(seconds=1), zone) == (now,)
    assert on_duty(roster, turn, zone) == (people[(people.index(now) + 1) % len(people)],)
