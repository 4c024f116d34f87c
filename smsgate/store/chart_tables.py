"""Charts coming into force (migration 0009), and who has left (0013); like tables.py, whose `metadata` it shares."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table, Text

from smsgate.store.tables import Id, metadata

chart_versions = Table(
    "chart_versions",
    metadata,
    Column("id", Id, primary_key=True),
    Column("hash", String(64), nullable=False),  # of the text in charts
    Column("since", BigInteger, nullable=False),
    Column("who", Text, nullable=False),  # start, file:OWNER, desk:ACCOUNT, api:ACCOUNT
    Column("note", Text, nullable=False),  # return:ID, import, or empty
)
former_people = Table(
    "former_people",
    metadata,
    Column("account", String(64), primary_key=True),  # in lower case
    Column("name", Text, nullable=False),
    Column("left_at", BigInteger, nullable=False),
)
