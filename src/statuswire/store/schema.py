"""Which schema this version speaks, and how a database gets to it.

A brand-new database gets the statements of every migration directly, which takes milliseconds; an older one is brought
forward by Alembic in a child process, so that the service never carries Alembic and SQLAlchemy in memory.
"""

from __future__ import annotations

import subprocess
import sys
from enum import Enum
from pathlib import Path

from statuswire.errors import StoreError, StoreReason
from statuswire.store.base import Row, Tx

REVISIONS = ("0001", "0002", "0003", "0004", "0005")
"""Every migration, oldest first. A test holds it equal to what Alembic finds."""

HEAD = REVISIONS[-1]

FOLDER = Path(__file__).parent / "migrations"

ENGINE_WORDS = {
    "sqlite": {
        "{identity}": "INTEGER PRIMARY KEY",
        "{lasting_identity}": "INTEGER PRIMARY KEY AUTOINCREMENT",  # a number is never given again
        "{bytes}": "BLOB",
    },
}

VERSION_TABLE = (
    "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
    "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
)
"""Exactly as Alembic 1.18 makes it (checked 2026-11), but for white space."""

UPGRADE_SECONDS = 3600.0


class Standing(Enum):
    """How a database stands to this version's schema."""

    EMPTY = "empty"
    CURRENT = "current"
    BEHIND = "behind"
    """Also a database that Alembic has touched and not yet filled."""


def statements(revision: str, engine: str) -> tuple[str, ...]:
    """The statements of one migration in the words of one engine, comments dropped."""
    (path,) = (FOLDER / "versions").glob(f"{revision}_*.sql")
    text = "\n".join(line for line in path.read_text("utf-8").splitlines() if not line.startswith("--"))
    for token, word in ENGINE_WORDS[engine].items():
        text = text.replace(token, word)
    return tuple(one.strip() for one in text.split(";\n") if one.strip(" \n;"))


def create(tx: Tx, engine: str) -> None:
    """Make the whole schema in an empty database and stamp it as Alembic would."""
    for revision in REVISIONS:
        for statement in statements(revision, engine):
            tx.execute(statement)
    tx.execute(VERSION_TABLE)
    tx.execute("INSERT INTO alembic_version (version_num) VALUES (:head)", {"head": HEAD})


def standing(tx: Tx, tables: frozenset[str]) -> Standing:
    """How the database with these tables stands to this version.

    Raises StoreError: NEWER_SCHEMA naming the version that is needed, UNAVAILABLE for the database of another program.
    """
    if not tables:
        return Standing.EMPTY
    if tables == {"alembic_version"}:
        return Standing.BEHIND
    row = tx.one("SELECT version_num FROM alembic_version") if "alembic_version" in tables else None
    if row is None or "log_head" not in tables:
        raise StoreError(StoreReason.UNAVAILABLE, "the database belongs to another program", is_permanent=True)
    if row[0] not in REVISIONS:
        raise _newer(row[0], tx.one("SELECT value FROM setting WHERE name = 'schema.needs'"))
    return Standing.CURRENT if row[0] == HEAD else Standing.BEHIND


def _newer(revision: str, needs: Row | None) -> StoreError:
    wanted = f"statuswire {needs[0]} or newer" if needs else "a newer statuswire"
    return StoreError(
        StoreReason.NEWER_SCHEMA,
        f"the database has schema {revision}, this version knows {HEAD}: it needs {wanted}",
        is_permanent=True,
    )


def upgrade(path: Path, lock_fd: int | None = None) -> None:
    """Bring the database at `path` forward in a child process, all in one transaction. Raises StoreError.

    The child inherits the lock (`lock_fd`), so that the database stays ours even if this process dies meanwhile.
    """
    command = (sys.executable, "-m", "statuswire.store.migrations", str(path))
    try:
        child = subprocess.run(  # noqa: S603  (our own interpreter and module; the path is an argument, no shell)
            command,
            capture_output=True,
            text=True,
            timeout=UPGRADE_SECONDS,
            check=False,
            pass_fds=() if lock_fd is None else (lock_fd,),
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _not_upgraded(path, str(error)) from error
    if child.returncode != 0:
        lines = child.stderr.strip().splitlines() or [f"exit code {child.returncode}"]
        raise _not_upgraded(path, lines[-1])


def _not_upgraded(path: Path, why: str) -> StoreError:
    return StoreError(
        StoreReason.UNAVAILABLE,
        f"the database {path} could not be brought to schema {HEAD}; it is unchanged: {why}",
        is_permanent=True,
    )
