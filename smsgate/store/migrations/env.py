"""Alembic's entry: runs the migrations on the connection that it is handed."""

from __future__ import annotations

from alembic import context

from smsgate.store import alarm_rows, chart_tables, desk_tables, link_tables, move_tables, queue_tables

connection = context.config.attributes["connection"]
# all share one; each of their modules has to have been imported for it to be whole
_TABLES = (link_tables, move_tables, alarm_rows, desk_tables, queue_tables, chart_tables)
metadata, *_ = (module.metadata for module in _TABLES)
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
)
with context.begin_transaction():
    context.run_migrations()
