"""The chart in force, where everybody looks for it."""

from __future__ import annotations

from routing.chart import Chart


class ChartInForce:
    """Holds one whole chart; putting another is one assignment, so nobody ever sees half of it."""

    def __init__(self, chart: Chart) -> None:
        self._current = chart
        self.faults: tuple[str, ...] = ()
        """What is wrong with the file since the last good one; empty when the file is in force."""

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
