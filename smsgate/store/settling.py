"""What came of a request to send: the end of an MT's time with a worker."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import BigInteger, Text, and_, bindparam, case, func, or_, select, update

from smsgate.domain.messages import MtKind, MtState
from smsgate.service.ports import ProviderError, SendResult, Submitted, UnknownOutcome
from smsgate.service.retry import Decision, GiveUp, Retry
from smsgate.store.leasing import HOLD, in_state
from smsgate.store.mt_log import log_change
from smsgate.store.receipts import add_segments, apply_parked
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
_SENT = Statement(
    update(mts)
    .where(mts.c.id == bindparam("mt_id"), in_state(mts.c.state, MtState.SENDING, MtState.UNKNOWN))
    .values(**_settled, provider_id=bindparam("provider_id"), tries=mts.c.tries + 1)
    .returning(mts.c.provider, mts.c.phone)
)
# a receipt was faster than the answer: what it said stays
_SENT_ALREADY = Statement(
    update(mts)
    .where(mts.c.id == bindparam("mt_id"))
    .values(
        provider_id=func.coalesce(mts.c.provider_id, bindparam("provider_id", type_=Text())),
        tries=mts.c.tries + 1,
        leased_until=None,
    )
    .returning(mts.c.provider, mts.c.phone)
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
_WHERE_TO = Statement(
    select(mts.c.provider, mts.c.phone, mts.c.state, mts.c.tries).where(mts.c.id == bindparam("mt_id"))
)
_RESENT = Statement(
    select(mts.c.id).where(mts.c.phone == bindparam("phone"), mts.c.resend_of == bindparam("mt_id")).limit(1)
)


def settle(unit: UnitOfWork, mt_id: int, result: SendResult, at: int, decision: Decision | None = None) -> None:
    """Write down what came of a request; `decision` says what follows from a `ProviderError`.

    A receipt that came before is kept: no answer takes a final state back.
    """
    unit.touch("mts")
    if isinstance(result, Submitted):
        _settle_sent(unit, mt_id, result, at)
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
        _settle_sent(unit, mt_id, result, at)
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


def _settle_sent(unit: UnitOfWork, mt_id: int, result: Submitted, at: int) -> None:
    given = {
        "mt_id": mt_id,
        "state": MtState.SENT.value,
        "at": at,
        "error": None,
        "provider_id": result.provider_id,
    }
    row = unit.session.one(_SENT, given)
    if row is not None:
        log_change(unit, mt_id, MtState.SENT, at)
    else:
        row = unit.session.one(_SENT_ALREADY, given)
    if row is not None:
        provider, phone = row
        add_segments(unit, mt_id, provider, result.segment_ids, at)
        apply_parked(unit, mt_id, provider, phone, (result.provider_id, *result.segment_ids), at)


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
