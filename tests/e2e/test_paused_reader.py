"""Whoever reads standard output may pause: the service goes on, and nothing is lost or told twice when he reads on."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import urlsplit

from .running import LISTENING, Running
from .waiting import wait_until

HOOKS = 300
"""Far more lines than a pipe holds: 64 KiB on Linux (pipe(7), checked 2026-11)."""

JSON = {"Content-Type": "application/json"}
ANSWER_S = 5.0


def text(number: int) -> str:
    return f"update {number} {'x' * 600}"


def hook(number: int) -> bytes:
    update = {"body": text(number)}
    incident = {"id": f"case-{number}", "name": f"Case {number}", "status": "investigating"}
    incident |= {"updated_at": "2026-05-04T10:00:00Z", "incident_updates": [update]}
    return json.dumps({"incident": incident, "page": {"name": "Acme Relay"}}).encode()


def arguments(folder: Path) -> tuple[str, ...]:
    (folder / "statuswire.yaml").write_text("pages: []\n", encoding="utf-8")
    return ("run", "-c", "statuswire.yaml", "--database", f"sqlite:///{folder / 'paused.db'}", "--port", "0")


@contextmanager
def unread(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The service with its standard output in a pipe from which only the test reads."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("STATUSWIRE_")}
    with subprocess.Popen(
        [sys.executable, "-m", "statuswire", *arguments(folder)],
        cwd=folder,
        env=kept,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def out_of(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def connected(process: subprocess.Popen[str]) -> closing[http.client.HTTPConnection]:
    """A connection to the service, whose banner is read for its address."""
    found = next(match for match in map(LISTENING.search, out_of(process)) if match)
    return closing(http.client.HTTPConnection(urlsplit(found[1]).netloc, timeout=ANSWER_S))


def answered(connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None) -> bytes:
    connection.request(method, path, body, JSON)
    reply = connection.getresponse()
    assert reply.status in (200, 202)
    return reply.read()


def fill(connection: http.client.HTTPConnection) -> None:
    """Send all hooks, and wait until every one is recorded."""
    for number in range(HOOKS):
        answered(connection, "POST", "/webhook/statuspage", hook(number))
    wait_until(lambda: recorded(connection) == HOOKS, "all hooks being recorded")


def recorded(connection: http.client.HTTPConnection) -> int:
    return int(json.loads(answered(connection, "GET", "/health"))["incidents_tracked"])


def told(lines: list[str]) -> list[str]:
    return [line.removeprefix("Status: ") for line in lines if line.startswith("Status: update ")]


def test_the_service_goes_on_while_nobody_reads_and_every_line_comes_when_somebody_does(tmp_path: Path) -> None:
    with unread(tmp_path) as process:
        with connected(process) as connection:
            fill(connection)

        shown: list[str] = []
        while len(told(shown)) < HOOKS:
            shown.append(out_of(process).readline().rstrip("\n"))
    assert sorted(told(shown)) == sorted(map(text, range(HOOKS)))


def test_it_ends_when_asked_although_nobody_reads_and_tells_the_rest_the_next_time(tmp_path: Path) -> None:
    with unread(tmp_path) as process:
        with connected(process) as connection:
            fill(connection)

        process.terminate()

        assert process.wait(10) == 0
        before = told(out_of(process).read().splitlines())
    with Running(*arguments(tmp_path), cwd=tmp_path) as service:
        service.until(lambda lines: len(told(lines)) >= HOOKS - len(before), "the lines that were not printed")
        assert service.stop() == 0

    assert sorted(before + told(service.lines)) == sorted(map(text, range(HOOKS)))
