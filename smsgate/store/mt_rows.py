"""MTs, as far as what happens to a ticket writes them; sending them is outbox.py's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, or_, select, text, update

from smsgate.domain.messages import MobileTerminated, MtKind, MtState
from smsgate.store.mt_log import log_change
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement, insert_row
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
_of_no_interest: dict[str, Any] = {"escalate_at": None, "doubted_since": None}
_SUPPRESS = Statement(
    update(mts)
    .where(mts.c.id == bindparam("mt_id"))
    .values(state=MtState.SUPPRESSED.value, state_at=bindparam("at"), **_of_no_interest)
)
# one that is under way can't be called back; should it fail, it is not tried again
_NO_MORE = Statement(
    update(mts).where(mts.c.id == bindparam("mt_id")).values(valid_until=bindparam("at"), **_of_no_interest)
)
_WHATEVER_CAME = Statement(update(mts).where(mts.c.id == bindparam("mt_id")).values(**_of_no_interest))
_POINTLESS = {MtState.QUEUED.value: _SUPPRESS, MtState.SENDING.value: _NO_MORE}
_FRESH = {
    "state": MtState.QUEUED.value,
    "tries": 0,
    "worker": None,
    "leased_until": None,
    "doubted_since": None,
    "provider_id": None,
    "error": None,
    "resend_of": None,
}


class MtRows(Rows):
    """The part that puts rows into `mts` and takes the pointless ones out of the queue."""

    def enqueue(self, mt: MobileTerminated) -> int:
        """Put an MT into the outbox; its id."""
        self.touch("mts")
        mt_id = self.session.new_id(mts)
        row = {
            "id": mt_id,
            "phone": mt.phone,
            "account": mt.account,
            "role": mt.role,
            "kind": mt.kind.value,
            "klass": int(mt.klass),
            "provider": mt.provider,
            "text": mt.text,
            "encoding": mt.encoding,
            "segments": mt.segments,
            "state_at": mt.created_at,
            "created_at": mt.created_at,
            "ticket_id": mt.ticket_id,
            "hop_id": mt.hop_id,
            "mo_id": mt.mo_id,
            "not_before": mt.not_before,
            "valid_until": mt.valid_until,
            "escalate_at": mt.escalate_at,
            **_FRESH,
        }
        self.session.later(mts, _ENQUEUE, row)
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
            self.session.later(mts, _POINTLESS.get(state, _WHATEVER_CAME), {"mt_id": mt_id, "at": at})
            waiting.remember("mts", ticket_id, True)
            if state == MtState.QUEUED.value:
                log_change(self, mt_id, MtState.SUPPRESSED, at, why)
