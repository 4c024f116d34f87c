"""Watches how the provider accounts stand: their links, what comes of their requests, how late their receipts are."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from smsgate.clock import now
from smsgate.service.health import GOOD_FROM_THE_START, HealthRules, Level, Standing, judge_all
from smsgate.service.health_words import why
from smsgate.service.linked import blocked
from smsgate.service.ports import Provider
from smsgate.service.readings import Readings
from smsgate.store.queries.delays import receipts_after
from smsgate.workers.lanes import LaneCounters
from smsgate.workers.mover import Mover

EVERY = 1.0
"""Seconds between two looks."""

_log = logging.getLogger(__name__)


class HealthWatch:
    """Looks, judges, and has moved what lies at an account that is bad."""

    def __init__(
        self,
        providers: Mapping[str, Provider],
        counters: Callable[[], Mapping[str, LaneCounters]],
        reading: AsyncEngine,
        standing: Standing,
        rules: HealthRules,
        mover: Mover | None = None,
        clock: Callable[[], int] = now,
    ) -> None:
        self._providers = providers
        self._counters = counters
        self._reading = reading
        self._standing = standing
        self._rules = rules
        self._mover = mover
        self._clock = clock
        self._readings = {account: Readings(rules) for account in providers}
        self._counted: dict[str, tuple[int, int, int]] = {}
        self._seen: int | None = None
        """The newest change of an MT that was looked at."""

    async def run(self) -> None:
        """Go on until cancelled."""
        while True:
            try:
                await self.look()
            except (SQLAlchemyError, OSError) as error:
                _log.warning("health waits for the database: %s", type(error).__name__)
            except Exception:  # noqa: BLE001 - the loop must survive
                _log.exception("a look at the accounts' health failed")
            if self._mover is not None:
                await self._mover.move_all()
            await asyncio.sleep(EVERY)

    async def look(self) -> None:
        """Read once, and say how all stand."""
        at = self._clock()
        counters = self._counters()
        for account, provider in self._providers.items():
            self._read(account, provider, counters.get(account, LaneCounters()), at)
        await self._read_receipts()
        before = self._standing.now
        evidence = {account: readings.evidence(at) for account, readings in self._readings.items()}
        after = judge_all(before, evidence, self._rules, at)
        self._standing.put(after)
        for account, health in after.items():
            level = before.get(account, GOOD_FROM_THE_START).level
            if level is not health.level:
                say = _log.warning if Level.BAD in (level, health.level) else _log.info
                say("account %s was %s and is %s: %s", account, level, health.level, why(health, "en", at))

    def _read(self, account: str, provider: Provider, lane: LaneCounters, at: int) -> None:
        readings = self._readings[account]
        counted = (lane.sent, lane.failed + lane.retried, lane.unknown)
        before = self._counted.get(account, counted)
        self._counted[account] = counted
        readings.saw_results(at, *(max(new - old, 0) for new, old in zip(counted, before, strict=True)))
        readings.saw_link(at, down(provider, lane))

    async def _read_receipts(self) -> None:
        found, self._seen = await receipts_after(self._reading, self._seen)
        for account, at, delay in found:
            if account in self._readings:
                self._readings[account].saw_receipt(at, delay)


def down(provider: Provider, lane: LaneCounters) -> str:
    """Why nothing can go out by it; empty: something can.

    A lane whose link was down says so until something goes through. Once nothing waits for it any more nobody tries:
    then that counts no longer, or an account that all was moved away from would never be good again.
    """
    known = blocked(provider)
    if known:
        return known
    return lane.trouble if lane.queued or lane.in_flight else ""
