"""Statements about whole tables: read them page by page, put rows in, and what makes two copies the same.

They are built from names of the table of tables (`tables.py`), or of a backup's head, which `archive` has checked.
"""
# ruff: noqa: S608 - names of tables and columns, never values

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from statuswire.store import partitions, rows
from statuswire.store.base import Row, Tx
from statuswire.store.tables import TABLES, Table

_MODULUS = 1 << 256
_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows there are and what they are: the sum of the SHA-256 of each, so that their order does
    not count."""

    rows: int = 0
    total: int = 0

    @property
    def digest(self) -> str:
        return f"{self.total:064x}"

    def plus(self, some: Iterable[Row]) -> Tally:
        rows, total = self.rows, self.total
        for row in some:
            rows += 1
            total += int.from_bytes(sha256(_encode(tuple(row))).digest())
        return Tally(rows, total % _MODULUS)


def batch(tx: Tx, table: Table, after: Sequence[object]) -> list[Row]:
    """The rows that follow the one with this key, at most `table.at_once`; an empty `after` means from the first.
    A table without a key is given whole."""
    where = [table.where] if table.where else []
    params: dict[str, object] = {f"key{place}": value for place, value in enumerate(after)}
    if after:
        names = ", ".join(f":key{place}" for place in range(len(after)))
        where.append(f"({', '.join(table.key)}) > ({names})" if len(after) > 1 else f"{table.key[0]} > {names}")
    sql = f"SELECT {', '.join(table.columns)} FROM {table.name}"
    sql += f" WHERE {' AND '.join(where)}" if where else ""
    if table.key:
        sql += f" ORDER BY {', '.join(table.key)} LIMIT {table.at_once}"
    return tx.all(sql, params)


def batches(tx: Tx, table: Table) -> Iterator[list[Row]]:
    """All rows, in order of the key, some at a time."""
    after: tuple[object, ...] = ()
    while some := batch(tx, table, after):
        yield some
        after = key_of(table, some[-1])
        if is_last(table, some):
            return


def is_last(table: Table, some: Sequence[Row]) -> bool:
    """Whether nothing can follow these."""
    return not table.key or len(some) < table.at_once


def key_of(table: Table, row: Row) -> tuple[object, ...]:
    return tuple(row[table.columns.index(name)] for name in table.key)


def tally(tx: Tx, table: Table) -> Tally:
    """Of all rows that a copy has, with memory for some."""
    found = Tally()
    for some in batches(tx, table):
        found = found.plus(some)
    return found


def put_rows(tx: Tx, table: Table, some: Sequence[Row]) -> None:
    """Where the table has parts by time, those that the rows need are made first."""
    for kept in partitions.ALL:
        if kept.table == table.name:
            place = table.columns.index(kept.column)
            partitions.cover_each(tx, kept, [row[place] for row in some])
    values = ", ".join(f":{name}" for name in table.columns)
    sql = f"INSERT INTO {table.name} ({', '.join(table.columns)}) VALUES ({values})"
    tx.many(sql, [dict(zip(table.columns, row, strict=True)) for row in some])


def clear(tx: Tx, table: Table) -> None:
    """Remove the rows that a copy has."""
    tx.execute(f"DELETE FROM {table.name}" + (f" WHERE {table.where}" if table.where else ""))


def clear_head(tx: Tx) -> None:
    """Remove the head of the log, which every new database has."""
    tx.execute("DELETE FROM log_head")


def filled(tx: Tx) -> tuple[str, ...]:
    """The tables that hold more than a new database does."""
    holding = [one.name for one in TABLES if one.name != "log_head" and _holds(tx, one)]
    return (*holding, *(["log_head"] if tx.one("SELECT 1 FROM log_head WHERE last > 0") else []))


def _holds(tx: Tx, table: Table) -> bool:
    return (
        tx.one(f"SELECT 1 FROM {table.name}" + (f" WHERE {table.where}" if table.where else "") + " LIMIT 1")
        is not None
    )


def drop_marks(tx: Tx) -> None:
    """Remove the settings that say how far the database is filled."""
    tx.execute("DELETE FROM setting WHERE name LIKE 'archive.%'")


@dataclass(frozen=True, slots=True)
class Living:
    """A process whose lease on life has not run out; `revision` is the newest schema that it knows."""

    id: str
    version: str
    revision: str
    seen_at: datetime


def living(tx: Tx, now: datetime) -> tuple[Living, ...]:
    """The processes that live on the database, by its own clock where it has one."""
    sql = "SELECT id, version, revision, seen_at FROM replica WHERE lease_until > :now ORDER BY id"
    found = tx.all(sql, {"now": rows.micros(tx.now() or now)})
    return tuple(Living(id_, version, revision, rows.time_of(seen_at)) for id_, version, revision, seen_at in found)


# --- the numbers that a database gives -------------------------------------------------------------------------------


def last_number(tx: Tx, table: Table) -> int:
    """The highest number that was ever given, as far as the engine remembers; 0 before the first."""
    row = tx.one(f"SELECT max(id) FROM {table.name}")
    highest = int(row[0]) if row is not None and row[0] is not None else 0
    return max(highest, _remembered(tx, table))


def _remembered(tx: Tx, table: Table) -> int:
    if tx.dialect.name == "sqlite":
        row = tx.one("SELECT seq FROM sqlite_sequence WHERE name = :name", {"name": table.name})
        return 0 if row is None else int(row[0])
    row = tx.one(
        "SELECT pg_sequence_last_value(CAST(pg_get_serial_sequence(:name, 'id') AS regclass))", {"name": table.name}
    )
    return int(row[0]) if row is not None and row[0] is not None else 0


def set_last_number(tx: Tx, table: Table, last: int) -> None:
    """The next row gets a higher number. Where SQLite keeps no count, the highest that is there is what it has."""
    if last == 0:
        return
    params = {"name": table.name, "last": last}
    if tx.dialect.name != "sqlite":
        tx.all("SELECT setval(CAST(pg_get_serial_sequence(:name, 'id') AS regclass), :last)", params)
    elif _has_lasting_numbers(tx, table):
        tx.execute("DELETE FROM sqlite_sequence WHERE name = :name", {"name": table.name})
        tx.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)", params)


def _has_lasting_numbers(tx: Tx, table: Table) -> bool:
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :name AND sql LIKE '%AUTOINCREMENT%'"
    return tx.one(sql, {"name": table.name}) is not None
