"""Carrier links: parts of long messages, sessions, the session of an MO, and ids in more than one spelling."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_KEY = ["account", "sender", "receiver", "reference", "width", "total"]
_OPEN = sa.text("state = 'open'")
_BY_SESSION = sa.text("session IS NOT NULL")
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """New tables, and new columns that are empty in what is there."""
    _long_messages()
    op.create_table(
        "link_sessions",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("session", sa.String(length=80), nullable=False),
        sa.Column("process", sa.String(length=120), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("account", "session", name=op.f("pk_link_sessions")),
    )
    op.create_index("ix_link_sessions_ended", "link_sessions", ["ended_at"], unique=False)
    op.create_table(
        "id_spellings",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account", "how", name=op.f("pk_id_spellings")),
    )
    op.add_column("mos", sa.Column("session", sa.String(length=80), nullable=True))
    op.create_index(
        "ix_mos_session",
        "mos",
        ["sender", "received_at"],
        unique=False,
        sqlite_where=_BY_SESSION,
        postgresql_where=_BY_SESSION,
    )
    op.add_column("dlrs", sa.Column("other_ids", sa.Text(), nullable=True))


def _long_messages() -> None:
    op.create_table(
        "mo_groups",
        sa.Column("id", _ID, nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("receiver", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.Integer(), nullable=False),
        sa.Column("width", sa.SmallInteger(), nullable=False),
        sa.Column("total", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("began_at", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("doubted", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("mo_id", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mo_groups")),
    )
    op.create_index("ix_mo_groups_key", "mo_groups", [*_KEY[:4], "id"], unique=False)
    op.create_index("uq_mo_groups_open", "mo_groups", _KEY, unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN)
    op.create_index(
        "ix_mo_groups_waiting", "mo_groups", ["began_at"], unique=False, sqlite_where=_OPEN, postgresql_where=_OPEN
    )
    op.create_index("ix_mo_groups_ended", "mo_groups", ["state", "at"], unique=False)
    op.create_table(
        "mo_parts",
        sa.Column("id", _ID, nullable=False),
        sa.Column("group_id", sa.BigInteger(), nullable=False),
        sa.Column("no", sa.SmallInteger(), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("charset", sa.String(length=16), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("session", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mo_parts")),
    )
    op.create_index("ix_mo_parts_group", "mo_parts", ["group_id", "no"], unique=False)
