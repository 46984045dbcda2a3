"""What comes with an extra that is not there is answered with the extra's name."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from statuswire.web import protocol
from statuswire.web.asking import View
from tests.web.parts import Site


class Line(asyncio.WriteTransport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__()
        self.sent, self.is_closed = b"", False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.sent += bytes(data)

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.store.close()


def test_a_view_whose_library_is_missing_says_which_extra_brings_it(site: Site) -> None:
    async def load(name: str) -> View:
        raise ModuleNotFoundError("No module named 'fastapi'", name="fastapi.routing")

    site.replace(load=load)
    reply = site.get("/api/v1/pages")

    assert (reply.status, reply.code) == (501, "not_installed")
    assert "pip install 'statuswire[web]'" in reply.json["detail"]


def test_a_module_of_nobodys_extra_that_is_missing_is_our_fault(site: Site) -> None:
    async def load(name: str) -> View:
        raise ModuleNotFoundError("No module named 'statuswire.nothing'", name="statuswire.nothing")

    site.replace(load=load)

    assert site.get("/api/v1/pages").status == 500


def test_who_asks_for_a_websocket_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "lacking", lambda extra: ("wsproto",))
    line = Line()

    protocol.websocket_protocol(config=None).connection_made(line)

    assert line.sent.startswith(b"HTTP/1.1 501 ")
    assert b"pip install 'statuswire[web]'" in line.sent
    assert line.is_closed
