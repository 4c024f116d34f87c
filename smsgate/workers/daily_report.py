"""Every morning the report on yesterday, by e-mail and into a folder: once, whatever restarts, however many nodes.

A row of the database says who makes it (store/report_runs.py). After a standstill yesterday's is made late; earlier
ones are not, for they are on the report page.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import NamedTuple

import structlog

from routing.chart import Chart
from smsgate.reports import Reports
from smsgate.reports.letters import letter, prune, put_file, workbook
from smsgate.service.ports import ProviderError, SendResult, StoreUnavailable, Submitted
from smsgate.service.reports import Level, Period
from smsgate.store.report_runs import RunState
from smsgate.store.writer import Writer

EVERY = 15
"""Seconds between two looks at the clock."""
LEASE = 15 * 60_000
"""Milliseconds that a node has it: a crash in between costs so long."""
FIRST_PAUSE, LONGEST_PAUSE = 60_000, 30 * 60_000
"""Milliseconds until it is tried again after a failure; they double each time."""

_LEVELS = (Level.GROUP, Level.PERSON, Level.ROOM, Level.CENTER)
_log = structlog.get_logger(__name__)


class Plan(NamedTuple):
    """What the settings say."""

    due: time
    language: str
    sender: str = ""
    to: tuple[str, ...] = ()
    folder: Path | None = None
    keep_days: int = 90


class DailyReport:
    """The loop of one node."""

    def __init__(
        self,
        plan: Plan,
        writer: Writer,
        reports: Reports,
        chart: Callable[[], Chart],
        post: Callable[[EmailMessage, Sequence[str]], Awaitable[SendResult]] | None,
        clock: Callable[[], int],
    ) -> None:
        self._plan = plan
        self._writer = writer
        self._reports = reports
        self._chart = chart
        self._post = post
        self._clock = clock
        self._worker = f"{socket.gethostname()[:40]}:{os.getpid()}:{id(self):x}"

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            try:
                await self.look()
            except StoreUnavailable as error:
                _log.warning("the daily report waits for the database", why=str(error))
            except Exception:  # noqa: BLE001 - tomorrow's must be made all the same
                _log.exception("the daily report met a bug")
            await asyncio.sleep(EVERY)

    async def look(self) -> bool:
        """Make the report on yesterday if it is time and nobody has; whether this node did."""
        at, zone = self._clock(), self._chart().time_zone
        local = datetime.fromtimestamp(at / 1000, zone)
        if local.time() < self._plan.due:
            return False
        yesterday = local.date() - timedelta(days=1)
        named, worker = f"{yesterday}", self._worker
        tries = await self._writer.write(lambda unit: unit.take_report(named, worker, at, at + LEASE))
        if tries is None:
            return False
        try:
            await self._make(Period(yesterday, yesterday, zone))
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it is tried again, and the operator sees it
            _log.exception("the daily report failed", day=named)
            await self._failed(named, tries, f"{type(error).__name__}: {error}")
        return True

    async def _make(self, period: Period) -> None:
        plan, chart, day = self._plan, self._chart(), period.first
        tables = [await self._reports.table(period, level) for level in _LEVELS]
        book = await asyncio.to_thread(workbook, tables, plan.language, chart)
        if plan.folder is not None:
            place = await asyncio.to_thread(put_file, plan.folder, day, book)
            await asyncio.to_thread(prune, plan.folder, day, plan.keep_days)
            _log.info("the daily report is a file", day=f"{day}", file=str(place))
        if not plan.to or self._post is None:
            await self._put(f"{day}", RunState.DONE)
            return
        mail = letter(tables, book, plan.language, chart, plan.sender, plan.to, self._clock())
        if await self._put(f"{day}", RunState.MAILING):
            await self._mail(f"{day}", self._post(mail, plan.to))

    async def _mail(self, day: str, posted: Awaitable[SendResult]) -> None:
        """Mail it. From here on only the server's own «no» lets it be tried again: nobody is to get it twice."""
        try:
            await self._mailed(day, await posted)
        except (_NotTaken, StoreUnavailable):
            # the database gone: the row says that it was being mailed, so it is left alone as well
            raise
        except Exception as error:  # noqa: BLE001 - a bug: the mail may be out, which the operator has to see
            _log.exception("whether the daily report was mailed is not known", day=day)
            await self._put(day, RunState.UNKNOWN, f"{type(error).__name__}: {error}"[:500])

    async def _mailed(self, day: str, result: SendResult) -> None:
        if isinstance(result, Submitted):
            await self._put(day, RunState.DONE)
            _log.info("the daily report was mailed", day=day, readers=len(self._plan.to))
        elif isinstance(result, ProviderError):
            raise _NotTaken(result.sentence)
        else:
            await self._put(day, RunState.UNKNOWN, result.sentence)
            _log.error("whether the daily report was mailed is not known", day=day, why=result.sentence)

    async def _failed(self, day: str, tries: int, why: str) -> None:
        pause = min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE)
        await self._put(day, RunState.FAILED, why[:500], pause)

    async def _put(self, day: str, state: RunState, error: str | None = None, pause: int = LEASE) -> bool:
        at, worker = self._clock(), self._worker
        return await self._writer.write(lambda unit: unit.put_report(day, worker, state, at, at + pause, error))


class _NotTaken(Exception):  # noqa: N818 - the mail was not taken
    """The mail server has not taken it, for sure."""
