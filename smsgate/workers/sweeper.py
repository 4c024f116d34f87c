"""What falls due by the clock: reminders, what was gathered, handovers, tickets that close, notices that were lost."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from smsgate.clock import now
from smsgate.domain.clocks import Ring
from smsgate.domain.messages import MtState
from smsgate.service.office import Office
from smsgate.service.ports import StoreUnavailable
from smsgate.service.queueing import settle_proposals
from smsgate.service.rules import MINUTE, MOVES_KEPT, QUESTION_KEPT, UNKNOWN_TOLD_AFTER
from smsgate.store.desk_keys import purge_keys
from smsgate.store.desk_users import purge_failures
from smsgate.store.idempotency import purge_answers
from smsgate.store.moving import forget_moves
from smsgate.store.notices import late_notices, unknown_notices
from smsgate.store.queue_sweep import collect
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.store.writer import Writer

EVERY = 2.0
"""Seconds between two looks."""

CLOCKS_AT_ONCE = 25
"""Clocks that strike in one transaction at most, so that no message waits for it."""

TRIED_AGAIN = 5 * MINUTE
"""When a clock that a bug kept from striking is tried again; the others go on."""

_log = structlog.get_logger(__name__)

Job = Callable[[UnitOfWork], bool]
"""A look at one thing; whether there is more of it to do at once."""


class Sweeper:
    """Looks every few seconds, in the writer like everybody else; each job for itself, so that none stops another."""

    def __init__(self, writer: Writer, office: Office, clock: Callable[[], int] = now) -> None:
        self._writer = writer
        self._office = office
        self._clock = clock

    @property
    def jobs(self) -> tuple[Job, ...]:
        """What is looked at, in this order."""
        return (
            self.let_go,
            self.strike_clocks,
            self.hand_over,
            self.close_resolved,
            self.tell_of_lost,
            self.fill_queue,
            self.forget,
        )

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            more = [await self._done(job) for job in self.jobs]
            # after a long stop much is due; between two looks messages have their turn
            await asyncio.sleep(0 if any(more) else EVERY)

    def strike_clocks(self, unit: UnitOfWork) -> bool:
        """Clocks whose next step is due."""
        due = unit.due_clocks(self._clock(), CLOCKS_AT_ONCE)
        for ring in due:
            self._strike(unit, ring)
        return len(due) == CLOCKS_AT_ONCE

    def let_go(self, unit: UnitOfWork) -> bool:
        """SMS that have waited for others, or for the morning."""
        self._office.let_go(unit)
        return False

    def hand_over(self, unit: UnitOfWork) -> bool:
        """Rosters that have turned."""
        self._office.hand_over(unit)
        return False

    def close_resolved(self, unit: UnitOfWork) -> bool:
        """Tickets that have been resolved for long enough."""
        self._office.close_resolved(unit)
        return False

    def tell_of_lost(self, unit: UnitOfWork) -> bool:
        """Notices that did not get through."""
        at = self._clock()
        for lost in unknown_notices(unit, at, UNKNOWN_TOLD_AFTER):
            self._office.tell_of_unknown(unit, lost.ticket_id, lost.phone)
        for lost in late_notices(unit, at):
            if lost.state is not MtState.UNKNOWN:
                self._office.tell_of_late(unit, lost.ticket_id, lost.phone)
        return False

    def fill_queue(self, unit: UnitOfWork) -> bool:
        """What a human must handle, and what needs none any more."""
        settle_proposals(self._office.scene(unit), unit)
        return collect(unit, self._clock())

    def forget(self, unit: UnitOfWork) -> bool:
        """What is of no use any more."""
        at = self._clock()
        purge_answers(unit, at)
        purge_failures(unit, at)
        purge_keys(unit, at)
        unit.forget_questions(at - QUESTION_KEPT)
        forget_moves(unit, at - MOVES_KEPT)
        return False

    async def _done(self, job: Job) -> bool:
        try:
            return await self._writer.write(job)
        except StoreUnavailable as error:
            _log.warning("the sweep waits for the database", error=str(error))
        except Exception:  # noqa: BLE001 - the loop must survive, and the other jobs
            _log.exception("a sweep failed")
        return False

    def _strike(self, unit: UnitOfWork, ring: Ring) -> None:
        try:
            with unit.savepoint():
                self._office.strike(unit, ring)
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001 - one ticket's bug must not keep all others from being told
            _log.exception("a clock could not strike", ticket=ring.ticket_id, clock=ring.clock.value, step=ring.step)
            unit.set_clock(ring._replace(due_at=self._clock() + TRIED_AGAIN))
