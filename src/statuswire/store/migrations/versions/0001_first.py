"""The first schema: pages, feeds, what we know of them, the event log, the inbox, deliveries."""

from __future__ import annotations

from alembic import op

from statuswire.store import schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in schema.statements(revision, op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)
