"""A lane: one provider account's way out of the outbox. A slow or dead provider delays only its own.

It goes in turns. One write settles what has been answered since, takes what may go now and begins it; then each of
those gets its own request. While the write is under way more answers come, and the next turn takes them all.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from smsgate.service.linked import blocked
from smsgate.service.ports import (
    Provider,
    ProviderError,
    SendResult,
    StoreUnavailable,
    Submitted,
    UnknownOutcome,
)
from smsgate.service.retry import LEASE_USED, Decision, GiveUp, Policy, decide
from smsgate.service.routes import Peer
from smsgate.store import outbox
from smsgate.store.outbox import Leased
from smsgate.store.settling import settle
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.store.writer import Writer
from smsgate.workers.pace import Pace

POLL = 1.0
"""Seconds between two looks at the outbox when nothing wakes the lane: other nodes' commits, and times that come."""
THROTTLED = 1.0
"""Seconds that a lane waits where the provider does not say how long."""
DOWN_FIRST, DOWN_LONGEST = 1.0, 30.0
"""Seconds that a lane waits for a link that is down: at first, and at most, doubling."""
STORE_PAUSE = 0.5
"""Seconds until what the database did not take is written again."""

_log = logging.getLogger(__name__)


def _no_peers(account: str) -> tuple[Peer, ...]:
    del account
    return ()


@dataclass(frozen=True, slots=True)
class LaneRules:
    """What is the same for all lanes."""

    worker: str
    """Who leases."""
    lease: int
    """Milliseconds for each segment, because segments may be requests of their own, one after the other."""
    policy: Policy
    concurrency: int | None = None
    """Requests under way at once, where that is not for the provider to say."""
    peers: Callable[[str], tuple[Peer, ...]] = _no_peers
    """The accounts that share a route with one, as they stand now."""


@dataclass(slots=True)
class LaneCounters:
    """What a lane has done since it started, for /metrics."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    throttled: int = 0
    retried: int = 0
    segments: int = 0
    """Of what was sent."""
    in_flight: int = 0
    queued: int = 0
    """Rows of the outbox that wait for this lane, as housekeeping last counted them."""
    trouble: str = ""
    """Why nothing goes out: the last error of a link that is down; empty once something does."""


@dataclass(frozen=True, slots=True)
class _Answered:
    mt_id: int
    result: SendResult
    at: int
    decision: Decision


@dataclass(frozen=True, slots=True)
class Budget:
    """What one turn may begin."""

    requests: int
    segments: float
    fullest: float
    """Segments that the bucket holds when it is full; a larger message goes when it is."""

    def affords(self, leased: tuple[Leased, ...]) -> tuple[Leased, ...]:
        """As many from the front as there are segments for."""
        left = self.segments
        for at, row in enumerate(leased):
            if left < min(row.submission.segments, self.fullest):
                return leased[:at]
            left -= row.submission.segments
        return leased


class Lane:
    """Sends what the outbox holds for one provider account."""

    def __init__(
        self,
        provider: Provider,
        writer: Writer,
        rules: LaneRules,
        clock: Callable[[], int],
        random: Callable[[], float],
    ) -> None:
        self.provider = provider
        self.counters = LaneCounters()
        self.pace = Pace(provider.rate, clock)
        self._writer = writer
        self._rules = rules
        self._clock = clock
        self._random = random
        self._answered: list[_Answered] = []
        self._requests: dict[asyncio.Task[None], Leased] = {}
        self._woken = asyncio.Event()
        self._stopping = False
        self._downs = 0
        self._next = 1
        """Segments of the message that the rate keeps waiting."""

    def wake(self) -> None:
        """Something may be there to send."""
        self._woken.set()

    def link_up(self) -> None:
        """The provider says that it can send again: what is down is waited for no longer."""
        if self._downs:
            self._downs = 0
            self.pace.resume()
        self.counters.trouble = ""
        self.wake()

    async def run(self) -> None:
        """Go on until stopped; then settle what is under way."""
        while not (self._stopping and not self._requests and not self._answered):
            self._woken.clear()
            try:
                await self._turn()
            except StoreUnavailable as error:
                _log.warning("lane %s waits for the database: %s", self.provider.account, error)
                await asyncio.sleep(STORE_PAUSE)
            except Exception:  # noqa: BLE001 - the loop must survive; what it can't settle must not stop the rest
                _log.exception("a turn of lane %s failed", self.provider.account)
                await self._settle_one_by_one()
                await asyncio.sleep(STORE_PAUSE)
            await self._sleep()

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping = True
        self.wake()

    def abandon(self) -> None:
        """Wait for answers no longer; what is under way becomes unknown."""
        for request in self._requests:
            request.cancel()

    async def _turn(self) -> None:
        """One write, and the requests that follow from it."""
        answered = tuple(self._answered)
        slots = self._slots()
        if not answered and not slots:
            return
        budget = Budget(slots, self.pace.room(), self.pace.fullest)
        begun, self._next = await self._writer.write(partial(self._write, answered=answered, budget=budget))
        del self._answered[: len(answered)]
        for row in begun:
            self.pace.take(row.submission.segments)
            request = asyncio.create_task(self._request(row))
            self._requests[request] = row
        self.counters.in_flight = len(self._requests)

    def _slots(self) -> int:
        if self._stopping or self._is_blocked() or self.pace.wait(self._next) > 0:
            return 0
        most = self._rules.concurrency or self.provider.concurrency
        # a link that was down is tried with one message until something goes through
        return max((1 if self._downs else most) - len(self._requests), 0)

    def _is_blocked(self) -> bool:
        """Whether the provider knows that nothing can go out; what waits then stays queued, and uses up nothing."""
        why = blocked(self.provider)
        if why:
            self.counters.trouble = why
        return bool(why)

    def _write(
        self, unit: UnitOfWork, *, answered: tuple[_Answered, ...], budget: Budget
    ) -> tuple[tuple[Leased, ...], int]:
        """What is begun, and the segments of what the rate does not allow yet.

        In the writer's thread; changes nothing but the database, because it may run twice.
        """
        for one in answered:
            settle(unit, one.mt_id, one.result, one.at, one.decision)
        if not budget.requests:
            return (), self._next
        rules, at = self._rules, self._clock()
        account = self.provider.account
        leased = outbox.lease(unit, account, rules.worker, at, rules.lease, budget.requests, rules.peers(account))
        chosen = budget.affords(leased)
        begun = outbox.begin(unit, [row.submission.mt_id for row in chosen], rules.worker, at, rules.lease)
        short = leased[len(chosen) :]
        outbox.give_back(unit, [row.submission.mt_id for row in short], rules.worker)
        next_segments = short[0].submission.segments if short else 1
        return tuple(row for row in chosen if row.submission.mt_id in begun), next_segments

    async def _request(self, row: Leased) -> None:
        """One request, from begin to what it came to."""
        longest = self._rules.lease / 1000 * LEASE_USED * max(row.submission.segments, 1)
        try:
            async with asyncio.timeout(longest):
                result = await self.provider.send(row.submission)
        except TimeoutError:
            result = UnknownOutcome(f"no answer within {longest:.0f} s")
        except asyncio.CancelledError:
            result = UnknownOutcome("stopped before the answer came")
        except Exception as error:  # noqa: BLE001 - whatever it is, the request may have gone out
            _log.exception("provider %s failed", self.provider.account)
            result = UnknownOutcome(f"a fault in the provider: {type(error).__name__}")
        task = asyncio.current_task()
        if task is not None:
            self._requests.pop(task, None)
        self._answer(row, result)

    def _answer(self, row: Leased, result: SendResult) -> None:
        at = self._clock()
        decision: Decision = GiveUp()
        if isinstance(result, ProviderError):
            decision = decide(result, row.tries, self._rules.policy, at, self._random)
        self._count(row, result, decision)
        self._adapt(result)
        self._answered.append(_Answered(row.submission.mt_id, result, at, decision))
        self.wake()

    def _count(self, row: Leased, result: SendResult, decision: Decision) -> None:
        counters = self.counters
        counters.in_flight = len(self._requests)
        if isinstance(result, Submitted):
            counters.sent += 1
            counters.segments += row.submission.segments
        elif isinstance(result, UnknownOutcome):
            counters.unknown += 1
        elif isinstance(decision, GiveUp):
            counters.failed += 1
        else:
            counters.retried += decision.uses_try
            counters.throttled += result.throttled

    def _adapt(self, result: SendResult) -> None:
        """What the result says of the link."""
        if not isinstance(result, ProviderError) or not (result.throttled or result.link_down):
            self._downs, self.counters.trouble = 0, ""
        elif result.throttled:
            self.pace.slow_down(max(result.retry_after or THROTTLED, THROTTLED))
        elif not self.pace.paused:  # what was under way together goes down together, and counts once
            self.pace.pause(max(result.retry_after or 0, min(DOWN_FIRST * 2**self._downs, DOWN_LONGEST)))
            self._downs = min(self._downs + 1, 10)
            self.counters.trouble = f"{result.code}: {result.sentence}"
            _log.warning("lane %s is down: %s", self.provider.account, self.counters.trouble)

    async def _settle_one_by_one(self) -> None:
        """After a turn that failed: each answer by itself; the one that can't be settled is given up and logged."""
        for one in tuple(self._answered):
            try:
                await self._writer.write(partial(self._write, answered=(one,), budget=Budget(0, 0, 0)))
            except StoreUnavailable:
                return
            except Exception:  # noqa: BLE001 - the loop must survive
                _log.exception("MT %d can't be settled as %s", one.mt_id, one.result)
            self._answered.remove(one)

    async def _sleep(self) -> None:
        """Until something happens, or the next segment may go, or it is time to look."""
        wait = 0.0 if self._stopping else self.pace.wait(self._next)
        wait = min(wait, POLL) if wait > 0 else POLL
        alarm = asyncio.get_running_loop().call_later(wait, self._woken.set)
        await self._woken.wait()
        alarm.cancel()
