"""Bringing a database in use forward: nobody waits long, two do it once, a kill changes nothing, and nothing that is
still used is taken away."""

from __future__ import annotations

import signal
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from statuswire.errors import StoreError, StoreReason
from statuswire.store import open_store, schema
from statuswire.store.migrations.__main__ import migrate
from statuswire.store.migrations.waiting import WAIT_S
from tests.e2e.waiting import wait_until
from tests.servers.postgres import Server
from tests.versions import Migration, Version, make_version

MORE = Migration(
    "0901",
    """
CREATE TABLE extra (id BIGINT PRIMARY KEY);
ALTER TABLE page ADD COLUMN colour TEXT NOT NULL DEFAULT 'grey';
CREATE INDEX page_colour ON page (colour);
UPDATE setting SET value = '0.2.0' WHERE name = 'schema.needs';
""",
)
LESS = Migration(
    "0902",
    "DROP TABLE extra;\nUPDATE setting SET value = '0902' WHERE name = 'schema.compatible';\n",
    is_contract=True,
)

WRITES = "LOCK TABLE page IN ROW EXCLUSIVE MODE"
"""As every transaction that writes does, to its end."""


@pytest.fixture(scope="module")
def newer(tmp_path_factory: pytest.TempPathFactory) -> Version:
    """A version with a migration more that adds, and one that takes away."""
    return make_version(tmp_path_factory.mktemp("newer") / "src", "0.2.0", [MORE, LESS])


@pytest.fixture
def behind(postgres_server: Server) -> Iterator[str]:
    """A database without the last migrations of this version, of which the first changes a table that others use."""
    url = postgres_server.new_database()
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute("DROP VIEW statuswire_pages")
        connection.execute("ALTER TABLE page DROP COLUMN dropped_at")
        connection.execute("DROP TABLE signals, evidence, raw_document")
        connection.execute("UPDATE alembic_version SET version_num = '0007'")
    yield url
    postgres_server.drop_database(url)


def revision(url: str) -> str:
    with closing(psycopg.connect(url)) as connection:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return "" if row is None else str(row[0])


def is_waiting(url: str) -> bool:
    """Whether anybody waits for a lock in the database."""
    with closing(psycopg.connect(url)) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        ).fetchone()
        return row is not None and row[0] > 0


def run(version: Version, url: str, *arguments: str) -> tuple[int, str]:
    child = version.migrating(*arguments)
    _, errors = child.communicate(url, timeout=60)
    return child.returncode, errors.strip()


# --- others at work -------------------------------------------------------------------------------------------------


def test_a_table_that_is_written_for_long_is_waited_for_in_short_tries(behind: str) -> None:
    pauses: list[float] = []
    with closing(psycopg.connect(behind)) as writer:
        writer.execute(WRITES)

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            if len(pauses) == 2:
                writer.rollback()

        migrate(behind, pause=pause)

    assert len(pauses) == 2
    assert all(seconds >= WAIT_S for seconds in pauses), "those who waited for us go on"
    assert revision(behind) == schema.HEAD


def test_those_who_come_after_an_upgrade_that_waits_go_on_in_time(behind: str) -> None:
    with (
        closing(psycopg.connect(behind)) as writer,
        closing(psycopg.connect(behind, autocommit=True)) as other,
        ThreadPoolExecutor() as pool,
    ):
        writer.execute(WRITES)
        other.execute("SET lock_timeout = '3s'")
        under_way = pool.submit(migrate, behind, patience_s=0.0)
        wait_until(lambda: is_waiting(behind), "the upgrade that waits")

        other.execute("UPDATE page SET name = name")

        with pytest.raises(psycopg.errors.LockNotAvailable, match="lock timeout"):
            under_way.result()
    assert revision(behind) == "0007"


def test_of_two_that_upgrade_at_once_one_does_it_and_the_other_finds_it_done(behind: str) -> None:
    with ThreadPoolExecutor() as pool:
        for one in [pool.submit(lambda: open_store(behind).close()) for _ in range(3)]:
            one.result()

    assert revision(behind) == schema.HEAD


def test_an_upgrade_that_is_killed_in_the_middle_leaves_what_was_whole(behind: str, newer: Version) -> None:
    with closing(psycopg.connect(behind)) as reader:
        reader.execute("LOCK TABLE setting IN SHARE MODE")  # which the newer version changes after all its tables
        child = newer.migrating()
        assert child.stdin is not None
        child.stdin.write(behind)
        child.stdin.close()
        wait_until(lambda: is_waiting(behind), "the upgrade in its middle")
        child.send_signal(signal.SIGKILL)
        child.wait()
        wait_until(lambda: not is_waiting(behind), "the end of what it had begun")
    for stream in (child.stdout, child.stderr):
        assert stream is not None
        stream.close()

    with closing(psycopg.connect(behind)) as connection:
        assert connection.execute("SELECT to_regclass('past_event'), to_regclass('extra')").fetchone() == (
            "past_event",
            None,
        )
        assert connection.execute("SELECT count(*) FROM pg_attribute WHERE attname = 'colour'").fetchone() == (0,)
    assert revision(behind) == schema.HEAD
    assert run(newer, behind) == (0, "")
    assert revision(behind) == MORE.revision


def test_programs_go_on_with_statements_that_they_prepared_before_the_schema_grew(
    postgres_database: str, newer: Version
) -> None:
    insert = (
        "INSERT INTO page (slug, name, name_fold, url, platform, origin, allow_private)"
        " VALUES (:slug, 'A', 'a', :slug, '', 'manual', 0)"
    )
    with closing(open_store(postgres_database)) as store:

        def both(n: int) -> int:
            store.write(lambda tx: tx.execute(insert, {"slug": f"https://{n}.example"}))
            return len(
                store.read(lambda tx: tx.all("SELECT id, slug, name FROM page WHERE name = :name", {"name": "A"}))
            )

        before = [both(n) for n in range(10)]
        assert run(newer, postgres_database) == (0, "")
        after = [both(n) for n in range(10, 20)]

    assert (before, after) == (list(range(1, 11)), list(range(11, 21)))


# --- what is taken away ---------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def current(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with the newest schema that this version knows."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_database"))
    open_store(f"sqlite:///{tmp_path}/current.db").close()
    return str(tmp_path / "current.db")


def say_alive(database: str) -> None:
    names = "id, started_at, seen_at, lease_until, version, revision, roles, address"
    sql = f"INSERT INTO replica ({names}) VALUES ('one', 1, 1, 9000000000000000, '0.1.0', '{schema.HEAD}', '[]', '')"
    with closing(connected(database)) as connection:
        connection.execute(sql)
        connection.commit()


def connected(database: str) -> Any:
    return psycopg.connect(database) if database.startswith("postgresql:") else sqlite3.connect(database)


def test_whoever_comes_first_adds_and_takes_nothing_away(current: str, newer: Version) -> None:
    assert run(newer, current) == (0, "")

    with closing(connected(current)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (MORE.revision,)


def test_an_older_replica_that_came_meanwhile_keeps_what_it_uses(current: str, newer: Version) -> None:
    say_alive(current)

    assert run(newer, current, "--contract") == (1, "OlderLivesError: older replicas live on it: one")


def test_it_is_taken_away_where_no_older_one_lives_and_older_programs_are_refused(current: str, newer: Version) -> None:
    assert run(newer, current, "--contract") == (0, "")

    with pytest.raises(StoreError, match=r"schema 0902, .* knows .*: it needs statuswire 0\.2\.0 or newer") as caught:
        open_store(current if current.startswith("postgresql:") else f"sqlite:///{current}")
    assert caught.value.reason is StoreReason.NEWER_SCHEMA


def test_an_older_program_uses_a_schema_that_has_grown_and_leaves_it_so(current: str, newer: Version) -> None:
    assert run(newer, current) == (0, "")

    open_store(current if current.startswith("postgresql:") else f"sqlite:///{current}").close()
    migrate(current)
    migrate(current, contract=True)

    with closing(connected(current)) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (MORE.revision,)
