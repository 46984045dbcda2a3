"""`python -m statuswire.store.migrations PATH`: bring the SQLite database at PATH to the newest schema.

Started by `schema.upgrade` in a child process. The write lock is taken before the version is read, so a second upgrade
waits for the first and then finds nothing to do; a kill at any moment leaves the old schema whole.
"""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

LOCK_SECONDS = 60.0


def migrate(path: str, target: str = "head") -> None:
    """Raises what Alembic, SQLAlchemy or sqlite3 raise; nothing is changed then."""

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(path, timeout=LOCK_SECONDS, isolation_level=None)

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA synchronous = FULL")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = connection
        command.upgrade(config, target)
        connection.exec_driver_sql("COMMIT")


def main(path: str) -> None:
    """Exit 0, or 1 with the cause as the last line of standard error: it becomes a StoreError in the parent."""
    try:
        migrate(path)
    except DBAPIError as error:
        sys.exit(f"{type(error.orig).__name__}: {error.orig}")
    except (SQLAlchemyError, CommandError) as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main(sys.argv[1])
