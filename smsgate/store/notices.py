"""Notices that did not get through, for the dispatchers to hear of: each once (spec/messages.md «Out»).

`mts.escalate_at` is when somebody is to be told that a notice has not gone out (accept-by), `doubted_since` when its
outcome became unknown. They are cleared once somebody has been told, and when the ticket is accepted, moved or ended.
A bundle that said several notices is lost for those of their tickets that nobody has accepted yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from smsgate.domain.messages import MobileTerminated, MtClass, MtKind, MtState
from smsgate.domain.states import Severity, State
from smsgate.store.leasing import in_state
from smsgate.store.mt_log import log_change
from smsgate.store.statements import Statement
from smsgate.store.tables import mts, tickets
from smsgate.store.unit_of_work import UnitOfWork

AT_ONCE = 100
"""Notices that one call reports at most; the rest is the next call's."""

NOT_GONE_OUT = (MtState.QUEUED, MtState.FAILED)
DOUBTED = (MtState.UNKNOWN,)
URGENT = (Severity.CRITICAL, Severity.MAJOR)
RESENDABLE = (MtState.FAILED, MtState.EXPIRED, MtState.UNKNOWN, MtState.SUPPRESSED)


@dataclass(frozen=True, slots=True)
class LostNotice:
    """A notice that has not reached its handset, as far as anybody knows."""

    mt_id: int
    ticket_id: int
    phone: str
    state: MtState
    """queued or failed when it is late; unknown."""


_reported = (mts.c.id, mts.c.ticket_id, mts.c.phone, mts.c.state, mts.c.kind)
# one that is being sent, or nobody knows whether it was, is looked at again when it is settled
_OVERDUE = Statement(
    update(mts)
    .where(
        mts.c.id.in_(
            select(mts.c.id)
            .where(
                mts.c.escalate_at.is_not(None),
                mts.c.escalate_at <= bindparam("at"),
                ~in_state(mts.c.state, MtState.SENDING, MtState.UNKNOWN),
            )
            .limit(AT_ONCE)
        )
    )
    .values(escalate_at=None)
    .returning(*_reported)
)
_IN_DOUBT = Statement(
    update(mts)
    .where(
        mts.c.id.in_(
            select(mts.c.id)
            .where(mts.c.doubted_since.is_not(None), mts.c.doubted_since <= bindparam("before"))
            .limit(AT_ONCE)
        )
    )
    .values(doubted_since=None)
    .returning(*_reported)
)
_SEVERITY = Statement(select(tickets.c.severity).where(tickets.c.id == bindparam("ticket_id")))
_STILL_WAITING = Statement(
    select(tickets.c.id)
    .join(mts, mts.c.ticket_id == tickets.c.id)
    .where(
        mts.c.bundle_id == bindparam("bundle_id"),
        mts.c.kind == MtKind.NOTICE.value,
        # one that has been moved since tells its new holder itself
        mts.c.hop_id == tickets.c.move_hop,
        tickets.c.state == State.DISPATCHED.value,
    )
    .order_by(tickets.c.id)
)
_WHOLE = Statement(select(*mts.columns).where(mts.c.id == bindparam("mt_id")))
_RESENT = Statement(
    select(mts.c.id).where(
        mts.c.phone == bindparam("phone"),
        mts.c.resend_of == bindparam("mt_id"),
        ~in_state(mts.c.state, *RESENDABLE),
    )
)
_CLAIM = Statement(
    update(mts).where(mts.c.id == bindparam("mt_id")).values(resend_of=bindparam("of"), error=bindparam("error"))
)
_SAID_BY = Statement(update(mts).where(mts.c.bundle_id == bindparam("of")).values(bundle_id=bindparam("bundle")))
_NOTHING_TO_TELL = Statement(
    update(mts).where(mts.c.id == bindparam("mt_id")).values(escalate_at=None, doubted_since=None)
)


def late_notices(unit: UnitOfWork, at: int) -> tuple[LostNotice, ...]:
    """Notices that have not gone out by their ticket's accept-by; each is answered once, and still goes."""
    rows = unit.session.all(_OVERDUE, {"at": at})
    return tuple(lost for row in sorted(rows) for lost in _read(unit, *row) if lost.state in NOT_GONE_OUT)


def unknown_notices(unit: UnitOfWork, at: int, older_than: int) -> tuple[LostNotice, ...]:
    """Critical and major notices whose outcome has been unknown for `older_than` ms; each is answered once."""
    rows = unit.session.all(_IN_DOUBT, {"before": at - older_than})
    found = (lost for row in sorted(rows) for lost in _read(unit, *row))
    urgent = tuple(lost for lost in found if lost.state in DOUBTED and _is_urgent(unit, lost))
    for lost in urgent:
        # who is asked to call now need not hear at accept-by that it is late
        unit.session.run(_NOTHING_TO_TELL, {"mt_id": lost.mt_id})
    return urgent


def resend(unit: UnitOfWork, mt_id: int, at: int) -> int | None:
    """An operator sends a message again, as a new one; its id.

    None where that may not be: it has not failed, expired, been suppressed or become unknown, or has been resent
    already and that one has not failed. Raises LookupError if there is no such message.
    """
    row = unit.session.one(_WHOLE, {"mt_id": mt_id})
    if row is None:
        raise LookupError(f"no MT {mt_id}")
    old = dict(zip(mts.columns.keys(), row, strict=True))
    if MtState(old["state"]) not in RESENDABLE:
        return None
    if unit.session.one(_RESENT, {"phone": old["phone"], "mt_id": mt_id}) is not None:
        return None
    new_id = unit.enqueue(_anew(old, at))
    unit.session.run(_CLAIM, {"mt_id": new_id, "of": mt_id, "error": None})
    unit.session.run(_NOTHING_TO_TELL, {"mt_id": mt_id})
    if old["kind"] == MtKind.BUNDLE.value:
        unit.session.run(_SAID_BY, {"bundle": new_id, "of": mt_id})
    log_change(unit, mt_id, MtState(old["state"]), at, f"resent as {new_id}")
    return new_id


def _read(
    unit: UnitOfWork, mt_id: int, ticket_id: int | None, phone: str, state: str, kind: str
) -> tuple[LostNotice, ...]:
    """The notices that are lost with an MT."""
    of: list[int] = []
    if kind == MtKind.BUNDLE.value:
        of = [row[0] for row in unit.session.all(_STILL_WAITING, {"bundle_id": mt_id})]
    elif kind == MtKind.NOTICE.value and ticket_id is not None:
        of = [ticket_id]
    return tuple(LostNotice(mt_id, one, phone, MtState(state)) for one in of)


def _is_urgent(unit: UnitOfWork, lost: LostNotice) -> bool:
    row = unit.session.one(_SEVERITY, {"ticket_id": lost.ticket_id})
    return row is not None and Severity(row[0]) in URGENT


def _anew(old: dict[str, Any], at: int) -> MobileTerminated:
    """The same message with its whole life before it; what it is late by stays."""
    message = ("phone", "text", "provider", "source", "segments", "encoding")
    same = (*message, "account", "role", "ticket_id", "hop_id", "mo_id")
    # a notice lives as long as its point does; an end that it has says that its point was gone
    by_clock = old["valid_until"] is not None and old["kind"] != MtKind.NOTICE.value
    late_at = old["escalate_at"]
    was_doubted = old["state"] == MtState.UNKNOWN.value
    return MobileTerminated(
        **{name: old[name] for name in same},
        kind=MtKind(old["kind"]),
        klass=MtClass(old["klass"]),
        created_at=at,
        valid_until=at + old["valid_until"] - old["created_at"] if by_clock else None,
        # an unknown one is not late by a time that had passed before it was sent again
        escalate_at=None if was_doubted and late_at is not None and late_at <= at else late_at,
    )
