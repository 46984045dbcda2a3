"""Which engine a database's URL means. The one that is rarely used is loaded only where it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol, TypeVar

from statuswire.errors import ConfigError
from statuswire.store import schema
from statuswire.store.base import Tx, Work
from statuswire.store.connection import SqliteOptions, connect
from statuswire.store.place import check_place, database_path
from statuswire.store.readers import Readers
from statuswire.store.schema import Standing

T = TypeVar("T")

POSTGRES_SCHEMES = ("postgresql://", "postgres://")


class Reads(Protocol):
    """Somebody who runs works that only read. Raises StoreError."""

    def run(self, work: Work[T]) -> T: ...


def is_postgres(url: str) -> bool:
    return url.startswith(POSTGRES_SCHEMES)


def postgres_engine() -> Any:
    """The module for PostgreSQL. Raises ConfigError where its driver is not installed."""
    try:
        return import_module("statuswire.store.postgres")
    except ImportError as error:
        raise ConfigError(
            f"PostgreSQL needs a driver that is not installed ({error}): pip install 'statuswire[postgres]'",
            where="database",
        ) from error


@contextmanager
def looking(url: str) -> Iterator[Reads]:
    """Read a database, whether or not a service runs on it, and change nothing.

    Raises ConfigError where there is none that others can see, or where it is of an earlier version; StoreError where
    it cannot be read.
    """
    with _readers(url) as readers:
        readers.run(_check)
        yield readers


@contextmanager
def looking_at_any(url: str) -> Iterator[Reads]:
    """The same, of whatever version the database is."""
    with _readers(url) as readers:
        yield readers


@contextmanager
def _readers(url: str) -> Iterator[Reads]:
    if is_postgres(url):
        with postgres_engine().looking(url) as found:
            yield found
        return
    path = existing(url)
    check_place(path, allow_network_disk=False)
    options = SqliteOptions()
    with closing(Readers(lambda: connect(path, options, is_writer=False), options)) as readers:
        yield readers


def existing(url: str) -> Path:
    """The file of a SQLite database that is there. Raises ConfigError."""
    path = database_path(url)
    if path is None:
        raise ConfigError("the database is in memory, and only its own process can see it", where="database")
    if not path.exists():
        raise ConfigError(f"{path} is not there yet; `statuswire run` makes it", where="database")
    return path


def _check(tx: Tx) -> None:
    if schema.standing(tx) is not Standing.CURRENT:
        raise ConfigError("the database has the schema of an earlier version; run `statuswire db upgrade`")
