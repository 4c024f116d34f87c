"""Working time: what holds for every office, instant, duration and zone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from smsgate.service.working_time import Span, WorkingTime

HOUR = 3_600_000
QUARTER = HOUR // 4

# Without clock changes; at 1:00 UTC; by half an hour; at and over midnight; with a day left out.
ZONES = (
    "Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "America/Sao_Paulo", "Pacific/Apia",
)  # fmt: skip
OVER_MIDNIGHT = "America/St_Johns"

zones = st.sampled_from([*ZONES, OVER_MIDNIGHT]).map(ZoneInfo)
instants = st.datetimes(datetime(2007, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)).map(
    lambda at: int(at.timestamp() * 1000)
)
# Nights in which clocks were changed, where it is easiest to be wrong.
changes = st.builds(
    lambda day, minutes: int((datetime.fromisoformat(day).replace(tzinfo=UTC)).timestamp() * 1000) + minutes * 60_000,
    st.sampled_from(["2010-11-07", "2011-12-30", "2015-10-18", "2015-02-22", "2026-03-29", "2026-10-25", "2026-04-05"]),
    st.integers(-1500, 1500),
)
moments = instants | changes
durations = st.integers(0, 80 * HOUR) | st.integers(0, 320).map(lambda quarters: quarters * QUARTER)


def workdays_of(weekdays: set[int], off: set[int]) -> Callable[[date], bool]:
    """Some days of the week, without some days of the month."""
    return lambda day: day.isoweekday() in weekdays and day.day not in off


def offices(minutes: st.SearchStrategy[int]) -> st.SearchStrategy[WorkingTime]:
    """Offices of one to three spans whose ends are drawn from some minutes."""
    edges = st.lists(minutes, min_size=2, max_size=6, unique=True).map(sorted)
    hours = edges.map(lambda found: tuple(map(Span, found[::2], found[1::2])))
    days = st.builds(
        workdays_of, st.sets(st.integers(1, 7), min_size=1), st.sets(st.integers(1, 31), max_size=6)
    )  # fmt: skip
    return st.builds(WorkingTime, hours, days)


any_office = offices(st.integers(0, 1440))
# Whose ends are never skipped or shown twice: there one may count by looking at the clock.
plain_office = offices(st.sampled_from([0, *range(240, 1321, 15), 1440]))


@given(any_office, moments, durations, st.sampled_from([1, -1]), zones)
def test_between_is_what_has_passed(office: WorkingTime, at: int, length: int, sign: int, zone: ZoneInfo) -> None:
    then = office.after(at, sign * length, zone)
    assert office.between(at, then, zone) == sign * length
    assert office.between(then, at, zone) == -sign * length
    assert (then - at) * sign >= length


@given(any_office, moments, durations, zones)
def test_there_and_back(office: WorkingTime, at: int, length: int, zone: ZoneInfo) -> None:
    """One is back where one was, or at the opening that one waited for."""
    back = office.after(office.after(at, length, zone), -length, zone)
    assert office.between(at, back, zone) == 0
    assert back >= at
    if office.between(at, at + 1, zone):
        assert back == at
    forth = office.after(office.after(at, -length, zone), length, zone)
    assert office.between(forth, at, zone) == 0
    assert forth <= at


@given(any_office, moments, durations, zones)
def test_the_earliest_and_the_latest(office: WorkingTime, at: int, length: int, zone: ZoneInfo) -> None:
    """A millisecond less would not be enough, so nothing ends while the office is closed."""
    if length:
        then, since = office.after(at, length, zone), office.after(at, -length, zone)
        assert office.between(at, then - 1, zone) == length - 1
        assert office.between(since + 1, at, zone) == length - 1


@given(any_office, moments, durations, durations, zones)
def test_durations_add_up(office: WorkingTime, at: int, one: int, other: int, zone: ZoneInfo) -> None:
    for sign in (1, -1):
        halfway = office.after(at, sign * one, zone)
        assert office.after(halfway, sign * other, zone) == office.after(at, sign * (one + other), zone)
    assert office.after(at, min(one, other), zone) <= office.after(at, max(one, other), zone)


@given(any_office, moments, st.integers(0, 200 * HOUR), durations, st.sampled_from([1, -1]), zones)
def test_who_begins_later_ends_no_earlier(
    office: WorkingTime, at: int, later: int, length: int, sign: int, zone: ZoneInfo
) -> None:
    assert office.after(at, sign * length, zone) <= office.after(at + later, sign * length, zone)


@given(any_office, st.lists(moments, min_size=3, max_size=3), zones)
def test_parts_make_the_whole(office: WorkingTime, at: list[int], zone: ZoneInfo) -> None:
    one, two, three = at
    assert office.between(one, two, zone) + office.between(two, three, zone) == office.between(one, three, zone)


@given(plain_office, moments, st.integers(0, 800), st.sampled_from(ZONES).map(ZoneInfo))
def test_it_is_what_the_clock_shows(office: WorkingTime, at: int, quarters: int, zone: ZoneInfo) -> None:
    """Counted a quarter of an hour at a time, by looking at clock and calendar."""
    start = at - at % QUARTER

    def works(quarter: int) -> bool:
        shown = datetime.fromtimestamp((start + quarter * QUARTER) / 1000, zone)
        minute = shown.hour * 60 + shown.minute
        return office.is_workday(shown.date()) and any(opens <= minute < closes for opens, closes in office.hours)

    counted = sum(works(quarter) for quarter in range(quarters))
    assert office.between(start, start + quarters * QUARTER, zone) == counted * QUARTER


def test_the_nights_are_those_of_clock_changes() -> None:
    """Or the laws would not be tried where they are hardest to keep."""
    for zone, day in [
        (OVER_MIDNIGHT, "2010-11-07"), ("Pacific/Apia", "2011-12-30"), ("America/Sao_Paulo", "2015-10-18"),
        ("America/Sao_Paulo", "2015-02-22"), ("Europe/Berlin", "2026-03-29"), ("Europe/Berlin", "2026-10-25"),
        ("Australia/Lord_Howe", "2026-04-05"),
    ]:  # fmt: skip
        midnight = datetime.fromisoformat(day).replace(tzinfo=UTC)
        around = [(midnight + timedelta(days=days)).astimezone(ZoneInfo(zone)) for days in (-1, 1)]
        assert around[0].utcoffset() != around[1].utcoffset(), (zone, day)
