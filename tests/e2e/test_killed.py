"""P1 and P2 from outside: the real command is killed, or asked to end, while hooks arrive."""

from __future__ import annotations

import random
import re
import signal
import socket
import statistics
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from .posting import PATH, Senders, hook_body
from .running import Running
from .waiting import BUSY_S, wait_until

READY_S = 5.0
TEXT = re.compile(r"^Status: text of (\S+)$")


def started(folder: Path) -> Running:
    (folder / "statuswire.yaml").write_text("pages: []\n", encoding="utf-8")
    database = f"sqlite:///{folder / 'killed.db'}"
    return Running("run", "-c", "statuswire.yaml", "--database", database, "--port", "0", cwd=folder)


def recorded(service: Running) -> set[str]:
    """Every incident that the service lists, once it has read all hooks."""
    service.until_status("/stats", lambda body: body["hooks"]["inbox"]["waiting"] == 0)
    found: list[str] = []
    cursor = ""
    while True:
        page = service.get(f"/incidents?limit=1000{cursor}").json
        found += [incident["id"] for incident in page["incidents"]]
        if page["next"] is None:
            assert len(set(found)) == len(found)
            return set(found)
        cursor = f"&after={page['next']}"


def printed(service: Running) -> list[str]:
    """Which hooks were told on standard output."""
    return [match[1] for match in map(TEXT.match, service.lines) if match]


@dataclass
class Lives:
    """What the senders and all processes on one database saw, one life after another."""

    folder: Path
    acknowledged: list[str] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    ready_s: list[float] = field(default_factory=list)

    def live_and_die(self, name: str, answers: int) -> None:
        """Start, take hooks until so many were acknowledged, and be killed in the middle of whatever is going on."""
        before = time.monotonic()
        with started(self.folder) as service:
            base_url = service.base_url
            self.ready_s.append(time.monotonic() - before)
            with Senders(base_url, name) as senders:
                wait_until(lambda: len(senders.acknowledged) >= answers, f"{answers} acknowledgements")
                service.kill()
        self.acknowledged += senders.acknowledged
        self.told.update(printed(service))

    def live_on(self) -> set[str]:
        """Start once more and end well; what is recorded."""
        with started(self.folder) as service:
            found = recorded(service)
            assert service.stop() == 0
        self.told.update(printed(service))
        return found


def run_lives(folder: Path, seed: int, rounds: int) -> Lives:
    dice = random.Random(seed)
    lives = Lives(folder)
    for number in range(rounds):
        lives.live_and_die(f"{seed}-{number}", dice.choice((0, 1, 5, 30, 80)))
    found = lives.live_on()

    assert set(lives.acknowledged) - found == set(), "what was acknowledged is recorded"
    assert [name for name, count in lives.told.items() if count > 1] == [], "nothing is printed twice"
    assert set(lives.told) <= found, "nothing is printed that is not recorded"
    assert statistics.median(lives.ready_s) < READY_S + BUSY_S
    return lives


def test_P1_ten_kills_lose_no_acknowledged_hook_and_print_nothing_twice(tmp_path: Path) -> None:
    lives = run_lives(tmp_path, seed=11, rounds=10)

    assert len(lives.acknowledged) > 100
    assert lives.told


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(20))
def test_P1_a_thousand_kills_lose_no_acknowledged_hook_and_print_nothing_twice(tmp_path: Path, seed: int) -> None:
    lives = run_lives(tmp_path, seed=1000 + seed, rounds=50)

    assert lives.acknowledged


# --- P2: asked to end -------------------------------------------------------------------------------------------


def test_P2_asked_to_end_under_load_it_ends_well_and_keeps_every_acknowledged_hook(tmp_path: Path) -> None:
    with started(tmp_path) as service, Senders(service.base_url, "load") as senders:
        wait_until(lambda: len(senders.acknowledged) >= 20, "acknowledgements")
        assert service.stop() == 0
    lives = Lives(tmp_path, told=Counter(printed(service)))

    found = lives.live_on()

    assert set(senders.acknowledged) - found == set()
    assert set(senders.refused) <= {503}
    assert set(lives.told.values()) == {1}
    assert set(lives.told) == found, "an orderly end loses no line"


def half_sent(base_url: str, body: bytes) -> socket.socket:
    """A connection on which a hook is under way: the head and half of the body were sent."""
    address = urlsplit(base_url)
    connection = socket.create_connection((address.hostname or "", address.port or 0), timeout=10)
    head = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    connection.sendall(head.encode() + body[: len(body) // 2])
    return connection


def is_listening(base_url: str) -> bool:
    address = urlsplit(base_url)
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((address.hostname, address.port)) == 0


def test_P2_a_hook_in_flight_is_answered_and_kept(tmp_path: Path) -> None:
    body = hook_body("in-flight")
    with started(tmp_path) as service:
        base_url = service.base_url
        with half_sent(base_url, body) as connection:
            service.process.send_signal(signal.SIGTERM)
            wait_until(lambda: not is_listening(base_url), "no more connections being taken")
            connection.sendall(body[len(body) // 2 :])
            answer = connection.recv(65_536)
        assert service.process.wait(10) == 0

    assert answer.startswith(b"HTTP/1.1 202")
    assert Lives(tmp_path).live_on() == {"in-flight"}


def test_P2_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    with started(tmp_path) as service:
        base_url = service.base_url
        with half_sent(base_url, hook_body("never-ending")):
            service.process.send_signal(signal.SIGTERM)
            wait_until(lambda: not is_listening(base_url), "no more connections being taken")
            assert service.process.poll() is None, "it waits for what is under way"
            service.process.send_signal(signal.SIGTERM)

            assert service.process.wait(2) == 128 + signal.SIGTERM
    assert not any("Traceback" in line for line in service.errors)
