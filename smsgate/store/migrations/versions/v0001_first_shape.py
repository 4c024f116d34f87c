"""The first shape: tickets, the append-only transfer log, messages both ways."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NOTICE_MATTERS = (
    "kind = 'notice' AND (state IN ('queued', 'sending') OR escalate_at IS NOT NULL OR doubted_since IS NOT NULL)"
)


def upgrade() -> None:
    """Create every table, and make the log append-only."""
    op.create_table(
        "answers",
        sa.Column("key", sa.String(length=128), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_answers")),
    )
    op.create_index("ix_answers_at", "answers", ["at"], unique=False)
    op.create_table(
        "charts",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_charts")),
    )
    op.create_table(
        "codes",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("length", sa.SmallInteger(), nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.Column("rested_since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_codes")),
    )
    op.create_index("ix_codes_free", "codes", ["length", "taken", "rested_since", "turn"], unique=False)
    op.create_table(
        "days",
        sa.Column("day", sa.String(length=8), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_days")),
    )
    op.create_table(
        "dlrs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("mt_id", sa.BigInteger(), nullable=True),
        sa.Column("phone", sa.String(length=24), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dlrs")),
    )
    op.create_index("ix_dlrs_mt", "dlrs", ["mt_id"], unique=False)
    op.create_index(
        "ix_dlrs_parked",
        "dlrs",
        ["account", "received_at"],
        unique=False,
        sqlite_where=sa.text("mt_id IS NULL"),
        postgresql_where=sa.text("mt_id IS NULL"),
    )
    op.create_table(
        "hops",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("no", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("refused", sa.String(length=24), nullable=True),
        sa.Column("severity", sa.String(length=8), nullable=True),
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=True),
        sa.Column("from_holder", sa.Text(), nullable=True),
        sa.Column("to_holder", sa.Text(), nullable=True),
        sa.Column("target_typed", sa.Text(), nullable=True),
        sa.Column("target", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=True),
        sa.Column("phone", sa.String(length=24), nullable=True),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.Column("mo_id", sa.BigInteger(), nullable=True),
        sa.Column("accept_by", sa.BigInteger(), nullable=True),
        sa.Column("resolve_by", sa.BigInteger(), nullable=True),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("chart", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hops")),
    )
    op.create_index(
        "ix_hops_refused_mo",
        "hops",
        ["mo_id"],
        unique=False,
        sqlite_where=sa.text("refused IS NOT NULL"),
        postgresql_where=sa.text("refused IS NOT NULL"),
    )
    for name, where in (("refused", "refused IS NOT NULL"), ("critical", "severity = 'critical'")):
        op.create_index(
            f"ix_hops_{name}",
            "hops",
            ["id"],
            unique=False,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_index("uq_hops_ticket_no", "hops", ["ticket_id", "no"], unique=True)
    op.create_table(
        "mos",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("receiver", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=32), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("verb", sa.String(length=8), nullable=True),
        sa.Column("outcome", sa.String(length=24), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("ticket_hop", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mos")),
        sa.UniqueConstraint(
            "account", "provider_id", "sender", "digest", name=op.f("uq_mos_account_provider_id_sender_digest")
        ),
    )
    op.create_index("ix_mos_sender", "mos", ["sender", "id"], unique=False)
    op.create_index("ix_mos_state", "mos", ["state", "id"], unique=False)
    op.create_index("ix_mos_ticket", "mos", ["ticket_id"], unique=False)
    op.create_table(
        "mt_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("mt_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mt_changes")),
    )
    op.create_index("ix_mt_changes_mt", "mt_changes", ["mt_id", "id"], unique=False)
    op.create_table(
        "mt_segments",
        sa.Column("mt_id", sa.BigInteger(), nullable=False),
        sa.Column("no", sa.SmallInteger(), nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("mt_id", "no", name=op.f("pk_mt_segments")),
    )
    op.create_index("ix_mt_segments_provider_id", "mt_segments", ["provider_id"], unique=False)
    op.create_table(
        "mts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("phone", sa.String(length=24), nullable=False),
        sa.Column("account", sa.String(length=32), nullable=True),
        sa.Column("role", sa.String(length=12), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("klass", sa.SmallInteger(), nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("encoding", sa.String(length=8), nullable=False),
        sa.Column("segments", sa.SmallInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ticket_id", sa.BigInteger(), nullable=True),
        sa.Column("hop_id", sa.BigInteger(), nullable=True),
        sa.Column("mo_id", sa.BigInteger(), nullable=True),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("valid_until", sa.BigInteger(), nullable=True),
        sa.Column("escalate_at", sa.BigInteger(), nullable=True),
        sa.Column("doubted_since", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("worker", sa.String(length=40), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("resend_of", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mts")),
    )
    op.create_index(
        "ix_mts_doubted_since",
        "mts",
        ["doubted_since"],
        unique=False,
        sqlite_where=sa.text("doubted_since IS NOT NULL"),
        postgresql_where=sa.text("doubted_since IS NOT NULL"),
    )
    op.create_index(
        "ix_mts_escalate_at",
        "mts",
        ["escalate_at"],
        unique=False,
        sqlite_where=sa.text("escalate_at IS NOT NULL"),
        postgresql_where=sa.text("escalate_at IS NOT NULL"),
    )
    op.create_index(
        "ix_mts_expiring",
        "mts",
        ["valid_until"],
        unique=False,
        sqlite_where=sa.text("state = 'queued' AND valid_until IS NOT NULL"),
        postgresql_where=sa.text("state = 'queued' AND valid_until IS NOT NULL"),
    )
    op.create_index(
        "ix_mts_held_until",
        "mts",
        ["held_until"],
        unique=False,
        sqlite_where=sa.text("held_until IS NOT NULL"),
        postgresql_where=sa.text("held_until IS NOT NULL"),
    )
    op.create_index(
        "ix_mts_leased_until",
        "mts",
        ["leased_until"],
        unique=False,
        sqlite_where=sa.text("leased_until IS NOT NULL"),
        postgresql_where=sa.text("leased_until IS NOT NULL"),
    )
    op.create_index(
        "ix_mts_lines",
        "mts",
        ["provider", "phone", "klass", "id", "not_before", "state"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_mts_mo",
        "mts",
        ["mo_id"],
        unique=False,
        sqlite_where=sa.text("mo_id IS NOT NULL"),
        postgresql_where=sa.text("mo_id IS NOT NULL"),
    )
    op.create_index(
        "ix_mts_notices",
        "mts",
        ["ticket_id"],
        unique=False,
        sqlite_where=sa.text(NOTICE_MATTERS),
        postgresql_where=sa.text(NOTICE_MATTERS),
    )
    op.create_index(
        "ix_mts_outbox",
        "mts",
        ["provider", "klass", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index("ix_mts_phone", "mts", ["phone", "id"], unique=False)
    op.create_index(
        "ix_mts_provider_id",
        "mts",
        ["provider_id"],
        unique=False,
        sqlite_where=sa.text("provider_id IS NOT NULL"),
        postgresql_where=sa.text("provider_id IS NOT NULL"),
    )
    op.create_index("ix_mts_ticket", "mts", ["ticket_id", "id"], unique=False)
    op.create_table(
        "parties",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "key", "path", name=op.f("pk_parties")),
    )
    op.create_index(
        "ix_parties_live_key",
        "parties",
        ["key"],
        unique=False,
        sqlite_where=sa.text("live"),
        postgresql_where=sa.text("live"),
    )
    op.create_table(
        "tickets",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("accept_limit", sa.BigInteger(), nullable=False),
        sa.Column("resolve_limit", sa.BigInteger(), nullable=False),
        sa.Column("holder", sa.Text(), nullable=False),
        sa.Column("sent_to", sa.Text(), nullable=True),
        sa.Column("helpers", sa.Text(), nullable=False),
        sa.Column("trail", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("opener", sa.Text(), nullable=True),
        sa.Column("hop", sa.Integer(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.Column("moved_by", sa.Text(), nullable=True),
        sa.Column("move_hop", sa.BigInteger(), nullable=True),
        sa.Column("accept_by", sa.BigInteger(), nullable=True),
        sa.Column("resolve_by", sa.BigInteger(), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=True),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("number", name=op.f("uq_tickets_number")),
    )
    op.create_index("ix_tickets_code", "tickets", ["code", "id"], unique=False)
    op.create_index("ix_tickets_state", "tickets", ["state", "ended_at"], unique=False)
    op.create_index(
        "uq_tickets_live_code",
        "tickets",
        ["code"],
        unique=True,
        sqlite_where=sa.text("live"),
        postgresql_where=sa.text("live"),
    )
    if op.get_bind().dialect.name == "sqlite":
        _append_only_sqlite()
    else:
        _append_only_postgresql()


def _append_only_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER hops_no_{verb.lower()} BEFORE {verb} ON hops"
            " BEGIN SELECT RAISE(ABORT, 'the transfer log is append-only'); END"
        )


def _append_only_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION hops_append_only() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION 'the transfer log is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER hops_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON hops"
        " FOR EACH STATEMENT EXECUTE FUNCTION hops_append_only()"
    )
