"""MTs, as far as what happens to a ticket writes them; sending them is outbox.py's."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Text,
    and_,
    bindparam,
    case,
    cast,
    insert,
    literal_column,
    null,
    or_,
    select,
    text,
    update,
)

from smsgate.domain.messages import MobileTerminated, MtKind, MtState
from smsgate.store.rows_base import Rows
from smsgate.store.statements import Statement, Values, insert_row
from smsgate.store.tables import NOTICE_MATTERS, mt_changes, mts
from smsgate.store.told import GIVES, SHOWS

NEVER = 1 << 53
"""`not_before` of a message that is gathered: no lane takes it before it is let go (bundle_rows.py)."""
_ENQUEUE = insert_row(mts)
_TOLD = Statement(
    select(mts.c.phone).where(
        mts.c.hop_id == bindparam("hop_id"),
        mts.c.role == bindparam("role"),
        mts.c.ticket_id == bindparam("ticket_id"),
        # not one that was still gathered when it became pointless: it has told nobody
        or_(mts.c.not_before < NEVER, mts.c.bundle_id.is_not(None)),
    )
)
_WAS_TOLD = Statement(
    select(mts.c.id)
    .where(
        mts.c.ticket_id == bindparam("ticket_id"),
        or_(mts.c.account == bindparam("account"), mts.c.phone == bindparam("phone")),
        SHOWS,
    )
    .limit(1)
)
_SHOWN_TO = Statement(
    select(mts.c.account).where(mts.c.ticket_id == bindparam("ticket_id"), mts.c.account.is_not(None), SHOWS).distinct()
)
_GOT_NOTICE = Statement(
    select(mts.c.id)
    .where(
        mts.c.ticket_id == bindparam("ticket_id"),
        mts.c.created_at >= bindparam("since"),
        mts.c.created_at < bindparam("until"),
        or_(mts.c.account == bindparam("account"), mts.c.phone == bindparam("phone")),
        GIVES,
    )
    .limit(1)
)
# the newest alone: what a phone has got in years is not looked through
_TEXTS_TO = Statement(
    select(mts.c.text, mts.c.state_at)
    .where(mts.c.phone == bindparam("phone"))
    .order_by(mts.c.id.desc())
    .limit(bindparam("most"))
)


def _spelt(state: MtState) -> ColumnElement[str]:
    """Spelled out, not bound: only so does SQLite see that ix_mts_notices serves."""
    return literal_column(f"'{state}'")


_is_queued = mts.c.state == _spelt(MtState.QUEUED)
_is_under_way = or_(mts.c.state == _spelt(MtState.SENDING), mts.c.state == _spelt(MtState.UNKNOWN))
# those of the moment at which it is said: the ticket's next notices may wait in the same batch
_pointless = (
    mts.c.ticket_id == bindparam("ticket_id"),
    mts.c.id + literal_column("0") <= bindparam("newest"),  # the sum keeps SQLite from ix_mts_ticket
    text(f"({NOTICE_MATTERS})"),
    # of news that wait: what asks the holder for something; once the ticket has ended, the helpers as well
    or_(
        mts.c.kind != MtKind.NEWS.value,
        mts.c.role == "present",
        and_(mts.c.role == "helper", bindparam("ended", type_=Boolean())),
    ),
)
# before the states themselves are changed
_LOG_SUPPRESSED = Statement(
    insert(mt_changes).from_select(
        ["mt_id", "state", "at", "note"],
        select(mts.c.id, _spelt(MtState.SUPPRESSED), cast(bindparam("at"), BigInteger), cast(bindparam("why"), Text))
        .where(*_pointless, _is_queued)
        .order_by(mts.c.id),
    ),
    ("at", "why", "ticket_id", "newest", "ended"),
    mts,
)
# one that is under way can't be called back; should it fail, then or by an answer that comes too late, it is not tried
# again
_SUPPRESS = Statement(
    update(mts)
    .where(*_pointless)
    .values(
        state=case((_is_queued, _spelt(MtState.SUPPRESSED)), else_=mts.c.state),
        state_at=case((_is_queued, bindparam("at")), else_=mts.c.state_at),
        valid_until=case((_is_under_way, bindparam("until")), else_=mts.c.valid_until),
        escalate_at=null(),
        doubted_since=null(),
        gather_until=null(),
    ),
    ("at", "until", "ticket_id", "newest", "ended"),
)
_QUEUED = MtState.QUEUED.value
# doubted_since, tries, worker, leased_until, held_until, provider_id, error, resend_of
_UNTOUCHED = (None, 0, None, None, None, None, None, None)


_SHORT_LIVED = (MtKind.NOTICE, MtKind.REMINDER, MtKind.NEWS)


class MtRows(Rows):
    """The part that puts rows into `mts` and takes the pointless ones out of the queue."""

    def enqueue(self, mt: MobileTerminated) -> int:
        """Put an MT into the outbox; its id."""
        self.touch("mts")
        mt_id = self.session.new_id(mts)
        self.session.later(_ENQUEUE, _row(mt_id, mt))
        if mt.ticket_id is not None and mt.kind in _SHORT_LIVED:
            self.session.pending.remember("mts", mt.ticket_id, True)
        return mt_id

    def texts_to(self, phone: str, since: int, most: int) -> tuple[str, ...]:
        """Of the newest SMS to a phone those that were on their way since then, newest first."""
        rows = self.session.all(_TEXTS_TO, {"phone": phone, "most": most})
        return tuple(text for text, state_at in rows if state_at >= since)

    def told_by(self, ticket_id: int, hop_id: int, role: str) -> tuple[str, ...]:
        """The phones that a hop's MTs went to in a role."""
        rows = self.session.all(_TOLD, {"ticket_id": ticket_id, "hop_id": hop_id, "role": role})
        return tuple(row[0] for row in rows)

    def was_told(self, ticket_id: int, account: str | None, phone: str | None) -> bool:
        """Whether an MT showed the ticket to that account or phone."""
        given = {"ticket_id": ticket_id, "account": account, "phone": phone}
        return self.session.one(_WAS_TOLD, given) is not None

    def shown_to(self, ticket_id: int) -> frozenset[str]:
        """The accounts that an MT showed the ticket to."""
        return frozenset(row[0] for row in self.session.all(_SHOWN_TO, {"ticket_id": ticket_id}))

    def got_notice(self, ticket_id: int, since: int, until: int, account: str | None, phone: str | None) -> bool:
        """Whether a notice between those moments told that account or phone that the ticket is theirs."""
        given = {"ticket_id": ticket_id, "since": since, "until": until, "account": account, "phone": phone}
        given["at"] = until - 1
        return self.session.one(_GOT_NOTICE, given) is not None

    def suppress_notices(self, ticket_id: int, at: int, why: str, *, ended: bool) -> None:
        """The ticket's notices have become pointless: queued ones don't go, nobody is told of what came of others."""
        waiting = self.session.pending
        if waiting.value("mts", ticket_id):
            waiting.written_for(("mts",))
        newest = self.session.newest_id(mts)
        self.session.later(_LOG_SUPPRESSED, (at, why, ticket_id, newest, ended))
        self.session.later(_SUPPRESS, (at, at, ticket_id, newest, ended))
        waiting.remember("mts", ticket_id, True)
        self.touch("mts")


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
        mt.source,
        mt.text,
        mt.encoding,
        mt.segments,
        _QUEUED,
        created_at,  # state_at
        created_at,
        mt.ticket_id,
        mt.hop_id,
        mt.mo_id,
        mt.not_before if mt.gather_until is None else NEVER,
        mt.valid_until,
        mt.escalate_at,
        *_UNTOUCHED,
        mt.gather_until,
        None,  # bundle_id
    )
