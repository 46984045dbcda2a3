"""`statuswire top` in a real terminal, before a real service in a process of its own, and alone."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from statuswire.client import close
from tests.fake_provider import ThreadedProvider

from .acme import Acme, summary
from .terminal import Terminal

EVIL = "Slow \x1b[31mAPI [red]x[/]"
COLOUR = re.compile(rb"\x1b\[[0-9;]*?(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])[;m]")
"""Every SGR that chooses a colour; 39 and 49 choose none."""

TURNED = re.compile(rb"\x1b\[(?:\d+;)*7[;m]")


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Acme]:
    with Acme(tmp_path) as one:
        yield one
    close()


def test_an_outage_is_seen_opened_acknowledged_and_seen_to_end(acme: Acme, tmp_path: Path) -> None:
    with Terminal("top", "--server", acme.url, cwd=tmp_path) as terminal:
        terminal.until("Nothing is wrong", "○ Operational     Acme Relay")

        acme.say(summary(1, "major_outage", incident=EVIL))
        terminal.until("■ Acme Relay: major outage", "API [red]x[/]")
        terminal.type("\r")
        terminal.until("INVESTIGATING", "│ We are looking.", "■ API Major outage")
        terminal.type("a")
        terminal.until("[red]x[/]”, because")
        terminal.type("on it\r")
        terminal.until("Acknowledged by local: on it")
        acme.say(summary(2))
        terminal.until("Resolved")
        terminal.type("gn")
        terminal.until("Nothing is wrong")
        terminal.type("q")

        assert terminal.ends() == 0
    assert b"\x1b[31m" not in terminal.raw


def test_a_service_that_is_killed_is_missed_and_its_successor_is_found(acme: Acme, tmp_path: Path) -> None:
    with Terminal("top", "--server", acme.url, cwd=tmp_path) as terminal:
        terminal.until("Nothing is wrong")
        acme.service.kill()
        terminal.until("Connection lost. What you see is", "As of")
        acme.say(summary(1, "partial_outage", incident="Slow API"))
        acme.restart()
        terminal.until("◧ Acme Relay: partial outage", gone="Connection lost")


def test_without_colour_none_is_sent(acme: Acme, tmp_path: Path) -> None:
    with Terminal("top", "--server", acme.url, cwd=tmp_path, environ={"NO_COLOR": "1"}) as terminal:
        terminal.until("○ Operational     Acme Relay")
        terminal.type("q")
        assert terminal.ends() == 0

    assert COLOUR.findall(terminal.raw) == []
    assert TURNED.search(terminal.raw)


def test_sigterm_leaves_the_terminal_as_it_was(acme: Acme, tmp_path: Path) -> None:
    with Terminal("top", "--server", acme.url, cwd=tmp_path, size=(120, 40)) as terminal:
        terminal.until("Nothing is wrong")
        terminal.process.terminate()
        assert terminal.ends() == 0

    assert b"\x1b[?1049l" in terminal.raw and b"\x1b[?25h" in terminal.raw


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[ThreadedProvider]:
    with ThreadedProvider() as provider:
        provider.serve("/api/v2/summary.json", summary(1, "major_outage", incident="Slow API"))
        page = {"slug": "acme", "name": "Acme Relay", "url": provider.url("/"), "allow_private": True}
        config = {"poll": {"interval": "1s", "while_open": "1s"}, "pages": [page], "auth": {"required": True}}
        (tmp_path / "acme.yaml").write_text(json.dumps(config), encoding="utf-8")
        yield provider


def test_pages_are_watched_without_a_service_and_nothing_is_kept(alone: ThreadedProvider, tmp_path: Path) -> None:
    with Terminal("top", "--config", "acme.yaml", cwd=tmp_path) as terminal:
        terminal.until("■ Acme Relay: major outage", "Slow API", "watched here")
        alone.serve("/api/v2/summary.json", summary(2))
        terminal.until("Nothing is wrong")
        terminal.type("q")
        assert terminal.ends() == 0

    assert sorted(one.name for one in tmp_path.iterdir()) == ["acme.yaml"]


@pytest.mark.parametrize(
    ("environ", "words"),
    [
        ({"TERM": "dumb"}, "this terminal cannot move its cursor"),
        ({}, "no statuswire answers at http://127.0.0.1:8000"),
    ],
)
def test_what_cannot_work_is_said_in_a_sentence(environ: dict[str, str], words: str, tmp_path: Path) -> None:
    with Terminal("top", cwd=tmp_path, environ=environ) as terminal:
        assert terminal.ends() == 2

    assert words in " ".join(terminal.text.split())


def test_without_a_terminal_it_says_what_prints_lines(tmp_path: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "statuswire", "top"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )

    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr == "statuswire: top: needs a terminal; `statuswire status` and `statuswire watch` print lines\n"


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    hidden = "import sys; sys.modules['textual'] = None; sys.argv = ['statuswire', 'top']"
    script = f"{hidden}; import statuswire.cli; statuswire.cli.main()"

    told = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)

    assert told.returncode == 2
    assert told.stderr == "statuswire: top: needs a library that is not installed: pip install 'statuswire[tui]'\n"
