"""Watches the org chart's file: a good edit takes effect as one whole, a bad one changes nothing.

The file is read and checked in a child process, and taken over in small pieces by a thread that pauses between them,
so that no message waits for it. What comes out is handed to two functions; putting the chart in force is theirs.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import structlog
from watchfiles import awatch

from routing.chart import Chart
from routing.faults import Fault
from routing.relay import PIECE, Hearing

SETTLED = 0.1
"""Seconds without a change after which a file counts as written."""
MISSING = 0.5
"""Seconds after which a file that is not there counts as gone: editors rename the old one away first."""
GIVEN_UP = 60.0
"""Seconds after which reading a file is given up."""
TICK_MS = 500
"""Milliseconds between looks where the system tells of no changes (network disks, no inotify)."""
PAUSE = 0.001
"""Seconds between two pieces, in which the other threads go on."""

OnChart = Callable[[Chart, str, str], Awaitable[None]]
"""Called with a good chart, its text, and who changed it (`file:` and the file's owner)."""
OnFaults = Callable[[tuple[Fault, ...]], Awaitable[None]]
"""Called after each reading with what is wrong in the file now: errors (it was rejected), warnings, or nothing."""

_log = structlog.get_logger(__name__)
_Signature = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True)
class _Read:
    chart: Chart | None
    faults: tuple[Fault, ...]
    text: str


class ChartWatch:
    """Follows one file for as long as `run` is awaited."""

    def __init__(self, path: Path, in_force: Chart, on_chart: OnChart, on_faults: OnFaults) -> None:
        self._path = path
        self._in_force = in_force
        self._on_chart = on_chart
        self._on_faults = on_faults
        self._seen: _Signature | str = "nothing yet"
        self._clean = True
        self._child: subprocess.Popen[bytes] | None = None

    async def run(self) -> None:
        """Looks at once (the file may have changed since start-up), then at every change, until cancelled."""
        try:
            async for _ in self._wakeups():
                await self.look()
        finally:
            self._stop_child()

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
            await self._tell(_Read(None, (_unreadable(self._path.name, problem),), ""))
            return True
        if hash_ == self._in_force.hash:
            if not self._clean:
                await self._tell(_Read(self._in_force, (), ""))
            return True
        read = await asyncio.to_thread(self._read, source)
        if read.chart is None and _signature(self._path) != self._seen:
            return False
        await self._tell(read)
        return True

    async def _tell(self, read: _Read) -> None:
        if read.chart is not None and read.chart.hash != self._in_force.hash:
            before = [self._in_force]
            self._in_force = read.chart
            await self._on_chart(read.chart, read.text, f"file:{_owner(self._path)}")
            await asyncio.to_thread(_let_go, before)
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

    def _read(self, source: bytes) -> _Read:
        """In a thread: lets a child read the bytes, takes its chart over."""
        hearing = Hearing(self._in_force)
        with self._reading_child() as child:
            lines = _answers(child, source)
            first = next(lines, None)
            with _without_garbage_collection():
                for line in chain(() if first is None else (first,), lines):
                    hearing.hear(line)
                    time.sleep(PAUSE)
        if not hearing.is_whole():
            return _Read(None, (_given_up(self._path.name),), "")
        chart = hearing.chart()
        return _Read(chart, hearing.faults(), source.decode("utf-8-sig") if chart is not None else "")

    @contextlib.contextmanager
    def _reading_child(self) -> Iterator[subprocess.Popen[bytes]]:
        # -P and the path of this process: the child finds the same `routing` wherever the service was started
        command = [sys.executable, "-P", "-m", "routing.relay", self._path.name]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as child:
            self._child = child
            alarm = threading.Timer(GIVEN_UP, child.kill)
            alarm.start()
            try:
                yield child
            finally:
                alarm.cancel()
                self._child = None

    def _stop_child(self) -> None:
        if self._child is not None:
            self._child.kill()


def _answers(child: subprocess.Popen[bytes], source: bytes) -> Iterator[bytes]:
    if child.stdin is None or child.stdout is None:
        return
    with contextlib.suppress(BrokenPipeError), child.stdin:
        child.stdin.write(source)
    yield from child.stdout


@contextlib.contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """A collection over a large chart takes longer than a message may wait: none now, and none of this later."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_on:
            gc.enable()


def _let_go(charts: list[Chart]) -> None:
    """Frees an old chart in pieces: all at once takes longer than a message may wait."""
    chart = charts.pop()
    kept: list[object] = [*chart.people(), *map(chart.unit, chart.walk())]
    del chart
    while kept:
        del kept[-PIECE:]
        time.sleep(PAUSE)


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


def _given_up(name: str) -> Fault:
    zh, en = "文件没有读完: 太大, 或读取进程中断", "reading was given up: too large, or its process ended"
    return Fault(name, 1, 1, "", zh, message_en=en)
