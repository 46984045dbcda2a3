"""The examples of the how-to, each against the seeded site."""

from __future__ import annotations

import asyncio
import re
import shlex
from pathlib import Path

import pytest

from statuswire.web.tools import Body, Tools
from tests.web.parts import Reply, Site

HOWTO = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "use-the-api.md"
BASE = "http://127.0.0.1:8000"


def commands() -> list[str]:
    fences = re.findall(r"^```sh\n(.*?)^```$", HOWTO.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [line for fence in fences for line in fence.replace("\\\n", " ").splitlines()]


def run(site: Site, command: str) -> Reply:
    """What `curl` would send."""
    program, *words = shlex.split(command)
    assert program == "curl"
    method, url, body, headers = "GET", "", b"", {}
    while words:
        word = words.pop(0)
        if word == "-X":
            method = words.pop(0)
        elif word == "-d":
            body = words.pop(0).encode()
        elif word == "-H":
            name, _, value = words.pop(0).partition(": ")
            headers[name.lower()] = value
        elif word == "-D":
            assert words.pop(0) == "-"
        elif word != "-s":
            url = word
    assert url.startswith(f"{BASE}/api/v1/")
    return site.run(lambda: site.request(method, url.removeprefix(BASE), body, headers))


@pytest.mark.parametrize("command", commands())
def test_every_example_works(site: Site, command: str) -> None:
    async def found(what: str) -> Body:
        await asyncio.sleep(0)
        return {"what": what}

    site.replace(tools=Tools(detect=found, backtest=lambda trial, go_on: {"report": {}}))

    reply = run(site, command)

    assert reply.status in (200, 201), reply.body


def test_there_are_examples() -> None:
    assert len(commands()) > 15
