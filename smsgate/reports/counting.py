"""Counting the log, a day at a time; days that are over are kept, for they change no more."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncEngine

from routing.model import UnitPath
from smsgate.service.reports import By, Day, Days, Level, Number, Period, Shown, Table, events_of, shown_by, table_of
from smsgate.service.reports.periods import midnight
from smsgate.store.queries.reported import Told, told_of
from smsgate.store.queries.stories import Rowed, by_ticket, stories
from smsgate.store.queries.transfers import UNSTEADY

KEPT = 800
"""Days that are kept: two years, some kilobytes each for every ten people who worked on it."""


AT_ONCE = 31
"""Days of one count: what is done of a long one shows, and is kept if the rest is not waited for."""


class Listed(NamedTuple):
    """Lines behind a number."""

    lines: tuple[tuple[Shown, Told], ...]
    next: int | None
    """The ticket after which to read on; None: that was all."""


class Reports:
    """Reads reports from a database. One count runs at a time: twenty who ask for the same month wait for the first."""

    def __init__(self, reading: AsyncEngine, clock: Callable[[], int]) -> None:
        self._reading = reading
        self._clock = clock
        self._kept: OrderedDict[tuple[str, date], Day] = OrderedDict()
        self._counting = asyncio.Lock()
        self._ahead: dict[Period, asyncio.Task[None]] = {}

    async def ready(self, period: Period, patience: float) -> float | None:
        """Count what of a period is over, for so many seconds at most; None: all is counted, else which part of it.

        It goes on while nobody waits: who asks again finds it further, or done.
        """
        if not self._missing(period):
            return None
        task = self._ahead.get(period)
        if task is None:
            task = self._ahead[period] = asyncio.create_task(self._count_ahead(period))
            task.add_done_callback(lambda _: self._ahead.pop(period, None))
        await asyncio.wait({task}, timeout=patience)
        if task.done():
            task.result()
            return None
        days = sum(1 for _ in period.days())
        return 1 - len(self._missing(period)) / days

    async def table(self, period: Period, level: Level, by: By = By.WHOLE, within: UnitPath | None = None) -> Table:
        """The report on a period, as far as it has passed."""
        async with self._counting:
            days = await self._days(period)
        # a year's medians take a while to sort, and the messages must not wait for them
        return await asyncio.to_thread(table_of, days, period, level, by, within)

    async def listed(self, period: Period, number: Number, after: int, most: int) -> Listed:
        """The lines behind a number, in the order of tickets, of those after that one: whole tickets, some `most`."""
        end = min(period.end, self._clock())
        found: list[Shown] = []
        more = False
        async for rows in stories(self._reading, period.start, end, after):
            more = await asyncio.to_thread(_list, found, rows, number, period.start, end, most)
            if more:
                break
        told = await told_of(self._reading, [shown.line.hop for shown in found])
        following = found[-1].line.ticket if more else None
        return Listed(tuple((shown, told[shown.line.hop]) for shown in found), following)

    async def _count_ahead(self, period: Period) -> None:
        while missing := self._missing(period):
            async with self._counting:
                await self._count(Period(missing[0], _last_of(missing), period.zone), self._clock())

    def _missing(self, period: Period) -> list[date]:
        """The days that are over and not counted."""
        now, zone = self._clock(), period.zone
        return [day for day in period.days() if _is_over(day, zone, now) and (zone.key, day) not in self._kept]

    async def _days(self, period: Period) -> list[tuple[date, Day]]:
        """Each day of the period that has begun."""
        now, zone = self._clock(), period.zone
        wanted = [day for day in period.days() if midnight(day, zone) < now]
        days = {day: self._kept[zone.key, day] for day in wanted if (zone.key, day) in self._kept}
        while missing := [day for day in wanted if day not in days]:
            days |= await self._count(Period(missing[0], _last_of(missing), zone), now)
        return sorted(days.items(), key=lambda dated: dated[0])

    async def _count(self, period: Period, now: int) -> dict[date, Day]:
        """Count these days, and keep those that are over."""
        days = Days(period, now)
        async for rows in stories(self._reading, period.start, days.end):
            await asyncio.to_thread(_add, days, rows)
        counted = dict(zip(days.dates, days.days, strict=True))
        for day in counted:
            if _is_over(day, period.zone, now):
                self._kept[period.zone.key, day] = counted[day]
                self._kept.move_to_end((period.zone.key, day))
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return counted


def _is_over(day: date, zone: ZoneInfo, now: int) -> bool:
    """Whether no line can be of that day any more, even from a node whose clock is behind."""
    return midnight(day + timedelta(days=1), zone) + UNSTEADY <= now


def _last_of(missing: list[date]) -> date:
    """How far to count at once: what lies between two that are missing is counted again."""
    return next(day for day in reversed(missing) if (day - missing[0]).days < AT_ONCE)


def _add(days: Days, rows: Sequence[Rowed]) -> None:
    for lines in by_ticket(rows):
        for event in events_of(lines, days.end):
            days.add(event)


def _list(found: list[Shown], rows: Sequence[Rowed], number: Number, start: int, end: int, most: int) -> bool:
    """Add what counts, until there is enough; whether there was."""
    for lines in by_ticket(rows):
        if len(found) >= most:
            return True
        found += shown_by(number, events_of(lines, end), start, end)
    return False
