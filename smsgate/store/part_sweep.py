"""Long messages whose time is over, or whose doubts are (part_rows.py keeps them)."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, delete, func, or_, select, update

from smsgate.store.link_tables import mo_groups, mo_parts
from smsgate.store.part_rows import COMPLETE_WITHIN, DOUBT, Group, GroupState, read_group, same_place
from smsgate.store.statements import Statement
from smsgate.store.unit_of_work import UnitOfWork

ASKED_ONCE = 3_600_000
"""Milliseconds for which a sender is not asked again for what has the same key: a late part would begin it anew."""
KEPT = 7 * 86_400_000
"""Milliseconds that the parts of what came whole are kept, to know what is brought again; `mos` has all of it."""
AT_ONCE = 25
"""Groups that one transaction settles at most, so that no message waits for it."""

_groups, _parts = mo_groups.c, mo_parts.c
_is_open = _groups.state == GroupState.OPEN.value
_came = (
    select(func.count(_parts.no.distinct())).where(_parts.group_id == _groups.id).correlate(mo_groups).scalar_subquery()
)
_LATE = Statement(
    select(_groups.id)
    .where(_is_open, _groups.began_at <= bindparam("before"), _came < _groups.total)
    .order_by(_groups.began_at, _groups.id)
    .limit(AT_ONCE)
)
_UNDOUBTED = Statement(
    select(_groups.id)
    .where(_is_open, _groups.doubted, _groups.at <= bindparam("before"), _came == _groups.total)
    .order_by(_groups.began_at, _groups.id)
    .limit(AT_ONCE)
)
_KEY = ("account", "sender", "receiver", "reference", "width")
_of_key = tuple(_groups[name] == bindparam(name) for name in _KEY)
_ASKED = Statement(select(_groups.id).where(*_of_key, _groups.asked_at >= bindparam("since")))
_ASK = Statement(update(mo_groups).where(_groups.id == bindparam("group_id")).values(asked_at=bindparam("at")))
_old = and_(
    or_(_groups.state == GroupState.WHOLE.value, _groups.state == GroupState.REPEAT.value),
    _groups.at < bindparam("before"),
)
_FORGET_PARTS = Statement(delete(mo_parts).where(_parts.group_id.in_(select(_groups.id).where(_old))))
_FORGET = Statement(delete(mo_groups).where(_old))


def late_groups(unit: UnitOfWork, at: int) -> tuple[Group, ...]:
    """Groups that have had fifteen minutes and are not whole, the oldest first."""
    rows = unit.session.all(_LATE, {"before": at - COMPLETE_WITHIN})
    return tuple(read_group(unit, row[0]) for row in rows)


def undoubted_groups(unit: UnitOfWork, at: int) -> tuple[Group, ...]:
    """Groups that were doubted and are whole, against which nothing has come since."""
    rows = unit.session.all(_UNDOUBTED, {"before": at - DOUBT})
    return tuple(read_group(unit, row[0]) for row in rows)


def may_ask(unit: UnitOfWork, group: Group, at: int) -> bool:
    """Whether its sender has not been asked for it yet; from now on they have."""
    place = same_place(group.parts[0])
    if unit.session.one(_ASKED, {**place, "since": at - ASKED_ONCE}) is not None:
        return False
    unit.session.run(_ASK, {"group_id": group.id, "at": at})
    return True


def forget_parts(unit: UnitOfWork, at: int) -> None:
    """What came whole long ago; what did not is kept."""
    unit.session.run(_FORGET_PARTS, {"before": at - KEPT})
    unit.session.run(_FORGET, {"before": at - KEPT})
