"""Run by Alembic: all pending migrations in one transaction on the connection that `__main__` opened."""

from __future__ import annotations

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection)
with context.begin_transaction():
    context.run_migrations()
