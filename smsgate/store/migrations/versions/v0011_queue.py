"""The desk's queue: items, what was done to them, proposed changes of the chart."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_key = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """There were none; what waits already is collected at the first sweep."""
    _items()
    op.create_table(
        "queue_acts",
        sa.Column("id", _key, nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_acts")),
    )
    op.create_index("ix_queue_acts_item", "queue_acts", ["item_id", "id"])
    op.create_table(
        "chart_proposals",
        sa.Column("id", _key, nullable=False),
        sa.Column("phone", sa.String(length=64), nullable=False),
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=True),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chart_proposals")),
    )
    _partial("uq_chart_proposals_open", "chart_proposals", ["phone"], "state = 'open'", unique=True)


def _items() -> None:
    numbers = ("mo_id", "mt_id", "dlr_id")
    op.create_table(
        "queue_items",
        sa.Column("id", _key, nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("phone", sa.String(length=64), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=True) for name in (*numbers, "ticket_id")),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.Column("handled_by", sa.String(length=64), nullable=True),
        sa.Column("handled_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("made_mo_id", sa.BigInteger(), nullable=True),
        sa.Column("made_mt_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queue_items")),
        *(sa.UniqueConstraint(name, name=op.f(f"uq_queue_items_{name}")) for name in numbers),
    )
    _partial("ix_queue_items_waits", "queue_items", ["since", "id", "kind"], "waits")
    _partial("ix_queue_items_phone", "queue_items", ["phone", "kind"], "waits")
    _partial("ix_queue_items_done", "queue_items", ["handled_at", "id"], "NOT waits")
    _partial("ix_queue_items_made_mo", "queue_items", ["made_mo_id"], "made_mo_id IS NOT NULL")


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    said = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=said, postgresql_where=said)
