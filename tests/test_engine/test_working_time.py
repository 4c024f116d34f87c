"""Working time, as a table that a dispatcher could check against a calendar on the wall."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from smsgate.service.working_time import LONGEST_BREAK, OFFICE, NoWorkday, Span, WorkingTime, monday_to_friday, spans_of
from smsgate.workdays import workdays

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = 60_000
HOUR = 60 * MINUTE
FIVE_DAYS = range(1, 6)

CHINESE = WorkingTime(OFFICE.hours, workdays("CN", FIVE_DAYS, (), ()))
CHANGED = WorkingTime(OFFICE.hours, workdays("CN", FIVE_DAYS, [date(2026, 10, 3)], [date(2026, 9, 20)]))
ALWAYS = WorkingTime(spans_of(["00:00-24:00"]), lambda _: True)
NIGHTS = WorkingTime(spans_of(["22:00-24:00", "00:00-06:00"]), lambda _: True)


def instant(written: str, zone: ZoneInfo = SHANGHAI) -> int:
    """`Mon 2026-11-23 10:02`, or `24:00` of that day; the weekday has to be that date's."""
    weekday, day, clock = written.split()
    hour, minute = map(int, clock.split(":"))
    midnight = datetime.fromisoformat(day)
    assert f"{midnight:%a}" == weekday, written
    return int((midnight + timedelta(hours=hour, minutes=minute)).replace(tzinfo=zone).timestamp()) * 1000


def duration(written: str) -> int:
    """`+1:30` or `-72:00`, in milliseconds."""
    hours, minutes = written[1:].split(":")
    return (int(hours) * HOUR + int(minutes) * MINUTE) * (-1 if written[0] == "-" else 1)


# fmt: off
ORDINARY_DAYS = [
    ("within the morning",              "Mon 2026-11-23 10:02", "+1:00",  "Mon 2026-11-23 11:02"),
    ("nothing, by day",                 "Mon 2026-11-23 10:02", "+0:00",  "Mon 2026-11-23 10:02"),
    ("nothing, at night",               "Mon 2026-11-23 23:00", "+0:00",  "Mon 2026-11-23 23:00"),
    ("over lunch",                      "Mon 2026-11-23 11:30", "+1:00",  "Mon 2026-11-23 14:30"),
    ("to the minute lunch begins",      "Mon 2026-11-23 11:00", "+1:00",  "Mon 2026-11-23 12:00"),
    ("from the minute lunch begins",    "Mon 2026-11-23 12:00", "+0:01",  "Mon 2026-11-23 14:01"),
    ("begun at lunch",                  "Mon 2026-11-23 13:10", "+1:00",  "Mon 2026-11-23 15:00"),
    ("over night",                      "Mon 2026-11-23 17:00", "+1:00",  "Tue 2026-11-24 09:00"),
    ("to closing, not to opening",      "Mon 2026-11-23 17:00", "+0:30",  "Mon 2026-11-23 17:30"),
    ("begun before opening",            "Mon 2026-11-23 03:00", "+0:15",  "Mon 2026-11-23 08:45"),
    ("begun after closing",             "Mon 2026-11-23 19:00", "+0:15",  "Tue 2026-11-24 08:45"),
    ("over the weekend",                "Fri 2026-11-27 17:00", "+1:00",  "Mon 2026-11-30 09:00"),
    ("begun on Saturday",               "Sat 2026-11-28 10:00", "+1:00",  "Mon 2026-11-30 09:30"),
    ("a whole day",                     "Mon 2026-11-23 08:30", "+7:00",  "Mon 2026-11-23 17:30"),
    ("a week of 35 hours",              "Mon 2026-11-23 08:30", "+35:00", "Fri 2026-11-27 17:30"),
    ("72 hours: ten days and two hours","Mon 2026-11-23 10:30", "+72:00", "Mon 2026-12-07 14:30"),
    ("back within the morning",         "Mon 2026-11-23 11:02", "-1:00",  "Mon 2026-11-23 10:02"),
    ("back over lunch",                 "Mon 2026-11-23 14:30", "-1:00",  "Mon 2026-11-23 11:30"),
    ("back to the minute lunch ends",   "Mon 2026-11-23 15:00", "-1:00",  "Mon 2026-11-23 14:00"),
    ("back from the minute lunch ends", "Mon 2026-11-23 14:00", "-0:01",  "Mon 2026-11-23 11:59"),
    ("back over night",                 "Tue 2026-11-24 09:00", "-1:00",  "Mon 2026-11-23 17:00"),
    ("back to opening, not to closing", "Tue 2026-11-24 09:00", "-0:30",  "Tue 2026-11-24 08:30"),
    ("back from closing",               "Mon 2026-11-23 17:30", "-7:00",  "Mon 2026-11-23 08:30"),
    ("back from the evening",           "Mon 2026-11-23 21:00", "-0:30",  "Mon 2026-11-23 17:00"),
    ("back over the weekend",           "Mon 2026-11-30 09:00", "-1:00",  "Fri 2026-11-27 17:00"),
    ("back from Sunday",                "Sun 2026-11-29 09:00", "-1:00",  "Fri 2026-11-27 16:30"),
]
# National Day 2026: off from 1 to 7 October, worked on Sunday 20 September and Saturday 10 October instead.
NATIONAL_DAY = [
    ("over seven days off",             "Wed 2026-09-30 17:00", "+1:00",  "Thu 2026-10-08 09:00"),
    ("back over seven days off",        "Thu 2026-10-08 09:00", "-1:00",  "Wed 2026-09-30 17:00"),
    ("into Saturday that is worked",    "Fri 2026-10-09 17:00", "+1:00",  "Sat 2026-10-10 09:00"),
    ("over the one day left to rest",   "Sat 2026-10-10 17:00", "+1:00",  "Mon 2026-10-12 09:00"),
    ("on Sunday that is worked",        "Sun 2026-09-20 09:00", "+1:00",  "Sun 2026-09-20 10:00"),
    ("back into that Sunday",           "Mon 2026-09-21 09:00", "-1:00",  "Sun 2026-09-20 17:00"),
    ("Mid-Autumn before it",            "Thu 2026-09-24 17:00", "+1:00",  "Mon 2026-09-28 09:00"),
    ("Spring Festival, nine days",      "Sat 2026-02-14 17:00", "+1:00",  "Tue 2026-02-24 09:00"),
]
# What the office says itself: worked on 3 October, off on 20 September.
OVERRIDDEN = [
    ("the day off that is worked",      "Wed 2026-09-30 17:00", "+1:00",  "Sat 2026-10-03 09:00"),
    ("then off again",                  "Sat 2026-10-03 17:00", "+1:00",  "Thu 2026-10-08 09:00"),
    ("the workday that is off",         "Fri 2026-09-18 17:00", "+1:00",  "Mon 2026-09-21 09:00"),
    ("back over it",                    "Mon 2026-09-21 09:00", "-1:00",  "Fri 2026-09-18 17:00"),
]
# Clocks are put forward on 29 March 2026 from 2:00 to 3:00, and back on 25 October from 3:00 to 2:00.
CLOCK_CHANGES = [
    (ALWAYS, "a day of 23 hours",       "Sat 2026-03-28 12:00", "+24:00", "Sun 2026-03-29 13:00"),
    (ALWAYS, "back over it",            "Sun 2026-03-29 13:00", "-24:00", "Sat 2026-03-28 12:00"),
    (ALWAYS, "a day of 25 hours",       "Sat 2026-10-24 12:00", "+24:00", "Sun 2026-10-25 11:00"),
    (ALWAYS, "back over that",          "Sun 2026-10-25 11:00", "-24:00", "Sat 2026-10-24 12:00"),
    (NIGHTS, "a short night",           "Sat 2026-03-28 22:00", "+7:00",  "Sun 2026-03-29 06:00"),
    (NIGHTS, "a long night",            "Sat 2026-10-24 22:00", "+9:00",  "Sun 2026-10-25 06:00"),
    (NIGHTS, "an ordinary one",         "Sat 2026-10-17 22:00", "+8:00",  "Sun 2026-10-18 06:00"),
    (OFFICE, "office hours don't care", "Fri 2026-03-27 17:00", "+1:00",  "Mon 2026-03-30 09:00"),
]
# fmt: on


@pytest.mark.parametrize(("office", "what", "at", "how_long", "then"), [
    *((OFFICE, *row) for row in ORDINARY_DAYS),
    *((CHINESE, *row) for row in NATIONAL_DAY),
    *((CHANGED, *row) for row in OVERRIDDEN),
])  # fmt: skip
def test_a_duration_is_over(office: WorkingTime, what: str, at: str, how_long: str, then: str) -> None:
    assert office.after(instant(at), duration(how_long), SHANGHAI) == instant(then), what
    assert office.between(instant(at), instant(then), SHANGHAI) == duration(how_long), what


@pytest.mark.parametrize(("office", "what", "at", "how_long", "then"), CLOCK_CHANGES)
def test_hours_are_wall_clock_and_durations_are_real(
    office: WorkingTime, what: str, at: str, how_long: str, then: str
) -> None:
    assert office.after(instant(at, BERLIN), duration(how_long), BERLIN) == instant(then, BERLIN), what
    assert office.between(instant(at, BERLIN), instant(then, BERLIN), BERLIN) == duration(how_long), what


def test_milliseconds_are_kept() -> None:
    at = instant("Mon 2026-11-23 17:29") + 59_001
    assert OFFICE.after(at, 1000, SHANGHAI) == instant("Tue 2026-11-24 08:30") + 1
    assert OFFICE.between(at, instant("Tue 2026-11-24 08:30") + 1, SHANGHAI) == 1000


@pytest.mark.parametrize(("day", "hours", "worked"), [
    ("Sun 2026-03-29", ["02:00-03:00"],                "0:00"),  # clocks never showed it
    ("Sun 2026-03-29", ["02:30-04:00"],                "1:00"),  # it began at 3:00
    ("Sun 2026-03-29", ["01:00-02:30", "02:30-04:00"], "2:00"),
    ("Sun 2026-10-25", ["02:00-03:00"],                "2:00"),  # shown twice
    ("Sun 2026-10-25", ["00:00-02:30", "02:30-06:00"], "7:00"),  # and belongs to one of the two
    ("Sun 2026-10-25", ["00:00-24:00"],                "25:00"),
])  # fmt: skip
def test_hours_that_clocks_skip_or_show_twice(day: str, hours: list[str], worked: str) -> None:
    office = WorkingTime(spans_of(hours), lambda _: True)
    start, end = instant(f"{day} 00:00", BERLIN), instant(f"{day} 24:00", BERLIN)
    assert office.between(start, end, BERLIN) == duration(f"+{worked}")
    if worked != "0:00":
        assert start <= office.after(start, duration(f"+{worked}"), BERLIN) <= end


def test_a_day_that_a_country_left_out() -> None:
    """Samoa went from Thursday 29 to Saturday 31 December 2011."""
    apia = ZoneInfo("Pacific/Apia")
    office = WorkingTime(OFFICE.hours, lambda _: True)
    at, then = instant("Thu 2011-12-29 17:00", apia), instant("Sat 2011-12-31 09:00", apia)
    assert office.after(at, HOUR, apia) == then
    assert office.after(then, -HOUR, apia) == at


def test_clocks_put_back_over_midnight() -> None:
    """On 7 November 2010 St John's went from Sunday 0:01 to Saturday 23:01: Sunday's work had begun before."""
    newfoundland = ZoneInfo("America/St_Johns")
    office = WorkingTime(spans_of(["00:00-24:00"]), lambda day: day.isoweekday() == 7)
    once_more_saturday = instant("Sun 2010-11-07 00:00", newfoundland) + 30 * MINUTE
    assert f"{datetime.fromtimestamp(once_more_saturday / 1000, newfoundland):%a %H:%M}" == "Sat 23:30"
    opened = office.after(once_more_saturday, -30 * MINUTE, newfoundland)
    assert opened == instant("Sun 2010-11-07 00:00", newfoundland)
    assert office.between(opened, once_more_saturday, newfoundland) == 30 * MINUTE
    assert office.after(once_more_saturday, HOUR, newfoundland) == once_more_saturday + HOUR


@pytest.mark.parametrize("how_long", [1, -1])
def test_nobody_ever_works(how_long: int) -> None:
    idle = WorkingTime(OFFICE.hours, lambda _: False)
    with pytest.raises(NoWorkday, match=rf"more than {LONGEST_BREAK} days on end.*\[office\]"):
        idle.after(instant("Mon 2026-11-23 10:02"), how_long, SHANGHAI)
    assert idle.between(instant("Mon 2026-11-23 10:02"), instant("Mon 2026-11-30 10:02"), SHANGHAI) == 0


def test_the_longest_break() -> None:
    """Who works again after it is waited for, who would later isn't."""
    first = date(2026, 11, 23)
    for idle, found in ((LONGEST_BREAK, True), (LONGEST_BREAK + 1, False)):
        last = first + timedelta(days=idle + 1)
        office = WorkingTime(OFFICE.hours, {first, last}.__contains__)
        if found:
            then = office.after(instant("Mon 2026-11-23 17:00"), HOUR, SHANGHAI)
            assert then == instant(f"{last:%a} {last} 09:00")
        else:
            with pytest.raises(NoWorkday):
                office.after(instant("Mon 2026-11-23 17:00"), HOUR, SHANGHAI)


def test_a_day_is_asked_for_once() -> None:
    """Every command of the hot path asks again."""
    asked: list[date] = []

    def is_workday(day: date) -> bool:
        asked.append(day)
        return monday_to_friday(day)

    office = WorkingTime(OFFICE.hours, is_workday)
    for _ in range(3):
        office.after(instant("Mon 2026-11-23 10:02"), 72 * HOUR, SHANGHAI)
    assert len(asked) == len(set(asked)) == 15


def test_hours_are_read_in_the_order_of_the_day() -> None:
    assert spans_of([" 14:00 – 24:00", "8:30-12:00"]) == (Span(510, 720), Span(840, 1440))
    assert [*map(str, spans_of(["14:00-24:00", "8:30-12:00"]))] == ["08:30-12:00", "14:00-24:00"]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ((), "without hours never works"),
        ((Span(840, 1050), Span(510, 720)), "14:00-17:30 and 08:30-12:00 overlap"),
        ((Span(510, 720), Span(719, 1050)), "08:30-12:00 and 11:59-17:30 overlap"),
        ((Span(720, 720),), "end after they begin"),
        ((Span(0, 1441),), "between 00:00 and 24:00"),
        ((Span(-1, 720),), "between 00:00 and 24:00"),
    ],
)
def test_hours_that_are_none(hours: tuple[Span, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        WorkingTime(hours, monday_to_friday)


def test_hours_may_touch() -> None:
    office = WorkingTime(spans_of(["08:30-12:00", "12:00-17:30"]), monday_to_friday)
    assert office.after(instant("Mon 2026-11-23 11:30"), HOUR, SHANGHAI) == instant("Mon 2026-11-23 12:30")
