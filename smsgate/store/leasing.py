"""Which MTs may go now, and taking them: the statements behind `outbox.lease`.

Order: of one phone and class (on one provider) one MT is under way at a time, the oldest first. One that waits to be
tried again, or whose outcome is unknown, lets the next pass after `HOLD`. Classes do not wait for each other; the
higher class is taken first.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, exists, func, literal_column, or_, select, update

from smsgate.domain.messages import MtState
from smsgate.store.statements import Statement
from smsgate.store.tables import mts

HOLD = 30_000
"""Milliseconds that an MT holds up later ones of its phone and class (spec/messages.md «Out»)."""
PAGE = 128
"""Queued rows that are looked at in order before the heads of all phones are. Where many phones wait, that finds
enough; where thousands of rows wait for one dead phone, it would read through all of them again and again."""


def in_state(column: ColumnElement[str], *states: MtState) -> ColumnElement[bool]:
    """Written out, as partial indices want it: SQLite uses none for a parameter."""
    if len(states) == 1:
        return column == literal_column(f"'{states[0]}'")
    return column.in_([literal_column(f"'{state}'") for state in states])


def still_valid(row: FromClause) -> ColumnElement[bool]:
    """Whether it has not expired `at`."""
    return or_(row.c.valid_until.is_(None), row.c.valid_until > bindparam("at"))


def _is_due(row: FromClause) -> ColumnElement[bool]:
    return and_(row.c.not_before <= bindparam("at"), still_valid(row))


def _is_free(row: FromClause) -> ColumnElement[bool]:
    return and_(
        row.c.provider == bindparam("provider"),
        in_state(row.c.state, MtState.QUEUED),
        _is_due(row),
        or_(row.c.leased_until.is_(None), row.c.leased_until <= bindparam("at")),
    )


def _same_line(row: FromClause, candidate: FromClause) -> ColumnElement[bool]:
    return and_(
        row.c.phone == candidate.c.phone,
        row.c.klass == candidate.c.klass,
        row.c.provider == bindparam("provider"),
    )


def _has_way(candidate: FromClause) -> ColumnElement[bool]:
    """Whether nothing of the same phone and class goes before it."""
    ahead, leased, unknown = mts.alias("ahead"), mts.alias("leased"), mts.alias("unknown")
    waits = exists().where(
        _same_line(ahead, candidate),
        in_state(ahead.c.state, MtState.QUEUED, MtState.SENDING),
        ahead.c.id < candidate.c.id,
        in_state(ahead.c.state, MtState.QUEUED),
        or_(_is_due(ahead), ahead.c.held_until > bindparam("at")),
    )
    under_way = exists().where(
        _same_line(leased, candidate),
        leased.c.leased_until.is_not(None),
        or_(
            and_(in_state(leased.c.state, MtState.QUEUED), leased.c.leased_until > bindparam("at")),
            and_(in_state(leased.c.state, MtState.SENDING), leased.c.state_at > bindparam("hold_from")),
        ),
    )
    in_doubt = exists().where(
        _same_line(unknown, candidate),
        in_state(unknown.c.state, MtState.UNKNOWN),
        unknown.c.held_until > bindparam("at"),
        unknown.c.id < candidate.c.id,
    )
    return and_(~waits, ~under_way, ~in_doubt)


def _take(candidates: FromClause) -> Statement:
    chosen = (
        select(candidates.c.id)
        .where(_has_way(candidates))
        .order_by(candidates.c.klass, candidates.c.id)
        .limit(bindparam("most"))
    )
    return Statement(
        update(mts)
        .where(mts.c.id.in_(chosen))
        .values(worker=bindparam("worker"), leased_until=bindparam("until"))
        .returning(*LEASED_COLUMNS)
    )


LEASED_COLUMNS = (mts.c.id, mts.c.phone, mts.c.text, mts.c.encoding, mts.c.segments, mts.c.valid_until, mts.c.klass,
                  mts.c.tries)  # fmt: skip

_oldest = (
    select(mts.c.id, mts.c.phone, mts.c.klass)
    .where(_is_free(mts))
    .order_by(mts.c.klass, mts.c.id)
    .limit(bindparam("page"))
    .subquery("oldest")
)
TAKE_OLDEST = _take(_oldest)
"""From the first `PAGE` of the queue."""

_first = (
    select(func.min(mts.c.id).label("id"))
    .where(
        in_state(mts.c.state, MtState.QUEUED, MtState.SENDING),
        in_state(mts.c.state, MtState.QUEUED),
        # not as a bare column: SQLite would take the index of the queue and sort, where `ix_mts_ahead` is in order
        func.coalesce(mts.c.provider, "") == bindparam("provider"),
        mts.c.not_before <= bindparam("at"),
    )
    .group_by(mts.c.phone, mts.c.klass)
    .subquery("first")
)
_heads = (
    select(mts.c.id, mts.c.phone, mts.c.klass)
    .join(_first, _first.c.id == mts.c.id)
    .where(_is_free(mts))
    .subquery("heads")
)
TAKE_HEADS = _take(_heads)
"""From the first of each phone and class."""
