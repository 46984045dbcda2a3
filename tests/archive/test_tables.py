"""The table of tables is the schema's own list."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from statuswire.store import open_store
from statuswire.store.tables import LEFT_OUT, TABLES, Table
from tests.archive.filling import SMALL, url_of


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    path: Path = tmp_path_factory.mktemp("schema") / "statuswire.db"
    open_store(url_of(path), options=SMALL).close()
    with closing(sqlite3.connect(path)) as opened:
        yield opened


def columns_of(connection: sqlite3.Connection, table: str) -> list[tuple[str, str, int, int]]:
    """Name, type, whether it must be there, and its place in the primary key."""
    return [(row[1], row[2], row[3], row[5]) for row in connection.execute(f"PRAGMA table_info({table})")]


def test_every_table_of_the_schema_is_copied_or_left_out_by_name(connection: sqlite3.Connection) -> None:
    found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")

    assert {row[0] for row in found} == {one.name for one in TABLES} | set(LEFT_OUT)


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.name)
def test_a_table_is_copied_with_all_its_columns_and_by_its_primary_key(
    connection: sqlite3.Connection, table: Table
) -> None:
    columns = columns_of(connection, table.name)

    assert set(table.columns) == {name for name, *_ in columns}
    assert table.octets == {name for name, kind, *_ in columns if kind == "BLOB"}
    assert table.key == tuple(name for name, *_, place in sorted(columns, key=lambda one: one[3]) if place)


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.name)
def test_the_numbered_tables_are_those_whose_id_the_database_gives(
    connection: sqlite3.Connection, table: Table
) -> None:
    sql = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (table.name,)).fetchone()[0]

    assert table.is_numbered == ("id INTEGER PRIMARY KEY" in sql)


def test_what_a_foreign_key_names_is_put_in_before(connection: sqlite3.Connection) -> None:
    places = {one.name: place for place, one in enumerate(TABLES)}

    for table in TABLES:
        for row in connection.execute(f"PRAGMA foreign_key_list({table.name})"):
            assert places[row[2]] < places[table.name]
