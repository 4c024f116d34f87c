"""The outbox: what a dispatcher takes, is about to send, and has heard of. One transaction each (`UnitOfWork`).

A row is taken with a lease (still `queued`), committed as `sending` right before its own request, and settled by what
came of that. A worker that dies leaves its leased rows to others when the lease ends; its `sending` rows become
`unknown`, for nobody knows. Every change of state is a row in `mt_changes`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, bindparam, case, func, select, update

from smsgate.domain.messages import MtKind, MtState
from smsgate.service.ports import Submission
from smsgate.service.routes import Peer
from smsgate.store.ids import IdIn, pack_ids
from smsgate.store.leasing import FREE, HOLD, STILL_VALID, choose, in_state
from smsgate.store.mt_log import log_changes
from smsgate.store.settling import settle_unknown
from smsgate.store.statements import Statement
from smsgate.store.tables import mts
from smsgate.store.unit_of_work import UnitOfWork

AT_ONCE = 500
"""Rows that one call of housekeeping changes at most, so that it keeps nobody waiting; the rest is the next call's."""


@dataclass(frozen=True, slots=True)
class Leased:
    """A row that a worker has taken to send."""

    submission: Submission
    klass: int
    tries: int
    """Used up before."""


_LEASE = Statement(
    update(mts)
    .where(
        # chosen in this transaction, so of this provider: to ask that again leads SQLite through its whole queue
        IdIn(mts.c.id, "ids"),
        in_state(mts.c.state, MtState.QUEUED),
        FREE,
        STILL_VALID,
    )
    .values(worker=bindparam("by"), leased_until=bindparam("until"))
    .returning(
        *(mts.c.id, mts.c.phone, mts.c.text, mts.c.encoding, mts.c.segments, mts.c.valid_until, mts.c.source),
        *(mts.c.klass, mts.c.tries),
    )
)
_GIVE_BACK = Statement(
    update(mts)
    .where(IdIn(mts.c.id, "ids"), in_state(mts.c.state, MtState.QUEUED), mts.c.worker == bindparam("by"))
    .values(worker=None, leased_until=None)
)
# the segments of a long message may be requests of their own, one after the other
_REQUESTS = case((mts.c.segments > 1, mts.c.segments), else_=1)
_BEGIN = Statement(
    update(mts)
    .where(
        IdIn(mts.c.id, "ids"),
        in_state(mts.c.state, MtState.QUEUED),
        mts.c.worker == bindparam("by"),
        mts.c.leased_until > bindparam("at"),
        STILL_VALID,
    )
    .values(
        state=MtState.SENDING.value,
        state_at=bindparam("at"),
        leased_until=bindparam("at", type_=BigInteger()) + bindparam("lease", type_=BigInteger()) * _REQUESTS,
    )
    .returning(mts.c.id)
)
_TAKE_BACK = Statement(
    update(mts)
    .where(IdIn(mts.c.id, "ids"), in_state(mts.c.state, MtState.SENDING), mts.c.worker == bindparam("by"))
    .values(state=MtState.QUEUED.value, state_at=bindparam("at"), worker=None, leased_until=None)
    .returning(mts.c.id)
)
# in no order: for one, SQLite would read the whole table rather than the few leased rows
_LOST = Statement(
    select(mts.c.id, mts.c.state_at)
    .where(
        mts.c.leased_until.is_not(None),
        mts.c.leased_until <= bindparam("at"),
        in_state(mts.c.state, MtState.SENDING),
    )
    .limit(AT_ONCE)
)
# what is gathered waits for its time, not for the lane
_QUEUED = Statement(
    select(mts.c.provider, func.count())
    .where(in_state(mts.c.state, MtState.QUEUED), mts.c.gather_until.is_(None))
    .group_by(mts.c.provider)
)
_EXPIRE = Statement(
    update(mts)
    .where(
        mts.c.id.in_(
            select(mts.c.id)
            .where(
                in_state(mts.c.state, MtState.QUEUED),
                mts.c.valid_until.is_not(None),
                mts.c.valid_until <= bindparam("at"),
            )
            .limit(AT_ONCE)
        )
    )
    .values(
        # a notice lives as long as its point does, never by the clock (spec/messages.md «Out»)
        state=case((mts.c.kind == MtKind.NOTICE.value, MtState.SUPPRESSED.value), else_=MtState.EXPIRED.value),
        state_at=bindparam("at"),
        leased_until=None,
        gather_until=None,
    )
    .returning(mts.c.id)
)


def lease(
    unit: UnitOfWork, provider: str, worker: str, at: int, lease_ms: int, most: int, peers: Sequence[Peer] = ()
) -> tuple[Leased, ...]:
    """Take up to `most` MTs of a provider account that may go now, for `lease_ms`; they stay `queued`.

    `peers`: the accounts that share a route with it.
    """
    chosen = choose(unit.session, provider, at, most, peers)
    if not chosen:
        return ()
    given = {"ids": pack_ids(chosen), "by": worker, "at": at, "until": at + lease_ms}
    leased = [Leased(Submission(*row[:7]), row[7], row[8]) for row in unit.session.all(_LEASE, given)]
    return tuple(sorted(leased, key=lambda row: (row.klass, row.submission.mt_id)))


def give_back(unit: UnitOfWork, ids: Sequence[int], worker: str) -> None:
    """Let others have what this worker took and has not begun."""
    if ids:
        unit.session.run(_GIVE_BACK, {"ids": pack_ids(ids), "by": worker})


def begin(unit: UnitOfWork, ids: Sequence[int], worker: str, at: int, lease_ms: int) -> frozenset[int]:
    """Commit these as `sending`, each right before its own request, and renew their lease: `lease_ms` a segment.

    Answers those that may go: not what has been suppressed or has expired, nor what somebody else has taken since.
    """
    if not ids:
        return frozenset()
    given = {"ids": pack_ids(ids), "by": worker, "at": at, "lease": lease_ms}
    begun = frozenset(row[0] for row in unit.session.all(_BEGIN, given))
    log_changes(unit, begun, at)
    return begun


def take_back(unit: UnitOfWork, ids: Sequence[int], worker: str, at: int) -> None:
    """What this worker has begun, or perhaps, and surely not sent waits again."""
    if ids:
        again = [row[0] for row in unit.session.all(_TAKE_BACK, {"ids": pack_ids(ids), "by": worker, "at": at})]
        unit.touch("mts")
        log_changes(unit, again, at)


def release_expired(unit: UnitOfWork, at: int) -> int:
    """Where a worker's lease has ended, what it was sending becomes `unknown`; how many.

    What it had only leased needs nothing: a lease that has ended keeps nobody off.
    """
    lost = sorted(unit.session.all(_LOST, {"at": at}))
    for mt_id, begun_at in lost:
        settle_unknown(unit, mt_id, "the worker that was sending it did not come back", at, begun_at + HOLD)
    return len(lost)


def expire(unit: UnitOfWork, at: int) -> int:
    """Queued MTs past their validity become `expired`, notices without a point `suppressed`; how many."""
    expired = [row[0] for row in unit.session.all(_EXPIRE, {"at": at})]
    log_changes(unit, expired, at)
    return len(expired)


def queued(unit: UnitOfWork) -> dict[str, int]:
    """How many MTs wait for each provider account."""
    return dict(unit.session.all(_QUEUED, {}))
