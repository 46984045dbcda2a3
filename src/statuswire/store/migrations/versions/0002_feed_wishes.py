"""What platforms wish of a feed: to be asked less often, or by POST."""

from __future__ import annotations

from alembic import op

from statuswire.store import schema

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    for statement in schema.statements(revision, op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)
