"""The outbox's index without what is gathered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """A night's gathered notices were looked through at every turn of a lane."""
    sendable = sa.text("state = 'queued' AND gather_until IS NULL")
    op.drop_index("ix_mts_outbox", table_name="mts")
    op.create_index(
        "ix_mts_outbox",
        "mts",
        ["provider", "klass", "id"],
        unique=False,
        sqlite_where=sendable,
        postgresql_where=sendable,
    )
