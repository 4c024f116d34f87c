"""Alembic's entry: runs the migrations on the connection that it is handed."""

from __future__ import annotations

from alembic import context

from smsgate.store import link_tables

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=link_tables.mo_groups.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
