"""Working time: when a limit that counts office hours alone is over, and how much of it has passed.

Hours are wall clock, durations are real: where clocks are put forward over a span, that day has less working time.
Instants are milliseconds since the epoch, UTC; durations are milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

MIDNIGHT = 24 * 60
"""The minute at which a day ends."""

LONGEST_BREAK = 400
"""Days on end without working time, after which nobody is believed to work any more."""

_SPAN = re.compile(r"\s*(\d{1,2}:[0-5]\d)\s*[-–]\s*(\d{1,2}:[0-5]\d)\s*", re.ASCII)
_ONE_MINUTE = timedelta(minutes=1)


class NoWorkday(ValueError):  # noqa: N818 - the calendar lacks one
    """A calendar in which nobody works for more than a year."""

    def __init__(self) -> None:
        super().__init__(
            f"by the office calendar nobody works for more than {LONGEST_BREAK} days on end:"
            " look at weekdays, workdays and days_off of [office] in the settings"
        )


class Span(NamedTuple):
    """A part of the day by the wall clock, in minutes since 0:00. 24:00 is 1440; none crosses midnight."""

    opens: int
    closes: int

    def __str__(self) -> str:
        """`08:30-12:00`."""
        return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in self)


def spans_of(written: Iterable[str]) -> tuple[Span, ...]:
    """What texts such as `08:30-12:00` say, in the order of the day. Raises ValueError, in a sentence."""
    spans = tuple(sorted(_span(text) for text in written))
    _check(spans)
    return spans


def _span(text: str) -> Span:
    found = _SPAN.fullmatch(text)
    span = Span(_minute(found[1]), _minute(found[2])) if found else None
    if span is None or max(span) > MIDNIGHT:
        raise ValueError(f"{text!r} is no part of a day: write it like 08:30-12:00; a day ends at 24:00")
    if span.closes <= span.opens:
        raise ValueError(
            f"{text!r} ends before it begins: hours that pass midnight are two spans, 22:00-24:00 and 00:00-06:00"
        )
    return span


def _minute(clock: str) -> int:
    hour, _, minute = clock.partition(":")
    return int(hour) * 60 + int(minute)


def _check(hours: tuple[Span, ...]) -> None:
    if not hours:
        raise ValueError("an office without hours never works: write at least one span, like 08:30-12:00")
    if any(not 0 <= opens < closes <= MIDNIGHT for opens, closes in hours):
        raise ValueError("hours lie between 00:00 and 24:00 and end after they begin")
    for before, after in pairwise(hours):
        if after.opens < before.closes:
            raise ValueError(f"{before} and {after} overlap: let each begin when the one before it has ended")


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When an office works: spans in the order of the day, and which days.

    `is_workday` has to say the same whenever it is asked: its answers are remembered. Raises ValueError for hours that
    are none, overlap or are out of order.
    """

    hours: tuple[Span, ...]
    is_workday: Callable[[date], bool]

    def __post_init__(self) -> None:
        _check(self.hours)

    def after(self, at: int, duration: int, zone: ZoneInfo) -> int:
        """The first instant by which that much working time has passed since `at`.

        A negative duration goes back: the last instant since which that much passes until `at`. So work that fills a
        day ends when the office closes, not when it opens again. Raises NoWorkday.
        """
        if duration < 0:
            return self._before(at, -duration, zone)
        if duration == 0:
            return at
        left = duration
        for opens, closes in self._openings(_day_of(at, zone), 1, zone):
            begins = max(opens, at)
            if closes - begins >= left:
                return begins + left
            left -= max(closes - begins, 0)
        raise NoWorkday

    def between(self, start: int, end: int, zone: ZoneInfo) -> int:
        """How much working time there is from start to end; negative if the end comes first."""
        if end < start:
            return -self.between(end, start, zone)
        return sum(
            max(min(closes, end) - max(opens, start), 0)
            for day in range(_day_of(start, zone), _day_of(end, zone) + 2)
            for opens, closes in _opened_on(self, day, zone)
        )

    def _before(self, at: int, left: int, zone: ZoneInfo) -> int:
        for opens, closes in self._openings(_day_of(at, zone) + 1, -1, zone):
            ends = min(closes, at)
            if ends - opens >= left:
                return ends - left
            left -= max(ends - opens, 0)
        raise NoWorkday

    def _openings(self, day: int, step: int, zone: ZoneInfo) -> Iterator[tuple[int, int]]:
        """When the office opens and closes, from a day on or back; ends in a break that is too long."""
        idle = 0
        while idle <= LONGEST_BREAK:
            opened = _opened_on(self, day, zone)
            yield from opened[::step]
            idle = 0 if opened else idle + 1
            day += step


def monday_to_friday(day: date) -> bool:
    """The workdays of an office that knows no holidays."""
    return day.isoweekday() <= 5


OFFICE = WorkingTime(spans_of(("08:30-12:00", "14:00-17:30")), monday_to_friday)
"""An office where nothing is set."""


def _day_of(at: int, zone: ZoneInfo) -> int:
    """The day that clocks show. Put back over midnight, they show one again of which the next has begun already."""
    return datetime.fromtimestamp(at / 1000, zone).toordinal()


@lru_cache(maxsize=4096)
def _opened_on(office: WorkingTime, ordinal: int, zone: ZoneInfo) -> tuple[tuple[int, int], ...]:
    """When the office opens and closes on a day; at once again where clocks are put forward over a span."""
    day = date.fromordinal(ordinal)
    if not office.is_workday(day):
        return ()
    return tuple((_instant(day, opens, zone), _instant(day, closes, zone)) for opens, closes in office.hours)


def _instant(day: date, minute: int, zone: ZoneInfo) -> int:
    """When the wall clock first shows that minute of the day, or the next one that it shows at all.

    So instants are in the order of minutes, and an hour that clocks show twice belongs to one span.
    """
    wall = datetime.combine(day, time()) + minute * _ONE_MINUTE
    while (at := wall.replace(tzinfo=zone).astimezone(UTC)).astimezone(zone).replace(tzinfo=None) != wall:
        wall += _ONE_MINUTE
    return int(at.timestamp()) * 1000
