"""How many items wait for a human, for the bar above every page: known from the last look, and looked up anew."""

from __future__ import annotations

import asyncio
import contextlib
import time

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from smsgate.domain.queue import ItemKind
from smsgate.store.queries.queue import waiting_counts

FRESH = 2.0
"""Seconds for which a number is not looked up again."""


class Waiting:
    """The numbers by kind, as last looked up."""

    def __init__(self, reading: AsyncEngine) -> None:
        self._reading = reading
        self._looked = 0.0
        self._task: asyncio.Task[object] | None = None
        self.counts: dict[ItemKind, int] = {}

    @property
    def number(self) -> int:
        """How many in all; a look begins if the last was some time ago."""
        if time.monotonic() - self._looked > FRESH and (self._task is None or self._task.done()):
            # a page that is made outside of a loop shows what is known
            with contextlib.suppress(RuntimeError):
                self._task = asyncio.get_running_loop().create_task(self._look())
        return sum(self.counts.values())

    async def refresh(self) -> dict[ItemKind, int]:
        """Look them up now."""
        self.counts, self._looked = await waiting_counts(self._reading), time.monotonic()
        return self.counts

    async def _look(self) -> None:
        # the next page looks again
        with contextlib.suppress(SQLAlchemyError, OSError):
            await self.refresh()
