"""Counting the log, a day at a time; days that are over are kept, for they change no more."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncEngine

from routing.model import UnitPath
from smsgate.service.reports import By, Day, Days, Level, Number, Period, Shown, Table, events_of, shown_by, table_of
from smsgate.service.reports.periods import midnight
from smsgate.store.queries.reported import Told, told_of
from smsgate.store.queries.stories import stories
from smsgate.store.queries.transfers import UNSTEADY

KEPT = 800
"""Days that are kept: two years, some kilobytes each for every ten people who worked on it."""


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
        following: int | None = None
        async for batch in stories(self._reading, period.start, end, after):
            for ticket, lines in batch:
                if len(found) >= most:
                    following = found[-1].line.ticket
                    break
                del ticket
                found += shown_by(number, events_of(lines, end), period.start, end)
            if following is not None:
                break
        told = await told_of(self._reading, [shown.line.hop for shown in found])
        return Listed(tuple((shown, told[shown.line.hop]) for shown in found), following)

    async def _days(self, period: Period) -> list[tuple[date, Day]]:
        """Each day of the period that has begun."""
        now, zone = self._clock(), period.zone
        wanted = [day for day in period.days() if midnight(day, zone) < now]
        missing = [day for day in wanted if (zone.key, day) not in self._kept]
        fresh: dict[date, Day] = {}
        if missing:
            # what lies between two that are missing is counted again, which is no dearer than a second look
            counted = await self._counted(Period(missing[0], missing[-1], zone), now)
            fresh = dict(zip(counted.dates, counted.days, strict=True))
        days = [(day, fresh[day] if day in fresh else self._kept[zone.key, day]) for day in wanted]
        for day, counted_day in fresh.items():
            if midnight(day + timedelta(days=1), zone) + UNSTEADY <= now:
                self._keep((zone.key, day), counted_day)
        return days

    async def _counted(self, period: Period, now: int) -> Days:
        days = Days(period, now)
        async for batch in stories(self._reading, period.start, days.end):
            for _, lines in batch:
                for event in events_of(lines, days.end):
                    days.add(event)
        return days

    def _keep(self, key: tuple[str, date], day: Day) -> None:
        self._kept[key] = day
        self._kept.move_to_end(key)
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
