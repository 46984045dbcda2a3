"""What systemd is told, read from a real datagram socket as systemd reads it."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from statuswire import config
from statuswire.config import Unit
from statuswire.engine.clock import Clock
from statuswire.systemd import told
from tests.e2e.running import PATIENCE_S, Running
from tests.fakes import FakeClock

READY = "READY=1\nSTATUS=Listening on http://127.0.0.1:8000"
OPENING = "STATUS=Opening the database"
STOPPING = "STOPPING=1\nSTATUS=Ending: what came in is read and told"


@pytest.fixture(params=["in a folder", "abstract"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """As NOTIFY_SOCKET has it."""
    return str(tmp_path / "notify") if request.param == "in a folder" else f"@statuswire-{secrets.token_hex(8)}"


@pytest.fixture
def systemd(address: str) -> Iterator[socket.socket]:
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as listening:
        listening.bind(address.replace("@", "\0", 1) if address.startswith("@") else address)
        listening.settimeout(PATIENCE_S)
        yield listening


def heard(systemd: socket.socket) -> list[str]:
    """All that was said so far."""
    words: list[str] = []
    systemd.setblocking(False)
    while True:
        try:
            words.append(systemd.recv(4096).decode())
        except BlockingIOError:
            return words


def test_it_says_that_it_opens_that_it_is_ready_and_that_it_ends(systemd: socket.socket, address: str) -> None:
    async def main() -> None:
        stop = asyncio.Event()
        clock = FakeClock()
        async with told(Unit(address), stop, clock) as ready:
            await clock.advance(60)
            ready("http://127.0.0.1:8000")
            stop.set()
            await clock.advance(1)

    asyncio.run(main())

    assert heard(systemd) == [OPENING, READY, STOPPING]


def test_signs_of_life_come_at_half_the_time_that_is_allowed(systemd: socket.socket, address: str) -> None:
    async def main() -> list[int]:
        clock = FakeClock()
        counts = []
        async with told(Unit(address, timedelta(seconds=30)), asyncio.Event(), clock):
            for seconds in (0.0, 14.9, 0.2, 15.0):
                await clock.advance(seconds)
                counts.append(heard(systemd).count("WATCHDOG=1"))
        return counts

    assert asyncio.run(main()) == [1, 0, 1, 1]


def test_a_stuck_event_loop_gives_no_sign_of_life(systemd: socket.socket, address: str) -> None:
    async def main() -> list[str]:
        async with told(Unit(address, timedelta(milliseconds=20)), asyncio.Event(), Clock()):
            await asyncio.sleep(0)
            heard(systemd)
            systemd.settimeout(0.1)  # blocks the loop itself for five times what is allowed
            with pytest.raises(TimeoutError):
                systemd.recv(4096)
            return heard(systemd)

    assert asyncio.run(main()) == []


def test_signs_go_on_while_the_end_is_prepared_and_cease_with_it(systemd: socket.socket, address: str) -> None:
    async def main() -> list[str]:
        stop = asyncio.Event()
        clock = FakeClock()
        async with told(Unit(address, timedelta(seconds=2)), stop, clock):
            stop.set()
            await clock.advance(2.5)
        during = heard(systemd)
        await clock.advance(60)
        return during

    assert asyncio.run(main()) == [OPENING, STOPPING, "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]
    assert heard(systemd) == []


def test_nobody_to_hear_it_is_a_line_in_the_log_and_no_failure(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def main() -> None:
        async with told(Unit(str(tmp_path / "gone")), asyncio.Event(), FakeClock()) as ready:
            ready("http://127.0.0.1:8000")

    with caplog.at_level(logging.WARNING):
        asyncio.run(main())

    assert [record.message.partition(" error=")[0] for record in caplog.records] == [
        "systemd was not told words=STATUS=Opening the database",
        "systemd was not told words=READY=1",
    ]


def test_without_systemd_nothing_is_said() -> None:
    async def main() -> None:
        async with told(None, asyncio.Event(), FakeClock()) as ready:
            ready("http://127.0.0.1:8000")

    asyncio.run(main())


# --- what systemd asks -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "asked"),
    [
        ({}, None),
        ({"NOTIFY_SOCKET": ""}, None),
        ({"NOTIFY_SOCKET": "vsock:2:1234"}, None),
        ({"NOTIFY_SOCKET": "/run/systemd/notify"}, Unit("/run/systemd/notify")),
        ({"NOTIFY_SOCKET": "@abstract", "WATCHDOG_USEC": "30000000"}, Unit("@abstract", timedelta(seconds=30))),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "5", "WATCHDOG_PID": "1"}, Unit("/n")),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "0"}, Unit("/n")),
        ({"NOTIFY_SOCKET": "/n", "WATCHDOG_USEC": "soon"}, Unit("/n")),
        ({"WATCHDOG_USEC": "30000000"}, None),
    ],
)
def test_what_systemd_asks_is_in_its_variables(environ: dict[str, str], asked: Unit | None) -> None:
    assert config.unit(environ) == asked


# --- the real command ---------------------------------------------------------------------------------------------


def test_the_service_speaks_to_systemd_from_its_start_to_its_end(
    systemd: socket.socket, address: str, tmp_path: Path
) -> None:
    environ = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "200000", "STATUSWIRE_PAGES": "[]"}

    with Running("run", "--port", "0", cwd=tmp_path, environ=environ) as service:
        said = [systemd.recv(4096).decode()]
        while not said[-1].startswith("READY=1"):
            said.append(systemd.recv(4096).decode())
        alive = [systemd.recv(4096).decode() for _ in range(3)]
        code = service.stop()

    assert said[0] == OPENING
    assert said[-1] == f"READY=1\nSTATUS=Listening on {service.base_url}"
    assert alive == ["WATCHDOG=1"] * 3
    assert code == 0
    assert STOPPING in heard(systemd)
