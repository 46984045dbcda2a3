"""From SQLite to PostgreSQL and back: every value is the same there, on a real server."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from statuswire.archive import checks, keeping, moving, restoring
from statuswire.errors import ConfigError, StoreError
from statuswire.store import Store, Tx, open_store, queries
from statuswire.store.plain import open_place
from statuswire.store.rows import micros
from statuswire.store.tables import TABLES, Table
from tests.archive.filling import SEED, SMALL, change, fill, silent, tallies, url_of
from tests.archive.killed_move import kill_move
from tests.archive.older import older_backup
from tests.core.views import documents
from tests.engine.recording import Recording
from tests.servers.postgres import Server

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.db"
    fill(path, copies=30)
    return path


@pytest.fixture
def empty(postgres_server: Server) -> Iterator[str]:
    """A database without any tables."""
    url = postgres_server.new_database("template1")
    yield url
    postgres_server.drop_database(url)


def back_up(url: str, file: Path) -> None:
    with keeping.written_whole(file) as out:
        keeping.keep(url, out, "0.1.0", NOW, silent)


def write(url: str, sql: str, **params: object) -> None:
    with closing(open_store(url)) as store:
        store.write(lambda tx: tx.execute(sql, params))


@pytest.mark.parametrize("way", ["empty", "postgres_database"])
def test_there_and_back_again_nothing_is_changed(
    source: Path, tmp_path: Path, way: str, request: pytest.FixtureRequest
) -> None:
    there, back = str(request.getfixturevalue(way)), url_of(tmp_path / "back.db")
    before = tallies(url_of(source))

    first = moving.migrate(url_of(source), there, NOW, silent)
    second = moving.migrate(there, back, NOW, silent)

    assert (first.differing, second.differing) == ((), ())
    assert tallies(there) == tallies(back) == before
    assert all(one.rows for one in before.values())


def test_numbers_go_on_where_they_were_in_both_directions(source: Path, empty: str, tmp_path: Path) -> None:
    change(source, "UPDATE sqlite_sequence SET seq = 4711 WHERE name = 'delivery'")
    put = "INSERT INTO delivery (channel, lane, message_id, state, next_at, created_at, body)"
    put += " VALUES ('c', 'l', :id, 'waiting', 1, 1, '{}')"

    moving.migrate(url_of(source), empty, NOW, silent)
    write(empty, put, id="first")
    write(empty, "DELETE FROM delivery WHERE message_id = 'first'")
    moving.migrate(empty, url_of(tmp_path / "back.db"), NOW, silent)
    write(url_of(tmp_path / "back.db"), put, id="second")

    with closing(open_store(url_of(tmp_path / "back.db"))) as store:
        assert store.read(lambda tx: tx.one("SELECT id FROM delivery WHERE message_id = 'second'")) == (4713,)


def test_a_move_to_a_server_that_was_killed_goes_on_where_it_was(source: Path, empty: str) -> None:
    killed = [kill_move(url_of(source), empty, lines) for lines in (3, 18)]
    there = sum(one.rows for one in tallies(empty).values())

    moved = moving.migrate(url_of(source), empty, NOW, silent)

    assert killed == [-signal.SIGKILL] * 2
    assert moved.copied - (moved.rows - there) in (0, 1)  # a new database too has a head of its log
    assert 0 < moved.copied < moved.rows
    assert (moved.differing, tallies(empty)) == ((), tallies(url_of(source)))


def test_what_the_server_cannot_keep_is_said_and_nothing_of_its_batch_is_there(source: Path, empty: str) -> None:
    change(source, "UPDATE audit SET detail = 'a' || char(0) || 'b'")

    with pytest.raises(StoreError, match="NUL"):
        moving.migrate(url_of(source), empty, NOW, silent)
    with closing(open_place(empty, alone=False)) as place:
        assert place.read(lambda tx: tx.one("SELECT COUNT(*) FROM audit")) == (0,)


def test_a_server_on_which_replicas_live_is_no_source_and_no_target(
    source: Path, postgres_database: str, tmp_path: Path
) -> None:
    columns = "id, started_at, seen_at, lease_until, version, revision, roles, address"
    put = f"INSERT INTO replica ({columns}) VALUES ('one', 1, 1, :until, '0.1.0', '0006', '[]', '')"
    write(postgres_database, put, until=micros(datetime.now(UTC) + timedelta(days=1)))

    with pytest.raises(ConfigError, match="is in use by one: stop these first, or add --force"):
        moving.migrate(postgres_database, url_of(tmp_path / "back.db"), NOW, silent)
    with pytest.raises(ConfigError, match="is in use by one"):
        moving.migrate(url_of(source), postgres_database, NOW, silent)
    assert not moving.migrate(postgres_database, url_of(tmp_path / "back.db"), NOW, silent, is_forced=True).differing


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.name)
def test_the_table_of_tables_is_what_the_server_has(table: Table, postgres_database: str) -> None:
    sql = "SELECT column_name, data_type, is_identity FROM information_schema.columns WHERE table_name = :name"
    with closing(open_place(postgres_database, alone=False)) as place:
        columns = place.read(lambda tx: tx.all(sql, {"name": table.name}))

    assert {name for name, *_ in columns} == set(table.columns)
    assert {name for name, kind, _ in columns if kind == "bytea"} == table.octets
    assert ([name for name, _, numbered in columns if numbered == "YES"] == ["id"]) == table.is_numbered


# --- backups ---------------------------------------------------------------------------------------------------------


def test_a_backup_of_either_engine_can_be_restored_into_the_other(source: Path, empty: str, tmp_path: Path) -> None:
    back_up(url_of(source), tmp_path / "one.backup")
    restoring.restore(tmp_path / "one.backup", empty, silent)
    back_up(empty, tmp_path / "two.backup")
    restoring.restore(tmp_path / "two.backup", url_of(tmp_path / "again.db"), silent)

    assert tallies(empty) == tallies(url_of(tmp_path / "again.db")) == tallies(url_of(source))
    with closing(open_store(empty)) as store:
        assert store.read(partial(queries.setting, name=checks.IDENTITY))


def test_a_backup_of_a_server_holds_one_moment_while_it_is_written(source: Path, empty: str, tmp_path: Path) -> None:
    moving.migrate(url_of(source), empty, NOW, silent)
    before = tallies(empty)
    with closing(open_store(empty)) as store, keeping.written_whole(tmp_path / "kept") as out:
        keeping.keep(empty, out, "0.1.0", NOW, lambda _: store.write(_note))
    restoring.restore(tmp_path / "kept", url_of(tmp_path / "again.db"), silent)

    assert tallies(url_of(tmp_path / "again.db")) == before != tallies(empty)


def _note(tx: Tx) -> None:
    tx.execute("INSERT INTO audit (at, actor, action, subject, detail) VALUES (1, 'a', 'b', 'c', 'd')")


def test_a_restore_that_fails_leaves_a_server_as_it_was(source: Path, empty: str, tmp_path: Path) -> None:
    change(source, "UPDATE audit SET detail = 'a' || char(0) || 'b'")
    back_up(url_of(source), tmp_path / "kept")

    with pytest.raises(StoreError, match="NUL"):
        restoring.restore(tmp_path / "kept", empty, silent)
    with closing(open_place(empty, alone=False)) as place:
        assert place.tables() == frozenset()


def test_a_backup_of_an_older_schema_is_brought_forward_on_a_server(empty: str, tmp_path: Path) -> None:
    file = older_backup(tmp_path / "old.db", tmp_path / "kept")

    restoring.restore(file, empty, silent)

    with closing(open_store(empty)) as store:
        assert [page.slug for page in store.read(queries.pages)] == ["acme"]
        assert store.read(lambda tx: tx.all("SELECT id, key FROM event")) == [(1, "k")]


def test_rows_that_are_kept_by_time_lie_in_the_parts_of_their_time(empty: str, tmp_path: Path) -> None:
    file = older_backup(tmp_path / "old.db", tmp_path / "kept")
    restoring.restore(file, url_of(tmp_path / "one.db"), silent)
    at = micros(datetime(2024, 2, 29, 23, 59, tzinfo=UTC))
    change(tmp_path / "one.db", f"UPDATE event SET seen_at = {at}")

    moving.migrate(url_of(tmp_path / "one.db"), empty, NOW, silent)

    with closing(open_store(empty)) as store:
        assert store.read(lambda tx: tx.all("SELECT id FROM event_2024_02")) == [(1,)]


def test_a_program_goes_on_after_the_move_and_tells_nothing_twice(empty: str, tmp_path: Path) -> None:
    deliveries = documents(SEED, 30, "statuspage")[1]
    half = len(deliveries) // 2
    with closing(open_store(url_of(tmp_path / "one.db"), options=SMALL)) as store:
        first = Recording(store)
        told = told_of(store, first, deliveries[:half])
        rest = told_of(store, first, deliveries[half:])
    with closing(open_store(url_of(tmp_path / "half.db"), options=SMALL)) as store:
        told_of(store, Recording(store), deliveries[:half])

    moving.migrate(url_of(tmp_path / "half.db"), empty, NOW, silent)

    with closing(open_store(empty)) as store:
        second = Recording(store)
        second.now = first.now
        assert told_of(store, second, deliveries[:half]) == told
        assert told_of(store, second, deliveries[half:]) == rest


def told_of(store: Store, recording: Recording, deliveries: list) -> set[str]:  # type: ignore[type-arg]
    """The keys of all events after these documents."""
    for one in deliveries:
        recording.take(one)
    return {event.key for event in store.read(partial(queries.events_after, last=0, limit=10_000))}
