"""What the store does when the disk, the file or another process fails it. Named after the fault catalogue."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from statuswire.errors import StoreError, StoreReason
from statuswire.store import SqliteOptions, Store, Tx, open_store, queries
from tests.store.conftest import SMALL
from tests.store.samples import acme, hook
from tests.store.trouble import Stopwatch, Trouble


def open_file(path: Path, **options: object) -> Store:
    changed: SqliteOptions = replace(SMALL, **options)  # type: ignore[arg-type]  # options by name
    return open_store(f"sqlite:///{path}", options=changed)


def caught(use: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as error:
        use()
    return error.value


def add(store: Store, message_id: str) -> list[bool]:
    return store.write(lambda tx: queries.add_hooks(tx, [hook(message_id)]))


def waiting(store: Store) -> int:
    return store.read(queries.hook_counts)["waiting"]


@pytest.fixture
def trouble() -> Trouble:
    return Trouble()


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


@pytest.fixture
def troubled(path: Path, trouble: Trouble, watch: Stopwatch) -> Iterator[Store]:
    """A file store that fails when `trouble` says so and looks at the time of `watch`."""
    with closing(open_file(path, connection=trouble.connection(), monotonic=watch)) as store:
        yield store


# --- P4: the disk is full ---------------------------------------------------------------------------------------


def test_P4_a_full_disk_refuses_the_write_and_leaves_the_rest_readable(troubled: Store, trouble: Trouble) -> None:
    add(troubled, "m1")
    trouble.word, trouble.code = "INSERT", sqlite3.SQLITE_FULL

    error = caught(lambda: add(troubled, "m2"))

    assert (error.reason, error.is_permanent) == (StoreReason.FULL, False)
    assert "1.06 MiB are free" in str(error)
    assert waiting(troubled) == 1
    status = troubled.status()
    assert (status.is_writable, status.is_permanent, status.reason) == (False, False, StoreReason.FULL)


def test_P4_a_full_disk_drops_the_reserve_once(troubled: Store, trouble: Trouble, path: Path) -> None:
    trouble.word, trouble.code = "COMMIT", sqlite3.SQLITE_FULL
    caught(lambda: add(troubled, "m1"))

    assert not path.with_name("statuswire.db.reserve").exists()
    assert not troubled.status().has_reserve


def test_P4_while_the_disk_is_full_nothing_but_making_room_is_tried(troubled: Store, trouble: Trouble) -> None:
    trouble.word, trouble.code = "COMMIT", sqlite3.SQLITE_FULL
    caught(lambda: add(troubled, "m1"))
    trouble.word = ""
    before = len(trouble.statements)

    refused = caught(lambda: add(troubled, "m2"))
    tried = len(trouble.statements) - before
    troubled.write(lambda tx: tx.execute("DELETE FROM inbox"), reclaims=True)

    assert (refused.reason, tried) == (StoreReason.FULL, 0)
    assert not troubled.status().is_writable


def test_P4_writing_goes_on_once_there_is_room_for_the_reserve(
    troubled: Store, trouble: Trouble, watch: Stopwatch
) -> None:
    trouble.word, trouble.code = "COMMIT", sqlite3.SQLITE_FULL
    caught(lambda: add(troubled, "m1"))
    trouble.word = ""

    watch.seconds += 6

    assert add(troubled, "m1") == [True]
    assert troubled.status().is_writable
    assert troubled.status().has_reserve


def test_P4_a_database_at_its_limit_stays_whole_and_resumes(path: Path, watch: Stopwatch) -> None:
    def fill(tx: Tx) -> None:
        queries.add_hooks(tx, [hook(f"big-{n}", b"x" * 10_000) for n in range(100)])

    with closing(open_file(path, monotonic=watch)) as store:
        add(store, "m1")
        store.write(lambda tx: tx.all("PRAGMA max_page_count = 80"))
        assert caught(lambda: store.write(fill)).reason is StoreReason.FULL
        assert waiting(store) == 1
        watch.seconds += 6
        store.write(lambda tx: tx.all("PRAGMA max_page_count = 1000000"))
        store.write(fill)
        assert waiting(store) == 101

    assert integrity(path) == "ok"


def test_P4_the_fault_stands_until_a_write_has_succeeded(troubled: Store, trouble: Trouble, watch: Stopwatch) -> None:
    trouble.word, trouble.code = "COMMIT", sqlite3.SQLITE_FULL
    caught(lambda: add(troubled, "m1"))

    watch.seconds += 6
    tried_in_vain = caught(lambda: add(troubled, "m1"))
    before = len(trouble.statements)
    not_tried = caught(lambda: add(troubled, "m1"))

    assert (tried_in_vain.reason, not_tried.reason) == (StoreReason.FULL, StoreReason.FULL)
    assert len(trouble.statements) == before
    assert not troubled.status().is_writable
    assert not troubled.status().has_reserve


@pytest.mark.parametrize("code", [sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_BUSY])
def test_the_end_of_the_trouble_is_noticed_while_nobody_writes(path: Path, trouble: Trouble, code: int) -> None:
    soon = timedelta(milliseconds=1)

    with closing(open_file(path, connection=trouble.connection(), look_again_after=soon)) as store:
        trouble.word, trouble.code = "BEGIN", code
        caught(lambda: add(store, "m1"))
        assert not store.status().is_writable
        trouble.word = ""

        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:  # the reserve comes back a moment after the first commit
            status = store.status()
            if status.is_writable and status.has_reserve:
                break
            threading.Event().wait(0.001)

        assert store.status().is_writable
        assert store.status().has_reserve


FILL_A_REAL_DISK = """
import itertools
import sys
from contextlib import closing
from pathlib import Path
from statuswire.errors import StoreError
from statuswire.store import SqliteOptions, open_store, queries
from tests.store.samples import hook

folder = Path(sys.argv[1])
later = itertools.count(0, 10).__next__
options = SqliteOptions(reserve_bytes=4 << 20, monotonic=later)


def again(message_id):
    try:
        return store.write(lambda tx: queries.add_hooks(tx, [hook(message_id)])), store.status().is_writable
    except StoreError as error:
        return error.reason, store.status().is_writable


with closing(open_store(f"sqlite:///{folder}/statuswire.db", options=options)) as store:
    acked = 0
    try:
        while True:
            store.write(lambda tx: queries.add_hooks(tx, [hook(f"m{acked}", b"x" * 50_000)]))
            acked += 1
    except StoreError as error:
        print("full", error.reason, acked == store.read(queries.hook_counts)["waiting"], store.status().has_reserve)
    print("still", *again("still"))
    if sys.argv[2] == "delete":
        store.write(lambda tx: tx.execute("DELETE FROM inbox WHERE id > 4"), reclaims=True)
        print("deleted", store.read(queries.hook_counts)["waiting"] == 4)
    else:
        (folder / "ballast").unlink()
    print("again", *again("last"), store.status().has_reserve)
"""


RESTART_ON_A_FULL_DISK = """
import sys
from contextlib import closing, suppress
from pathlib import Path
from statuswire.store import SqliteOptions, open_store, queries
from tests.store.samples import hook

folder = Path(sys.argv[1])
url, options = f"sqlite:///{folder}/statuswire.db", SqliteOptions(reserve_bytes=1 << 20)
with closing(open_store(url, options=options)) as store:
    store.write(lambda tx: queries.add_hooks(tx, [hook("m1")]))
with suppress(OSError), (folder / "more").open("wb", buffering=0) as more:
    while more.write(b"x" * 4096):
        pass
with closing(open_store(url, options=options)) as store:
    print("opened", store.read(queries.hook_counts)["waiting"], store.status().has_reserve)
"""


def on_a_small_disk(tmp_path: Path, code: str, *arguments: str) -> list[str]:
    """What Python prints with this code on a disk of 8 MB, 3 of them taken by a file `ballast`."""
    (tmp_path / "disk").mkdir()
    script = (
        f"mount -t tmpfs -o size=8m tmpfs {tmp_path}/disk || exit 77;"
        f' head -c 3000000 /dev/zero > {tmp_path}/disk/ballast; exec {sys.executable} -c "$0" {tmp_path}/disk "$@"'
    )
    try:
        child = subprocess.run(
            ("unshare", "--map-root-user", "--mount", "sh", "-c", script, code, *arguments),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=Path(__file__).parents[2],
        )
    except FileNotFoundError:
        pytest.skip("no unshare(1) here")
    if child.returncode == 77 or "unshare" in child.stderr:
        pytest.skip(f"no private mounts here: {child.stderr.strip()[-200:]}")
    assert child.returncode == 0, child.stderr
    return child.stdout.splitlines()


def test_P4_a_really_full_disk_keeps_what_was_acknowledged_and_resumes_when_space_is_freed(tmp_path: Path) -> None:
    told = on_a_small_disk(tmp_path, FILL_A_REAL_DISK, "free")

    assert told == ["full full True False", "still full False", "again [True] True True"]


def test_P4_on_a_really_full_disk_deleting_makes_room_enough(tmp_path: Path) -> None:
    told = on_a_small_disk(tmp_path, FILL_A_REAL_DISK, "delete")

    assert told == ["full full True False", "still full False", "deleted True", "again [True] True True"]


def test_P4_a_restart_on_a_full_disk_gives_up_half_of_the_reserve_and_reads(tmp_path: Path) -> None:
    assert on_a_small_disk(tmp_path, RESTART_ON_A_FULL_DISK) == ["opened 1 True"]


# --- P5: read-only ----------------------------------------------------------------------------------------------


def as_nobody(code: str, *arguments: str) -> str:
    """Run Python without root's power over permissions; its output."""
    command = [sys.executable, "-c", code, *arguments]
    if os.geteuid() == 0:
        command = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--reuid=65534", "--clear-groups", *command]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


OPEN_IT = """
import sys
from statuswire.errors import StoreError
from statuswire.store import open_store
try:
    open_store(f"sqlite:///{sys.argv[1]}")
except StoreError as error:
    print(error.reason, error.is_permanent, error)
"""


@pytest.mark.parametrize("what", ["folder", "file"])
def test_P5_without_permission_the_store_does_not_open_and_says_where(tmp_path: Path, what: str) -> None:
    path = tmp_path / "db" / "statuswire.db"
    path.parent.mkdir()
    open_file(path).close()
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o011)
    path.parent.chmod(0o555 if what == "folder" else 0o777)
    path.chmod(0o666 if what == "folder" else 0o444)

    told = as_nobody(OPEN_IT, str(path))

    assert told.startswith("read_only True no permission to write")
    assert str(path.parent) in told


def test_P5_permission_lost_while_running_refuses_writes_until_it_is_back(troubled: Store, trouble: Trouble) -> None:
    trouble.word, trouble.code = "INSERT", sqlite3.SQLITE_READONLY
    error = caught(lambda: add(troubled, "m1"))
    refused = troubled.status()
    trouble.word = ""

    assert (error.reason, error.is_permanent) == (StoreReason.READ_ONLY, False)
    assert (refused.is_writable, refused.reason) == (False, StoreReason.READ_ONLY)
    assert add(troubled, "m1") == [True]
    assert troubled.status().is_writable


# --- P6: locked -------------------------------------------------------------------------------------------------

HOLD_THE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def test_P6_another_process_that_holds_the_database_is_named_and_waited_for_once(path: Path) -> None:
    with closing(open_file(path, busy_for=timedelta(milliseconds=20))) as store:
        command = (sys.executable, "-c", HOLD_THE_LOCK, str(path))
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
            assert holder.stdout is not None
            holder.stdout.readline()
            error = caught(lambda: add(store, "m1"))
            holder.communicate()

        assert (error.reason, error.is_permanent) == (StoreReason.LOCKED, False)
        assert f"held by process {holder.pid}:" in str(error)
        assert add(store, "m1") == [True]
        assert store.status().is_writable


def test_P6_a_lock_that_was_waited_for_in_vain_is_not_waited_for_as_long_again(path: Path) -> None:
    patience: list[int] = []

    def note(tx: Tx) -> None:
        row = tx.one("PRAGMA busy_timeout")
        patience.append(row[0] if row else -1)

    with closing(open_file(path, busy_for=timedelta(milliseconds=40), busy_again_for=timedelta(0))) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as holder:
            holder.execute("BEGIN IMMEDIATE")
            caught(lambda: add(store, "m1"))
            holder.execute("COMMIT")
        store.write(note)
        store.write(note)

    assert patience == [0, 40]


# --- P7: damaged ------------------------------------------------------------------------------------------------


def test_P7_a_damaged_header_is_found_at_opening(path: Path) -> None:
    open_file(path).close()
    path.write_bytes(b"\xff" * 100 + path.read_bytes()[100:])

    error = caught(lambda: open_file(path))

    assert (error.reason, error.is_permanent) == (StoreReason.CORRUPT, True)
    assert "restore a backup" in str(error)


def test_P7_damage_found_by_a_write_ends_writing_for_good(path: Path) -> None:
    with closing(open_file(path)) as store:
        root = store.read(lambda tx: tx.one("SELECT rootpage FROM sqlite_master WHERE name = 'setting'"))
        size = store.read(lambda tx: tx.one("PRAGMA page_size"))
    assert root is not None
    assert size is not None
    content = bytearray(path.read_bytes())
    content[(root[0] - 1) * size[0] : root[0] * size[0]] = b"\xff" * size[0]
    path.write_bytes(content)

    with closing(open_file(path)) as store:
        first = caught(lambda: store.write(lambda tx: queries.set_setting(tx, "a", "1")))
        second = caught(lambda: add(store, "m1"))

        assert (first.reason, first.is_permanent) == (StoreReason.CORRUPT, True)
        assert (second.reason, second.is_permanent) == (StoreReason.CORRUPT, True)
        assert store.read(queries.pages) == []
        assert store.status().is_permanent


# --- P8: a reader that never ends -------------------------------------------------------------------------------


def test_P8_a_reader_that_is_too_old_loses_its_view_and_the_log_is_cut(path: Path, watch: Stopwatch) -> None:
    reading, go_on = threading.Event(), threading.Event()
    ended: list[StoreError] = []

    def read_for_ever(tx: Tx) -> None:
        queries.stats(tx)
        reading.set()
        go_on.wait(30)
        queries.stats(tx)

    with closing(open_file(path, monotonic=watch, wal_bytes=200_000)) as store:
        reader = threading.Thread(target=lambda: ended.append(caught(lambda: store.read(read_for_ever))))
        reader.start()
        reading.wait(30)
        for number in range(30):
            store.write(lambda tx, n=number: queries.add_hooks(tx, [hook(f"m{n}", b"x" * 20_000)]))
        grown = store.status().wal_bytes

        watch.seconds += 31
        add(store, "last")
        store.write(lambda _: None)
        cut = store.status().wal_bytes
        go_on.set()
        reader.join()

    assert grown > 500_000
    assert cut < 20_000
    assert "took too long" in str(ended[0])


def test_P8_one_endless_statement_is_interrupted(path: Path) -> None:
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT COUNT(*) FROM n"

    with closing(open_file(path, read_for=timedelta(milliseconds=50))) as store:
        error = caught(lambda: store.read(lambda tx: tx.one(endless)))

        assert "took too long" in str(error)
        assert waiting(store) == 0


def test_P8_when_all_readers_are_busy_the_next_is_told(path: Path) -> None:
    with closing(open_file(path, readers=1, read_for=timedelta(milliseconds=20), monotonic=Stopwatch())) as store:

        def nested(_: Tx) -> None:
            store.read(queries.pages)

        error = caught(lambda: store.read(nested))

    assert "busy" in str(error)


def test_P8_the_log_is_copied_back_between_groups(path: Path) -> None:
    with closing(open_file(path, checkpoint_rows=50)) as store:
        for number in range(400):
            store.write(lambda tx, n=number: queries.add_hooks(tx, [hook(f"m{n}", b"x" * 3_000)]))

        assert store.status().wal_bytes < 4_000_000


# --- P9: the disk fails -----------------------------------------------------------------------------------------

FSYNC_FAILED = sqlite3.SQLITE_IOERR | (4 << 8)


def test_P9_a_failed_fsync_is_never_tried_again(troubled: Store, trouble: Trouble) -> None:
    add(troubled, "m1")
    trouble.word, trouble.code = "COMMIT", FSYNC_FAILED
    first = caught(lambda: add(troubled, "m2"))
    trouble.word = ""
    before = len(trouble.statements)

    second = caught(lambda: add(troubled, "m3"))

    assert (first.reason, first.is_permanent) == (StoreReason.IO, True)
    assert (second.reason, second.is_permanent) == (StoreReason.IO, True)
    assert trouble.statements[before:] == []
    assert troubled.status().is_permanent
    assert waiting(troubled) == 1


def test_P9_a_failed_fsync_fails_everybody_who_shared_the_commit(troubled: Store, trouble: Trouble) -> None:
    started, finish = threading.Event(), threading.Event()

    def wait(_: Tx) -> None:
        started.set()
        finish.wait(30)

    first = troubled.submit(wait)
    started.wait(30)
    group = [troubled.submit(lambda tx, n=n: queries.add_hooks(tx, [hook(f"m{n}")])) for n in range(5)]
    trouble.word, trouble.code = "COMMIT", FSYNC_FAILED
    finish.set()

    assert {caught(future.result).reason for future in (first, *group)} == {StoreReason.IO}
    assert waiting(troubled) == 0


def test_a_fault_in_one_work_undoes_the_whole_group(troubled: Store, trouble: Trouble) -> None:
    started, finish = threading.Event(), threading.Event()

    def wait(_: Tx) -> None:
        started.set()
        finish.wait(30)

    troubled.submit(wait)
    started.wait(30)
    fine = troubled.submit(lambda tx: queries.add_hooks(tx, [hook("m1")]))
    trouble.word, trouble.code = "UPDATE page", sqlite3.SQLITE_NOMEM
    bad = troubled.submit(lambda tx: queries.update_page(tx, acme(tx)))
    finish.set()

    assert {caught(future.result).reason for future in (fine, bad)} == {StoreReason.UNAVAILABLE}
    trouble.word = ""
    assert waiting(troubled) == 0
    assert add(troubled, "m1") == [True]


def integrity(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
