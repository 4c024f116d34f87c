"""Which MTs may go now: what `outbox.lease` chooses by.

Order: of one phone and class (a line; on one provider) one MT is under way at a time, the oldest first. One that waits
to be tried again, or whose outcome is unknown, lets the next pass after `HOLD`. Lines do not wait for each other; the
higher class is taken first. A line may lie on several accounts that share a route (`service.routes.Peer`): then it is
one all the same, and an older MT that is queued elsewhere goes before a newer one here.

Each statement reads one small index from its beginning, and what follows is worked out here: as one statement it was
left to a planner, and PostgreSQL's, whose statistics are of a moment when the queue was empty, took ten times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, bindparam, func, literal_column, or_, select

from smsgate.domain.messages import MtState
from smsgate.service.routes import Peer
from smsgate.store.ids import IdIn, pack_ids
from smsgate.store.session import Session
from smsgate.store.statements import Row, Statement
from smsgate.store.tables import mts

HOLD = 30_000
"""Milliseconds that an MT holds up later ones of its line (spec/messages.md «Out»)."""
LOOKED_AT = 4
"""Queued rows that are looked at in order, for each that is wanted. That finds enough where many phones wait; where
thousands of rows wait for one dead phone, the first row of each line is looked for instead."""

PASSES = 4
"""Times that what lies behind an older MT elsewhere is left out, and the next looked for instead."""

Line = tuple[str, int]
"""Phone and class."""


def in_state(column: ColumnElement[str], *states: MtState) -> ColumnElement[bool]:
    """Written out, as partial indices want it: SQLite uses none for a parameter."""
    if len(states) == 1:
        return column == literal_column(f"'{states[0]}'")
    return column.in_([literal_column(f"'{state}'") for state in states])


STILL_VALID = or_(mts.c.valid_until.is_(None), mts.c.valid_until > bindparam("at"))
FREE = or_(mts.c.leased_until.is_(None), mts.c.leased_until <= bindparam("at"))
_of_lane = (mts.c.provider == bindparam("provider"), in_state(mts.c.state, MtState.QUEUED))
_due = mts.c.not_before <= bindparam("at")

OLDEST = Statement(
    select(mts.c.id, mts.c.phone, mts.c.klass)
    # none that is gathered is due; said again, because the index says it
    .where(*_of_lane, mts.c.gather_until.is_(None), _due, STILL_VALID, FREE)
    .order_by(mts.c.klass, mts.c.id)
    .limit(bindparam("most"))
)
FIRST_OF_LINES = Statement(
    select(func.min(mts.c.id), mts.c.phone, mts.c.klass)
    .where(*_of_lane, _due)
    .group_by(mts.c.phone, mts.c.klass)
    .order_by(mts.c.klass, func.min(mts.c.id))
    .limit(bindparam("most"))
)
UNDER_WAY = Statement(
    select(mts.c.provider, mts.c.phone, mts.c.klass, mts.c.state, mts.c.state_at, mts.c.leased_until).where(
        mts.c.leased_until.is_not(None)
    )
)
HELD = Statement(
    select(mts.c.provider, mts.c.phone, mts.c.klass, mts.c.id, mts.c.state, mts.c.not_before).where(
        mts.c.held_until.is_not(None), mts.c.held_until > bindparam("at")
    )
)


_elder, _mine = mts.alias("elder"), mts.alias("mine")
# a subquery of each row, not a join: SQLite would begin with all that is queued elsewhere
HAVE_ELDERS = Statement(
    select(
        _mine.c.phone,
        _mine.c.klass,
        select(func.min(_elder.c.id))
        .where(
            _elder.c.provider == bindparam("elsewhere"),
            _elder.c.phone == _mine.c.phone,
            _elder.c.klass == _mine.c.klass,
            _elder.c.id < _mine.c.id,
            in_state(_elder.c.state, MtState.QUEUED),
            _elder.c.not_before <= bindparam("at"),
            or_(_elder.c.valid_until.is_(None), _elder.c.valid_until > bindparam("at")),
        )
        .correlate(_mine)
        .scalar_subquery(),
    ).where(IdIn(_mine.c.id, "ids"), _mine.c.created_at > bindparam("since"))
)


@dataclass(slots=True)
class _Lines:
    """What keeps lines of one lane waiting."""

    under_way: set[Line] = field(default_factory=set)
    held: dict[Line, int] = field(default_factory=dict)
    """The oldest MT of the line that later ones wait for."""

    def copy(self) -> _Lines:
        """Another that may be written in."""
        return _Lines(set(self.under_way), dict(self.held))

    def has_way(self, mt_id: int, line: Line) -> bool:
        return line not in self.under_way and mt_id <= self.held.get(line, mt_id)


def choose(session: Session, provider: str, at: int, most: int, peers: Sequence[Peer] = ()) -> list[int]:
    """The ids of up to `most` MTs that may go now, the first to go first."""
    lines = _waiting(session, frozenset((provider, *(peer.account for peer in peers))), at)
    chosen = _first(session, provider, at, most, lines.copy())
    for _ in range(PASSES if peers else 0):
        elders = _elders(session, chosen, peers, at)
        if not elders:
            return chosen
        lines.held.update(elders)
        chosen = _first(session, provider, at, most, lines.copy())
    return [] if peers and _elders(session, chosen, peers, at) else chosen


def _first(session: Session, provider: str, at: int, most: int, lines: _Lines) -> list[int]:
    """Of the lines that have way, the first of each."""
    given = {"provider": provider, "at": at}
    oldest = session.all(OLDEST, {**given, "most": most * LOOKED_AT})
    chosen = _pick(oldest, lines, most)
    if len(chosen) < most and len(oldest) == most * LOOKED_AT:  # else these were all
        missing = most - len(chosen)
        passed = len(lines.under_way) + len(lines.held)
        chosen += _pick(session.all(FIRST_OF_LINES, {**given, "most": missing + passed}), lines, missing)
    return chosen


def _elders(session: Session, chosen: Sequence[int], peers: Sequence[Peer], at: int) -> dict[Line, int]:
    """The lines of these that an older MT is queued for elsewhere, with its id."""
    found: dict[Line, int] = {}
    for peer in peers if chosen else ():
        since = at - HOLD if peer.stuck else -1
        given = {"ids": pack_ids(chosen), "elsewhere": peer.account, "at": at, "since": since}
        for phone, klass, elder in session.all(HAVE_ELDERS, given):
            if elder is not None:
                found[phone, klass] = min(elder, found.get((phone, klass), elder))
    return found


def _waiting(session: Session, lanes: frozenset[str], at: int) -> _Lines:
    lines = _Lines()
    for lane, phone, klass, state, state_at, leased_until in session.all(UNDER_WAY, {}):
        busy_until = leased_until if state == MtState.QUEUED.value else state_at + HOLD
        if lane in lanes and busy_until > at:
            lines.under_way.add((phone, klass))
    for lane, phone, klass, mt_id, state, not_before in session.all(HELD, {"at": at}):
        waits = state == MtState.UNKNOWN.value or (state == MtState.QUEUED.value and not_before > at)
        if lane in lanes and waits:
            line = (phone, klass)
            lines.held[line] = min(mt_id, lines.held.get(line, mt_id))
    return lines


def _pick(rows: Iterable[Row], lines: _Lines, most: int) -> list[int]:
    """The first of each line that has way; its line is under way from then on."""
    picked: list[int] = []
    for mt_id, phone, klass in rows:
        if len(picked) < most and lines.has_way(mt_id, (phone, klass)):
            picked.append(mt_id)
            lines.under_way.add((phone, klass))
    return picked
