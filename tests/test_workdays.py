"""Which days are workdays, by a country's calendar and by what an office says itself."""

import subprocess
import sys
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from smsgate.workdays import knows, workdays

FIVE_DAYS = range(1, 6)
CHINESE = workdays("CN", FIVE_DAYS, (), ())


def days(*written: str) -> set[date]:
    """`2026-10-01`, or `2026-10-01..2026-10-07` for all from one to the other."""
    found = set()
    for part in written:
        first, _, last = part.partition("..")
        begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
        found |= {begin + timedelta(days=passed) for passed in range((end - begin).days + 1)}
    return found


def worked(is_workday: Callable[[date], bool], among: Iterable[date]) -> set[date]:
    """Those that are workdays."""
    return {day for day in among if is_workday(day)}


def test_a_chinese_year() -> None:
    """2026, as the State Council's General Office announced it: every day, against weekends and what was shifted."""
    year = days("2026-01-01..2026-12-31")
    off = days(
        "2026-01-01..2026-01-03",  # New Year
        "2026-02-15..2026-02-23",  # Spring Festival
        "2026-04-04..2026-04-06",  # Tomb-Sweeping Day
        "2026-05-01..2026-05-05",  # Labour Day
        "2026-06-19..2026-06-21",  # Dragon Boat Festival
        "2026-09-25..2026-09-27",  # Mid-Autumn Festival
        "2026-10-01..2026-10-07",  # National Day
    )
    made_up = days("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
    assert worked(CHINESE, year) == ({day for day in year if day.isoweekday() <= 5} - off) | made_up


def test_made_up_for_in_the_year_before() -> None:
    """Saturday 31 December 2011 was worked for a Tuesday in 2012."""
    assert worked(CHINESE, days("2011-12-30..2012-01-04")) == days("2011-12-30", "2011-12-31", "2012-01-04")


def test_what_the_office_says_wins() -> None:
    said = workdays("CN", FIVE_DAYS, days("2026-10-03", "2026-11-28"), days("2026-10-10", "2026-11-23"))
    both = days("2026-10-01..2026-10-12", "2026-11-23..2026-11-29")
    assert worked(said, both) - worked(CHINESE, both) == days("2026-10-03", "2026-11-28")
    assert worked(CHINESE, both) - worked(said, both) == days("2026-10-10", "2026-11-23")


def test_a_year_that_is_not_announced_yet_has_its_holidays() -> None:
    """What is shifted can't be known; the day itself can."""
    assert worked(CHINESE, days("2049-10-01", "2049-11-15")) == days("2049-11-15")


@pytest.mark.parametrize("monday", ["1900-01-01", "2150-06-01", "9998-11-23"])
def test_a_year_that_the_library_knows_nothing_of_has_weeks(monday: str) -> None:
    week = [date.fromisoformat(monday) + timedelta(days=passed) for passed in range(7)]
    assert worked(CHINESE, week) == set(week[:5])


def test_six_days_a_week() -> None:
    """A holiday on Saturday is off, and Saturday that is worked is nothing special."""
    six = workdays("CN", range(1, 7), (), ())
    assert worked(six, days("2026-09-28..2026-10-11")) == days("2026-09-28..2026-09-30", "2026-10-08..2026-10-10")


@pytest.mark.parametrize("country", [None, ""])
def test_no_country_no_holidays(country: str | None) -> None:
    plain = workdays(country, FIVE_DAYS, (), ())
    assert worked(plain, days("2026-09-28..2026-10-11")) == days("2026-09-28..2026-10-02", "2026-10-05..2026-10-09")


def test_another_country() -> None:
    german = workdays("DE", FIVE_DAYS, (), ())
    assert worked(german, days("2025-10-01..2025-10-05")) == days("2025-10-01", "2025-10-02")


@pytest.mark.parametrize(
    ("country", "known"),
    [
        ("CN", True),
        ("HK", True),
        ("DE", True),
        ("XX", False),
        ("cn", False),
        ("CHN", False),
        ("B3", False),
        ("", False),
    ],
)
def test_which_countries_there_are(country: str, known: bool) -> None:
    assert knows(country) is known


def test_who_needs_no_calendar_does_not_wait_for_one(tmp_path: Path) -> None:
    """The library takes as long to import as a short command does to run."""
    lines = [
        "import sys, zoneinfo",
        "import smsgate.cli",
        "from smsgate.bootstrap import rules_of",
        "from smsgate.config import Settings",
        "office = rules_of(Settings()).office",
        "assert 'holidays' not in sys.modules",
        "office.after(0, 1, zoneinfo.ZoneInfo('Asia/Shanghai'))",
        "assert 'holidays' in sys.modules",
    ]
    subprocess.run([sys.executable, "-c", "\n".join(lines)], cwd=tmp_path, check=True)
