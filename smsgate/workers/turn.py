"""A lane's turn: what it writes in one transaction, which is mostly somebody else's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from smsgate.service.ports import SendResult, Submitted
from smsgate.service.retry import Decision, Policy
from smsgate.service.routes import Peer
from smsgate.store import outbox
from smsgate.store.outbox import Leased
from smsgate.store.settling import Sent, settle, settle_sent
from smsgate.store.unit_of_work import UnitOfWork


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


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a request."""

    mt_id: int
    result: SendResult
    at: int
    decision: Decision


class Budget(NamedTuple):
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


class Turned(NamedTuple):
    """What a turn has done."""

    settled: int
    """How many answers, from the front."""
    begun: tuple[Leased, ...] = ()
    behind: bool = True
    """Whether more may wait, which there was no room for."""
    next_segments: int = 1
    """Of the message that the rate keeps waiting."""
    taken_back: int = 0
    """How many MTs that were begun and not sent, from the front."""


def settle_all(unit: UnitOfWork, answered: Sequence[Answered]) -> None:
    """Write down what came of requests."""
    sent = [Sent(one.mt_id, one.result, one.at) for one in answered if isinstance(one.result, Submitted)]
    if sent:
        settle_sent(unit, sent)
    for one in answered:
        if not isinstance(one.result, Submitted):
            settle(unit, one.mt_id, one.result, one.at, one.decision)


def begin_what_may_go(
    unit: UnitOfWork, account: str, rules: LaneRules, budget: Budget, settled: int, at: int
) -> Turned:
    """Take what may go now, as much of it as the budget allows, and commit it as about to go."""
    leased = outbox.lease(unit, account, rules.worker, at, rules.lease, budget.requests, rules.peers(account))
    chosen = budget.affords(leased)
    begun = outbox.begin(unit, [row.submission.mt_id for row in chosen], rules.worker, at, rules.lease)
    short = leased[len(chosen) :]
    outbox.give_back(unit, [row.submission.mt_id for row in short], rules.worker)
    return Turned(
        settled,
        tuple(row for row in chosen if row.submission.mt_id in begun),
        bool(short) or len(leased) >= budget.requests,
        short[0].submission.segments if short else 1,
    )
