"""MTs, as far as what happens to a ticket writes them; sending them is outbox.py's."""

from __future__ import annotations

from sqlalchemy import bindparam, select, text, update

from smsgate.domain.messages import MobileTerminated, MtKind, MtState
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement, insert_row
from smsgate.store.tables import mt_changes, mts

_ENQUEUE = insert_row(mts)
_TOLD = Statement(
    select(mts.c.phone).where(
        mts.c.hop_id == bindparam("hop_id"), mts.c.role == bindparam("role"), mts.c.ticket_id == bindparam("ticket_id")
    )
)
_WAS_TOLD = Statement(
    select(mts.c.id).where(mts.c.ticket_id == bindparam("ticket_id"), mts.c.account == bindparam("account")).limit(1)
)
# spelled out, not bound: only so does SQLite see that ix_mts_notices serves
_POINTLESS = text(f"state = '{MtState.QUEUED}' AND kind = '{MtKind.NOTICE}'")
_SUPPRESS = Statement(
    update(mts)
    .where(mts.c.ticket_id == bindparam("of_ticket"), _POINTLESS)
    .values(state=bindparam("new_state"), state_at=bindparam("at"))
    .returning(mts.c.id)
)
# one that is under way can't be called back; should it fail, it is not tried again
_NO_MORE = Statement(
    update(mts)
    .where(
        mts.c.ticket_id == bindparam("of_ticket"),
        text(f"state = '{MtState.SENDING}' AND kind = '{MtKind.NOTICE}'"),
    )
    .values(valid_until=bindparam("at"))
)
_CHANGE = insert_row(mt_changes)
_FRESH = {
    "state": MtState.QUEUED.value,
    "tries": 0,
    "worker": None,
    "leased_until": None,
    "provider_id": None,
    "error": None,
    "resend_of": None,
}


class MtRows(Rows):
    """The part that puts rows into `mts` and takes the pointless ones out of the queue."""

    def enqueue(self, mt: MobileTerminated) -> int:
        """Put an MT into the outbox; its id."""
        self.touch("mts")
        row = {
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
        return self.session.insert(_ENQUEUE, row)

    def told_by(self, ticket_id: int, hop_id: int, role: str) -> tuple[str, ...]:
        """The phones that a hop's MTs went to in a role."""
        rows = self.session.all(_TOLD, {"ticket_id": ticket_id, "hop_id": hop_id, "role": role})
        return tuple(row[0] for row in rows)

    def was_told(self, ticket_id: int, account: str) -> bool:
        """Whether any MT about the ticket went to that account."""
        return self.session.one(_WAS_TOLD, {"ticket_id": ticket_id, "account": account}) is not None

    def suppress_notices(self, ticket_id: int, at: int, why: str) -> None:
        """Notices of the ticket that are still queued have become pointless."""
        given = {"of_ticket": ticket_id, "at": at, "new_state": MtState.SUPPRESSED.value}
        self.session.run(_NO_MORE, given)
        for (mt_id,) in self.session.all(_SUPPRESS, given):
            row = {"mt_id": mt_id, "state": MtState.SUPPRESSED.value, "at": at, "note": why}
            self.session.insert(_CHANGE, row)
