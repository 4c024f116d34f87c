"""The number that each MT comes from: our service number, with its ticket's code behind it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Nobody knows it of those that are there."""
    op.add_column("mts", sa.Column("source", sa.String(length=24), nullable=True))
