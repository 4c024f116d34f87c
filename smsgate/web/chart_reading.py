"""Charts' texts read beside the event loop: the small in a thread, the large in a process of their own.

The reader is the service's own loader, so that what the desk accepts is what comes into force. Of one editor only the
newest text counts: an older one that is still being read is given up.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from routing.apart import Apart, Read
from routing.chart import Chart
from routing.faults import Fault
from routing.loader import load_text
from smsgate.web.problems import Problem

SMALL = 64 * 1024
"""Bytes up to which reading takes no longer than a message may wait."""
AT_ONCE = 2
"""Large texts that are read at the same time."""
WAITING = 16
"""Texts that may wait for that."""
T = TypeVar("T")
KEPT = 2
"""Readings that are remembered: a preview is followed by saving the same text."""


class Superseded(Exception):  # noqa: N818 - it is what happened
    """A newer text of the same editor has come: nobody waits for this answer."""


class ChartReading:
    """Reads texts for all editors of this process."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._newest: dict[str, Apart] = {}
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._known: OrderedDict[str, Read] = OrderedDict()

    async def read(self, text: str, before: Chart) -> Read:
        """The chart and what the loader says of it. Raises Problem where too many wait."""
        source = text.encode("utf-8", "surrogatepass")
        key = hashlib.sha256(source).hexdigest()
        known = self._known.get(key)
        if known is not None:
            self._known.move_to_end(key)
            return known
        if len(source) <= SMALL:
            read = await self._small(source)
        else:
            apart = Apart()
            read = await self._large(lambda: apart.read(source, self._name, before))
        self._remember(key, read)
        return read

    async def faults(self, text: str, editor: str = "") -> tuple[Fault, ...]:
        """What the loader says, without the chart. `editor` names who types; empty: no newer text replaces this one.

        Raises Superseded, and Problem where too many wait.
        """
        source = text.encode("utf-8", "surrogatepass")
        apart = Apart()
        older = self._newest.pop(editor, None)
        if older is not None:
            older.stop()
        if editor:
            self._newest[editor] = apart
        try:
            if len(source) <= SMALL:
                return (await self._small(source)).faults
            return await self._large(lambda: self._newest_faults(apart, source, editor))
        finally:
            if self._newest.get(editor) is apart:
                del self._newest[editor]

    def _newest_faults(self, apart: Apart, source: bytes, editor: str) -> tuple[Fault, ...]:
        """In a thread; the text may be an old one by the time that it is its turn, and by the time that it is read."""
        self._refuse_old(apart, editor)
        found = apart.faults(source, self._name)
        self._refuse_old(apart, editor)
        return found

    async def _small(self, source: bytes) -> Read:
        loaded = await asyncio.to_thread(load_text, source, self._name)
        return Read(loaded.chart, loaded.faults, loaded.text)

    async def _large(self, read: Callable[[], T]) -> T:
        if self._waiting >= WAITING:
            raise Problem("chart_busy")
        self._waiting += 1
        try:
            async with self._places:
                return await asyncio.to_thread(read)
        finally:
            self._waiting -= 1

    def _refuse_old(self, apart: Apart, editor: str) -> None:
        if editor and self._newest.get(editor) is not apart:
            raise Superseded

    def _remember(self, key: str, read: Read) -> None:
        self._known[key] = read
        while len(self._known) > KEPT:
            self._known.popitem(last=False)


def objection(name: str, why: str) -> Fault:
    """What the service itself has against a chart that loads, as a fault of the whole file."""
    return Fault(name, 1, 1, "", why, message_en=why)
