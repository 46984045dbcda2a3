"""The face: accounts, tokens, sessions, audit, own pages and routes, saved filters."""

from __future__ import annotations

from alembic import op

from statuswire.store import schema

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for statement in schema.statements(revision, op.get_bind().dialect.name):
        op.get_bind().exec_driver_sql(statement)
