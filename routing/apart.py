"""Reads a chart's text in a process of its own, and takes it over in small pieces, so that nobody waits for it."""

from __future__ import annotations

import contextlib
import gc
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from routing.chart import Chart
from routing.faults import Fault
from routing.relay import PIECE, Hearing

GIVEN_UP = 60.0
"""Seconds after which reading a text is given up."""
PAUSE = 0.001
"""Seconds between two pieces, in which the other threads go on."""
_TOLD = (b'["faults"', b'["whole"')
"""How the lines of a `Telling` begin that say what is wrong."""


@dataclass(frozen=True, slots=True)
class Read:
    """What came of one text. Errors come without a chart, warnings with one."""

    chart: Chart | None
    faults: tuple[Fault, ...]
    text: str = ""
    """As read, without byte order mark; empty where there is no chart."""


class Apart:
    """Reads one text at a time; `stop` ends it from another thread."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def read(self, source: bytes, name: str, before: Chart | None = None) -> Read:
        """To be called in a thread. What is equal in the chart `before` is shared with it."""
        hearing = Hearing(before)
        with self._reading(name) as child:
            lines = _answers(child, source)
            first = next(lines, None)
            with _without_garbage_collection():
                for line in chain(() if first is None else (first,), lines):
                    hearing.hear(line)
                    time.sleep(PAUSE)
        if not hearing.is_whole():
            return Read(None, (_given_up(name),))
        chart = hearing.chart()
        return Read(chart, hearing.faults(), source.decode("utf-8-sig") if chart is not None else "")

    def faults(self, source: bytes, name: str) -> tuple[Fault, ...]:
        """The faults alone, to be called in a thread: no chart is made of a text that is still being typed."""
        hearing = Hearing()
        with self._reading(name) as child:
            for line in _answers(child, source):
                if line.startswith(_TOLD):
                    hearing.hear(line)
        return hearing.faults() if hearing.is_whole() else (_given_up(name),)

    def stop(self) -> None:
        """Nobody wants the answer any more; what is being read, or is to be read, counts as given up."""
        self._stopped = True
        child = self._child
        if child is not None:
            child.kill()

    @contextlib.contextmanager
    def _reading(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        # -P and the path of this process: the child finds the same `routing` wherever the service was started
        command = [sys.executable, "-P", "-m", "routing.relay", name]
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as child:
            self._child = child
            if self._stopped:
                child.kill()
            alarm = threading.Timer(GIVEN_UP, child.kill)
            alarm.start()
            try:
                yield child
            finally:
                alarm.cancel()
                self._child = None


def let_go(charts: list[Chart]) -> None:
    """Frees the one chart of the list in pieces: all at once takes longer than a message may wait."""
    chart = charts.pop()
    kept: list[object] = [*chart.people(), *map(chart.unit, chart.walk())]
    del chart
    while kept:
        del kept[-PIECE:]
        time.sleep(PAUSE)


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


def _given_up(name: str) -> Fault:
    zh, en = "文件没有读完: 太大, 或读取进程中断", "reading was given up: too large, or its process ended"
    return Fault(name, 1, 1, "", zh, message_en=en)
