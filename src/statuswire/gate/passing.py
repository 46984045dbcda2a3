"""Asking until it passes, or until time is up."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from statuswire.client import Client
from statuswire.client.settings import is_named, server_of_command
from statuswire.gate import served
from statuswire.gate.judging import Found, Judgement, Ruling

SERVER_EVERY_S = 5.0
LOOK_EVERY_S = 30.0
"""A provider is asked more rarely than a server of our own."""

Find = Callable[[], list[Found]]


def finder(
    wanted: tuple[str, ...],
    server: str | None,
    token_file: Path | None,
    config: Path | None = None,
    allow_private: bool = False,
    timeout_s: float = 10.0,
) -> tuple[Find, float]:
    """How to find out, and how long to wait before doing it again: from the server that is named, here or by the
    environment, else by a look of our own. Raises ConfigError."""
    if not is_named(server):
        look = import_module("statuswire.gate.looked").find  # late: it brings every platform with it
        return lambda: look(wanted, config, allow_private), LOOK_EVERY_S
    asked = server_of_command(server, token_file=token_file)
    client = Client(asked.url, asked.token, timeout_s=timeout_s)
    return lambda: served.find(client, wanted), SERVER_EVERY_S


def wait(
    ask: Callable[[], Judgement],
    every_s: float,
    wait_s: float,
    *,
    monotonic: Callable[[], float],
    sleep: Callable[[float], None],
    on_change: Callable[[Judgement], None],
) -> tuple[Judgement, float]:
    """The first judgement that lets pass or that waiting cannot change, else the last one, and the seconds that it
    took. `on_change` is told whenever there is another reason to wait."""
    began = monotonic()
    last = ""
    while True:
        judgement = ask()
        left_s = wait_s - (monotonic() - began)
        if judgement.ruling is Ruling.PASS or judgement.is_hopeless or left_s <= 0:
            return judgement, monotonic() - began
        if judgement.why != last:
            on_change(judgement)
            last = judgement.why
        sleep(min(every_s, left_s))
