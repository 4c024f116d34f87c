"""What falls due by the clock: reminders, what was gathered, handovers, tickets that close, notices that were lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from smsgate.clock import now
from smsgate.domain.messages import MtState
from smsgate.service import ringing
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
            more = False
            try:
                more = await self._writer.write(self.sweep)
            except StoreUnavailable as error:
                _log.warning("the sweep waits for the database", error=str(error))
            except Exception:  # noqa: BLE001 - the loop must survive
                _log.exception("a sweep failed")
            # after a long stop much is due; between two looks messages have their turn
            await asyncio.sleep(0 if more else EVERY)

    def sweep(self, unit: UnitOfWork) -> bool:
        """One look; whether there is more to do at once."""
        at = self._clock()
        struck = self._office.strike_clocks(unit)
        self._office.let_go(unit)
        self._office.hand_over(unit)
        self._office.close_resolved(unit)
        for lost in unknown_notices(unit, at, UNKNOWN_TOLD_AFTER):
            self._office.tell_of_unknown(unit, lost.ticket_id, lost.phone)
        for lost in late_notices(unit, at):
            if lost.state is not MtState.UNKNOWN:
                self._office.tell_of_late(unit, lost.ticket_id, lost.phone)
        purge_answers(unit, at)
        unit.forget_questions(at - QUESTION_KEPT)
        return struck == ringing.AT_ONCE
