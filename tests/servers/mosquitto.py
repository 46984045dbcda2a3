"""A real Mosquitto for tests, on a free port of loopback; it keeps nothing."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.deploy.tools import tool

_PATIENCE_S = 30.0


@contextmanager
def mosquitto(folder: Path) -> Iterator[int]:
    """Its port. Where there is none the test is left out, or fails (`tests.deploy.tools`)."""
    program = tool("mosquitto")
    port = _free_port()
    file, log = folder / "mosquitto.conf", folder / "mosquitto.log"
    # It gives up being root for a user of its own, unless another one is named.
    file.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n", encoding="utf-8"
    )
    with log.open("wb") as said:
        process = subprocess.Popen([program, "-c", str(file)], stdout=said, stderr=said)
    try:
        _await(port, process, log)
        yield port
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"Mosquitto does not come up: {log.read_text(encoding='utf-8')}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
