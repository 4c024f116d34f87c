"""The table of fail-over; made by migration 0006, like tables.py, whose `metadata` it shares."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, String, Table

from smsgate.store.tables import Id, metadata

# every move of a queued MT to another provider account
mt_moves = Table(
    "mt_moves",
    metadata,
    Column("id", Id, primary_key=True),
    Column("mt_id", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("from_account", String(64), nullable=False),
    Column("to_account", String(64), nullable=False),
    Column("cause", String(12), nullable=False),  # what was wrong with the first (service/health.py)
)
Index("ix_mt_moves_mt", mt_moves.c.mt_id, mt_moves.c.at)
