"""`python -m statuswire.store.migrations [--contract]`: bring the database named on standard input forward, to the
newest schema or to the newest that older programs can still use.

A path means SQLite, `postgresql://...` the other. Started by `schema.upgrade` in a child process. A lock is taken
before the version is read, so a second upgrade waits for the first and then finds nothing to do. On SQLite all that is
missing is one transaction; on PostgreSQL, where others use the database meanwhile, each migration is one, so that
nobody waits for more than one of them. A kill at any moment leaves one of these schemas, whole.
"""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, inspect
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from statuswire.store import schema
from statuswire.store.migrations.waiting import PATIENCE_S, PAUSE_S, hurry, is_busy

LOCK_SECONDS = 60.0
OURS = 7_310_582_241_907_336
"""The number of the lock that only upgrades take: it keeps two of them apart and concerns nobody else."""

_SQLITE = ("PRAGMA synchronous = FULL", "BEGIN IMMEDIATE")
_POSTGRESQL = (
    "BEGIN",
    "SET LOCAL client_connection_check_interval = '1s'",  # what was begun for a process that died ends
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL lock_timeout = 0",
    f"SELECT pg_advisory_xact_lock({OURS})",
)


class OlderLivesError(Exception):
    """Somebody lives who still uses what is to be taken away."""


def migrate(
    database: str,
    *,
    contract: bool = False,
    patience_s: float = PATIENCE_S,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """To the newest that older programs can still use, or with `contract` to the newest of all; a schema that is newer
    than what is known here stays as it is. Raises what Alembic, SQLAlchemy or the driver raise, and OlderLivesError;
    what was then under way is undone. While others use the tables it is tried again and again (`waiting`)."""
    is_postgresql = database.startswith("postgresql://")
    until = time.monotonic() + patience_s
    is_behind = True
    while is_behind:
        try:
            is_behind = _step(_postgresql(database) if is_postgresql else _sqlite(database), contract=contract)
        except DBAPIError as error:
            if not is_busy(error) or time.monotonic() > until:
                raise
            pause(random.uniform(*PAUSE_S))  # noqa: S311 - so that two do not meet again


def _step(engine: Engine, *, contract: bool) -> bool:
    """One transaction. Whether there was anything to do."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with engine.connect() as connection:
        is_postgresql = connection.dialect.name == "postgresql"
        for statement in _POSTGRESQL if is_postgresql else _SQLITE:
            connection.exec_driver_sql(statement)
        if is_postgresql:
            hurry(connection)
        target = _target(connection, contract=contract)
        if target:
            config.attributes["connection"] = connection
            command.upgrade(config, target)
        connection.exec_driver_sql("COMMIT")
    return bool(target)


def _target(connection: Connection, *, contract: bool) -> str:
    """Where this transaction leads; empty where there is nothing to do."""
    tables = set(inspect(connection).get_table_names())
    row = (
        connection.exec_driver_sql("SELECT version_num FROM alembic_version").fetchone()
        if "alembic_version" in tables
        else None
    )
    if row is None:
        return schema.HEAD
    if row[0] not in schema.REVISIONS:
        return ""
    if contract and "replica" in tables:
        _check_alone(connection)
    path = schema.path(row[0], schema.NOTHING if contract else schema.CONTRACTS)
    if not path:
        return ""
    return path[0] if connection.dialect.name == "postgresql" else path[-1]


def _check_alone(connection: Connection) -> None:
    """From here to the commit nobody can say for the first time that he lives. Raises OlderLivesError."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE replica IN SHARE ROW EXCLUSIVE MODE")
        now = "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT"
    else:
        now = str(round(datetime.now(UTC).timestamp() * 1_000_000))
    older = connection.exec_driver_sql(
        f"SELECT id FROM replica WHERE lease_until > {now} AND revision < '{schema.HEAD}' ORDER BY id"  # noqa: S608
    ).fetchall()
    if older:
        raise OlderLivesError(f"older replicas live on it: {', '.join(row[0] for row in older)}")


def _sqlite(path: str) -> Engine:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None)

    return create_engine("sqlite://", creator=connect, poolclass=NullPool)


def _postgresql(url: str) -> Engine:
    def connect() -> Any:
        return import_module("psycopg").connect(url, autocommit=True)

    return create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool)


def main(database: str, *, contract: bool = False) -> None:
    """Exit 0, or 1 with the cause as the last line of standard error: it becomes a StoreError in the parent."""
    try:
        migrate(database, contract=contract)
    except DBAPIError as error:
        what = "others used its tables all the time" if is_busy(error) else type(error.orig).__name__
        sys.exit(f"{what}: {' '.join(str(error.orig).split())}")
    except (SQLAlchemyError, CommandError, OlderLivesError) as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main(sys.stdin.read().strip(), contract="--contract" in sys.argv[1:])
