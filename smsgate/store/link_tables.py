"""The tables of carrier links: long messages and their parts, sessions, and how an account spells ids.

Made by migration 0005; like tables.py, whose `metadata` they share.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    false,
)

from smsgate.store.tables import Id, metadata

# one long message as far as it has come; all its parts have the fields up to `total` alike
mo_groups = Table(
    "mo_groups",
    metadata,
    Column("id", Id, primary_key=True),
    Column("account", String(64), nullable=False),
    Column("sender", String(64), nullable=False),
    Column("receiver", String(64), nullable=False),
    Column("reference", Integer, nullable=False),
    Column("width", SmallInteger, nullable=False),  # bits of the reference; 0: there is none
    Column("total", SmallInteger, nullable=False),
    Column("state", String(12), nullable=False),  # store/part_rows.py: GroupState
    Column("began_at", BigInteger, nullable=False),  # its first part
    Column("at", BigInteger, nullable=False),  # its last part
    Column("doubted", Boolean, nullable=False, server_default=false()),  # another under its key was broken off by it
    Column("mo_id", BigInteger),  # what became of it
    Column("asked_at", BigInteger),  # when its sender was asked to send it again
)
_KEY = tuple(mo_groups.c[name] for name in ("account", "sender", "receiver", "reference", "width", "total"))
_open = mo_groups.c.state == "open"
Index("ix_mo_groups_key", *_KEY[:4], mo_groups.c.id)
Index("uq_mo_groups_open", *_KEY, unique=True, sqlite_where=_open, postgresql_where=_open)
Index("ix_mo_groups_waiting", mo_groups.c.began_at, sqlite_where=_open, postgresql_where=_open)
Index("ix_mo_groups_ended", mo_groups.c.state, mo_groups.c.at)

mo_parts = Table(
    "mo_parts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("group_id", BigInteger, nullable=False),
    Column("no", SmallInteger, nullable=False),  # from 1; twice, where the gateway's ids say that it is another's
    Column("provider_id", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("charset", String(16), nullable=False),
    Column("raw", LargeBinary, nullable=False),
    Column("digest", String(32), nullable=False),  # of body and charset
    Column("received_at", BigInteger, nullable=False),
    Column("session", String(80)),
)
Index("ix_mo_parts_group", mo_parts.c.group_id, mo_parts.c.no)

link_sessions = Table(
    "link_sessions",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("session", String(80), primary_key=True),
    Column("process", String(120), nullable=False),  # host:pid:start of the one that has it
    Column("opened_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),  # when its process last said that it lives
    Column("ended_at", BigInteger),
)
Index("ix_link_sessions_ended", link_sessions.c.ended_at)

# in what way the ids of an account's receipts have agreed with those of its answers
id_spellings = Table(
    "id_spellings",
    metadata,
    Column("account", String(64), primary_key=True),
    Column("how", String(8), primary_key=True),  # store/message_ids.py: raw, case, zeros, hex, decimal
    Column("times", BigInteger, nullable=False),
)
