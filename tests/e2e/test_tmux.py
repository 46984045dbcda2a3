"""`statuswire top` within a real tmux of 80 columns and 24 lines, its own server and socket, before a real service."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from statuswire.client import close
from tests.deploy.tools import tool

from .acme import Acme, summary
from .waiting import wait_until

PATIENCE_S = 60.0


class Tmux:
    """One pane with a command in it; the server ends with it, and is killed at the end if it has not."""

    def __init__(self, folder: Path, *command: str, environ: dict[str, str]) -> None:
        self._folder = folder
        clean = {name: text for name, text in os.environ.items() if not name.startswith(("STATUSWIRE_", "TMUX"))}
        self._environ = clean | {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8"} | environ
        self.run("-u", "new-session", "-d", "-x", "80", "-y", "24", shlex.join(command)).check_returncode()

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [tool("tmux"), "-f", "/dev/null", "-S", "tmux.sock", *arguments],
            cwd=self._folder,
            env=self._environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
        )

    def __enter__(self) -> Tmux:
        return self

    def __exit__(self, *_: object) -> None:
        self.run("kill-server")

    def type(self, *keys: str) -> None:
        self.run("send-keys", *keys).check_returncode()

    @property
    def lines(self) -> list[str]:
        return self.run("capture-pane", "-p").stdout.splitlines()

    @property
    def has_ended(self) -> bool:
        return self.run("has-session").returncode != 0

    def until(self, *words: str) -> list[str]:
        """The lines that are shown as soon as all of these are."""
        shown: list[str] = []

        def are_there() -> bool:
            shown[:] = self.lines
            return all(any(one in line for line in shown) for one in words)

        try:
            wait_until(are_there, f"{words}", PATIENCE_S)
        except AssertionError as error:
            raise AssertionError("\n".join([str(error), *shown])) from error
        return shown


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Acme]:
    with Acme(tmp_path) as one:
        yield one
    close()


def test_an_outage_is_seen_opened_and_left_within_tmux(acme: Acme, tmp_path: Path) -> None:
    command = (sys.executable, "-m", "statuswire", "top", "--server", acme.url)
    with Tmux(tmp_path, *command, environ={"NO_COLOR": "1"}) as tmux:
        shown = tmux.until("Nothing is wrong", "○ Operational     Acme Relay", "? keys")
        assert len(shown) == 24 and max(map(len, shown)) <= 80

        acme.say(summary(1, "major_outage", incident="Slow API"))
        shown = tmux.until("■ Acme Relay: major outage", "■ Major outage    Acme Relay · Slow API")
        assert len(shown) == 24 and max(map(len, shown)) <= 80
        tmux.type("Enter")
        tmux.until("INVESTIGATING", "│ We are looking.", "■ API Major outage")
        tmux.type("g", "n")
        tmux.until("■ Acme Relay: major outage")
        tmux.type("q")
        wait_until(lambda: tmux.has_ended, "the end", PATIENCE_S)
