"""What comes with an extra that is not there is answered with the extra's name."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Iterator

import pytest

from statuswire import extras
from statuswire.access import passwords
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


def test_a_person_at_an_unknown_address_is_not_told_of_libraries(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "lacking", lambda extra: ("jinja2",))

    reply = site.get("/nowhere", headers={"accept": "text/html"})

    assert (reply.status, reply.code) == (404, "unknown_address")


def test_a_module_of_nobodys_extra_that_is_missing_is_our_fault(site: Site) -> None:
    async def load(name: str) -> View:
        raise ModuleNotFoundError("No module named 'statuswire.nothing'", name="statuswire.nothing")

    site.replace(load=load)

    assert site.get("/api/v1/pages").status == 500


ALONE = """
import sys
from importlib import import_module
from importlib.machinery import PathFinder
from statuswire import extras
from statuswire.web.table import ROWS

hidden = {module for extra, modules in extras.EXTRAS.items() if extra != "web" for module in modules}
real = PathFinder.find_spec
PathFinder.find_spec = lambda name, *rest: None if name in hidden else real(name, *rest)
for view in sorted({row.view.partition(":")[0] for row in ROWS}):
    try:
        import_module(f"statuswire.web.{view}")
    except ModuleNotFoundError as error:
        print(view, error.name)
"""
"""Names the views that cannot be loaded with the extra `web` alone."""


def test_with_the_extra_web_alone_everything_is_there_but_signing_in_elsewhere() -> None:
    told = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=True)

    assert told.stdout == "face.oidc authlib\n"


@pytest.fixture
def without_argon2(monkeypatch: pytest.MonkeyPatch) -> None:
    passwords.library.cache_clear()
    monkeypatch.setitem(sys.modules, "argon2", None)


@pytest.mark.usefixtures("without_argon2")
def test_an_account_with_a_password_says_which_extra_keeps_passwords(site: Site) -> None:
    account = {"name": "ada", "role": "viewer", "password": "a long password of ada's"}
    reply = site.post("/api/v1/accounts", account)

    assert (reply.status, reply.code) == (501, "not_installed")
    assert "pip install 'statuswire[accounts]'" in reply.json["detail"]


def test_who_asks_for_a_websocket_is_told_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "lacking", lambda extra: ("wsproto",))
    line = Line()

    protocol.websocket_protocol(config=None).connection_made(line)

    assert line.sent.startswith(b"HTTP/1.1 501 ")
    assert b"pip install 'statuswire[web]'" in line.sent
    assert line.is_closed
