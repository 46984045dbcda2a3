"""A backup is made while a service runs, gives back all of it, and is refused when anything is wrong with it."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import msgspec
import pytest
import zstandard

from statuswire.archive import checks, keeping, restoring
from statuswire.archive.keeping import KeptCopy
from statuswire.errors import ConfigError, StoreError
from statuswire.store import open_store, queries
from statuswire.store.plain import open_place
from tests.archive.filling import SEED, SMALL, change, fill, silent, tallies, url_of
from tests.archive.older import older_backup
from tests.core.views import documents
from tests.engine.recording import Recording

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.db"
    fill(path, copies=20)
    return path


@pytest.fixture
def file(source: Path) -> Path:
    """A backup of it."""
    path = source.with_name("kept.zst")
    back_up(source, path)
    return path


def back_up(source: Path, file: Path) -> KeptCopy:
    with keeping.written_whole(file) as out:
        return keeping.keep(url_of(source), out, "0.1.0", NOW, silent)


def restore(file: Path, target: Path) -> KeptCopy:
    return restoring.restore(file, url_of(target), silent)


def lines_of(file: Path) -> list[bytes]:
    return zstandard.ZstdDecompressor().stream_reader(file.read_bytes()).readall().splitlines(keepends=True)


def write_lines(file: Path, lines: list[bytes]) -> Path:
    file.write_bytes(zstandard.compress(b"".join(lines)))
    return file


def setting(path: Path, name: str) -> str | None:
    with closing(open_place(url_of(path), alone=False)) as place:
        return place.read(partial(queries.setting, name=name))


def test_a_restored_database_is_the_same_but_for_its_identity(source: Path, file: Path, tmp_path: Path) -> None:
    restore(file, tmp_path / "again.db")

    assert tallies(url_of(tmp_path / "again.db")) == tallies(url_of(source))
    assert setting(tmp_path / "again.db", checks.IDENTITY) not in (None, setting(source, checks.IDENTITY))


def test_a_backup_holds_one_moment_of_a_database_that_is_written_meanwhile(source: Path, tmp_path: Path) -> None:
    before = tallies(url_of(source))
    with closing(open_store(url_of(source), options=SMALL)) as store:

        def write_on(_: str) -> None:
            store.write(
                lambda tx: tx.execute(
                    "INSERT INTO audit (at, actor, action, subject, detail) VALUES (1, 'a', 'b', 'c', 'd')"
                )
            )

        with keeping.written_whole(tmp_path / "kept.zst") as out:
            keeping.keep(url_of(source), out, "0.1.0", NOW, write_on)
    restore(tmp_path / "kept.zst", tmp_path / "again.db")

    assert tallies(url_of(tmp_path / "again.db")) == before
    assert tallies(url_of(source)) != before


def test_nobody_else_may_read_a_backup_and_no_part_of_one_is_left(source: Path, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    back_up(source, folder / "one.zst")
    whole = (folder / "one.zst").read_bytes()

    with pytest.raises(StoreError), keeping.written_whole(folder / "one.zst") as out:
        keeping.keep(url_of(tmp_path / "nothing.db"), out, "0.1.0", NOW, silent)

    assert [path.name for path in folder.iterdir()] == ["one.zst"]
    assert stat.S_IMODE((folder / "one.zst").stat().st_mode) == 0o600
    assert (folder / "one.zst").read_bytes() == whole


def test_a_damaged_database_is_not_kept(source: Path, tmp_path: Path) -> None:
    change(source, "PRAGMA journal_mode = DELETE")
    with closing(sqlite3.connect(source)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'event_page'").fetchone()[0]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with source.open("r+b") as raw:
        raw.seek((root - 1) * size + size // 2)
        raw.write(bytes(size // 2))

    with pytest.raises(StoreError, match="damaged"):
        back_up(source, tmp_path / "kept.zst")
    assert not (tmp_path / "kept.zst").exists()


# --- what is refused -------------------------------------------------------------------------------------------------


@pytest.fixture
def target(tmp_path: Path) -> Iterator[Path]:
    """Where nothing may be made."""
    yield tmp_path / "target.db"
    assert not (tmp_path / "target.db").exists()


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9, 0.999])
def test_a_backup_that_was_cut_is_refused(file: Path, target: Path, share: float) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(ConfigError, match=r"cannot be restored: it (is cut off|is damaged|does not begin)"):
        restore(file, target)


def test_a_backup_without_its_last_lines_is_refused(file: Path, target: Path) -> None:
    write_lines(file, lines_of(file)[:-1])

    with pytest.raises(ConfigError, match="it is cut off: its last line is missing"):
        restore(file, target)


def test_a_backup_of_which_a_value_was_changed_is_refused(file: Path, target: Path) -> None:
    lines = [line.replace(b"Acme Relay", b"Acme Relax") for line in lines_of(file)]

    with pytest.raises(
        ConfigError, match=r"was changed or damaged: \w+ has \d+ rows of \d+, and its digest is another"
    ):
        restore(write_lines(file, lines), target)


def test_a_backup_with_a_flipped_bit_is_refused(file: Path, target: Path) -> None:
    octets = bytearray(file.read_bytes())
    octets[len(octets) // 2] ^= 4
    file.write_bytes(octets)

    with pytest.raises(ConfigError, match="cannot be restored"):
        restore(file, target)


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("schema", "0999", "has schema 0999, .*: restore it with statuswire 0.1.0 or newer"),
        ("version", 2, "has version 2 of the format, written by statuswire 0.1.0"),
        ("format", "another", "does not begin as a backup of statuswire does"),
    ],
)
def test_a_backup_from_the_future_or_of_another_program_is_refused(
    file: Path, target: Path, key: str, value: object, sentence: str
) -> None:
    head, *rest = lines_of(file)
    changed = msgspec.json.encode({**msgspec.json.decode(head), key: value}) + b"\n"

    with pytest.raises(ConfigError, match=sentence):
        restore(write_lines(file, [changed, *rest]), target)


@pytest.mark.parametrize(
    "octets", [b"", b"no backup", zstandard.compress(b"\xff\xfe{}\n"), zstandard.compress(b"[1]\n")]
)
def test_what_is_no_backup_is_refused(tmp_path: Path, target: Path, octets: bytes) -> None:
    (tmp_path / "file").write_bytes(octets)

    with pytest.raises(ConfigError, match="cannot be restored"):
        restore(tmp_path / "file", target)


def test_a_database_that_holds_something_is_refused_and_left_as_it_is(source: Path, file: Path) -> None:
    before = tallies(url_of(source))

    with pytest.raises(ConfigError, match="is not empty"):
        restore(file, source)
    assert tallies(url_of(source)) == before


# --- time goes on ----------------------------------------------------------------------------------------------------


def test_a_backup_of_an_older_schema_is_brought_forward(tmp_path: Path) -> None:
    file = older_backup(tmp_path / "old.db", tmp_path / "kept.zst")

    restore(file, tmp_path / "new.db")

    with closing(open_store(url_of(tmp_path / "new.db"), options=SMALL)) as store:
        assert [page.slug for page in store.read(queries.pages)] == ["acme"]
        assert store.read(queries.last_event_id) == 1
        assert store.read(partial(queries.setting, name="schema.compatible")) is not None


def test_nothing_is_told_again_after_a_restore_and_what_happened_since_is(tmp_path: Path) -> None:
    deliveries = documents(SEED, 30, "statuspage")[1]
    half = len(deliveries) // 2
    path, again = tmp_path / "first.db", tmp_path / "again.db"
    with closing(open_store(url_of(path), options=SMALL)) as store:
        first = Recording(store)
        for one in deliveries[:half]:
            first.take(one)
        back_up(path, tmp_path / "kept.zst")
        told_by_then = store.read(partial(queries.events_after, last=0, limit=10_000))
        for one in deliveries[half:]:
            first.take(one)
        told = store.read(partial(queries.events_after, last=0, limit=10_000))

    restore(tmp_path / "kept.zst", again)

    with closing(open_store(url_of(again), options=SMALL)) as store:
        second = Recording(store)
        second.now = first.now
        for one in deliveries[:half]:
            second.take(one)
        assert store.read(partial(queries.events_after, last=0, limit=10_000)) == told_by_then
        for one in deliveries[half:]:
            second.take(one)
        keys = [event.key for event in store.read(partial(queries.events_after, last=0, limit=10_000))]
    assert sorted(keys) == sorted(event.key for event in told)
