"""A database with something in every table: what a scripted provider made of it, and rows that are hard to carry."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from statuswire.store import SqliteOptions, copying, open_store, queries
from statuswire.store.copying import Tally
from statuswire.store.plain import open_place
from statuswire.store.tables import TABLES, Table
from tests.core.views import documents
from tests.engine.recording import Recording

SMALL = SqliteOptions(reserve_bytes=1 << 16)
SEED = 20261129

HOSTILE = (
    "plain",
    "",
    "o'clock; DROP TABLE page; --",
    ":name %s %(name)s ? $1 \\N \\. {identity}",
    "two\nlines\r\n\tand a tab",
    "\u202eright to left\u202c and e\u0301 and \U0001f9ea\U0001f3fd",
    "\x01\x1b[31m\x7f control",
    "\ufeffbyte order \ufffd mark",
    "Z\u00e9bre before \u00e9t\u00e9 after Zz",
)
NUMBERS = (0, -1, 2**53 + 1, 2**63 - 1, -(2**63))
OCTETS = (b"", b"\x00\x01\xff", bytes(range(256)), "\u00e9".encode("utf-16"))
SMALLINTS = frozenset({"allow_private", "is_open", "shard"})
FLAGS = (0, 1)
FOREIGN = {"page_id": 1, "account_id": 1000}


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def fill(path: Path, *, steps: int = 20, copies: int = 9) -> None:
    """A new database at `path`."""
    with closing(open_store(url_of(path), options=SMALL)) as store:
        recording = Recording(store)
        for delivery in documents(SEED, steps, "statuspage")[1]:
            recording.take(delivery)
        store.write(lambda tx: queries.set_setting(tx, queries.SECRET_SETTING, "5e" * 32))
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in TABLES:
            _spice(connection, table, copies)


def change(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


def tallies(url: str) -> dict[str, Tally]:
    """What each table of a database holds."""
    with closing(open_place(url, alone=False)) as place:
        return {one.name: place.read(partial(copying.tally, table=one)) for one in TABLES}


def silent(_: str) -> None:
    """Nobody listens to the progress."""


def _spice(connection: sqlite3.Connection, table: Table, copies: int) -> None:
    if table.name in ("log_head", "page", "page_state", "incident_update", "incident_alias"):
        return
    kinds = {row[1]: (row[2], row[3]) for row in connection.execute(f"PRAGMA table_info({table.name})")}
    names = ", ".join(table.columns)
    marks = ", ".join("?" * len(table.columns))
    for place in range(copies):
        row = [_value(table, name, *kinds[name], place) for name in table.columns]
        connection.execute(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", row)


def _value(table: Table, name: str, kind: str, is_needed: int, place: int) -> object:
    """Every third value that may be missing is missing."""
    if name in FOREIGN:
        return FOREIGN[name]
    if name in table.key or name in ("message_id", "digest", "slug", "name", "subject", "url"):
        return _unique(kind, place)
    if not is_needed and place % 3 == 0:
        return None
    if kind == "BLOB":
        return OCTETS[place % len(OCTETS)]
    if kind == "TEXT":
        return HOSTILE[place % len(HOSTILE)]
    return FLAGS[place % 2] if name in SMALLINTS else NUMBERS[place % len(NUMBERS)]


def _unique(kind: str, place: int) -> object:
    if kind == "BLOB":
        return bytes([0, place, 255])
    return f"{HOSTILE[place % len(HOSTILE)]} {place}" if kind == "TEXT" else 1000 + place
