"""The time that a report is about: whole days of the NOC's zone, and the days, weeks and months in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LONGEST = 400
"""Days of one report at most."""

_DAY = timedelta(days=1)


class BadPeriod(ValueError):  # noqa: N818 - the period is
    """No period of a report; `why` is backwards, long or strange."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class By(StrEnum):
    """How a period is cut into rows."""

    WHOLE = "whole"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    def start_of(self, day: date, first: date) -> date:
        """The first day of the stretch that a day of a period that begins on `first` belongs to."""
        if self is By.WHOLE:
            return first
        if self is By.WEEK:
            return day - timedelta(days=day.weekday())
        return day.replace(day=1) if self is By.MONTH else day


@dataclass(frozen=True, slots=True)
class Period:
    """From the first to the last day, both in it, by clocks of a zone."""

    first: date
    last: date
    zone: ZoneInfo

    def days(self) -> Iterator[date]:
        """Each day."""
        for ordinal in range(self.first.toordinal(), self.last.toordinal() + 1):
            yield date.fromordinal(ordinal)

    @property
    def start(self) -> int:
        """Its first millisecond, since the epoch."""
        return midnight(self.first, self.zone)

    @property
    def end(self) -> int:
        """The first one after it."""
        return midnight(self.last + _DAY, self.zone)

    def within(self, by: By, start: date) -> Period:
        """That stretch of it: a week or month that begins on `start`, as far as it lies in the period."""
        if by is By.WHOLE:
            return self
        following = {By.DAY: start + _DAY, By.WEEK: start + 7 * _DAY}.get(by)
        if following is None:
            following = (start.replace(day=28) + 4 * _DAY).replace(day=1)
        return Period(max(self.first, start), min(self.last, following - _DAY), self.zone)


def midnight(day: date, zone: ZoneInfo) -> int:
    """When a day begins."""
    return int(datetime.combine(day, time(), zone).timestamp() * 1000)


def day_at(at: int, zone: ZoneInfo) -> date:
    """The day of a moment."""
    return datetime.fromtimestamp(at / 1000, zone).date()


def period_of(first: date, last: date, zone: ZoneInfo) -> Period:
    """Raises BadPeriod."""
    if last < first:
        raise BadPeriod("backwards")
    if (last - first).days >= LONGEST:
        raise BadPeriod("long")
    if first.year < 1971 or last.year > 9000:
        raise BadPeriod("strange")
    return Period(first, last, zone)


def named_period(name: str, now: int, zone: ZoneInfo) -> Period | None:
    """`today`, `yesterday`, `week` or `month`, the latter two up to today; None for another name."""
    today = day_at(now, zone)
    if name == "yesterday":
        return Period(today - _DAY, today - _DAY, zone)
    first = {"today": today, "week": today - today.weekday() * _DAY, "month": today.replace(day=1)}.get(name)
    return None if first is None else Period(first, today, zone)
