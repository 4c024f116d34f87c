"""What came of a request to send: the end of an MT's time with a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    null,
    or_,
    select,
    update,
)

from smsgate.domain.messages import MtKind, MtState
from smsgate.service.ports import ProviderError, SendResult, Submitted, UnknownOutcome
from smsgate.service.retry import Decision, GiveUp, Retry
from smsgate.store.ids import IdIn, pack_ids
from smsgate.store.leasing import HOLD, in_state
from smsgate.store.mt_log import log_change
from smsgate.store.receipts import add_segments, apply_parked, has_parked
from smsgate.store.statements import Statement
from smsgate.store.tables import mts
from smsgate.store.unit_of_work import UnitOfWork

_settled: dict[str, Any] = {
    "state": bindparam("state"),
    "state_at": bindparam("at"),
    "leased_until": None,
    "error": bindparam("error"),
}
_held = func.coalesce(mts.c.held_until, bindparam("hold", type_=BigInteger()))
# written out, so that the values of many runs are all that varies
_ONE: ColumnElement[int] = literal_column("1", Integer())
_SENT = Statement(
    update(mts)
    .where(mts.c.id == bindparam("mt_id"), in_state(mts.c.state, MtState.SENDING, MtState.UNKNOWN))
    .values(
        state=literal_column(f"'{MtState.SENT}'"),
        state_at=bindparam("at"),
        tries=mts.c.tries + _ONE,
        leased_until=null(),
        provider_id=bindparam("provider_id"),
        error=null(),
    ),
    ("at", "provider_id", "mt_id"),
)
# a receipt was faster than the answer: what it said stays
_SENT_ALREADY = Statement(
    update(mts)
    .where(mts.c.id == bindparam("mt_id"))
    .values(
        provider_id=func.coalesce(mts.c.provider_id, bindparam("provider_id", type_=Text())),
        tries=mts.c.tries + _ONE,
        leased_until=null(),
    ),
    ("provider_id", "mt_id"),
)
_UNKNOWN = Statement(
    update(mts)
    .where(mts.c.id == bindparam("mt_id"), in_state(mts.c.state, MtState.SENDING))
    .values(
        **_settled,
        tries=mts.c.tries + 1,
        held_until=_held,
        # the dispatchers are to hear of it (notices.py), unless it became pointless while it was under way
        doubted_since=case(
            (
                and_(
                    or_(mts.c.kind == MtKind.NOTICE.value, mts.c.kind == MtKind.BUNDLE.value),
                    mts.c.valid_until.is_(None),
                ),
                bindparam("at", type_=BigInteger()),
            ),
            else_=None,
        ),
    )
)
# a worker that answers after its lease has ended can't put the row back: an operator may have sent it again
_FAILED = Statement(
    update(mts)
    .where(mts.c.id == bindparam("mt_id"), in_state(mts.c.state, MtState.SENDING, MtState.UNKNOWN))
    .values(**_settled, tries=mts.c.tries + 1)
)
_AGAIN = Statement(
    update(mts)
    .where(mts.c.id == bindparam("mt_id"), in_state(mts.c.state, MtState.SENDING))
    .values(
        **_settled,
        worker=None,
        tries=mts.c.tries + bindparam("used"),
        held_until=_held,
        not_before=bindparam("not_before"),
    )
)


_AGAIN_AFTER_ALL = Statement(
    update(mts)
    .where(mts.c.id == bindparam("mt_id"), in_state(mts.c.state, MtState.UNKNOWN))
    .values(
        **_settled,
        worker=None,
        # the try that was counted as unknown is the one that has failed now
        tries=case((mts.c.tries > 0, mts.c.tries - 1), else_=0) + bindparam("used"),
        held_until=bindparam("hold", type_=BigInteger()),
        not_before=bindparam("not_before"),
        doubted_since=None,
    )
)
_WHERE_TO_ALL = Statement(select(mts.c.id, mts.c.provider, mts.c.phone, mts.c.state).where(IdIn(mts.c.id, "ids")))
_WHERE_TO = Statement(
    select(mts.c.provider, mts.c.phone, mts.c.state, mts.c.tries).where(mts.c.id == bindparam("mt_id"))
)
_RESENT = Statement(
    select(mts.c.id).where(mts.c.phone == bindparam("phone"), mts.c.resend_of == bindparam("mt_id")).limit(1)
)


@dataclass(frozen=True, slots=True)
class Sent:
    """An MT that the provider has taken."""

    mt_id: int
    result: Submitted
    at: int
    """When the answer came."""


def settle(unit: UnitOfWork, mt_id: int, result: SendResult, at: int, decision: Decision | None = None) -> None:
    """Write down what came of a request; `decision` says what follows from a `ProviderError`.

    A receipt that came before is kept: no answer takes a final state back.
    """
    unit.touch("mts")
    if isinstance(result, Submitted):
        settle_sent(unit, (Sent(mt_id, result, at),))
    elif isinstance(result, UnknownOutcome):
        settle_unknown(unit, mt_id, result.sentence, at, at + HOLD)
        _keep_answered(unit, mt_id, result.segment_ids, at)
    else:
        _settle_error(unit, mt_id, result, at, GiveUp() if decision is None else decision)


def settle_unknown(unit: UnitOfWork, mt_id: int, sentence: str, at: int, hold: int) -> None:
    """Nobody knows whether it went out; later ones of its phone and class wait until `hold` at most."""
    given = {"mt_id": mt_id, "state": MtState.UNKNOWN.value, "at": at, "error": sentence, "hold": hold}
    if unit.session.run(_UNKNOWN, given) > 0:
        log_change(unit, mt_id, MtState.UNKNOWN, at, sentence)


def settle_late(
    unit: UnitOfWork,
    mt_id: int,
    result: Submitted | ProviderError,
    at: int,
    decide: Callable[[ProviderError, int], Decision],
) -> str | None:
    """The answer to a request whose outcome had been given as unknown; its provider account, or None where it is
    settled already. `decide`: what follows from an error after so many tries."""
    row = unit.session.one(_WHERE_TO, {"mt_id": mt_id})
    # still `sending`: the answer was faster than the note that there was none
    if row is None or row[2] not in (MtState.SENDING, MtState.UNKNOWN):
        return None
    provider, phone, state, tries = row
    unit.touch("mts")
    if isinstance(result, Submitted):
        settle_sent(unit, (Sent(mt_id, result, at),))
    else:
        was_unknown = state == MtState.UNKNOWN
        decision = decide(result, max(tries - was_unknown, 0))
        if was_unknown and unit.session.one(_RESENT, {"mt_id": mt_id, "phone": phone}) is not None:
            decision = GiveUp()  # an operator has sent it again; this one must not go as well
        _settle_error(unit, mt_id, result, at, decision, _AGAIN_AFTER_ALL if was_unknown else _AGAIN)
    return str(provider)


def _keep_answered(
    unit: UnitOfWork, mt_id: int, segment_ids: tuple[str, ...], at: int, without: MtState = MtState.UNKNOWN
) -> None:
    """Some segments have been answered: their receipts find them, and those that came before."""
    row = unit.session.one(_WHERE_TO, {"mt_id": mt_id})
    if row is not None and any(segment_ids):
        provider, phone, *_ = row
        add_segments(unit, mt_id, provider, segment_ids, at, without)
        apply_parked(unit, mt_id, provider, phone, ("", *segment_ids), at)


def settle_sent(unit: UnitOfWork, answered: Sequence[Sent]) -> None:
    """Write down what providers have taken, each MT once: many cost little more than one."""
    unit.touch("mts")
    found = unit.session.all(_WHERE_TO_ALL, {"ids": pack_ids(one.mt_id for one in answered)})
    stand = {mt_id: (provider, phone, state) for mt_id, provider, phone, state in found}
    known = [(one, *stand[one.mt_id]) for one in answered if one.mt_id in stand]
    for one, provider, _, state in known:
        _write_sent(unit, one, state)
        add_segments(unit, one.mt_id, provider, one.result.segment_ids, one.at)
    first = min(one.at for one in answered)
    waited_for = {account: has_parked(unit, account, first) for account in {row[1] for row in known}}
    for one, provider, phone, _ in known:
        if waited_for[provider]:
            ids = (one.result.provider_id, *one.result.segment_ids)
            apply_parked(unit, one.mt_id, provider, phone, ids, one.at)


def _write_sent(unit: UnitOfWork, sent: Sent, state: str) -> None:
    if state in (MtState.SENDING, MtState.UNKNOWN):
        unit.session.later(_SENT, (sent.at, sent.result.provider_id, sent.mt_id))
        log_change(unit, sent.mt_id, MtState.SENT, sent.at)
    else:
        unit.session.later(_SENT_ALREADY, (sent.result.provider_id, sent.mt_id))


def _settle_error(
    unit: UnitOfWork, mt_id: int, error: ProviderError, at: int, decision: Decision, again: Statement = _AGAIN
) -> None:
    sentence = f"{error.code}: {error.sentence}"
    given = {"mt_id": mt_id, "at": at, "error": sentence}
    if error.segment_ids:
        _keep_answered(unit, mt_id, error.segment_ids, at, MtState.FAILED)
    if isinstance(decision, GiveUp) or unit.session.run(again, given | _waiting(decision, at)) == 0:
        if unit.session.run(_FAILED, given | {"state": MtState.FAILED.value}) > 0:
            log_change(unit, mt_id, MtState.FAILED, at, sentence)
    else:
        log_change(unit, mt_id, MtState.QUEUED, at, sentence)


def _waiting(decision: Retry, at: int) -> dict[str, object]:
    return {
        "state": MtState.QUEUED.value,
        "used": int(decision.uses_try),
        "hold": at + HOLD,
        "not_before": decision.not_before,
    }
