"""Open questions: what a sender was asked, and what each answer would do."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """One row a sender."""
    op.create_table(
        "conversations",
        sa.Column("sender", sa.String(length=64), nullable=False),
        sa.Column("ask", sa.String(length=8), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("mt_id", sa.BigInteger(), nullable=False),
        sa.Column("over", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sender", name=op.f("pk_conversations")),
    )
    op.create_index("ix_conversations_asked_at", "conversations", ["asked_at"], unique=False)
