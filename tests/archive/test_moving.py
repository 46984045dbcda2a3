"""A database moved to another place is the same there, whatever comes in between."""

from __future__ import annotations

import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from statuswire.archive import checks, moving
from statuswire.errors import ConfigError, StoreError, StoreReason
from statuswire.store import open_store, queries
from tests.archive.filling import SMALL, change, fill, silent, tallies, url_of
from tests.archive.killed_move import kill_move

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.db"
    fill(path, copies=30)
    return path


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "target.db"


def move(source: Path, target: Path) -> moving.Moved:
    return moving.migrate(url_of(source), url_of(target), NOW, silent)


def test_every_row_of_every_table_is_the_same_in_the_other_place(source: Path, target: Path) -> None:
    moved = move(source, target)

    assert all(tally.rows for tally in tallies(url_of(source)).values())
    assert tallies(url_of(target)) == tallies(url_of(source))
    assert (moved.differing, moved.copied) == ((), sum(one.rows for one in tallies(url_of(source)).values()))


def test_a_store_opens_on_what_was_moved_and_numbers_go_on_where_they_were(source: Path, target: Path) -> None:
    change(source, "UPDATE sqlite_sequence SET seq = 4711 WHERE name = 'delivery'")

    move(source, target)

    with closing(open_store(url_of(target), options=SMALL)) as store:
        assert store.read(partial(queries.setting, name="schema.compatible")) is not None
        assert store.read(partial(queries.setting, name=checks.IDENTITY))
    change(
        target,
        "INSERT INTO delivery (channel, lane, message_id, state, next_at, created_at, body)"
        " VALUES ('c', 'l', 'new', 'waiting', 1, 1, '{}')",
    )
    with closing(sqlite3.connect(target)) as connection:
        assert connection.execute("SELECT max(id) FROM delivery").fetchone() == (4712,)


def test_a_move_that_was_killed_goes_on_where_it_was(source: Path, target: Path) -> None:
    killed = [kill_move(url_of(source), url_of(target), lines) for lines in (3, 12, 19)]
    there = sum(one.rows for one in tallies(url_of(target)).values())

    moved = move(source, target)

    assert killed == [-signal.SIGKILL] * 3
    assert moved.copied - (moved.rows - there) in (0, 1)  # a new database too has a head of its log
    assert 0 < moved.copied < moved.rows
    assert tallies(url_of(target)) == tallies(url_of(source))


def test_what_is_filled_only_partly_is_no_source_and_takes_no_other_source(
    source: Path, target: Path, tmp_path: Path
) -> None:
    kill_move(url_of(source), url_of(target), 3)
    other = tmp_path / "other.db"
    open_store(url_of(other), options=SMALL).close()

    with pytest.raises(ConfigError, match="is not filled yet: run the same `statuswire migrate` again"):
        move(target, tmp_path / "third.db")
    with pytest.raises(ConfigError, match="is being filled from another database"):
        move(other, target)


def test_a_target_that_holds_something_is_refused_and_left_as_it_is(source: Path, target: Path) -> None:
    fill(target, copies=2)
    before = tallies(url_of(target))

    with pytest.raises(ConfigError, match=r"is not empty: it has rows in page, page_state, feed and \d+ more tables"):
        move(source, target)
    assert tallies(url_of(target)) == before


def test_the_database_of_another_program_is_refused(source: Path, target: Path) -> None:
    change(target, "CREATE TABLE theirs (id INTEGER)")

    with pytest.raises(ConfigError, match="is no statuswire database: it holds other tables"):
        move(source, target)


@pytest.mark.parametrize(
    ("revision", "sentence"),
    [
        ("0003", "has schema 0003, .*: run `statuswire db upgrade` on it first"),
        ("0999", "has schema 0999, .*: do it with statuswire 0.1.0 or newer"),
    ],
)
def test_a_source_with_another_schema_is_refused(source: Path, target: Path, revision: str, sentence: str) -> None:
    change(source, f"UPDATE alembic_version SET version_num = '{revision}'")

    with pytest.raises(ConfigError, match=sentence):
        move(source, target)
    assert not target.exists()


def test_a_source_that_a_service_holds_is_refused(source: Path, target: Path) -> None:
    with closing(open_store(url_of(source), options=SMALL)), pytest.raises(StoreError, match="in use") as caught:
        move(source, target)

    assert caught.value.reason is StoreReason.LOCKED


def test_a_source_on_which_replicas_live_is_refused_unless_forced(source: Path, target: Path) -> None:
    later = int(NOW.timestamp() * 1e6) + 1
    change(source, f"INSERT INTO replica VALUES ('one', 1, 1, {later}, '0.1.0', '0006', '[]', '')")

    with pytest.raises(ConfigError, match="is in use by one: stop these first, or add --force"):
        move(source, target)
    assert not moving.migrate(url_of(source), url_of(target), NOW, silent, is_forced=True).differing


def test_what_differs_is_found_and_named(source: Path, target: Path) -> None:
    move(source, target)
    change(target, "UPDATE event SET body = body || ' ' WHERE id = 1")

    verified = moving.verify(url_of(source), url_of(target), NOW, silent)

    assert [one.table for one in verified.differing] == ["event"]


def test_a_database_that_is_not_there_is_not_made(target: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no database at"):
        move(tmp_path / "nothing.db", target)

    assert list(tmp_path.iterdir()) == []
