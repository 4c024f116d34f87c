"""The desk: users, sessions, tokens, wall screens, the record of acts; and who at the desk did a hop."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """There were none."""
    op.add_column("hops", sa.Column("desk", sa.Text(), nullable=True))
    _users()
    _keys()
    op.create_table(
        "acts",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=24), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acts")),
    )
    op.create_index("ix_acts_who", "acts", ["who", "id"])
    op.create_index("ix_acts_what", "acts", ["what", "id"])


def _users() -> None:
    op.create_table(
        "desk_users",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("shown", sa.Text(), nullable=False),
        sa.Column("password", sa.Text()),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("account", sa.String(length=64)),
        sa.Column("disabled", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("language", sa.String(length=8)),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_login_at", sa.BigInteger()),
        sa.Column("subject", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_desk_users_name")),
    )
    known = sa.text("subject IS NOT NULL")
    op.create_index(
        "uq_desk_users_subject", "desk_users", ["subject"], unique=True, sqlite_where=known, postgresql_where=known
    )
    op.create_table(
        "desk_failures",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_desk_failures")),
    )
    op.create_index("ix_desk_failures_at", "desk_failures", ["at"])
    op.create_table(
        "desk_sessions",
        sa.Column("id", Id, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_sessions")),
        sa.UniqueConstraint("digest", name=op.f("uq_desk_sessions_digest")),
    )
    op.create_index("ix_desk_sessions_user", "desk_sessions", ["user_id"])
    op.create_index("ix_desk_sessions_expires_at", "desk_sessions", ["expires_at"])


def _keys() -> None:
    op.create_table(
        "desk_invites",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger()),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_desk_invites")),
    )
    op.create_index("ix_desk_invites_expires_at", "desk_invites", ["expires_at"])
    for name, own in (
        ("api_tokens", (sa.Column("scopes", sa.Text(), nullable=False), sa.Column("expires_at", sa.BigInteger()))),
        ("wall_links", (sa.Column("query", sa.Text(), nullable=False),)),
    ):
        op.create_table(
            name,
            sa.Column("id", Id, nullable=False),
            sa.Column("digest", sa.String(length=64), nullable=False),
            sa.Column("name", sa.Text(), nullable=False),
            *own,
            sa.Column("created_by", sa.Text(), nullable=False),
            sa.Column("created_at", sa.BigInteger(), nullable=False),
            sa.Column("used_at", sa.BigInteger()),
            sa.Column("revoked_at", sa.BigInteger()),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
            sa.UniqueConstraint("digest", name=op.f(f"uq_{name}_digest")),
        )
