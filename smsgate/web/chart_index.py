"""The index of the chart in force, for everybody who looks for people and units: made when it is first asked."""

from __future__ import annotations

import asyncio

from routing.chart import Chart
from smsgate.service.people_search import ChartIndex, Found


class ChartSearch:
    """Searches the chart that is in force, beside the event loop."""

    def __init__(self) -> None:
        self._index: ChartIndex | None = None
        self._making: asyncio.Lock | None = None

    async def find(self, chart: Chart, asked: str) -> Found:
        """Who and what in that chart holds all of the words."""
        index = await self._of(chart)
        return await asyncio.to_thread(index.search, asked)

    async def _of(self, chart: Chart) -> ChartIndex:
        if self._making is None:  # made by the loop that uses it
            self._making = asyncio.Lock()
        async with self._making:
            if self._index is None or self._index.chart is not chart:
                self._index = await asyncio.to_thread(ChartIndex, chart)
            return self._index
