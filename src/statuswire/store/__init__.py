"""The only code that knows SQL: `open_store(url)` gives a Store, `queries` holds every statement.

with closing(open_store("sqlite:///statuswire.db")) as store:
    page = store.write(lambda tx: queries.upsert_page(tx, slug="acme", ...))
    known = store.read(lambda tx: queries.load_known(tx, page.id, feed_id=None, ids=()))
"""

from __future__ import annotations

from statuswire.store.base import Dialect, Queue, Store, StoreStatus, Tx, Work
from statuswire.store.connection import SqliteOptions
from statuswire.store.engines import is_postgres, looking, looking_at_any, postgres_engine
from statuswire.store.place import database_path
from statuswire.store.sqlite import open_sqlite

__all__ = [
    "Dialect",
    "Queue",
    "SqliteOptions",
    "Store",
    "StoreStatus",
    "Tx",
    "Work",
    "looking",
    "looking_at_any",
    "open_store",
]


def open_store(url: str, *, allow_network_disk: bool = False, options: SqliteOptions | None = None) -> Store:
    """The store at a URL: `sqlite:///relative.db`, `sqlite:////absolute.db`, `sqlite://` for one in memory, or
    `postgresql://user:password@host:port/database`.

    Makes a new database, brings an older one forward, and holds the lock file of a file until `close`. Raises
    ConfigError for a URL that means no database or needs a package that is not installed, StoreError where the database
    cannot be opened: LOCKED (another process holds it, named by its id), NEWER_SCHEMA (naming the version that is
    needed), READ_ONLY, CORRUPT, FULL, UNAVAILABLE.
    """
    if is_postgres(url):
        opened: Store = postgres_engine().open_postgres(url)
        return opened
    return open_sqlite(database_path(url), allow_network_disk=allow_network_disk, options=options or SqliteOptions())
