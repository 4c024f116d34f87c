"""The way of an MT: each change of its state is a row with its time."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import BigInteger, Text, bindparam, cast, insert, literal, select

from smsgate.domain.messages import MtState
from smsgate.store.ids import IdIn, pack_ids
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement
from smsgate.store.tables import mt_changes, mts

_LINE = ("mt_id", "state", "at", "note")
_LOG = Statement(insert(mt_changes).values({name: bindparam(name) for name in _LINE}), _LINE)
_LOG_ALL = Statement(
    insert(mt_changes).from_select(
        ["mt_id", "state", "at", "note"],
        select(mts.c.id, mts.c.state, cast(bindparam("at"), BigInteger), cast(literal(None), Text))
        .where(IdIn(mts.c.id, "ids"))
        .order_by(mts.c.id),
    )
)


def log_change(unit: Rows, mt_id: int, state: MtState, at: int, note: str | None = None) -> None:
    """Add a line to an MT's way."""
    unit.session.later(_LOG, (mt_id, state.value, at, note))
    unit.touch("mts")


def log_changes(unit: Rows, ids: Collection[int], at: int) -> None:
    """Add a line to the way of each, with the state that it has now."""
    if ids:
        unit.session.run(_LOG_ALL, {"ids": pack_ids(ids), "at": at})
        unit.touch("mts")
