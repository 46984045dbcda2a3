"""The schema: made at once for a new database, brought forward for an old one, refused from the future."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest

from statuswire.errors import StoreError, StoreReason
from statuswire.store import open_store, queries, schema
from statuswire.store.migrations.__main__ import migrate
from tests.store.conftest import SMALL
from tests.store.samples import acme


def schema_of(path: Path) -> dict[str, str]:
    """Every table and index with its statement, white space folded."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master").fetchall()
    return {name: re.sub(r"\s+", "", sql or "") for name, sql in rows}


def contents_of(path: Path) -> dict[str, list[tuple[object, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in tables}


def test_a_new_database_equals_one_that_ran_every_migration(tmp_path: Path) -> None:
    open_store(f"sqlite:///{tmp_path}/new.db", options=SMALL).close()
    migrate(str(tmp_path / "migrated.db"))

    assert schema_of(tmp_path / "new.db") == schema_of(tmp_path / "migrated.db")
    assert contents_of(tmp_path / "new.db") == contents_of(tmp_path / "migrated.db")


def test_the_revisions_are_those_that_have_a_file() -> None:
    found = {path.name.partition("_")[0] for path in (schema.FOLDER / "versions").glob("*.sql")}

    assert tuple(sorted(found)) == schema.REVISIONS


def test_a_database_that_is_behind_is_brought_forward_in_a_child_and_used(path: Path) -> None:
    with closing(sqlite3.connect(path)) as old:
        old.execute(schema.VERSION_TABLE)

    with closing(open_store(f"sqlite:///{path}", options=SMALL)) as store:
        store.write(acme)
        assert len(store.read(queries.pages)) == 1


def test_upgrading_twice_changes_nothing(path: Path) -> None:
    with closing(open_store(f"sqlite:///{path}", options=SMALL)) as store:
        store.write(acme)
    before = contents_of(path)

    migrate(str(path))

    assert contents_of(path) == before


def test_an_upgrade_that_fails_says_why_and_changes_nothing(path: Path) -> None:
    with closing(sqlite3.connect(path)) as old:
        old.execute(schema.VERSION_TABLE)
        old.execute("CREATE TABLE incident (theirs TEXT)")
    before = schema_of(path)

    with pytest.raises(StoreError, match="table incident already exists") as caught:
        schema.upgrade(str(path), str(path))

    assert (caught.value.reason, caught.value.is_permanent) == (StoreReason.UNAVAILABLE, True)
    assert schema_of(path) == before


def test_P15_a_newer_schema_is_refused_naming_the_version_that_is_needed(path: Path) -> None:
    with closing(open_store(f"sqlite:///{path}", options=SMALL)) as store:
        store.write(lambda tx: tx.execute("UPDATE alembic_version SET version_num = '0042'"))
        store.write(lambda tx: queries.set_setting(tx, "schema.needs", "7.1.0"))
        store.write(lambda tx: queries.set_setting(tx, "schema.compatible", "0042"))

    with pytest.raises(StoreError, match=r"0042.*statuswire 7\.1\.0 or newer") as caught:
        open_store(f"sqlite:///{path}", options=SMALL)

    assert (caught.value.reason, caught.value.is_permanent) == (StoreReason.NEWER_SCHEMA, True)


def test_a_newer_schema_that_older_programs_may_use_is_used(path: Path) -> None:
    with closing(open_store(f"sqlite:///{path}", options=SMALL)) as store:
        store.write(lambda tx: tx.execute("UPDATE alembic_version SET version_num = '0042'"))
        store.write(lambda tx: queries.set_setting(tx, "schema.compatible", schema.HEAD))

    with closing(open_store(f"sqlite:///{path}", options=SMALL)) as store:
        assert store.status().is_writable


# --- tables that others use meanwhile ---------------------------------------------------------------------------------

FIRST_SHARED = "0008"
"""Before it no migration met a database that others used."""

_NAMED = re.compile(
    r"(?:ALTER TABLE|DROP TABLE|REFERENCES|UPDATE|DELETE FROM|INSERT INTO|INDEX \w+ ON|PARTITION OF)"
    r" (?:IF EXISTS )?(\w+)"
)
_MADE = re.compile(r"CREATE TABLE (?:IF NOT EXISTS )?(\w+)")


def tables_of_others(statements: Iterable[str]) -> set[str]:
    """What a migration waits for: the tables that it names and does not make. Nobody holds `setting` for long."""
    text = "\n".join(statements)
    return set(_NAMED.findall(text)) - set(_MADE.findall(text)) - {"setting"}


def test_a_migration_waits_for_one_table_that_others_use_because_two_would_be_waited_for_in_a_circle() -> None:
    found = {one: tables_of_others(schema.statements(one, "postgresql")) for one in schema.REVISIONS}

    assert {one for one, tables in found.items() if one >= FIRST_SHARED and len(tables) > 1} == set()
    assert (found["0007"], found["0008"]) == ({"page"}, {"page"})
    assert {"page", "inbox", "delivery_log"} - found["0006"] == {"delivery_log"}, "one that is made anew is its own"
