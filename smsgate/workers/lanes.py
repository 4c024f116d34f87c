"""A lane: one provider account's way out of the outbox. A slow or dead provider delays only its own.

It goes in turns. One transaction settles what has been answered since, takes what may go now and begins it; then each
of those gets its own request. Whenever somebody else writes, the turn rides along at the end of that transaction: an
MT is on its way after the commit that made it. What has been answered waits a moment for such a ride.

Two threads meet here. The writer's counts what is begun and takes answers away; the loop's counts what has ended and
adds answers.
"""

from __future__ import annotations

import asyncio
import contextlib
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
from smsgate.service.retry import LEASE_USED, Decision, GiveUp, decide
from smsgate.store import outbox
from smsgate.store.outbox import Leased
from smsgate.store.unit_of_work import UnitOfWork
from smsgate.store.writer import Writer
from smsgate.workers.pace import Pace
from smsgate.workers.turn import Answered, Budget, LaneRules, Turned, begin_what_may_go, settle_all

RIDE = 0.02
"""Seconds that an answer waits to be written down by somebody else's commit, before a turn of its own does it."""
POLL = 1.0
"""Seconds between two looks at the outbox when nothing wakes the lane: other nodes' commits, and times that come."""
THROTTLED = 1.0
"""Seconds that a lane waits where the provider does not say how long."""
DOWN_FIRST, DOWN_LONGEST = 1.0, 30.0
"""Seconds that a lane waits for a link that is down: at first, and at most, doubling."""
STORE_PAUSE = 0.5
"""Seconds until what the database did not take is written again."""

_log = logging.getLogger(__name__)


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
        self._loop: asyncio.AbstractEventLoop | None = None
        self._answered: list[Answered] = []
        self._requests: dict[asyncio.Task[None], Leased] = {}
        self._begun = self._ended = 0
        """Requests, since the start."""
        self._woken = asyncio.Event()
        self._look = True
        """Something may wait in the outbox that no turn has seen."""
        self._unsent: list[int] = []
        """MTs that have been begun, or perhaps, and surely not sent: their commit is in doubt, or came too late."""
        self._turned_in = self._settled_in = -1
        """The numbers of the transactions that were this lane's last turn, and the last that settled something."""
        self._ailing = False
        """The last turn failed: the next is one of its own, so that nobody else's work fails with it."""
        self._alarm: asyncio.TimerHandle | None = None
        """When the answers have waited long enough for a ride."""
        self._settle_now = self._mending = self._stopping = self._abandoned = False
        self._downs = 0
        self._next = 1
        """Segments of the message that the rate keeps waiting."""

    def wake(self) -> None:
        """Something may be there to send."""
        self._look = True
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
        self._loop = asyncio.get_running_loop()
        self._writer.take_along(self)
        try:
            while not await self._is_over():
                self._woken.clear()
                await self._turn()
                await self._sleep()
        finally:
            self._writer.leave_behind(self)

    def stop(self) -> None:
        """Begin nothing more."""
        self._stopping = True
        self.wake()

    def abandon(self) -> None:
        """Wait for answers no longer; what is under way becomes unknown."""
        self._abandoned = True
        # a task that is cancelled before its first step never runs: those that were made just now begin first
        asyncio.get_running_loop().call_soon(self._cancel_requests)

    def _cancel_requests(self) -> None:
        for request in tuple(self._requests):
            request.cancel()

    @property
    def _under_way(self) -> int:
        return self._begun - self._ended

    async def _is_over(self) -> bool:
        if not self._stopping or self._has_work_left:
            return False
        await self._no_turn_is_under_way()
        return not self._has_work_left

    @property
    def _has_work_left(self) -> bool:
        return bool(self._under_way or self._answered or self._unsent)

    async def _no_turn_is_under_way(self) -> None:
        """What the writer does comes one after the other: when this has been done, what began before is over."""
        with contextlib.suppress(StoreUnavailable):
            await self._writer.write(_nothing)

    async def _turn(self) -> None:
        """One of our own, if there is a reason for it."""
        self._note_trouble()
        settles = bool(self._answered or self._unsent) and (self._settle_now or self._stopping)
        self._settle_now = False
        if not settles and not (self._look and self._slots()):
            return
        self._look = False
        try:
            await self._writer.ride(self)
        except StoreUnavailable as error:
            _log.warning("lane %s waits for the database: %s", self.provider.account, error)
            await self._after_failure()
        except Exception:  # noqa: BLE001 - the loop must survive; what it can't settle must not stop the rest
            _log.exception("a turn of lane %s failed", self.provider.account)
            await self._settle_one_by_one()
            await self._after_failure()

    async def _after_failure(self) -> None:
        self._ailing = True
        await asyncio.sleep(STORE_PAUSE)
        self._settle_now = True
        self.wake()

    def _slots(self) -> int:
        if self._stopping or blocked(self.provider) or self.pace.wait(self._next) > 0:
            return 0
        most = self._rules.concurrency or self.provider.concurrency
        # a link that was down is tried with one message until something goes through
        return max((1 if self._downs else most) - self._under_way, 0)

    def _note_trouble(self) -> None:
        """Where the provider knows that nothing can go out, what waits stays queued and uses up nothing."""
        why = blocked(self.provider)
        if why:
            self.counters.trouble = why

    # in the writer's thread
    def has_turned(self) -> bool:
        """Whether the transaction that has been committed last was also a turn of this lane."""
        return self._turned_in == self._writer.batches

    def has_settled(self) -> bool:
        """Whether a turn of this lane settled something in the transaction that has been committed last."""
        return self._settled_in == self._writer.batches

    def wants(self, touched: frozenset[str]) -> bool:
        """Whether there is something to settle, or perhaps to begin (`store.jobs.Rider`)."""
        if self._mending or self._ailing:
            return False
        return bool(self._answered or self._unsent) or ("mts" in touched and self._slots() > 0)

    def work(self, unit: UnitOfWork) -> Turned:
        """A turn (`store.jobs.Rider`)."""
        at = self._clock()
        unsent, answered = tuple(self._unsent), tuple(self._answered)
        outbox.take_back(unit, unsent, self._rules.worker, at)
        settle_all(unit, answered)
        turned = Turned(len(answered), next_segments=self._next)
        budget = Budget(self._slots(), self.pace.room(), self.pace.fullest)
        if budget.requests:
            turned = begin_what_may_go(unit, self.provider.account, self._rules, budget, len(answered), at)
        return turned._replace(taken_back=len(unsent))

    def kept(self, turned: Turned) -> None:
        """A turn has been committed (`store.jobs.Rider`)."""
        self._ailing = False
        del self._answered[: turned.settled], self._unsent[: turned.taken_back]
        self._begun += len(turned.begun)
        self._next = turned.next_segments
        self._turned_in = self._writer.batches
        if turned.settled:
            self._settled_in = self._writer.batches
        for row in turned.begun:
            self.pace.take(row.submission.segments)
        if turned.begun or turned.behind or self._stopping:
            self._in_loop(partial(self._begin, turned))

    def doubted(self, turned: Turned) -> None:
        """Its commit failed and is perhaps kept: what it began is not sent, and taken back (`store.jobs.Rider`)."""
        self._unsent += [row.submission.mt_id for row in turned.begun]
        self._turn_again()

    def failed(self, error: BaseException) -> None:
        """A turn that rode along failed (`store.jobs.Rider`)."""
        del error  # the turn of its own that follows says it
        self._turn_again()

    def _turn_again(self) -> None:
        self._ailing = True
        self._in_loop(self._look_and_settle)

    def _in_loop(self, step: Callable[[], None]) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(step)

    # in the loop's
    def _begin(self, turned: Turned) -> None:
        """Each that is committed as about to go gets its request now."""
        if self._abandoned:
            self._unsent += [row.submission.mt_id for row in turned.begun]
            self._ended += len(turned.begun)
        for row in () if self._abandoned else turned.begun:
            request = asyncio.create_task(self._request(row))
            self._requests[request] = row
        self.counters.in_flight = self._under_way
        if turned.behind or self._stopping:
            self.wake()

    def _look_and_settle(self) -> None:
        self._settle_now = True
        self.wake()

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
        self._over(row, result)

    def _over(self, row: Leased, result: SendResult) -> None:
        at = self._clock()
        decision: Decision = GiveUp()
        if isinstance(result, ProviderError):
            decision = decide(result, row.tries, self._rules.policy, at, self._random)
        # its place is free only when the pace knows what it came to
        self._adapt(result)
        self._ended += 1
        self._count(row, result, decision)
        self._answered.append(Answered(row.submission.mt_id, result, at, decision))
        if self._alarm is None:
            self._alarm = asyncio.get_running_loop().call_later(RIDE, self._settle)
        if self._look or self._stopping:
            self._woken.set()

    def _settle(self) -> None:
        """The answers have waited for a ride, if any still do."""
        self._alarm = None
        if self._answered:
            self._settle_now = True
            self._woken.set()

    def _count(self, row: Leased, result: SendResult, decision: Decision) -> None:
        counters = self.counters
        counters.in_flight = self._under_way
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
        self._mending = True  # no ride may settle one of them as well
        await self._no_turn_is_under_way()
        try:
            for one in tuple(self._answered):
                try:
                    await self._writer.write(partial(settle_all, answered=(one,)))
                except StoreUnavailable:
                    return
                except Exception:  # noqa: BLE001 - the loop must survive
                    _log.exception("MT %d can't be settled as %s", one.mt_id, one.result)
                self._answered.remove(one)
        finally:
            self._mending = False

    async def _sleep(self) -> None:
        """Until something happens, or the next segment may go, or it is time to look."""
        wait = 0.0 if self._stopping else self.pace.wait(self._next)
        wait = min(wait, POLL) if wait > 0 else POLL
        alarm = asyncio.get_running_loop().call_later(wait, self.wake)
        await self._woken.wait()
        alarm.cancel()


def _nothing(unit: UnitOfWork) -> None:
    """To be written."""
