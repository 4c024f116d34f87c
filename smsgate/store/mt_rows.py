"""MTs, as far as what happens to a ticket writes them; sending them is outbox.py's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, literal_column, null, or_, select, text, update

from smsgate.domain.messages import MobileTerminated, MtKind, MtState
from smsgate.store.mt_log import log_change
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement, Values, insert_row
from smsgate.store.tables import NOTICE_MATTERS, mts

_ENQUEUE = insert_row(mts)
_TOLD = Statement(
    select(mts.c.phone).where(
        mts.c.hop_id == bindparam("hop_id"), mts.c.role == bindparam("role"), mts.c.ticket_id == bindparam("ticket_id")
    )
)
_WAS_TOLD = Statement(
    select(mts.c.id)
    .where(
        mts.c.ticket_id == bindparam("ticket_id"),
        or_(mts.c.account == bindparam("account"), mts.c.phone == bindparam("phone")),
    )
    .limit(1)
)
_MATTERING = Statement(
    # spelled out, not bound: only so does SQLite see that ix_mts_notices serves
    select(mts.c.id, mts.c.state).where(mts.c.ticket_id == bindparam("ticket_id"), text(NOTICE_MATTERS))
)
_of_no_interest: dict[str, Any] = {"escalate_at": null(), "doubted_since": null()}
_CHANGE = ("at", "mt_id")
_SUPPRESS = Statement(
    update(mts)
    .where(mts.c.id == bindparam("mt_id"))
    .values(state=literal_column(f"'{MtState.SUPPRESSED}'"), state_at=bindparam("at"), **_of_no_interest),
    _CHANGE,
)
# one that is under way can't be called back; should it fail, it is not tried again
_NO_MORE = Statement(
    update(mts).where(mts.c.id == bindparam("mt_id")).values(valid_until=bindparam("at"), **_of_no_interest),
    _CHANGE,
)
_WHATEVER_CAME = Statement(update(mts).where(mts.c.id == bindparam("mt_id")).values(**_of_no_interest), ("mt_id",))
_POINTLESS = {MtState.QUEUED.value: _SUPPRESS, MtState.SENDING.value: _NO_MORE}

_QUEUED = MtState.QUEUED.value
# doubted_since, tries, worker, leased_until, held_until, provider_id, error, resend_of
_UNTOUCHED = (None, 0, None, None, None, None, None, None)


class MtRows(Rows):
    """The part that puts rows into `mts` and takes the pointless ones out of the queue."""

    def enqueue(self, mt: MobileTerminated) -> int:
        """Put an MT into the outbox; its id."""
        self.touch("mts")
        mt_id = self.session.new_id(mts)
        self.session.later(mts, _ENQUEUE, _row(mt_id, mt))
        if mt.ticket_id is not None and mt.kind is MtKind.NOTICE:
            self.session.pending.remember("mts", mt.ticket_id, True)
        return mt_id

    def told_by(self, ticket_id: int, hop_id: int, role: str) -> tuple[str, ...]:
        """The phones that a hop's MTs went to in a role."""
        rows = self.session.all(_TOLD, {"ticket_id": ticket_id, "hop_id": hop_id, "role": role})
        return tuple(row[0] for row in rows)

    def was_told(self, ticket_id: int, account: str | None, phone: str | None) -> bool:
        """Whether any MT about the ticket went to that account or phone."""
        given = {"ticket_id": ticket_id, "account": account, "phone": phone}
        return self.session.one(_WAS_TOLD, given) is not None

    def suppress_notices(self, ticket_id: int, at: int, why: str) -> None:
        """The ticket's notices have become pointless: queued ones don't go, nobody is told of what came of others."""
        waiting = self.session.pending
        apart = waiting.value("mts", ticket_id) is None
        for mt_id, state in self.session.all(_MATTERING, {"ticket_id": ticket_id}, apart=apart):
            change = _POINTLESS.get(state)
            if change is None:
                self.session.later(mts, _WHATEVER_CAME, (mt_id,))
            else:
                self.session.later(mts, change, (at, mt_id))
            waiting.remember("mts", ticket_id, True)
            if state == MtState.QUEUED.value:
                log_change(self, mt_id, MtState.SUPPRESSED, at, why)


def _row(mt_id: int, mt: MobileTerminated) -> Values:
    """A fresh MT's row, in the order of its table's columns."""
    created_at = mt.created_at
    return (
        mt_id,
        mt.phone,
        mt.account,
        mt.role,
        mt.kind.value,
        int(mt.klass),
        mt.provider,
        mt.text,
        mt.encoding,
        mt.segments,
        _QUEUED,
        created_at,  # state_at
        created_at,
        mt.ticket_id,
        mt.hop_id,
        mt.mo_id,
        mt.not_before,
        mt.valid_until,
        mt.escalate_at,
        *_UNTOUCHED,
    )
