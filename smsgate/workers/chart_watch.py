"""Watches the org chart's file: a good edit takes effect as one whole, a bad one changes nothing.

The file is read and checked in a child process, and taken over in small pieces by a thread that pauses between them,
so that no message waits for it. What comes out is handed to two functions; putting the chart in force is theirs.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import structlog
from watchfiles import awatch

from routing.apart import Apart, Read, let_go
from routing.chart import Chart
from routing.faults import Fault

SETTLED = 0.1
"""Seconds without a change after which a file counts as written."""
MISSING = 0.5
"""Seconds after which a file that is not there counts as gone: editors rename the old one away first."""
TICK_MS = 500
"""Milliseconds between looks where the system tells of no changes (network disks, no inotify)."""

OnChart = Callable[[Chart, str, str], Awaitable[None]]
"""Called with a good chart, its text, and who changed it (`file:` and the file's owner)."""
OnFaults = Callable[[tuple[Fault, ...]], Awaitable[None]]
"""Called after each reading with what is wrong in the file now: errors (it was rejected), warnings, or nothing."""

_log = structlog.get_logger(__name__)
_Signature = tuple[int, int, int] | None


class ChartWatch:
    """Follows one file for as long as `run` is awaited."""

    def __init__(self, path: Path, in_force: Chart, on_chart: OnChart, on_faults: OnFaults) -> None:
        self._path = path
        self._in_force = in_force
        self._on_chart = on_chart
        self._on_faults = on_faults
        self._seen: _Signature | str = "nothing yet"
        self._clean = True
        self._apart = Apart()

    async def run(self) -> None:
        """Looks at once (the file may have changed since start-up), then at every change, until cancelled."""
        try:
            async for _ in self._wakeups():
                await self.look()
        finally:
            self._apart.stop()

    async def look(self) -> None:
        """Reads the file if it isn't as it was last seen, and tells what came of it."""
        signature = await self._settled()
        while signature != self._seen:
            self._seen = signature
            if await self._changed():
                return
            signature = await self._settled()

    def put_in_force(self, chart: Chart) -> None:
        """Learn that another door (the web editor) has put a chart in force: the file may hold it already."""
        self._in_force = chart

    async def _changed(self) -> bool:
        """Reads and tells; False if the file was changed meanwhile, so that what was read may be half of it."""
        try:
            source, hash_ = await asyncio.to_thread(_read_whole, self._path)
        except OSError as problem:
            await self._tell(Read(None, (_unreadable(self._path.name, problem),)))
            return True
        if hash_ == self._in_force.hash:
            if not self._clean:
                await self._tell(Read(self._in_force, ()))
            return True
        read = await asyncio.to_thread(self._apart.read, source, self._path.name, self._in_force)
        if read.chart is None and _signature(self._path) != self._seen:
            return False
        await self._tell(read)
        return True

    async def _tell(self, read: Read) -> None:
        if read.chart is not None and read.chart.hash != self._in_force.hash:
            before = [self._in_force]
            self._in_force = read.chart
            await self._on_chart(read.chart, read.text, f"file:{_owner(self._path)}")
            await asyncio.to_thread(let_go, before)
        self._clean = not read.faults
        await self._on_faults(read.faults)

    async def _settled(self) -> _Signature:
        """The file's signature once it has stopped changing."""
        signature = _signature(self._path)
        if signature == self._seen:
            return signature
        while True:
            await asyncio.sleep(SETTLED if signature is not None else MISSING)
            before, signature = signature, _signature(self._path)
            if signature == before:
                return signature

    async def _wakeups(self) -> AsyncIterator[None]:
        yield
        name = self._path.name
        try:
            changes = awatch(
                self._path.parent,
                watch_filter=lambda _change, changed: Path(changed).name == name,
                rust_timeout=TICK_MS,
                yield_on_timeout=True,
                recursive=False,
            )
            async for _ in changes:
                yield
        except (OSError, RuntimeError) as problem:
            _log.warning("chart_watch_polls", reason=str(problem))
        while True:
            await asyncio.sleep(TICK_MS / 1000)
            yield


def _read_whole(path: Path) -> tuple[bytes, str]:
    """The file's bytes, and the hash of the chart that they may hold. Raises OSError."""
    source = path.read_bytes()
    return source, hashlib.sha256(source.removeprefix(b"\xef\xbb\xbf")).hexdigest()


def _signature(path: Path) -> _Signature:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (OSError, KeyError, RuntimeError):
        return "?"


def _unreadable(name: str, problem: OSError) -> Fault:
    reason = problem.strerror or str(problem)
    return Fault(name, 1, 1, "", f"文件读不了: {reason}", message_en=f"the file can't be read: {reason}")
