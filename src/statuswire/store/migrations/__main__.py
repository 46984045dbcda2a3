"""`python -m statuswire.store.migrations [--contract]`: bring the database named on standard input forward, to the
newest schema or to the newest that older programs can still use.

A path means SQLite, `postgresql://...` the other. Started by `schema.upgrade` in a child process. The lock is taken
before the version is read, so a second upgrade waits for the first and then finds nothing to do; a kill at any moment
leaves the old schema whole.
"""

from __future__ import annotations

import sqlite3
import sys
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

LOCK_SECONDS = 60.0

_SQLITE = ("PRAGMA synchronous = FULL", "BEGIN IMMEDIATE")
_POSTGRESQL = ("BEGIN", f"SET LOCAL lock_timeout = '{LOCK_SECONDS:.0f}s'", "LOCK TABLE alembic_version")


def migrate(database: str, target: str = "") -> None:
    """To the target, by default to the newest that older programs can still use. Raises what Alembic,
    SQLAlchemy or the driver raise; nothing is changed then."""
    is_postgresql = database.startswith("postgresql://")
    engine = _postgresql(database) if is_postgresql else _sqlite(database)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with engine.connect() as connection:
        for statement in _POSTGRESQL if is_postgresql else _SQLITE:
            connection.exec_driver_sql(statement)
        config.attributes["connection"] = connection
        command.upgrade(config, target or _reachable(connection))
        connection.exec_driver_sql("COMMIT")


def _reachable(connection: Connection) -> str:
    row = (
        connection.exec_driver_sql("SELECT version_num FROM alembic_version").fetchone()
        if _is_begun(connection)
        else None
    )
    return schema.HEAD if row is None else schema.reachable(row[0])


def _is_begun(connection: Connection) -> bool:
    return inspect(connection).has_table("alembic_version")


def _sqlite(path: str) -> Engine:
    def connect() -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None)

    return create_engine("sqlite://", creator=connect, poolclass=NullPool)


def _postgresql(url: str) -> Engine:
    def connect() -> Any:
        return import_module("psycopg").connect(url, autocommit=True)

    return create_engine("postgresql+psycopg://", creator=connect, poolclass=NullPool)


def main(database: str, target: str = "") -> None:
    """Exit 0, or 1 with the cause as the last line of standard error: it becomes a StoreError in the parent."""
    try:
        migrate(database, target)
    except DBAPIError as error:
        sys.exit(f"{type(error.orig).__name__}: {error.orig}")
    except (SQLAlchemyError, CommandError) as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main(sys.stdin.read().strip(), schema.HEAD if "--contract" in sys.argv[1:] else "")
