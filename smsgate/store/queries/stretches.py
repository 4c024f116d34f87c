"""Looking for what is rare, a stretch at a time: no request looks through a long log at once.

Rows are looked at in stretches of ids, each as long as the time that is left allows. When the time is up, a page with
few rows or none says where to read on; who follows that sees every row once, as if it had been one page.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

SECONDS = 0.1
"""How long one request may look; a single stretch takes longer where the machine does."""
FIRST = 4_000
"""Ids of the first stretch: enough for a page of what is not rare."""
LEAST = 500
"""Fewer are not worth another statement."""
GROWTH = 4
"""How much longer than the last a stretch may be."""

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Stretch(Generic[T]):
    """What was found, and how far was looked."""

    rows: list[T]
    next: int | None
    """The id to read on from, even if nothing was found; None: the end is reached."""

    def read(self, reader: Callable[[T], U]) -> Stretch[U]:
        """The same, with each row read."""
        return Stretch([reader(row) for row in self.rows], self.next)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for."""

    query: Select[Any]
    """All but the bounds and the order; its first column is the id."""
    key: ColumnElement[int]
    """The id."""
    rare: bool
    """Nothing but looking at row after row finds it; else an index or the order itself does."""
    seconds: float = SECONDS
    """How long one request may look."""


class Pace:
    """How long the next stretch may be."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._began = time.monotonic()
        self._ends = self._began + seconds
        self.ids = FIRST

    def goes_on(self) -> bool:
        """Whether time is left after the stretch that was just looked through, and how many ids fit into it."""
        now = time.monotonic()
        took, self._began = max(now - self._began, 1e-6), now
        self.ids = min(self.ids * GROWTH, int(self.ids * (self._ends - now) / took))
        return self.ids >= LEAST


async def look_back(
    connection: AsyncConnection, search: Search, before: int | None, most: int, floor: int = 1
) -> Stretch[Row[Any]]:
    """The rows with an id under `before` (None: from the newest) and not under the floor, newest first."""
    query = search.query.order_by(search.key.desc())
    if not search.rare:
        below = query if before is None else query.where(search.key < before)
        return _page((await connection.execute(below.limit(most + 1))).all(), most)
    end = await _newest(connection, search) + 1
    end = end if before is None else min(before, end)
    rows: list[Row[Any]] = []
    pace = Pace(search.seconds)
    while end > floor:
        start = max(floor, end - pace.ids)
        part = query.where(search.key >= start, search.key < end)
        rows += (await connection.execute(part.limit(most + 1 - len(rows)))).all()
        end = start
        if len(rows) > most or end == floor:
            break
        if not pace.goes_on():
            return Stretch(rows, end)
    return _page(rows, most)


async def look_on(
    connection: AsyncConnection, search: Search, after: int, most: int, ceiling: int | None = None
) -> Stretch[Row[Any]]:
    """The rows with an id over `after` and under the ceiling, oldest first; it always says where to read on."""
    query = search.query.order_by(search.key.asc())
    if not search.rare:
        rows = list((await connection.execute(query.where(search.key > after).limit(most))).all())
        return Stretch(rows, rows[-1][0] if rows else after)
    rows = []
    newest = await _newest(connection, search)
    last = newest if ceiling is None else min(newest, ceiling - 1)
    start, pace = after, Pace()
    while start < last:
        end = min(last, start + pace.ids)
        part = query.where(search.key > start, search.key <= end)
        rows += (await connection.execute(part.limit(most - len(rows)))).all()
        if len(rows) == most:
            return Stretch(rows, rows[-1][0])
        start = end
        if start < last and not pace.goes_on():
            return Stretch(rows, start)
    return Stretch(rows, max(after, newest))


def _page(rows: Any, most: int) -> Stretch[Row[Any]]:
    # one more than asked for was looked for: whether there is another page is known, not guessed
    return Stretch(list(rows[:most]), rows[most - 1][0] if len(rows) > most else None)


async def _newest(connection: AsyncConnection, search: Search) -> int:
    return int(await connection.scalar(select(func.coalesce(func.max(search.key), 0))) or 0)
