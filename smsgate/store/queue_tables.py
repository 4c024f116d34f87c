"""The tables of the desk's queue; made by migration 0011, like tables.py, whose `metadata` they share."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table, Text, text

from smsgate.store.tables import Id, metadata

# an MO, MT or receipt is one item at most: what comes up again is the same one, open again
queue_items = Table(
    "queue_items",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("phone", String(64), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("mo_id", BigInteger, unique=True),
    Column("mt_id", BigInteger, unique=True),
    Column("dlr_id", BigInteger, unique=True),
    Column("ticket_id", BigInteger),
    Column("waits", Boolean, nullable=False),
    Column("claimed_by", String(64)),
    Column("claimed_until", BigInteger),
    Column("handled_by", String(64)),
    Column("handled_at", BigInteger),
    Column("outcome", String(12)),
    Column("reason", Text),
    Column("made_mo_id", BigInteger),
    Column("made_mt_id", BigInteger),
)
_waits = text("waits")
Index(
    "ix_queue_items_waits",
    queue_items.c.since,
    queue_items.c.id,
    queue_items.c.kind,
    sqlite_where=_waits,
    postgresql_where=_waits,
)
Index(
    "ix_queue_items_phone",
    queue_items.c.phone,
    queue_items.c.kind,
    sqlite_where=_waits,
    postgresql_where=_waits,
)
_over = text("NOT waits")
Index("ix_queue_items_done", queue_items.c.handled_at, queue_items.c.id, sqlite_where=_over, postgresql_where=_over)
_made = queue_items.c.made_mo_id.is_not(None)
Index("ix_queue_items_made_mo", queue_items.c.made_mo_id, sqlite_where=_made, postgresql_where=_made)

# every act on an item; nothing is changed or deleted
queue_acts = Table(
    "queue_acts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("item_id", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("who", String(64), nullable=False),
    Column("act", String(12), nullable=False),
    Column("note", Text),
)
Index("ix_queue_acts_item", queue_acts.c.item_id, queue_acts.c.id)

chart_proposals = Table(
    "chart_proposals",
    metadata,
    Column("id", Id, primary_key=True),
    Column("phone", String(64), nullable=False),
    Column("account", String(64), nullable=False),
    Column("how", String(8), nullable=False),
    Column("state", String(10), nullable=False),
    Column("item_id", BigInteger),
    Column("made_by", String(64), nullable=False),
    Column("made_at", BigInteger, nullable=False),
    Column("decided_by", String(64)),
    Column("decided_at", BigInteger),
)
_open = text("state = 'open'")
Index("uq_chart_proposals_open", chart_proposals.c.phone, unique=True, sqlite_where=_open, postgresql_where=_open)
