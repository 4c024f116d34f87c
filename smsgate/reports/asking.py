"""What a report is asked for, in the words of an address or a command line; all doors read them alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple, TypeVar

from routing.chart import Chart
from routing.model import UnitPath
from smsgate.service.reports import BadPeriod, By, Level, Period, named_period, period_of

PERIODS = ("today", "yesterday", "week", "month")

E = TypeVar("E", Level, By)


class BadWish(ValueError):  # noqa: N818 - the wish is
    """No report can be made of it: `field` says where, `why` what is wrong (a key of the pages' `reports.bad`)."""

    def __init__(self, field: str, why: str, given: str) -> None:
        super().__init__(f"{field}: {why}: {given!r}")
        self.field, self.why, self.given = field, why, given


class Wish(NamedTuple):
    """Which report."""

    period: Period
    level: Level
    by: By
    within: UnitPath | None

    @property
    def address(self) -> dict[str, str]:
        """The same as the query of an address."""
        asked = {
            "from": f"{self.period.first}",
            "to": f"{self.period.last}",
            "level": self.level.value,
            "by": self.by.value,
            "unit": "" if self.within is None else str(self.within),
        }
        return {name: value for name, value in asked.items() if value}


def read_wish(asked: Mapping[str, str], chart: Chart, now: int) -> Wish:
    """`period`, or `from` and `to`; `level`, `by`, `unit`. Raises BadWish."""
    return Wish(
        _period(asked, chart, now),
        _one_of(Level, "level", asked.get("level") or Level.GROUP.value),
        _one_of(By, "by", asked.get("by") or By.WHOLE.value),
        read_unit("unit", asked.get("unit", "")),
    )


def read_unit(field: str, written: str) -> UnitPath | None:
    """`中心-专业室-班组`, or its beginning; None where nothing is written. Raises BadWish.

    It need not be in the chart: the log tells of units that are no more.
    """
    if not written:
        return None
    names = written.split("-")
    if len(names) > 3 or not all(names):
        raise BadWish(field, "unit", written)
    return UnitPath(*names)


def _period(asked: Mapping[str, str], chart: Chart, now: int) -> Period:
    first, last = asked.get("from", ""), asked.get("to", "")
    if not first and not last:
        name = asked.get("period") or "today"
        named = named_period(name, now, chart.time_zone)
        if named is None:
            raise BadWish("period", "name", name)
        return named
    days = [_day(field, written or first or last) for field, written in (("from", first), ("to", last))]
    try:
        return period_of(days[0], days[1], chart.time_zone)
    except BadPeriod as bad:
        raise BadWish("from", bad.why, f"{days[0]}–{days[1]}") from bad


def _day(field: str, written: str) -> date:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        raise BadWish(field, "date", written) from None
    if day.isoformat() != written:
        raise BadWish(field, "date", written)
    return day


def _one_of(kind: type[E], field: str, written: str) -> E:
    try:
        return kind(written)
    except ValueError:
        raise BadWish(field, "choice", written) from None
