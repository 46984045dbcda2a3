"""P4, P5, P6 and P13 from outside: what an operator and a provider see when the database is in trouble."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .posting import PATH, hook_body
from .running import Running
from .waiting import wait_until

MIB = 1 << 20
DISK_MIB = 96
"""Too little for the reserve of 64 MiB and as much again: it takes half of what is there."""


def started(folder: Path, *within: str) -> Running:
    """The service without pages, on `statuswire.db` in `folder`."""
    arguments = ("--database", f"sqlite:///{folder}/statuswire.db", "--port", "0")
    environ = {"STATUSWIRE_PAGES": "[]"}
    return Running("run", *arguments, cwd=Path("/"), environ=environ, within=within)


def takes(service: Running, name: str) -> bool:
    return service.post(PATH, hook_body(name)).status == 202


def incidents(service: Running) -> set[str]:
    return {incident["id"] for incident in service.get("/incidents").json["incidents"]}


def check_that_it_refuses(service: Running, reason: str) -> None:
    """Hooks get 503 and when to come back, /health says why, and what is known can still be read."""
    refused = service.post(PATH, hook_body("refused"))
    health = service.get("/health")

    assert (refused.status, refused.json["code"]) == (503, "store_unavailable")
    assert int(refused.headers["retry-after"]) > 0
    assert health.status == 503
    assert (health.json["database"]["status"], health.json["database"]["reason"]) == ("failing", reason)
    assert f"the database takes nothing new: {reason}" in health.json["faults"]
    assert incidents(service) == {"before"}
    assert service.get("/health/live").status == 200


def check_that_it_recovers(service: Running) -> None:
    wait_until(lambda: takes(service, "after"), "a hook to be taken again")
    service.until_line("Status: text of after")

    assert service.get("/health").status == 200
    assert incidents(service) == {"before", "after"}
    assert service.stop() == 0


# --- P4: full ---------------------------------------------------------------------------------------------------


@contextmanager
def on_a_small_disk(folder: Path) -> Iterator[tuple[Running, Path]]:
    """The service on a disk of its own, and that disk as seen from here."""
    disk = folder / "disk"
    disk.mkdir()
    script = f'mount -t tmpfs -o size={DISK_MIB}m tmpfs "$0" && exec "$@"'
    within = ("unshare", "--map-root-user", "--mount", "sh", "-c", script, str(disk))
    if subprocess.run([*within, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no private mounts here: unshare(1) with a user and a mount namespace is refused")
    with started(disk, *within) as service:
        service.until_line("Listening on")
        yield service, Path(f"/proc/{service.process.pid}/root{disk}")


def fill(file: Path) -> None:
    """Take all the room there is."""
    with file.open("wb", buffering=0) as ballast:
        size = MIB
        while size:
            try:
                ballast.write(bytes(size))
            except OSError:
                size //= 2


def test_P4_on_a_full_disk_hooks_are_refused_reads_go_on_and_it_recovers(tmp_path: Path) -> None:
    with on_a_small_disk(tmp_path) as (service, disk):
        assert takes(service, "before")
        service.until_line("Status: text of before")

        fill(disk / "ballast")
        wait_until(lambda: not takes(service, "filling"), "a write that finds no room")
        check_that_it_refuses(service, "full")
        (disk / "ballast").unlink()

        wait_until(lambda: service.get("/health").status == 200, "the end of it to be noticed without a hook")
        check_that_it_recovers(service)


# --- P5: read-only ----------------------------------------------------------------------------------------------


def test_P5_a_folder_that_cannot_be_written_ends_it_with_the_cause(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir(mode=0o555)
    for parent in (tmp_path, *tmp_path.parents[:3]):
        parent.chmod(parent.stat().st_mode | 0o011)
    nobody = ("setpriv", "--bounding-set=-all", "--inh-caps=-all", "--reuid=65534", "--clear-groups")

    with started(folder, *(nobody if os.geteuid() == 0 else ())) as service:
        assert service.process.wait(30) == 78

    assert service.errors == [f"statuswire: no permission to write in the folder {folder}"]


# --- P6: locked -------------------------------------------------------------------------------------------------

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Another process has the database for itself; its id."""
    command = (sys.executable, "-c", HOLD, str(path))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline()
        try:
            yield holder.pid
        finally:
            holder.communicate()


def test_P6_while_another_process_holds_the_database_hooks_are_refused_and_it_recovers(tmp_path: Path) -> None:
    with started(tmp_path) as service:
        assert takes(service, "before")
        service.until_line("Status: text of before")

        with held(tmp_path / "statuswire.db") as holder:
            wait_until(lambda: not takes(service, "waiting"), "a write that finds it locked")
            check_that_it_refuses(service, "locked")

        check_that_it_recovers(service)
    assert any(f"held by process {holder}" in line for line in service.errors)


# --- P13: two of us ---------------------------------------------------------------------------------------------


def test_P13_a_second_service_ends_naming_the_first_which_goes_on(tmp_path: Path) -> None:
    with started(tmp_path) as first:
        assert takes(first, "before")
        with started(tmp_path) as second:
            assert second.process.wait(30) == 75

        assert f"in use by process {first.process.pid}" in second.errors[-1]
        check_that_it_recovers(first)
