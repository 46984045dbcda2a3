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
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from statuswire.store import schema
from statuswire.store.migrations.waiting import PATIENCE_S, PAUSE_S, Executes, Hurried, is_busy

LOCK_SECONDS = 60.0
OURS = 7_310_582_241_907_336
"""The number of the lock that only upgrades take: it keeps two of them apart and concerns nobody else."""


class OlderLivesError(Exception):
    """Somebody lives who still uses what is to be taken away."""


@dataclass(frozen=True, slots=True)
class Engine:
    """What differs between the two. `begin` ends with the lock that keeps another upgrade away."""

    name: str
    begin: tuple[str, ...]
    tables: str
    now: Callable[[], str]
    is_shared: bool


SQLITE = Engine(
    name="sqlite",
    begin=("PRAGMA synchronous = FULL", "BEGIN IMMEDIATE"),
    tables="SELECT name FROM sqlite_master WHERE type = 'table'",
    now=lambda: str(round(datetime.now(UTC).timestamp() * 1_000_000)),
    is_shared=False,
)
POSTGRESQL = Engine(
    name="postgresql",
    begin=(
        "BEGIN",
        "SET LOCAL client_connection_check_interval = '1s'",  # what was begun for a process that died ends
        "SET LOCAL statement_timeout = 0",
        "SET LOCAL lock_timeout = 0",
        f"SELECT pg_advisory_xact_lock({OURS})",
    ),
    tables="SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
    now=lambda: "(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::BIGINT",
    is_shared=True,
)


def migrate(
    database: str,
    *,
    contract: bool = False,
    patience_s: float = PATIENCE_S,
    pause: Callable[[float], None] = time.sleep,
) -> None:
    """To the newest that older programs can still use, or with `contract` to the newest of all; a schema that is newer
    than what is known here stays as it is. Raises what the driver raises, and OlderLivesError; what was then under way
    is undone. While others use the tables it is tried again and again (`waiting`)."""
    until = time.monotonic() + patience_s
    is_behind = True
    while is_behind:
        try:
            is_behind = _step(database, contract=contract)
        except _faults(database) as error:
            if not is_busy(error) or time.monotonic() > until:
                raise
            pause(random.uniform(*PAUSE_S))  # noqa: S311 - so that two do not meet again


def _step(database: str, *, contract: bool) -> bool:
    """One transaction. Whether there was anything to do."""
    engine = POSTGRESQL if database.startswith("postgresql://") else SQLITE
    with closing(_connected(database, engine)) as connection:
        for statement in engine.begin:
            connection.execute(statement)
        there = Hurried(connection) if engine.is_shared else connection
        tables = {row[0] for row in there.execute(engine.tables).fetchall()}
        path = _path(there, engine, tables, contract=contract)
        for revision in path:
            for statement in schema.statements(revision, engine.name):
                there.execute(statement)
        if path:
            there.execute(f"UPDATE alembic_version SET version_num = '{path[-1]}'")  # noqa: S608 - a word of ours
        connection.execute("COMMIT")
    return bool(path)


def _path(there: Executes, engine: Engine, tables: set[str], *, contract: bool) -> tuple[str, ...]:
    """The migrations of this transaction, in order; none where there is nothing to do."""
    if "alembic_version" not in tables:
        there.execute(schema.VERSION_TABLE)
    row = there.execute("SELECT version_num FROM alembic_version").fetchone()
    if row is None:
        there.execute("INSERT INTO alembic_version (version_num) VALUES ('')")
        return schema.REVISIONS
    if row[0] not in schema.REVISIONS:
        return ()
    if contract and "replica" in tables:
        _check_alone(there, engine)
    path = schema.path(row[0], schema.NOTHING if contract else schema.CONTRACTS)
    return path[:1] if engine.is_shared else path


def _check_alone(there: Executes, engine: Engine) -> None:
    """From here to the commit nobody can say for the first time that he lives. Raises OlderLivesError."""
    if engine.is_shared:
        there.execute("LOCK TABLE replica IN SHARE ROW EXCLUSIVE MODE")
    older = there.execute(
        f"SELECT id FROM replica WHERE lease_until > {engine.now()} AND revision < '{schema.HEAD}' ORDER BY id"  # noqa: S608
    ).fetchall()
    if older:
        raise OlderLivesError(f"older replicas live on it: {', '.join(row[0] for row in older)}")


def _connected(database: str, engine: Engine) -> Any:
    """A connection of the driver, with no transaction of its own."""
    if engine.is_shared:
        return import_module("psycopg").connect(database, autocommit=True)
    return sqlite3.connect(database, timeout=LOCK_SECONDS, isolation_level=None)


def _faults(database: str) -> tuple[type[Exception], ...]:
    """What the driver of this database raises."""
    is_postgresql = database.startswith("postgresql://")
    return (import_module("psycopg").Error,) if is_postgresql else (sqlite3.Error,)


def main(database: str, *, contract: bool = False) -> None:
    """Exit 0, or 1 with the cause as the last line of standard error: it becomes a StoreError in the parent."""
    try:
        migrate(database, contract=contract)
    except OlderLivesError as error:
        sys.exit(f"{type(error).__name__}: {error}")
    except _faults(database) as error:
        what = "others used its tables all the time" if is_busy(error) else type(error).__name__
        sys.exit(f"{what}: {' '.join(str(error).split())}")


if __name__ == "__main__":
    main(sys.stdin.read().strip(), contract="--contract" in sys.argv[1:])
