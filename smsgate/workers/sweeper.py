"""What falls due by the clock: resolved tickets close, lost notices are told of, old answers are forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from smsgate.clock import now
from smsgate.domain.messages import MtState
from smsgate.service.office import Office
from smsgate.service.ports import StoreUnavailable
from smsgate.service.rules import QUESTION_KEPT, UNKNOWN_TOLD_AFTER
from smsgate.store.idempotency import purge_answers
from smsgate.store.notices import late_notices, unknown_notices
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.store.writer import Writer

EVERY = 2.0
"""Seconds between two looks."""

_log = structlog.get_logger(__name__)


class Sweeper:
    """Looks every few seconds, in the writer like everybody else."""

    def __init__(self, writer: Writer, office: Office, clock: Callable[[], int] = now) -> None:
        self._writer = writer
        self._office = office
        self._clock = clock

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self._writer.write(self.sweep)
            except StoreUnavailable as error:
                _log.warning("the sweep waits for the database", error=str(error))
            except Exception:  # noqa: BLE001 - the loop must survive
                _log.exception("a sweep failed")
            await asyncio.sleep(EVERY)

    def sweep(self, unit: UnitOfWork) -> None:
        """One look."""
        at = self._clock()
        self._office.close_resolved(unit)
        for lost in unknown_notices(unit, at, UNKNOWN_TOLD_AFTER):
            self._office.tell_of_unknown(unit, lost.ticket_id, lost.phone)
        for lost in late_notices(unit, at):
            if lost.state is not MtState.UNKNOWN:
                self._office.tell_of_late(unit, lost.ticket_id, lost.phone)
        purge_answers(unit, at)
        unit.forget_questions(at - QUESTION_KEPT)
