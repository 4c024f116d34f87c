"""Delivery receipts: which MT each is about, and what it changes.

A receipt is kept whatever becomes of it. One that comes before the submit's answer is parked (`dlrs.mt_id` is NULL)
until the answer brings the id; one that carries our own id needs no answer. Final states never go back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import SmallInteger, Text, and_, bindparam, cast, func, null, or_, select, update
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from smsgate.domain.messages import MtState
from smsgate.service.ports import DeliveryReport
from smsgate.store.leasing import in_state
from smsgate.store.message_ids import agrees, likeness, same_number
from smsgate.store.mt_log import log_change
from smsgate.store.spellings import agreed as spelled
from smsgate.store.spellings import spelling
from smsgate.store.statements import Statement, insert_row
from smsgate.store.tables import dlrs, mt_segments, mts
from smsgate.store.unit_of_work import UnitOfWork

CONVERTED_AGE = 72 * 3_600_000
"""Milliseconds that an MT may be old for an id that only agrees after conversion (spec/messages.md «Out», DLR)."""
PARKED_AGE = 600_000
"""Milliseconds that a receipt may be older than the answer; requests time out far sooner."""
COMPARED = 500
"""Newest messages to a phone whose ids are compared after conversion."""

FINAL = (MtState.DELIVERED, MtState.FAILED, MtState.EXPIRED)


@dataclass(frozen=True, slots=True)
class _Found:
    mt_id: int
    segment: int | None = None
    how: str = "raw"
    """The conversion that made the ids agree."""


_ours = mts.c.provider == bindparam("account")
_BY_OUR_ID = Statement(select(mts.c.id).where(mts.c.id == bindparam("mt_id"), _ours))
_BY_SEGMENT = Statement(
    select(mts.c.id, mt_segments.c.no, mts.c.phone)
    .join(mts, mts.c.id == mt_segments.c.mt_id)
    .where(mt_segments.c.provider_id == bindparam("provider_id"), mt_segments.c.provider == bindparam("account"))
    .order_by(mts.c.id.desc())
)
_BY_MESSAGE = Statement(
    select(mts.c.id, cast(null(), SmallInteger), mts.c.phone)
    .where(mts.c.provider_id == bindparam("provider_id"), _ours)
    .order_by(mts.c.id.desc())
)
_OF_PHONE = Statement(
    select(mts.c.id, mt_segments.c.no, func.coalesce(mt_segments.c.provider_id, mts.c.provider_id))
    .select_from(mts.outerjoin(mt_segments, mt_segments.c.mt_id == mts.c.id))
    .where(
        mts.c.phone == bindparam("phone"),
        _ours,
        mts.c.provider_id.is_not(None),
        mts.c.created_at >= bindparam("since"),
    )
    .order_by(mts.c.id.desc())
    .limit(COMPARED)
)
_PARKED = Statement(
    select(dlrs.c.id, dlrs.c.provider_id, dlrs.c.phone, dlrs.c.state, dlrs.c.code, dlrs.c.other_ids)
    .where(dlrs.c.account == bindparam("account"), dlrs.c.mt_id.is_(None), dlrs.c.received_at >= bindparam("since"))
    .order_by(dlrs.c.id)
)
_UNPARK = Statement(update(dlrs).where(dlrs.c.id == bindparam("dlr_id")).values(mt_id=bindparam("for_mt")))
_KNOWN = Statement(
    select(dlrs.c.id).where(
        dlrs.c.mt_id == bindparam("mt_id"),
        dlrs.c.provider_id == bindparam("provider_id"),
        dlrs.c.state == bindparam("state"),
        func.coalesce(dlrs.c.code, "") == bindparam("code"),
    )
)
_KEEP = insert_row(dlrs)
_SEGMENT_ROW = tuple(column.name for column in mt_segments.columns)
_new_segment = postgres_insert(mt_segments).values({name: bindparam(name) for name in _SEGMENT_ROW})
# a commit whose answer was lost is written again; only of what had no answer there is more to say
_ADD_SEGMENT = Statement(
    _new_segment.on_conflict_do_update(
        index_elements=[mt_segments.c.mt_id, mt_segments.c.no],
        set_={"provider_id": _new_segment.excluded.provider_id, "state": _new_segment.excluded.state},
        where=in_state(mt_segments.c.state, MtState.UNKNOWN),
    ),
    _SEGMENT_ROW,
)
_SEGMENT = Statement(
    update(mt_segments)
    .where(
        mt_segments.c.mt_id == bindparam("of_mt"),
        mt_segments.c.no == bindparam("segment"),
        in_state(mt_segments.c.state, MtState.SENT),
    )
    .values(state=bindparam("state"), at=bindparam("at"))
)
_SEGMENTS = Statement(select(mt_segments.c.state).where(mt_segments.c.mt_id == bindparam("mt_id")))
# a queued one can only be reported on if it was tried: then «surely not sent» was wrong, and it must not go again
_open = or_(
    in_state(mts.c.state, MtState.SENDING, MtState.UNKNOWN),
    and_(in_state(mts.c.state, MtState.QUEUED), mts.c.error.is_not(None)),
)
_moved: dict[str, Any] = {
    "state": bindparam("state"),
    "state_at": bindparam("at"),
    "leased_until": None,
    "error": bindparam("error"),
    "provider_id": func.coalesce(mts.c.provider_id, bindparam("provider_id", type_=Text())),
}
_ON_ITS_WAY = Statement(update(mts).where(mts.c.id == bindparam("mt_id"), _open).values(_moved))
_ARRIVED = Statement(
    update(mts).where(mts.c.id == bindparam("mt_id"), or_(_open, in_state(mts.c.state, MtState.SENT))).values(_moved)
)


def apply_dlr(unit: UnitOfWork, report: DeliveryReport) -> int | None:
    """Keep a receipt and let it take effect; the id of its MT, or None where it is parked."""
    found = _find(unit, report)
    given = {
        "account": report.account,
        "provider_id": report.provider_id,
        "mt_id": found and found.mt_id,
        "phone": report.phone,
        "state": report.state.value,
        "code": report.code,
        "received_at": report.received_at,
        "other_ids": json.dumps(report.ids[1:]) if report.ids[1:] else None,
    }
    if found is not None and unit.session.one(_KNOWN, given) is not None:
        return found.mt_id
    unit.session.insert(_KEEP, given)
    unit.touch("mts")
    if found is None:
        return None
    spelled(unit, report.account, found.how)
    _advance(unit, found, report.state, report.code, report.provider_id, report.received_at)
    return found.mt_id


def add_segments(
    unit: UnitOfWork, mt_id: int, provider: str, ids: Sequence[str], at: int, without: MtState = MtState.UNKNOWN
) -> None:
    """Remember the ids of a message's segments, one alone is the message; `without`: the state of those that have none,
    unknown where no answer came, failed where they were not sent."""
    for no, segment_id in enumerate(ids if len(ids) > 1 else (), start=1):
        state = MtState.SENT if segment_id else without
        unit.session.later(_ADD_SEGMENT, (mt_id, no, provider, segment_id, state.value, at))


def has_parked(unit: UnitOfWork, account: str, at: int) -> bool:
    """Whether any receipts of an account wait for an answer; `at`: of the first answer that they may wait for."""
    return unit.session.one(_PARKED, {"account": account, "since": at - PARKED_AGE}) is not None


def apply_parked(unit: UnitOfWork, mt_id: int, account: str, phone: str, ids: Sequence[str], at: int) -> None:
    """Receipts that came before the answer with these ids (the message's, then the segments') take effect."""
    for dlr_id, provider_id, to, state, code, others in unit.session.all(
        _PARKED, {"account": account, "since": at - PARKED_AGE}
    ):
        agreed = None if to is None else same_number(to, phone)
        reported = (provider_id, *(json.loads(others) if others else ()))
        found = next((one for said in reported if (one := _among(mt_id, ids, said, agreed)) is not None), None)
        if found is not None:
            unit.session.run(_UNPARK, {"dlr_id": dlr_id, "for_mt": mt_id})
            spelled(unit, account, found.how)
            _advance(unit, found, MtState(state), code or "", provider_id, at)


def _among(mt_id: int, ids: Sequence[str], reported: str, agreed: bool | None) -> _Found | None:
    """Which of a message's ids is reported on. `agreed`: whether the numbers do; None: none was reported."""
    in_segments = len(ids) > 2
    for no, answered in reversed(list(enumerate(ids))):
        how = likeness(answered, reported) if answered else None
        if how is not None and (agreed or (how == "raw" and agreed is None)):
            return _Found(mt_id, no if in_segments and no > 0 else None, how)
    return None


def _find(unit: UnitOfWork, report: DeliveryReport) -> _Found | None:
    given = {"account": report.account, "mt_id": report.mt_id}
    ours = report.mt_id is not None and unit.session.one(_BY_OUR_ID, given) is not None
    usual = None if ours or report.phone is None else spelling(unit, report.account)
    if usual is not None and (found := _find_converted(unit, report, usual)) is not None:
        # where ids are spelled twice, one that looks the same may be another's
        return found
    for said in report.ids:
        named = {**given, "provider_id": said}
        for mt_id, no, phone in (*unit.session.all(_BY_SEGMENT, named), *unit.session.all(_BY_MESSAGE, named)):
            if mt_id == report.mt_id or (not ours and (report.phone is None or same_number(report.phone, phone))):
                return _Found(mt_id, no)
    if ours and report.mt_id is not None:
        return _Found(report.mt_id)
    return None if report.phone is None else _find_converted(unit, report)


def _find_converted(unit: UnitOfWork, report: DeliveryReport, usual: str | None = None) -> _Found | None:
    """Only for a number that agrees, and not for old messages: ids alone are alike by chance.

    `usual`: only by that spelling.
    """
    since = report.received_at - CONVERTED_AGE
    rows = unit.session.all(_OF_PHONE, {"phone": report.phone, "account": report.account, "since": since})
    for said in report.ids:
        for mt_id, no, answered in rows:
            how = _spelled_as(usual, answered, said) if answered else None
            if how is not None:
                return _Found(mt_id, no, how)
    return None


def _spelled_as(usual: str | None, answered: str, reported: str) -> str | None:
    if usual is None:
        return likeness(answered, reported)
    return usual if agrees(usual, answered, reported) else None


def _advance(unit: UnitOfWork, found: _Found, state: MtState, code: str, provider_id: str, at: int) -> None:
    whole = state if found.segment is None else _segment_moved(unit, found.mt_id, found.segment, state, at)
    if whole not in (MtState.SENT, *FINAL):
        return
    note = code if found.how == "raw" else f"{code} (id agrees by {found.how})".strip()
    given = {
        "mt_id": found.mt_id,
        "state": whole.value,
        "at": at,
        "error": note if whole in (MtState.FAILED, MtState.EXPIRED) else None,
        "provider_id": provider_id,
    }
    if unit.session.run(_ON_ITS_WAY if whole is MtState.SENT else _ARRIVED, given) > 0:
        log_change(unit, found.mt_id, whole, at, note or None)


def _segment_moved(unit: UnitOfWork, mt_id: int, segment: int, state: MtState, at: int) -> MtState:
    """What the whole message is once this segment has come so far."""
    if state in FINAL:
        unit.session.run(_SEGMENT, {"of_mt": mt_id, "segment": segment, "state": state.value, "at": at})
    states = {MtState(row[0]) for row in unit.session.all(_SEGMENTS, {"mt_id": mt_id})}
    lost = next((one for one in (MtState.FAILED, MtState.EXPIRED) if one in states), None)
    if lost is not None:
        return lost
    # nobody knows yet whether one without an answer has gone out
    on_its_way = MtState.UNKNOWN if MtState.UNKNOWN in states else MtState.SENT
    return MtState.DELIVERED if states == {MtState.DELIVERED} else on_its_way
