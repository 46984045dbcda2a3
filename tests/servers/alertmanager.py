"""A real Alertmanager for tests, configured as the how-to says, on a free port."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

_PATIENCE_S = 30.0
_HOWTO = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "us-or-them.md"
_AT_ONCE = "  group_wait: 1s\n  group_interval: 1s\n"


def binary() -> str | None:
    return shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")


def configuration(address: str) -> str:
    """The how-to's, with an address, and without the minutes that groups wait."""
    text = _HOWTO.read_text(encoding="utf-8")
    found = re.search(r"```text\n(route:.*?)```", text, re.DOTALL)
    assert found is not None
    quick = found[1].replace("  receiver: everybody\n", f"  receiver: everybody\n{_AT_ONCE}", 1)
    return quick.replace("http://127.0.0.1:8000/signals/TOKEN", address)


@dataclass(frozen=True)
class Server:
    url: str

    def tell(self, *alerts: dict[str, Any]) -> None:
        """As Prometheus does."""
        body = json.dumps(alerts).encode()
        request = urllib.request.Request(
            f"{self.url}/api/v2/alerts", body, {"Content-Type": "application/json"}, method="POST"
        )
        with urllib.request.urlopen(request, timeout=_PATIENCE_S) as answer:
            assert answer.status == 200


@contextmanager
def running(folder: Path, address: str) -> Iterator[Server]:
    """One that sends to the address. Where the machine should have it (TESTS_NEED_ALERTMANAGER) nothing is skipped."""
    program = binary()
    if program is None:
        sentence = "no Alertmanager on this machine"
        if os.environ.get("TESTS_NEED_ALERTMANAGER"):
            pytest.fail(sentence)
        pytest.skip(sentence)
    (folder / "alertmanager.yml").write_text(configuration(address), encoding="utf-8")
    port = _free_port()
    command = [
        program, "--config.file", str(folder / "alertmanager.yml"), "--storage.path", str(folder / "alertmanager"),
        "--web.listen-address", f"127.0.0.1:{port}", "--cluster.listen-address", "",
    ]  # fmt: skip
    with (folder / "alertmanager.log").open("ab") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        server = Server(f"http://127.0.0.1:{port}")
        _await(server, process)
        yield server
    finally:
        process.terminate()
        process.wait(_PATIENCE_S)


def _await(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.url}/-/ready", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError("Alertmanager does not come up")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
