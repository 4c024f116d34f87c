"""What comes into the desk's queue, and what leaves it by itself.

Nothing is added where messages are handled: the queue follows `mos`, `mt_changes`, `dlrs` by id, a stretch at a time.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any
from unicodedata import normalize

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from grammar import Code
from smsgate.domain.messages import MoState, MtKind, MtState
from smsgate.domain.queue import SYSTEM, ItemKind, Outcome, QueueAct
from smsgate.domain.states import State
from smsgate.service.rules import HOUR, MINUTE
from smsgate.store.ids import IdIn, pack_ids
from smsgate.store.queue_tables import queue_acts, queue_items
from smsgate.store.receipts import PARKED_AGE
from smsgate.store.statements import Statement
from smsgate.store.tables import dlrs, mos, mt_changes, mts, tickets
from smsgate.store.unit_of_work import UnitOfWork

STRIDE = 10_000
"""Ids that one sweep looks through at most, so that no message waits for it."""
OLDEST = 7 * 24 * HOUR
"""Milliseconds: what is older when the queue first sees it is asked about no more, but for what a bug kept back."""
MENDED_WITHIN = 30 * MINUTE
"""How soon after a message that could not be read its sender's next one with the same verb counts as the right one."""
MENDED_SOON = 10 * MINUTE
"""The same where no verb could be read."""

_q = queue_items.c
_FILLED = ("kind", "phone", "since", "mo_id", "mt_id", "dlr_id", "ticket_id", "waits")
_none = cast(literal(None), BigInteger)


def _one_of(column: ColumnElement[Any], *names: StrEnum) -> ColumnElement[bool]:
    """Written out: these statements go to the driver as they are, which knows no lists."""
    return column.in_([literal_column(f"'{name}'") for name in names])


# what comes in

_plain_kinds = {
    MoState.SHUNTED: ItemKind.SHUNTED,
    MoState.UNKNOWN_SENDER: ItemKind.UNKNOWN_SENDER,
    MoState.INCOMPLETE: ItemKind.INCOMPLETE,
}
_NEW_MOS = Statement(
    postgres_insert(queue_items)
    .from_select(
        _FILLED,
        select(
            case(
                *((mos.c.state == state.value, literal(kind.value)) for state, kind in _plain_kinds.items()),
                else_=literal(ItemKind.MISREAD.value),
            ),
            mos.c.sender,
            mos.c.received_at,
            mos.c.id,
            _none,
            _none,
            mos.c.ticket_id,
            true(),
        ).where(
            mos.c.id > bindparam("after"),
            mos.c.id <= bindparam("until"),
            or_(
                _one_of(mos.c.state, *_plain_kinds),
                # one error too many is not answered; a human sees it all the same
                and_(
                    _one_of(mos.c.state, MoState.REFUSED, MoState.SUPPRESSED),
                    _one_of(mos.c.outcome, *Code),
                ),
            ),
            or_(mos.c.received_at >= bindparam("oldest"), mos.c.state == MoState.SHUNTED.value),
        ),
    )
    .on_conflict_do_nothing()
)

_LOST = (MtState.FAILED, MtState.EXPIRED)
_waiting_ticket = exists(
    select(tickets.c.id).where(
        tickets.c.id == mts.c.ticket_id,
        tickets.c.state == State.DISPATCHED.value,
        # one that has been moved since tells its new holder itself
        tickets.c.move_hop == mts.c.hop_id,
    )
)
_not_moot = or_(mts.c.kind != MtKind.NOTICE.value, _waiting_ticket)
_needed = _one_of(mts.c.kind, MtKind.NOTICE, MtKind.BUNDLE, MtKind.OPERATORS)
_asks = and_(
    or_(mts.c.state == MtState.UNKNOWN.value, and_(_one_of(mts.c.state, *_LOST), _needed)),
    _not_moot,
)
_changed = select(mt_changes.c.mt_id).where(
    mt_changes.c.id > bindparam("after"),
    mt_changes.c.id <= bindparam("until"),
    _one_of(mt_changes.c.state, MtState.UNKNOWN, *_LOST),
)
_add_mts = postgres_insert(queue_items).from_select(
    _FILLED,
    select(
        case(
            (mts.c.state == MtState.UNKNOWN.value, literal(ItemKind.UNKNOWN.value)),
            else_=literal(ItemKind.UNDELIVERED.value),
        ),
        mts.c.phone,
        mts.c.state_at,
        _none,
        mts.c.id,
        _none,
        mts.c.ticket_id,
        true(),
    ).where(mts.c.id.in_(_changed), _asks, mts.c.state_at >= bindparam("oldest")),
)
# what was unknown and has been lost since is another thing to ask, unless it has been sent again already
_again = and_(
    _q.kind != _add_mts.excluded.kind,
    or_(_q.outcome.is_(None), _q.outcome != Outcome.RESENT.value),
)
_NEW_MTS = Statement(
    _add_mts.on_conflict_do_update(
        index_elements=[_q.mt_id],
        set_={
            "kind": _add_mts.excluded.kind,
            "since": _add_mts.excluded.since,
            "waits": true(),
            **dict.fromkeys(("claimed_by", "claimed_until", "handled_by", "handled_at", "outcome", "reason")),
        },
        where=_again,
    )
)

_NEW_RECEIPTS = Statement(
    postgres_insert(queue_items)
    .from_select(
        _FILLED,
        select(
            literal(ItemKind.RECEIPT.value),
            func.coalesce(dlrs.c.phone, ""),
            dlrs.c.received_at,
            _none,
            _none,
            dlrs.c.id,
            _none,
            true(),
        ).where(
            dlrs.c.id > bindparam("after"),
            dlrs.c.id <= bindparam("until"),
            dlrs.c.mt_id.is_(None),
            _one_of(dlrs.c.state, *_LOST),
            dlrs.c.received_at >= bindparam("oldest"),
        ),
    )
    .on_conflict_do_nothing()
)
_LAST_PARKED = Statement(
    select(func.max(dlrs.c.id)).where(
        dlrs.c.id > bindparam("after"), dlrs.c.id <= bindparam("until"), dlrs.c.received_at <= bindparam("before")
    )
)
_LAST_CHANGE = Statement(select(func.coalesce(func.max(mt_changes.c.id), 0)))
_LAST_RECEIPT = Statement(select(func.coalesce(func.max(dlrs.c.id), 0)))

# what leaves by itself

_mine = mos.alias("mine")
_later = mos.alias("later")
_of_mt = select(mts.c.id).where(mts.c.id == _q.mt_id)
_resent = mts.alias("resent")


# run again with no effect: said to its sender perhaps, and still for a human to see
_has_code = _one_of(_mine.c.outcome, *Code)
_turned = and_(_mine.c.outcome.is_not(None), _one_of(_mine.c.state, MoState.REFUSED, MoState.ASKED, MoState.SUPPRESSED))
_STILL_THERE = {
    ItemKind.UNKNOWN_SENDER: _mine.c.state == MoState.UNKNOWN_SENDER.value,
    ItemKind.MISREAD: and_(_turned, _has_code),
    ItemKind.NOT_DONE: and_(_turned, ~_has_code),
}
"""What a shunted message is to a human after it has been run again elsewhere; none of these: it is over."""


def _turning(kind: ItemKind, when: ColumnElement[bool]) -> Statement:
    core = (
        update(queue_items)
        .where(
            literal_column("waits", Boolean),
            _one_of(_q.kind, ItemKind.SHUNTED),
            exists(select(_mine.c.id).where(_mine.c.id == _q.mo_id, when)),
        )
        .values(kind=kind.value)
        .returning(_q.id)
    )
    return Statement(core)


_TURNING = tuple(_turning(kind, when) for kind, when in _STILL_THERE.items())


def _closing(kinds: tuple[ItemKind, ...], outcome: Outcome, *when: ColumnElement[bool]) -> Statement:
    wanted = (literal_column("waits", Boolean), _one_of(_q.kind, *kinds), *when)
    core = (
        update(queue_items)
        .where(*wanted)
        .values(
            waits=text("false"),
            claimed_by=None,
            claimed_until=None,
            handled_by=SYSTEM,
            handled_at=bindparam("now"),
            outcome=outcome.value,
        )
        .returning(_q.id)
    )
    return Statement(core)


_MENDABLE = (ItemKind.MISREAD, ItemKind.INCOMPLETE, ItemKind.NOT_DONE)
_told = mts.alias("told")
# what it was answered when it was run again counts as when it came does
_soon_after_run_again = exists(
    select(_told.c.id).where(
        _told.c.mo_id == _q.mo_id,
        _told.c.kind == MtKind.ANSWER.value,
        _later.c.received_at >= _told.c.created_at,
        _later.c.received_at <= _told.c.created_at + MENDED_WITHIN,
    )
)
_MAYBE_MENDED = Statement(
    select(_q.id, _mine.c.text, tickets.c.code, tickets.c.number)
    .select_from(
        queue_items.join(_mine, _mine.c.id == _q.mo_id)
        .join(_later, and_(_later.c.sender == _q.phone, _later.c.id > _q.mo_id))
        .join(tickets, tickets.c.id == _later.c.ticket_id)
    )
    .where(
        literal_column("waits", Boolean),
        _one_of(_q.kind, *_MENDABLE),
        _later.c.state == MoState.APPLIED.value,
        _later.c.ticket_hop.is_not(None),
        or_(
            and_(
                _later.c.verb == _mine.c.verb,
                or_(_later.c.received_at <= _q.since + MENDED_WITHIN, _soon_after_run_again),
            ),
            and_(_mine.c.verb.is_(None), _later.c.received_at <= _q.since + MENDED_SOON),
        ),
    )
)
_MENDED = _closing(_MENDABLE, Outcome.MENDED, IdIn(_q.id, "ids"))
_CODE = re.compile(r"(?<![0-9])(?:[0-9]{5,8}|[0-9]{12,13})(?![0-9])")
_RUN_ELSEWHERE = _closing(
    (ItemKind.SHUNTED,),
    Outcome.RERUN,
    exists(select(_mine.c.id).where(_mine.c.id == _q.mo_id, _mine.c.state != MoState.SHUNTED.value)),
)
_RESENT_ELSEWHERE = _closing(
    (ItemKind.UNKNOWN, ItemKind.UNDELIVERED),
    Outcome.RESENT,
    exists(select(_resent.c.id).where(_resent.c.phone == _q.phone, _resent.c.resend_of == _q.mt_id)),
)
_MOOT = _closing(
    (ItemKind.UNKNOWN, ItemKind.UNDELIVERED),
    Outcome.MOOT,
    exists(_of_mt.where(~_not_moot).correlate(queue_items)),
)
_SETTLED_UNKNOWN = _closing(
    (ItemKind.UNKNOWN,), Outcome.SETTLED, exists(_of_mt.where(mts.c.state != MtState.UNKNOWN.value))
)
_SETTLED_LOST = _closing((ItemKind.UNDELIVERED,), Outcome.SETTLED, exists(_of_mt.where(~_one_of(mts.c.state, *_LOST))))
_FOUND_RECEIPTS = _closing(
    (ItemKind.RECEIPT,),
    Outcome.SETTLED,
    exists(select(dlrs.c.id).where(dlrs.c.id == _q.dlr_id, dlrs.c.mt_id.is_not(None))),
)
_LEAVING = (
    _RESENT_ELSEWHERE,
    _RUN_ELSEWHERE,
    _MOOT,
    _SETTLED_UNKNOWN,
    _SETTLED_LOST,
    _FOUND_RECEIPTS,
)
_NAMES = ("item_id", "at", "who", "act", "note")
_RECORD = Statement(insert(queue_acts).values({name: bindparam(name) for name in _NAMES}), _NAMES)


def collect(unit: UnitOfWork, at: int) -> bool:
    """Bring the queue up to date; whether there is more to look through at once."""
    more = _new_mos(unit, at)
    more |= _new_mts(unit, at)
    more |= _new_receipts(unit, at)
    for turning in _TURNING:
        _turn(unit, turning, at)
    for leaving in _LEAVING:
        _leave(unit, leaving, {"now": at})
    mended = _mended(unit)
    if mended:
        _leave(unit, _MENDED, {"now": at, "ids": pack_ids(mended)})
    return more


def _turn(unit: UnitOfWork, turning: Statement, at: int) -> None:
    """It waits as what it is now; since when it came."""
    for row in unit.session.all(turning, {}):
        unit.session.later(_RECORD, (row[0], at, SYSTEM, QueueAct.RERUN.value, None))
        unit.touch("queue")


def _leave(unit: UnitOfWork, leaving: Statement, given: dict[str, object]) -> None:
    for row in unit.session.all(leaving, given):
        unit.session.later(_RECORD, (row[0], given["now"], SYSTEM, QueueAct.CLOSE.value, None))
        unit.touch("queue")


def _mended(unit: UnitOfWork) -> set[int]:
    """Messages whose sender has since sent the right one: about the ticket that they name, where they name any."""
    found = set()
    for item_id, said, code, number in unit.session.all(_MAYBE_MENDED, {}):
        named = _CODE.findall(normalize("NFKC", said))
        if not named or code in named or number in named:
            found.add(item_id)
    return found


def _new_mos(unit: UnitOfWork, at: int) -> bool:
    return _follow(unit, "queue.mo", unit.session.newest_id(mos), _NEW_MOS, at)


def _new_mts(unit: UnitOfWork, at: int) -> bool:
    return _follow(unit, "queue.change", _newest(unit, _LAST_CHANGE), _NEW_MTS, at)


def _new_receipts(unit: UnitOfWork, at: int) -> bool:
    """A receipt has ten minutes to find its message: the answer that it waits for may be late."""
    after = unit.watermark("queue.receipt") or 0
    newest = _newest(unit, _LAST_RECEIPT)
    if newest <= after:
        return False
    until = min(newest, after + STRIDE)
    row = unit.session.one(_LAST_PARKED, {"after": after, "until": until, "before": at - PARKED_AGE})
    if row is None or row[0] is None:
        return False
    return _follow(unit, "queue.receipt", int(row[0]), _NEW_RECEIPTS, at)


def _follow(unit: UnitOfWork, name: str, newest: int, adding: Statement, at: int) -> bool:
    after = unit.watermark(name) or 0
    if newest <= after:
        return False
    until = min(newest, after + STRIDE)
    if unit.session.run(adding, {"after": after, "until": until, "oldest": at - OLDEST}):
        unit.touch("queue")
    unit.set_watermark(name, until)
    return until < newest


def _newest(unit: UnitOfWork, newest: Statement) -> int:
    row: Any = unit.session.one(newest, {})
    return int(row[0])
