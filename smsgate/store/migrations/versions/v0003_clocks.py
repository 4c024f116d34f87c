"""The clocks of tickets as rows, tickets on hold, and messages that wait to go out as one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_LIVE = sa.text("live")
_MATTERS = (
    "(kind IN ('notice', 'reminder') AND"
    " (state IN ('queued', 'sending') OR escalate_at IS NOT NULL OR doubted_since IS NOT NULL))"
    " OR (kind = 'news' AND gather_until IS NOT NULL)"
)


def upgrade() -> None:
    """Tables, columns, and the clocks of the tickets that are open."""
    op.create_table(
        "clocks",
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column("clock", sa.String(length=8), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("ticket_id", "clock", name=op.f("pk_clocks")),
    )
    op.create_index("ix_clocks_due_at", "clocks", ["due_at"], unique=False)
    op.create_table(
        "watermarks",
        sa.Column("name", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_watermarks")),
    )
    op.add_column("tickets", sa.Column("limits_working", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("tickets", sa.Column("held_at", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_tickets_live_holder", "tickets", ["holder"], unique=False, sqlite_where=_LIVE, postgresql_where=_LIVE
    )
    op.add_column("mts", sa.Column("gather_until", sa.BigInteger(), nullable=True))
    op.add_column("mts", sa.Column("bundle_id", sa.BigInteger(), nullable=True))
    _partial("ix_mts_gather_until", ["gather_until"], "gather_until IS NOT NULL")
    _partial("ix_mts_bundle", ["bundle_id"], "bundle_id IS NOT NULL")
    op.drop_index("ix_mts_notices", table_name="mts")
    _partial("ix_mts_notices", ["ticket_id"], _MATTERS)
    _start_clocks()


def _partial(name: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, "mts", columns, unique=False, sqlite_where=where, postgresql_where=where)


def _start_clocks() -> None:
    """Those of the tickets that are open; steps that have passed are found late, and then only the newest counts."""
    op.execute(
        "INSERT INTO clocks (ticket_id, clock, step, due_at)"
        " SELECT id, 'accept', 1, accept_by - accept_limit * 2 / 3 FROM tickets"
        " WHERE state = 'dispatched' AND accept_by IS NOT NULL"
    )
    op.execute(
        "INSERT INTO clocks (ticket_id, clock, step, due_at)"
        " SELECT id, 'resolve', 1, resolve_by - resolve_limit * 2 / 3 FROM tickets"
        " WHERE state IN ('dispatched', 'accepted')"
    )
    op.execute(
        "UPDATE tickets SET held_at = (SELECT max(at) FROM hops WHERE ticket_id = tickets.id AND kind = 'hold'"
        " AND refused IS NULL)"
        " WHERE state = 'held'"
    )
