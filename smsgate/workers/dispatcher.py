"""The dispatcher: one lane per provider account, woken by commits, and the housekeeping of the outbox."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace

from smsgate.clock import now
from smsgate.service.ports import Provider, StoreUnavailable
from smsgate.service.retry import Policy
from smsgate.service.routes import Peer
from smsgate.store import outbox
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.store.writer import Writer
from smsgate.workers.lanes import Lane, LaneCounters
from smsgate.workers.turn import LaneRules

HOUSEKEEPING = 1.0
"""Seconds between two looks for leases that have ended and MTs that have expired."""
STOP_WITHIN = 10.0
"""Seconds that requests under way are waited for; Twilio's default time-out is as long."""
SETTLE_WITHIN = 10.0
"""Seconds that a database that does not answer is then given to take what came of them."""

_log = logging.getLogger(__name__)


def worker_name() -> str:
    """A name for who leases: no two processes have the same, and it fits its column."""
    return f"{os.uname().nodename[:20]}-{os.getpid()}-{secrets.token_hex(3)}"


class Dispatcher:
    """Sends what is in the outbox. Start it inside an event loop."""

    def __init__(
        self,
        writer: Writer,
        providers: Mapping[str, Provider],
        *,
        policy: Policy | None = None,
        lease: int = 60_000,
        concurrency: int | None = None,
        clock: Callable[[], int] = now,
        chance: Callable[[], float] = random.random,
        worker: str | None = None,
        peers: Callable[[str], tuple[Peer, ...]] | None = None,
    ) -> None:
        rules = LaneRules(worker or worker_name(), lease, policy or Policy(), concurrency)
        if peers is not None:
            rules = replace(rules, peers=peers)
        self._peers = rules.peers
        self._writer = writer
        self._clock = clock
        self.lanes = {name: Lane(provider, writer, rules, clock, chance) for name, provider in providers.items()}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._housekeeping: asyncio.Task[None] | None = None

    @property
    def counters(self) -> dict[str, LaneCounters]:
        """By provider account."""
        return {name: lane.counters for name, lane in self.lanes.items()}

    def start(self) -> Dispatcher:
        """Start the lanes and the housekeeping."""
        self._loop = asyncio.get_running_loop()
        self._writer.on_commit(self._committed)
        self._tasks = [asyncio.create_task(lane.run(), name=f"lane {name}") for name, lane in self.lanes.items()]
        self._housekeeping = asyncio.create_task(self._keep_house(), name="housekeeping of the outbox")
        return self

    async def stop(self, within: float = STOP_WITHIN) -> None:
        """Begin nothing more, let what is under way finish for `within` seconds, settle everything.

        What has not been answered by then becomes unknown.
        """
        if self._housekeeping is not None:
            self._housekeeping.cancel()
        for lane in self.lanes.values():
            lane.stop()
        left = await _wait(self._tasks, within)
        for lane in self.lanes.values() if left else ():
            lane.abandon()
        for task in await _wait(left, SETTLE_WITHIN):
            _log.error("%s could not settle what it had sent", task.get_name())
            task.cancel()
        self._loop = None

    def wake(self) -> None:
        """Something may be there to send."""
        for lane in self.lanes.values():
            lane.wake()

    def _committed(self, touched: frozenset[str]) -> None:
        """In the writer's thread: lanes that could not ride along in that transaction look for themselves."""
        loop = self._loop
        if "mts" not in touched or loop is None or loop.is_closed():
            return
        for name, lane in self.lanes.items():
            if not lane.has_turned() or self._has_way_again(name):
                loop.call_soon_threadsafe(lane.wake)

    def _has_way_again(self, name: str) -> bool:
        """Whether an account that shares a route with it has settled something, perhaps after it had looked."""
        return any(self.lanes[peer.account].has_settled() for peer in self._peers(name) if peer.account in self.lanes)

    async def _keep_house(self) -> None:
        while True:
            try:
                waiting = await self._writer.write(self._tidy)
                for name, lane in self.lanes.items():
                    lane.counters.queued = waiting.get(name, 0)
            except StoreUnavailable as error:
                _log.warning("housekeeping of the outbox waits for the database: %s", error)
            except Exception:  # noqa: BLE001 - the loop must survive
                _log.exception("housekeeping of the outbox failed")
            await asyncio.sleep(HOUSEKEEPING)

    def _tidy(self, unit: UnitOfWork) -> dict[str, int]:
        at = self._clock()
        outbox.release_expired(unit, at)
        outbox.expire(unit, at)
        return outbox.queued(unit)


async def _wait(tasks: list[asyncio.Task[None]], within: float) -> list[asyncio.Task[None]]:
    """Those that have not ended in time."""
    if not tasks:
        return []
    _, left = await asyncio.wait(tasks, timeout=within)
    return list(left)
