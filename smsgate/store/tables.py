"""The tables. Times are BIGINT milliseconds since the epoch (UTC), targets and actors JSON text (store/rows.py).

Two databases hold them alike: SQLite and PostgreSQL. What only one of them can say is in the migrations.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite gives a table a rowid of its own only when the key is spelled INTEGER
Id = BigInteger().with_variant(Integer, "sqlite")

charts = Table(
    "charts",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("since", BigInteger, nullable=False),  # when it first came into force
    Column("who", Text, nullable=False),
    Column("text", Text, nullable=False),  # empty where it is packed
    Column("packed", LargeBinary),  # the text in UTF-8, by zlib
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", Id, primary_key=True),
    Column("number", String(16), nullable=False, unique=True),
    Column("code", String(8), nullable=False),
    Column("state", String(12), nullable=False),
    Column("live", Boolean, nullable=False),  # neither closed nor cancelled
    Column("title", Text, nullable=False),
    Column("severity", String(8), nullable=False),
    Column("facts", Text, nullable=False),  # JSON: the other fields of Facts
    Column("accept_limit", BigInteger, nullable=False),
    Column("resolve_limit", BigInteger, nullable=False),
    Column("limits_working", Boolean, nullable=False, server_default=false()),  # whether office hours alone count
    Column("holder", Text, nullable=False),
    Column("sent_to", Text),
    Column("helpers", Text, nullable=False),
    Column("trail", Text, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("opener", Text),
    Column("hop", Integer, nullable=False),
    Column("moved_at", BigInteger, nullable=False),
    Column("moved_by", Text),
    Column("move_hop", BigInteger),
    Column("accept_by", BigInteger),
    Column("resolve_by", BigInteger, nullable=False),
    Column("accepted_by", Text),
    Column("accepted_at", BigInteger),
    Column("ended_by", Text),
    Column("ended_at", BigInteger),
    Column("held_at", BigInteger),  # since when it is on hold
)
Index("ix_tickets_code", tickets.c.code, tickets.c.id)
Index("uq_tickets_live_code", tickets.c.code, unique=True, sqlite_where=tickets.c.live, postgresql_where=tickets.c.live)
Index("ix_tickets_state", tickets.c.state, tickets.c.ended_at)
# whom the handover of a roster may concern
Index("ix_tickets_live_holder", tickets.c.holder, sqlite_where=tickets.c.live, postgresql_where=tickets.c.live)

# who has or had to do with a ticket: `key` is "@account", "#centre-room-group" or "!" for the dispatchers
parties = Table(
    "parties",
    metadata,
    Column("ticket_id", BigInteger, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("path", Text, primary_key=True),  # of people: the path that they were named in (JSON), or nothing
    Column("role", String(8), nullable=False),  # the newest: holder, held, helper, helped, opener
    Column("live", Boolean, nullable=False),  # the ticket's
)
Index("ix_parties_live_key", parties.c.key, sqlite_where=parties.c.live, postgresql_where=parties.c.live)

# the clocks that run, each with its next step (domain/clocks.py)
clocks = Table(
    "clocks",
    metadata,
    Column("ticket_id", BigInteger, primary_key=True),
    Column("clock", String(8), primary_key=True),  # accept, resolve
    Column("step", Integer, nullable=False),
    Column("due_at", BigInteger, nullable=False),
)
Index("ix_clocks_due_at", clocks.c.due_at)

# how far something has been looked at that comes by the clock: the handovers of rosters
watermarks = Table(
    "watermarks",
    metadata,
    Column("name", String(16), primary_key=True),
    Column("at", BigInteger, nullable=False),
)

codes = Table(
    "codes",
    metadata,
    Column("code", String(8), primary_key=True),
    Column("length", SmallInteger, nullable=False),
    Column("turn", Integer, nullable=False),  # the order of fresh codes
    Column("taken", Boolean, nullable=False),
    Column("rested_since", BigInteger, nullable=False),  # 0: never used
)
Index("ix_codes_free", codes.c.length, codes.c.taken, codes.c.rested_since, codes.c.turn)

days = Table(
    "days",
    metadata,
    Column("day", String(8), primary_key=True),
    Column("last", Integer, nullable=False),
)

hops = Table(
    "hops",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),  # given by the writer (Session.new_id)
    Column("ticket_id", BigInteger),
    Column("no", Integer),  # of the ticket; None for a refused command, and for what the clock did
    Column("kind", String(10), nullable=False),
    Column("refused", String(24)),  # the code of the refusal or diagnosis
    Column("severity", String(8)),
    Column("code", String(8)),
    Column("title", Text),
    Column("state", String(12)),
    Column("from_holder", Text),
    Column("to_holder", Text),
    Column("target_typed", Text),
    Column("target", Text),
    Column("actor", Text),
    Column("actor_name", Text),
    Column("phone", String(24)),
    Column("channel", String(12), nullable=False),
    Column("opinion", Text, nullable=False),
    Column("raw", Text, nullable=False),
    Column("mo_id", BigInteger),
    Column("accept_by", BigInteger),
    Column("resolve_by", BigInteger),
    Column("told", Integer, nullable=False),  # handsets that are told; 0 with a target: nobody was reachable
    Column("chart", String(64), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("desk", Text),  # who at the desk did it, where somebody signed in did
)
Index("uq_hops_ticket_no", hops.c.ticket_id, hops.c.no, unique=True)
Index(
    "ix_hops_refused_mo",
    hops.c.mo_id,
    sqlite_where=hops.c.refused.is_not(None),
    postgresql_where=hops.c.refused.is_not(None),
)
# what is looked for though it is rare: an index that costs nothing when any other line is added
_hops_refused = hops.c.refused.is_not(None)
Index("ix_hops_refused", hops.c.id, sqlite_where=_hops_refused, postgresql_where=_hops_refused)
_hops_critical = text("severity = 'critical'")
Index("ix_hops_critical", hops.c.id, sqlite_where=_hops_critical, postgresql_where=_hops_critical)

mos = Table(
    "mos",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),  # given by the writer (Session.new_id)
    Column("account", String(64), nullable=False),
    Column("provider_id", Text),
    Column("sender", String(64), nullable=False),
    Column("receiver", String(64), nullable=False),
    Column("channel", String(12), nullable=False),
    Column("text", Text, nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("digest", String(32), nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Column("session", String(80)),  # of a link whose protocol has no ids that last
    Column("state", String(16), nullable=False),
    Column("verb", String(8)),
    Column("outcome", String(24)),  # the code of the refusal or diagnosis
    Column("detail", Text),  # the diagnosis in English, or the error of a shunted message
    Column("actor", Text),
    Column("ticket_id", BigInteger),
    Column("ticket_hop", Integer),  # that it led to; of a shunted message, the one that the ticket stood at
    UniqueConstraint("account", "provider_id", "sender", "digest"),
)
Index("ix_mos_sender", mos.c.sender, mos.c.id)
Index("ix_mos_ticket", mos.c.ticket_id)
Index("ix_mos_state", mos.c.state, mos.c.id)
_mos_by_session = mos.c.session.is_not(None)
Index(
    "ix_mos_session",
    mos.c.sender,
    mos.c.received_at,
    sqlite_where=_mos_by_session,
    postgresql_where=_mos_by_session,
)

mts = Table(
    "mts",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),  # given by the writer (Session.new_id)
    Column("phone", String(24), nullable=False),
    Column("account", String(32)),
    Column("role", String(12), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("klass", SmallInteger, nullable=False),
    Column("provider", String(64), nullable=False),
    Column("source", String(24)),  # the number that it comes from; None: the provider knows
    Column("text", Text, nullable=False),
    Column("encoding", String(8), nullable=False),
    Column("segments", SmallInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("state_at", BigInteger, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("ticket_id", BigInteger),
    Column("hop_id", BigInteger),
    Column("mo_id", BigInteger),
    Column("not_before", BigInteger, nullable=False),
    Column("valid_until", BigInteger),
    # None once the dispatchers have been told, or need not be
    Column("escalate_at", BigInteger),  # accept-by: they hear of a notice that has not gone out by then
    Column("doubted_since", BigInteger),  # when a notice became unknown
    Column("tries", SmallInteger, nullable=False, server_default=text("0")),
    Column("worker", String(40)),
    Column("leased_until", BigInteger),  # while a worker has it: taken to send, or being sent
    Column("held_until", BigInteger),  # once a try has failed or is unknown: how long later ones wait for this one
    Column("provider_id", Text),  # the provider's id of the whole message
    Column("error", Text),  # of the last failed try: code and sentence
    Column("resend_of", BigInteger),
    Column("gather_until", BigInteger),  # while it waits to go out with others of its kind as one
    Column("bundle_id", BigInteger),  # the MT that said it together with others
)
# what a lane looks through at each turn: thousands that are gathered for the morning are not in its way
_sendable = text("state = 'queued' AND gather_until IS NULL")
Index(
    "ix_mts_outbox",
    mts.c.provider,
    mts.c.klass,
    mts.c.id,
    sqlite_where=_sendable,
    postgresql_where=_sendable,
)
# the first of each line: what waits for one phone, class by class (store/leasing.py); the last columns spare SQLite
# a look at every row
Index(
    "ix_mts_lines",
    mts.c.provider,
    mts.c.phone,
    mts.c.klass,
    mts.c.id,
    mts.c.not_before,
    mts.c.state,
    sqlite_where=text("state = 'queued'"),
    postgresql_where=text("state = 'queued'"),
)
Index(
    "ix_mts_leased_until",
    mts.c.leased_until,
    sqlite_where=mts.c.leased_until.is_not(None),
    postgresql_where=mts.c.leased_until.is_not(None),
)
Index(
    "ix_mts_held_until",
    mts.c.held_until,
    sqlite_where=mts.c.held_until.is_not(None),
    postgresql_where=mts.c.held_until.is_not(None),
)
_expiring = text("state = 'queued' AND valid_until IS NOT NULL")
Index("ix_mts_expiring", mts.c.valid_until, sqlite_where=_expiring, postgresql_where=_expiring)
Index(
    "ix_mts_escalate_at",
    mts.c.escalate_at,
    sqlite_where=mts.c.escalate_at.is_not(None),
    postgresql_where=mts.c.escalate_at.is_not(None),
)
Index(
    "ix_mts_doubted_since",
    mts.c.doubted_since,
    sqlite_where=mts.c.doubted_since.is_not(None),
    postgresql_where=mts.c.doubted_since.is_not(None),
)
Index(
    "ix_mts_gather_until",
    mts.c.gather_until,
    sqlite_where=mts.c.gather_until.is_not(None),
    postgresql_where=mts.c.gather_until.is_not(None),
)
Index(
    "ix_mts_bundle",
    mts.c.bundle_id,
    sqlite_where=mts.c.bundle_id.is_not(None),
    postgresql_where=mts.c.bundle_id.is_not(None),
)
# notices and reminders that something may yet follow from, and news that wait; mt_rows.py asks in the same words
NOTICE_MATTERS = (
    "(kind IN ('notice', 'reminder') AND"
    " (state IN ('queued', 'sending') OR escalate_at IS NOT NULL OR doubted_since IS NOT NULL))"
    " OR (kind = 'news' AND gather_until IS NOT NULL)"
)
Index("ix_mts_notices", mts.c.ticket_id, sqlite_where=text(NOTICE_MATTERS), postgresql_where=text(NOTICE_MATTERS))
Index("ix_mts_phone", mts.c.phone, mts.c.id)
Index("ix_mts_ticket", mts.c.ticket_id, mts.c.id)
Index("ix_mts_mo", mts.c.mo_id, sqlite_where=mts.c.mo_id.is_not(None), postgresql_where=mts.c.mo_id.is_not(None))
Index(
    "ix_mts_provider_id",
    mts.c.provider_id,
    sqlite_where=mts.c.provider_id.is_not(None),
    postgresql_where=mts.c.provider_id.is_not(None),
)

# the one question that a sender may have open
conversations = Table(
    "conversations",
    metadata,
    Column("sender", String(64), primary_key=True),
    Column("ask", String(8), nullable=False),  # offer, list
    Column("options", Text, nullable=False),  # JSON: what each answer does
    Column("typed", Text, nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column("mt_id", BigInteger, nullable=False),  # the SMS that asked
    Column("over", Boolean, nullable=False),  # a full command has come since
)
Index("ix_conversations_asked_at", conversations.c.asked_at)

# every change of an MT's state after `queued`, which is the row's own creation
mt_changes = Table(
    "mt_changes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("mt_id", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("note", Text),
)
Index("ix_mt_changes_mt", mt_changes.c.mt_id, mt_changes.c.id)

# the segments that a provider gave ids of their own, and what became of each
mt_segments = Table(
    "mt_segments",
    metadata,
    Column("mt_id", BigInteger, primary_key=True),
    Column("no", SmallInteger, primary_key=True),  # from 1
    Column("provider", String(64), nullable=False),
    Column("provider_id", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("ix_mt_segments_provider_id", mt_segments.c.provider_id)

dlrs = Table(
    "dlrs",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account", String(64), nullable=False),
    Column("provider_id", Text, nullable=False),
    Column("mt_id", BigInteger),  # None while parked: it came before the submit's answer
    Column("phone", String(24)),
    Column("state", String(12), nullable=False),
    Column("code", Text),  # the provider's own word for it
    Column("received_at", BigInteger, nullable=False),
    Column("other_ids", Text),  # JSON: what else it names, where that differs
)
Index(
    "ix_dlrs_parked",
    dlrs.c.account,
    dlrs.c.received_at,
    sqlite_where=dlrs.c.mt_id.is_(None),
    postgresql_where=dlrs.c.mt_id.is_(None),
)
Index("ix_dlrs_mt", dlrs.c.mt_id)

# what an act through the API answered, under the caller's Idempotency-Key
answers = Table(
    "answers",
    metadata,
    Column("key", String(128), primary_key=True),
    Column("digest", String(64), nullable=False),  # of the request
    Column("status", SmallInteger, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("ix_answers_at", answers.c.at)
