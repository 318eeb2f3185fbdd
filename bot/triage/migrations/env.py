"""Alembic's entry: it runs on the connection that `bot.triage.migrate` hands over, in one transaction."""

from __future__ import annotations

from alembic import context

from bot.triage.models import Base

connection = context.config.attributes["connection"]
LOCK = 7446763
"""An arbitrary number: two processes that migrate PostgreSQL at once take turns by it."""

context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    transactional_ddl=True,  # SQLite can; Alembic does not expect it
    render_as_batch=True,  # SQLite cannot alter a table in place
)
with context.begin_transaction():
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    context.run_migrations()
