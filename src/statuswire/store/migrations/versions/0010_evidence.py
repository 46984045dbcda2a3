"""Documents that are kept as evidence for contracts."""

from __future__ import annotations

from alembic import op

from statuswire.store import schema

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    for statement in schema.statements(revision, op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)
