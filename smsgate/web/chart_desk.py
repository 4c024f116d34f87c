"""Editing the org chart: check, preview, save. Shared by the pages and the API, which only put it into words."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from fastapi import Request

from routing.apart import Read
from routing.chart import Chart
from routing.diffing import Change, diff
from routing.faults import Fault, Severity
from smsgate.domain.desk import By
from smsgate.service.chart_preview import HeldTicket, Preview, preview
from smsgate.service.charts import Saver
from smsgate.service.line_diff import DiffLine, unified
from smsgate.service.line_ends import split, unified_ends, with_ends_of
from smsgate.service.merging import Piece, merge, merge_unknown
from smsgate.store.chart_file import FileHasChanged, OnDisk, hash_of, read_file, write_file
from smsgate.store.queries.charts import chart_text, live_held
from smsgate.web.chart_reading import ChartReading, objection
from smsgate.web.context import WebContext
from smsgate.web.desk import visitor

NOBODY = "local"
"""Who edits where nobody is known: somebody at this machine."""
SOON = 4.0
"""Seconds that saving waits for the watch to put the chart in force."""
LOOK = 0.05
"""Seconds between looks."""
BASES = 6
"""Texts that edits began with, remembered beside those that the database keeps."""
DIFF_LINES = 600
"""Lines of a diff that are shown."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A text as it would be: its faults, and what it would do if it has no errors."""

    read: Read
    preview: Preview | None

    @property
    def errors(self) -> tuple[Fault, ...]:
        """What stands in its way."""
        return tuple(fault for fault in self.read.faults if fault.severity is Severity.ERROR)


@dataclass(frozen=True, slots=True)
class Saved:
    """The file holds it."""

    hash: str
    in_force: bool
    """Whether it has come into force already."""


@dataclass(frozen=True, slots=True)
class Clash:
    """The file on disk is not what the edit began with."""

    pieces: tuple[Piece, ...]
    theirs: OnDisk
    theirs_text: str


def editor_of(request: Request) -> str:
    """Who edits, by the name that the door has found; somebody at this machine where nobody has to say who they are."""
    who = visitor(request)
    return NOBODY if who.kind is By.DEMO else who.name or NOBODY


class ChartDesk:
    """What an admin does to the chart, for all doors of one process."""

    def __init__(self, context: WebContext) -> None:
        self._context = context
        self._path: Path = context.settings.orgchart
        self.reading = ChartReading(self._path.name)
        self._bases: OrderedDict[str, str] = OrderedDict()
        self._saving = asyncio.Lock()

    @property
    def name(self) -> str:
        """The file's name."""
        return self._path.name

    async def on_disk(self) -> OnDisk:
        """The file as it is; an edit may begin with it. Raises OSError."""
        found = await asyncio.to_thread(read_file, self._path)
        if found.text is not None:
            self._remember(found.hash, found.text)
        return found

    async def faults(self, text: str, editor: str = "") -> tuple[Fault, ...]:
        """What the loader says of a text that is being typed. Raises Superseded, Problem."""
        return await self.reading.faults(text, editor)

    async def check(self, text: str) -> Read:
        """The chart if it could come into force here, and the faults. Raises Problem."""
        read = await self.reading.read(text, self._context.chart)
        why = self._context.chart_objection(read.chart) if read.chart is not None else ""
        return replace(read, chart=None, faults=(*read.faults, objection(self.name, why))) if why else read

    async def look(self, text: str) -> Looked:
        """The faults, or what the text would do if it came into force now. Raises Problem."""
        read = await self.check(text)
        if read.chart is None:
            return Looked(read, None)
        held = await live_held(self._context.reading)
        tickets = [HeldTicket(one.number, one.code, one.holder) for one in held]
        at = datetime.fromtimestamp(self._context.clock() / 1000, UTC)
        made = await asyncio.to_thread(preview, self._context.chart, read.chart, tickets, at)
        return Looked(read, made)

    async def save(self, text: str, base: str, saver: Saver) -> Saved | Clash | Looked:
        """Write the text and wait a moment for it to come into force. One with errors is not written.

        Raises CantWrite, OSError, Problem.
        """
        read = await self.check(text)
        if read.chart is None:
            return Looked(read, None)
        async with self._saving:
            before = await self.on_disk()
            kept = await asyncio.to_thread(with_ends_of, before.text or "", text)
            if before.hash != hash_of(kept.encode("utf-8")):
                self._context.charts.saved_by(hash_of(kept.encode("utf-8")), saver)
                try:
                    before = await asyncio.to_thread(write_file, self._path, kept, base)
                except FileHasChanged as changed:
                    return await self.clash(text, base, changed.now)
        self._remember(before.hash, kept)
        return Saved(before.hash, await self._comes_into_force(before.hash))

    async def clash(self, mine: str, base: str, theirs: OnDisk) -> Clash:
        """The two sides of an edit, line by line."""
        other = theirs.text or ""
        self._remember(theirs.hash, other)
        began = await self.text_of(base)
        pieces = await asyncio.to_thread(_merged, began, mine, other)
        return Clash(pieces, theirs, unified_ends(other))

    async def text_of(self, chart_hash: str) -> str | None:
        """A text that was on disk or in force, by its hash; None where it is forgotten."""
        known = self._bases.get(chart_hash)
        return known if known is not None else await chart_text(self._context.reading, chart_hash)

    async def lines(self, old: str | None, new: str) -> list[DiffLine]:
        """What differs between two texts, line by line."""
        return await asyncio.to_thread(_diff_lines, old or "", new)

    async def changes(self, old: str, new: str) -> tuple[Change, ...]:
        """What differs between two texts that load, in words."""
        before, after = await self._chart(old), await self._chart(new)
        if before is None or after is None:
            return ()
        return await asyncio.to_thread(diff, before, after)

    async def _chart(self, text: str) -> Chart | None:
        current = self._context.chart
        if hash_of(text.encode("utf-8", "surrogatepass")) == current.hash:
            return current
        return (await self.reading.read(text, current)).chart

    async def _comes_into_force(self, chart_hash: str) -> bool:
        for _ in range(int(SOON / LOOK)):
            if self._context.chart.hash == chart_hash:
                return True
            await asyncio.sleep(LOOK)
        return False

    def _remember(self, chart_hash: str, text: str) -> None:
        self._bases[chart_hash] = text
        self._bases.move_to_end(chart_hash)
        while len(self._bases) > BASES:
            self._bases.popitem(last=False)


def _diff_lines(old: str, new: str) -> list[DiffLine]:
    return unified(split(unified_ends(old)), split(unified_ends(new)), DIFF_LINES)


def _merged(began: str | None, mine: str, theirs: str) -> tuple[Piece, ...]:
    """To be called in a thread, as what it does takes its time."""
    sides = split(unified_ends(mine)), split(unified_ends(theirs))
    return merge_unknown(*sides) if began is None else merge(split(unified_ends(began)), *sides)
