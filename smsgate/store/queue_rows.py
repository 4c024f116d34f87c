"""The desk's queue: its items, who is on them, what came of them. Every change is recorded in `queue_acts`."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, text, update

from smsgate.domain.messages import MtState
from smsgate.domain.queue import ItemKind, QueueAct, QueueItem
from smsgate.service.queue_ports import Ends, Handled, TriedHop, TriedMt
from smsgate.store.queue_tables import queue_acts, queue_items
from smsgate.store.rows import read_actor, read_target
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement, insert_row
from smsgate.store.tables import hops, mts

ITEM_COLUMNS: tuple[ColumnElement[Any], ...] = tuple(queue_items.c[name] for name in QueueItem._fields)

_ITEM = Statement(select(*ITEM_COLUMNS).where(queue_items.c.id == bindparam("item_id")))
_ALIKE = Statement(
    select(*ITEM_COLUMNS)
    .where(queue_items.c.phone == bindparam("phone"), queue_items.c.kind == bindparam("kind"), text("waits"))
    .order_by(queue_items.c.id)
    .limit(bindparam("most"))
)
_STANDING = ("waits", "claimed_by", "claimed_until", "handled_by", "handled_at", "outcome", "reason")
_MADE = ("made_mo_id", "made_mt_id")
_STAND = Statement(
    update(queue_items)
    .where(queue_items.c.id == bindparam("item_id"))
    .values({name: bindparam(name) for name in (*_STANDING, *_MADE, "kind")})
)
_RECORD = insert_row(queue_acts)
_HOPS = Statement(
    select(
        *(hops.c.kind, hops.c.refused, hops.c.code, hops.c.title, hops.c.ticket_id, hops.c.no),
        *(hops.c.actor, hops.c.from_holder, hops.c.to_holder, hops.c.target, hops.c.state),
    )
    .where(hops.c.id > bindparam("after"))
    .order_by(hops.c.id)
)
_MTS = Statement(
    select(mts.c.phone, mts.c.text, mts.c.segments, mts.c.kind, mts.c.role, mts.c.gather_until)
    .where(mts.c.id > bindparam("after"))
    .order_by(mts.c.id)
)
_MT_STATE = Statement(select(mts.c.state).where(mts.c.id == bindparam("mt_id")))


class QueueRows(Rows):
    """The part that knows `queue_items` and `queue_acts`."""

    def queue_item(self, item_id: int) -> QueueItem | None:
        """By id."""
        row = self.session.one(_ITEM, {"item_id": item_id})
        return None if row is None else read_item(row)

    def items_alike(self, phone: str, kind: ItemKind, most: int) -> tuple[QueueItem, ...]:
        """Those of one phone and kind that wait, oldest first."""
        rows = self.session.all(_ALIKE, {"phone": phone, "kind": kind.value, "most": most})
        return tuple(map(read_item, rows))

    def claim_item(self, item: QueueItem, who: str | None, until: int | None, at: int, by: str) -> QueueItem:
        """Somebody is on it until then; None: nobody any more."""
        act = QueueAct.CLAIM if who is not None else QueueAct.RELEASE
        return self._stand(item._replace(claimed_by=who, claimed_until=until), at, by, act, None)

    def handle_item(self, item: QueueItem, handled: Handled) -> QueueItem:
        """It leaves the queue."""
        after = item._replace(
            waits=False,
            claimed_by=None,
            claimed_until=None,
            handled_by=handled.by,
            handled_at=handled.at,
            outcome=handled.outcome.value,
            reason=handled.reason,
            made_mo_id=handled.made_mo_id,
            made_mt_id=handled.made_mt_id,
        )
        return self._stand(after, handled.at, handled.by, handled.act, handled.reason)

    def reopen_item(self, item: QueueItem, at: int, by: str, act: QueueAct) -> QueueItem:
        """It waits again, as long as it ever has."""
        after = item._replace(waits=True, handled_by=None, handled_at=None, outcome=None, reason=None)
        return self._stand(after, at, by, act, None)

    def item_became(self, item: QueueItem, kind: ItemKind) -> QueueItem:
        """It waits for another reason than before."""
        after = item._replace(kind=kind)
        self.session.run(_STAND, _standing(after))
        return after

    def record_act(self, item_id: int, at: int, by: str, act: QueueAct, note: str | None) -> None:
        """Write down what somebody did."""
        self.touch("queue")
        given = {"item_id": item_id, "at": at, "who": by, "act": act.value, "note": note}
        self.session.insert(_RECORD, given)

    def ends(self) -> Ends:
        """Where the log and the outbox end now."""
        return Ends(self.session.newest_id(hops), self.session.newest_id(mts))

    def written_since(self, ends: Ends) -> tuple[tuple[TriedHop, ...], tuple[TriedMt, ...]]:
        """What this transaction has added to the log and the outbox since."""
        lines = self.session.all(_HOPS, {"after": ends.hop})
        sent = self.session.all(_MTS, {"after": ends.mt})
        return tuple(_read_hop(*row) for row in lines), tuple(TriedMt(*row) for row in sent)

    def state_of_mt(self, mt_id: int) -> MtState | None:
        """Where an MT stands."""
        row = self.session.one(_MT_STATE, {"mt_id": mt_id})
        return None if row is None else MtState(row[0])

    def _stand(self, item: QueueItem, at: int, by: str, act: QueueAct, note: str | None) -> QueueItem:
        self.session.run(_STAND, _standing(item))
        self.record_act(item.id, at, by, act, note)
        return item


def read_item(row: Any) -> QueueItem:
    """An item from `ITEM_COLUMNS`."""
    item = QueueItem(*row)
    return item._replace(kind=ItemKind(item.kind), waits=bool(item.waits))


def _standing(item: QueueItem) -> dict[str, Any]:
    named = item._asdict()
    return {"item_id": item.id, **{name: named[name] for name in (*_STANDING, *_MADE)}, "kind": item.kind.value}


def _read_hop(*row: Any) -> TriedHop:
    kind, refused, code, title, ticket_id, no, actor, before, after, target, state = row
    who, held, holds, sent = read_actor(actor), read_target(before), read_target(after), read_target(target)
    return TriedHop(kind, refused, code, title, ticket_id, no, who, held, holds, sent, state)
