"""The live transfer log: one reader follows the database by id and wakes all who listen.

A listener joins first and then reads from the database what it has missed, so that no hop falls between the two; what
it has read already it skips. One that is too slow is let go: its browser comes again with `Last-Event-ID` and reads
on from there. The reader also looks by itself each second, because the command line or another node may write.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from smsgate.store.queries.feed import Arrival, Board, LogLine, Marks, arrivals_after, board, lines_after, newest_marks
from smsgate.store.writer import Writer

POLL = 1.0
"""Seconds after which the reader looks without being woken."""
BEAT = 15.0
"""Seconds of silence after which a listener hears that the line still stands."""
QUEUE = 512
"""News that wait for one listener at most."""
PAGE = 200
"""Lines read in one query."""

_log = logging.getLogger(__name__)

News = LogLine | Board | Arrival


@dataclass(eq=False)
class Listener:
    """Somebody who listens, and what waits for them."""

    queue: asyncio.Queue[News] = field(default_factory=lambda: asyncio.Queue(QUEUE))
    overrun: bool = False

    def tell(self, news: News) -> None:
        """Hand it over; after the first that doesn't fit, nothing more comes."""
        if not self.overrun:
            try:
                self.queue.put_nowait(news)
            except asyncio.QueueFull:
                self.overrun = True

    async def next(self) -> News | None:
        """What comes next; None when one beat passed in silence. Raises EOFError when overrun."""
        if self.overrun and self.queue.empty():
            raise EOFError
        try:
            return await asyncio.wait_for(self.queue.get(), BEAT)
        except TimeoutError:
            return None


class Feed:
    """Follows the log for all listeners of one process."""

    def __init__(
        self, reading: AsyncEngine, clock: Callable[[], int], simulators: Collection[str], poll: float = POLL
    ) -> None:
        self._reading = reading
        self._clock = clock
        self._simulators = simulators
        self._poll = poll
        self._listeners: set[Listener] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._wake = asyncio.Event()
        self._ready = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._closed = False

    def follow(self, writer: Writer) -> None:
        """Be woken by its commits."""
        writer.on_commit(self._committed)

    @contextlib.asynccontextmanager
    async def listening(self) -> AsyncIterator[Listener]:
        """Listen. What is committed once this has begun is told, or in the database before."""
        listener = Listener()
        self._listeners.add(listener)
        if not self._closed and (self._task is None or self._task.done()):
            self._loop = asyncio.get_running_loop()
            self._ready.clear()
            self._task = asyncio.create_task(self._run())
        try:
            await self._ready.wait()
            yield listener
        finally:
            self._listeners.discard(listener)

    @property
    def closed(self) -> bool:
        """The service is stopping: listeners end, and their browsers come again."""
        return self._closed

    def close(self) -> None:
        """Let all listeners go, so that the server can stop."""
        self._closed = True
        # who has only just come is not kept waiting for a reader that has ended
        self._ready.set()
        self._wake.set()
        for listener in self._listeners:
            listener.overrun = True
            with contextlib.suppress(asyncio.QueueFull):
                listener.queue.put_nowait(Board({}, 0))

    async def ended(self, within: float) -> None:
        """Until it reads the database no more, after `close`; after so many seconds it is broken off."""
        if self._task is not None:
            _, late = await asyncio.wait((self._task,), timeout=within)
            for task in late:
                task.cancel()
            if late:
                await asyncio.wait(late)

    def _committed(self, touched: frozenset[str]) -> None:
        del touched
        loop = self._loop
        if loop is not None and self._listeners:
            # the loop may be closing just now; then there is nobody left to wake
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._wake.set)

    async def _run(self) -> None:
        marks: Marks | None = None
        shown: Board | None = None
        while self._listeners and not self._closed:
            self._wake.clear()
            try:
                if marks is None:
                    marks = await newest_marks(self._reading)
                    self._ready.set()
                marks = await self._read_on(marks)
                shown = await self._count(shown)
            except SQLAlchemyError:
                _log.warning("the live log can't read the database, it tries again", exc_info=True)
            except Exception:  # noqa: BLE001 - the loop must survive: all who listen would wait in silence
                _log.exception("the live log met a bug, it tries again")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), self._poll)

    async def _read_on(self, marks: Marks) -> Marks:
        while True:
            lines = await lines_after(self._reading, marks.hop, PAGE)
            for line in lines:
                self._tell(line)
            if lines:
                marks = Marks(lines[-1].id, marks.mo, marks.change)
            if len(lines) < PAGE:
                break
        if self._simulators:
            arrivals, marks = await arrivals_after(self._reading, self._simulators, marks, PAGE)
            for arrival in arrivals:
                self._tell(arrival)
        return marks

    async def _count(self, shown: Board | None) -> Board:
        counted = await board(self._reading, self._clock())
        if counted != shown:
            self._tell(counted)
        return counted

    def _tell(self, news: News) -> None:
        for listener in self._listeners:
            listener.tell(news)
