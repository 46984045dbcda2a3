"""Several equal processes on one database: who lives, who does what, and who reads which hook."""

from __future__ import annotations

from alembic import op

from statuswire.store import schema

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    for statement in schema.statements(revision, op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)
