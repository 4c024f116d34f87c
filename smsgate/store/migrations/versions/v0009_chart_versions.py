"""Each coming into force of a chart, and their texts packed: a large chart's are ten megabytes each."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """What was kept came into force once, as far as is known."""
    op.add_column("charts", sa.Column("packed", sa.LargeBinary(), nullable=True))
    op.create_table(
        "chart_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chart_versions")),
    )
    op.execute(
        "INSERT INTO chart_versions (hash, since, who, note)"
        " SELECT hash, since, who, '' FROM charts ORDER BY since, hash"
    )
