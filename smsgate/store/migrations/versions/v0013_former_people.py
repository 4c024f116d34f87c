"""The names of people who have left the org chart: the log and the tickets go on to speak of them."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """By account; who comes back is in the chart again, and that counts."""
    op.create_table(
        "former_people",
        sa.Column("account", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("left_at", sa.BigInteger, nullable=False),
    )
