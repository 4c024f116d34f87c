"""Queued MTs that go by another provider account: what may be moved, and the move. One transaction (`UnitOfWork`).

Only a row that is `queued` and that no worker holds has surely not been sent. Once it is moved, the lane that it came
from does not choose it any more (`leasing.choose`), nor can another node move it a second time.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, bindparam, case, delete, exists, select, update

from smsgate.domain.messages import MtState
from smsgate.store.leasing import FREE, STILL_VALID, in_state
from smsgate.store.move_tables import mt_moves
from smsgate.store.mt_log import log_change
from smsgate.store.mt_rows import NEVER
from smsgate.store.statements import Statement, insert_row
from smsgate.store.tables import mts, tickets
from smsgate.store.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Movable:
    """An MT that has surely not been sent."""

    mt_id: int
    phone: str
    text: str
    klass: int
    source: str | None
    code: str | None
    """Of the ticket that it is about."""


_may_move = (
    mts.c.provider == bindparam("account"),
    in_state(mts.c.state, MtState.QUEUED),
    # what is gathered goes by whatever is good when its time comes
    mts.c.not_before < NEVER,
    mts.c.gather_until.is_(None),
    FREE,
)
# the least id after `after` comes first: of one phone and class the older is moved first
_MOVABLE = Statement(
    select(mts.c.id, mts.c.phone, mts.c.text, mts.c.klass, mts.c.source, tickets.c.code)
    .select_from(mts.outerjoin(tickets, tickets.c.id == mts.c.ticket_id))
    .where(
        *_may_move,
        STILL_VALID,
        mts.c.klass == bindparam("of_class"),
        mts.c.id > bindparam("after"),
        ~exists().where(mt_moves.c.mt_id == mts.c.id, mt_moves.c.at > bindparam("since")),
    )
    .order_by(mts.c.klass, mts.c.id)
    .limit(bindparam("most"))
)
_MOVE = Statement(
    update(mts)
    .where(mts.c.id == bindparam("mt_id"), *_may_move)
    .values(
        provider=bindparam("to"),
        source=bindparam("from_number"),
        segments=bindparam("as_many"),
        encoding=bindparam("said_in"),
        # the other account owes it no wait, and it has all its tries there
        not_before=case(
            (mts.c.not_before > bindparam("at", type_=BigInteger()), bindparam("at")), else_=mts.c.not_before
        ),
        held_until=None,
        tries=0,
    )
    .returning(mts.c.id)
)
_NOTE = insert_row(mt_moves)
# the oldest alone are looked at: there is no index by time
_FORGET = Statement(
    delete(mt_moves).where(
        mt_moves.c.id.in_(select(mt_moves.c.id).order_by(mt_moves.c.id).limit(bindparam("most")).scalar_subquery()),
        mt_moves.c.at < bindparam("before"),
    )
)


def movable(
    unit: UnitOfWork, account: str, klass: int, at: int, after: int, since: int, most: int
) -> tuple[Movable, ...]:
    """Up to `most` MTs of an account and class that may be moved, oldest first, beginning after the id `after`.

    Not what has been moved after `since`: two nodes that see things differently must not play ball with it.
    """
    given = {"account": account, "of_class": klass, "at": at, "after": after, "since": since, "most": most}
    return tuple(Movable(*row) for row in unit.session.all(_MOVABLE, given))


@dataclass(frozen=True, slots=True)
class NewWay:
    """How an MT goes out by its other account."""

    to: str
    source: str | None
    """The number that it comes from."""
    segments: int
    encoding: str
    """Gateways differ in what they add to each SMS, and in their alphabets."""


def move(unit: UnitOfWork, mt_id: int, account: str, by: NewWay, at: int, cause: str, note: str) -> bool:
    """Hand an MT of `account` to another; whether it could still be moved."""
    given = {
        "mt_id": mt_id,
        "account": account,
        "at": at,
        "to": by.to,
        "from_number": by.source,
        "as_many": by.segments,
        "said_in": by.encoding,
    }
    if unit.session.one(_MOVE, given) is None:
        return False
    noted = {"mt_id": mt_id, "at": at, "from_account": account, "to_account": by.to, "cause": cause}
    unit.session.insert(_NOTE, noted)
    log_change(unit, mt_id, MtState.QUEUED, at, note)
    return True


def forget_moves(unit: UnitOfWork, before: int, most: int = 1000) -> int:
    """Forget what was moved before that moment, `most` at once; how many. An MT's own way keeps it in words."""
    return unit.session.run(_FORGET, {"before": before, "most": most})
