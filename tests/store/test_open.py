"""Opening a store: which URLs mean a database, where one can lie, and who may hold it."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from statuswire.errors import ConfigError, StoreError, StoreReason
from statuswire.store import open_store, queries
from statuswire.store.lock import LockFile, lock_holders
from statuswire.store.place import database_path, network_disk
from statuswire.store.reserve import Reserve
from tests.store.conftest import SMALL
from tests.store.samples import acme


def refused(url: str) -> StoreError:
    with pytest.raises(StoreError) as caught:
        open_store(url, options=SMALL)
    return caught.value


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite:///:memory:"])
def test_a_database_without_a_path_is_in_memory(url: str) -> None:
    assert database_path(url) is None


def test_three_slashes_are_relative_and_four_absolute() -> None:
    assert database_path("sqlite:///a/b%20c.db") == Path.cwd() / "a" / "b c.db"
    assert database_path("sqlite:////var/lib/statuswire.db") == Path("/var/lib/statuswire.db")


@pytest.mark.parametrize(
    "url",
    ["", "statuswire.db", "sqlite:statuswire.db", "sqlite://host/x.db", "sqlite:///x.db?mode=ro", "sqlite:///a%00b",
     "sqlite:///~nobody-of-this-name/x.db", "postgresql://u:secret@host:many/db",
     "mysql://x"],
)  # fmt: skip
def test_a_url_that_means_no_database_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(ConfigError, match=r"sqlite:///|postgresql://USER") as caught:
        open_store(url)

    assert "secret" not in str(caught.value)


def test_a_new_database_and_all_its_files_are_their_owners_only(path: Path) -> None:
    with closing(open_store(f"sqlite:///{path}")):
        modes = {file.name: file.stat().st_mode & 0o077 for file in path.parent.glob(f"{path.name}*")}

    assert path.name in modes and f"{path.name}-wal" in modes
    assert set(modes.values()) == {0}


def test_what_was_written_is_there_after_reopening(path: Path) -> None:
    with closing(open_store(f"sqlite:///{path}", options=SMALL)) as store:
        made = store.write(acme)

    with closing(open_store(f"sqlite:///{path}", options=SMALL)) as store:
        assert store.read(queries.pages) == [made]


def test_the_log_is_copied_back_on_closing(path: Path) -> None:
    with closing(open_store(f"sqlite:///{path}", options=SMALL)) as store:
        store.write(acme)
        assert store.status().wal_bytes > 0

    assert not path.with_name("statuswire.db-wal").exists()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    error = refused(f"sqlite:///{tmp_path}/no/where/statuswire.db")

    assert error.reason is StoreReason.UNAVAILABLE
    assert f"{tmp_path}/no/where does not exist" in str(error)


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    assert "is a folder" in str(refused(f"sqlite:///{tmp_path}"))


def test_opening_a_new_database_does_not_import_what_brings_old_ones_forward() -> None:
    code = (
        "import sys; from statuswire.store import open_store; open_store('sqlite://');"
        "print('statuswire.store.migrations' in sys.modules)"
    )

    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert child.stdout.strip() == "False"


def test_the_database_of_another_program_is_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")
    before = path.read_bytes()

    error = refused(f"sqlite:///{path}")

    assert (error.reason, error.is_permanent) == (StoreReason.UNAVAILABLE, True)
    assert "another program" in str(error)
    assert path.read_bytes() == before


# --- one daemon -------------------------------------------------------------------------------------------------


def test_P13_a_second_daemon_is_told_who_holds_the_database(path: Path) -> None:
    with closing(open_store(f"sqlite:///{path}", options=SMALL)):
        error = refused(f"sqlite:///{path}")

    assert (error.reason, error.is_permanent) == (StoreReason.LOCKED, True)
    assert f"process {os.getpid()} " in str(error)


def test_P13_another_name_of_the_same_file_is_the_same_database(path: Path, tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{path}", options=SMALL)):
        (tmp_path / "link.db").symlink_to(path)

        assert refused(f"sqlite:///{tmp_path}/link.db").reason is StoreReason.LOCKED


def test_P13_the_lock_of_a_dead_process_holds_nobody_up(path: Path) -> None:
    path.with_name("statuswire.db.lock").write_text("999999\n")

    with closing(open_store(f"sqlite:///{path}", options=SMALL)):
        assert path.with_name("statuswire.db.lock").read_text() == f"{os.getpid()}\n"


def test_a_refused_opening_lets_the_lock_go(path: Path) -> None:
    path.write_bytes(b"not a database at all" * 100)
    refused(f"sqlite:///{path}")
    path.unlink()

    open_store(f"sqlite:///{path}", options=SMALL).close()


def test_memory_needs_no_lock() -> None:
    with closing(open_store("sqlite://")) as one, closing(open_store("sqlite:///:memory:")) as two:
        one.write(acme)

        assert two.read(queries.pages) == []


def test_the_lock_file_names_nobody_after_release(tmp_path: Path) -> None:
    lock = LockFile(tmp_path / "x.lock")
    lock.release()
    lock.release()

    assert (tmp_path / "x.lock").read_text() == ""


def test_nobody_else_holds_a_lock_on_a_fresh_file(path: Path) -> None:
    path.write_bytes(b"")

    assert lock_holders(path, path.with_name("absent")) == []


# --- where it lies ----------------------------------------------------------------------------------------------

MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /srv/team\\040share rw shared:2 - nfs4 files:/team rw
31 30 254:1 / /srv/team\\040share/local rw - xfs /dev/vdb rw
32 22 0:41 / /mnt/c rw - 9p C:\\134 rw
"""


@pytest.mark.parametrize(
    ("folder", "disk"),
    [
        ("/var/lib", None),
        ("/srv", None),
        ("/srv/team share", "nfs4"),
        ("/srv/team share/a/b", "nfs4"),
        ("/srv/team share/local/db", None),
        ("/srv/team shared", None),
        ("/mnt/c/data", "9p"),
    ],
)
def test_a_network_disk_is_recognised_by_its_mount(folder: str, disk: str | None, tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS)

    assert network_disk(Path(folder), table) == disk


def test_without_a_mount_table_no_disk_is_refused(tmp_path: Path) -> None:
    assert network_disk(Path("/var/lib"), tmp_path / "absent") is None


# --- the reserve ------------------------------------------------------------------------------------------------


def test_a_store_keeps_room_in_reserve(path: Path) -> None:
    with closing(open_store(f"sqlite:///{path}", options=SMALL)) as store:
        assert path.with_name("statuswire.db.reserve").stat().st_size == SMALL.reserve_bytes
        assert store.status().has_reserve


def test_a_reserve_that_the_disk_cannot_hold_is_done_without(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "x.reserve", 1 << 60)

    assert not reserve.take()
    assert not reserve.is_held
    assert not (tmp_path / "x.reserve").exists()


def test_a_dropped_reserve_comes_back(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "x.reserve", 4096)
    assert reserve.take()
    reserve.drop()
    assert not reserve.is_held

    assert reserve.take()
    assert reserve.is_held


def test_the_version_of_sqlite_is_told() -> None:
    with closing(open_store("sqlite://")) as store:
        assert re.fullmatch(r"3\.\d+\.\d+", store.status().version)
