"""Streams end when their session or wall link does: other requests ask at the door, a stream has passed it long ago.

A stream is no request: while it is open its session may become idle, and is over then.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Coroutine
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from smsgate.domain.desk import By
from smsgate.store.queries.desk import open_sessions, open_walls
from smsgate.web.context import WebContext
from smsgate.web.desk import Visitor, idle_of

EVERY = 1.0
"""Seconds between two looks; one look is for all streams."""

_log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class _Watched:
    who: Visitor
    task: asyncio.Task[None]
    revoked: bool = False


class Watch:
    """Looks after all open streams of one process."""

    def __init__(self, context: WebContext) -> None:
        self._context = context
        self._watched: set[_Watched] = set()
        self._looking: asyncio.Task[None] | None = None

    async def over(self, who: Visitor, work: Coroutine[Any, Any, None]) -> bool:
        """Let it go on until it ends, or until who listens has been thrown out; whether they have."""
        one = _Watched(who, asyncio.create_task(work))
        self._watched.add(one)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            await one.task
        except asyncio.CancelledError:
            if not one.revoked:
                raise
        finally:
            self._watched.discard(one)
        return one.revoked

    async def _look(self) -> None:
        while self._watched:
            await asyncio.sleep(EVERY)
            try:
                await self._throw_out()
            except (SQLAlchemyError, OSError):
                _log.warning("open streams can't be looked after, it is tried again", exc_info=True)

    async def _throw_out(self) -> None:
        for kind in (By.USER, By.WALL):
            of_kind = [one for one in self._watched if one.who.kind is kind]
            if not of_kind:
                continue
            good = await self._still_open(kind, {one.who.key_id for one in of_kind if one.who.key_id is not None})
            for one in of_kind:
                if one.who.key_id not in good:
                    one.revoked = True
                    one.task.cancel()

    async def _still_open(self, kind: By, ids: Collection[int]) -> frozenset[int]:
        """As the gate judges a request: a stream is none, and keeps no session from being over."""
        context = self._context
        if kind is By.WALL:
            return await open_walls(context.reading, ids)
        return await open_sessions(context.reading, ids, context.clock(), idle_of(context.settings.web))
