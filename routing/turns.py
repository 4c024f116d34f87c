"""Which rosters have turned between two moments: looked for often, and nearly never anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from routing.chart import Chart
from routing.model import Roster
from routing.roster import next_handover, on_duty


class Turns:
    """Knows until when no roster of the chart in force turns."""

    def __init__(self) -> None:
        self._chart: Chart | None = None
        self._still: tuple[datetime, datetime | None] | None = None
        """From when until when nobody hands over; without an end: never."""

    def came(self, chart: Chart, before: datetime, at: datetime) -> frozenset[str]:
        """The accounts that are on duty now by a roster and were not before."""
        if self._chart is chart and self._still is not None:
            start, end = self._still
            if start <= before and (end is None or at < end):
                return frozenset()
        found: set[str] = set()
        handovers = []
        for roster in set(_rosters(chart)):
            found.update(set(on_duty(roster, at, chart.time_zone)) - set(on_duty(roster, before, chart.time_zone)))
            handovers.append(next_handover(roster, at, chart.time_zone))
        coming = [handover for handover in handovers if handover is not None]
        self._chart, self._still = chart, (at, min(coming, default=None))
        return frozenset(found)


def _rosters(chart: Chart) -> Iterator[Roster]:
    units = (chart.unit(path) for path in chart.walk())
    for roster in (chart.dispatchers.roster, *(unit.roster for unit in units if unit is not None)):
        if roster is not None:
            yield roster
