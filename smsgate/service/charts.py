"""The chart in force, where everybody looks for it."""

from __future__ import annotations

from typing import NamedTuple

from routing.chart import Chart

_SAVERS = 16


class Saver(NamedTuple):
    """Who saved a chart's file by the desk or the API."""

    who: str
    """`desk:ACCOUNT` or `api:ACCOUNT`."""
    note: str = ""
    """`return:ID` of an earlier version, `import`, or nothing."""


class ChartInForce:
    """Holds one whole chart; putting another is one assignment, so nobody ever sees half of it."""

    def __init__(self, chart: Chart) -> None:
        self._current = chart
        self.faults: tuple[str, ...] = ()
        """What is wrong with the file since the last good one; empty when the file is in force."""
        self._savers: dict[str, Saver] = {}

    def saved_by(self, chart_hash: str, saver: Saver) -> None:
        """Say who is about to write the file, before the watch sees it. The last few are remembered."""
        self._savers.pop(chart_hash, None)
        self._savers[chart_hash] = saver
        for old in list(self._savers)[:-_SAVERS]:
            del self._savers[old]

    def saver_of(self, chart_hash: str) -> Saver | None:
        """Who saved that chart; asked once, when it comes into force."""
        return self._savers.pop(chart_hash, None)

    @property
    def current(self) -> Chart:
        """The last good chart."""
        return self._current

    def put(self, chart: Chart) -> None:
        """A good edit."""
        self._current = chart
        self.faults = ()

    def reject(self, faults: tuple[str, ...]) -> None:
        """A bad edit: the last good chart stays."""
        self.faults = faults
