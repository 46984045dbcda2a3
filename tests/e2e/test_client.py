"""`statuswire.client` against the real service in a process of its own, which goes down and comes back."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import flask
import pytest
import uvicorn
from django.core.handlers.wsgi import WSGIHandler
from fastapi import FastAPI

from statuswire.client import AsyncClient, Client, Event, Freshness, Refused, Status, WaitedInVain, close, guard
from tests.client import receivers
from tests.fake_provider import ThreadedProvider, silent

from .acme import Acme, summary
from .running import PATIENCE_S
from .site import Site


@pytest.fixture
def acme(tmp_path: Path) -> Iterator[Acme]:
    with Acme(tmp_path) as one:
        yield one
    close()


def test_status_and_incidents_are_what_the_page_says(acme: Acme) -> None:
    client = Client(acme.url, timeout_s=PATIENCE_S)
    assert client.status("acme", "Chat, Completions").status is Status.OPERATIONAL

    acme.say(summary(1, "major_outage", incident="Slow API"))
    acme.service.until_line("Status: Major outage")

    state = client.status("acme", "API")
    assert (state.status, state.freshness) == (Status.MAJOR_OUTAGE, Freshness.FRESH)
    assert [one.title for one in client.incidents("acme", open=True, component="API")] == ["Slow API"]
    assert list(client.incidents("acme", open=True, component="Chat, Completions")) == []
    assert asyncio.run(AsyncClient(acme.url, timeout_s=PATIENCE_S).status("acme", "API")) == state
    with pytest.raises(Refused) as refused:
        client.status("acne")
    assert refused.value.problem.known == ("acme",)


NAMES = [f"story {number:02}" for number in range(12)]


def test_events_are_all_told_once_although_the_service_is_killed_twice(acme: Acme) -> None:
    """Threads and asyncio alike; what happens while nobody listens is told afterwards."""
    client = Client(acme.url, timeout_s=PATIENCE_S)
    begin = client.events(types="incident.*", page="brook")
    acme.push("before")
    first = client.status("acme")  # the service answers: what follows comes after it
    assert first.page.slug == "acme"
    numbers = {"threads": list[Event](), "asyncio": list[Event]()}
    readers = [
        threading.Thread(target=lambda: numbers["threads"].extend(islice(client.events(0, "incident.*"), 13))),
        threading.Thread(target=lambda: asyncio.run(_gather(acme.url, numbers["asyncio"]))),
    ]
    for reader in readers:
        reader.start()

    for count, name in enumerate(NAMES):
        if count in (4, 8):
            acme.restart()
        acme.push(name)

    for reader in readers:
        reader.join(PATIENCE_S)
    begin.close()  # type: ignore[attr-defined]
    for got in numbers.values():
        assert [one.incident.title for one in got if one.incident is not None] == ["before", *NAMES]
        assert [one.id for one in got] == sorted({one.id for one in got})


async def _gather(url: str, into: list[Event]) -> None:
    async for event in AsyncClient(url, timeout_s=PATIENCE_S).events(0, ["incident.*"]):
        into.append(event)
        if len(into) == len(NAMES) + 1:
            return


def test_waiting_ends_when_the_component_is_well_and_not_before(acme: Acme) -> None:
    acme.say(summary(1, "major_outage", incident="Slow API"))
    acme.service.until_line("Status: Major outage")
    client = Client(acme.url, timeout_s=PATIENCE_S)
    with pytest.raises(WaitedInVain, match="acme:API: major_outage: Slow API"):
        client.wait_until_ok("acme", "API", 0.0)

    acme.say(summary(2))

    assert client.wait_until_ok("acme", "API", PATIENCE_S, every_s=0.1).status is Status.OPERATIONAL
    assert (
        asyncio.run(AsyncClient(acme.url, timeout_s=PATIENCE_S).wait_until_ok("acme", "API", 1.0)).status
        is Status.OPERATIONAL
    )


def test_a_guard_holds_back_and_lets_go_and_what_was_known_outlives_the_server(acme: Acme) -> None:
    held = guard("acme", component="API", fallback=lambda: "instead", server=acme.url)
    assert held.ready(PATIENCE_S).freshness is Freshness.FRESH

    @held
    def answer() -> str:
        return "called"

    @held
    async def answer_later() -> str:
        return "called"

    assert (answer(), asyncio.run(answer_later())) == ("called", "called")

    acme.say(summary(1, "major_outage", incident="Slow API"))
    until(lambda: answer() == "instead")
    assert asyncio.run(answer_later()) == "instead"

    acme.restart()
    assert answer() == "instead"
    acme.say(summary(2))
    until(lambda: answer() == "called")


def test_two_guards_share_one_stream_and_a_third_page_is_heard_of_too(acme: Acme) -> None:
    one = guard("acme", component="API", server=acme.url)
    one.ready(PATIENCE_S)
    other = guard("acme", component="Chat*", server=acme.url)

    assert other.ready(PATIENCE_S).status is Status.OPERATIONAL
    assert guard("nobody", server=acme.url).ready(PATIENCE_S).freshness is Freshness.UNKNOWN
    assert len([one for one in threading.enumerate() if one.name.startswith("statuswire ")]) == 1


def test_where_a_server_says_nothing_calls_go_through_at_once() -> None:
    with ThreadedProvider() as server:
        server.otherwise = silent()
        held = guard("acme", server=server.url(""))

        assert held(lambda: "called")() == "called"
        assert held.reading().why == "acme: unknown: the server has not answered yet"
        close()


FORKED = """
import os, sys
from statuswire.client import guard
held = guard("acme", component="API", server=sys.argv[1])
assert held.ready(60).freshness == "fresh"
child = os.fork()
if child == 0:
    known = held.reading().freshness == "fresh"
    other = guard("acme", server=sys.argv[1]).ready(60).freshness == "fresh"
    os._exit(0 if known and other else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
"""


def test_a_worker_that_was_forked_goes_on_by_itself(acme: Acme) -> None:
    done = subprocess.run([sys.executable, "-c", FORKED, acme.url], capture_output=True, text=True, timeout=180)

    assert done.returncode == 0, done.stderr


def until(is_so: Any) -> None:
    """Ask until it is so."""
    pause = threading.Event()
    for _ in range(int(PATIENCE_S * 20)):
        if is_so():
            return
        pause.wait(0.05)
    raise AssertionError("it never came to that")


# --- tokens -----------------------------------------------------------------------------------------------------------


def test_a_server_that_lets_nobody_in_wants_a_token(tmp_path: Path) -> None:
    site = Site(tmp_path, "pages: []\nauth: {required: true}\n")
    password = tmp_path / "password"
    password.write_text("correct horse battery", encoding="utf-8")
    try:
        url = site.run().base_url
        site.command("user", "add", "ada", "--role", "admin", "--password-file", str(password))
        token = site.command("token", "add", "robot", "--scope", "read").stdout.strip()
        with pytest.raises(Refused) as refused:
            list(Client(url, timeout_s=PATIENCE_S).incidents())

        assert refused.value.reason == "unauthenticated"
        assert list(Client(url, token, timeout_s=PATIENCE_S).incidents()) == []
    finally:
        site.close()


# --- webhooks ---------------------------------------------------------------------------------------------------------


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: standard error is the test's."""


@contextmanager
def serving_wsgi(app: Any) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/told"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serving_asgi(app: FastAPI) -> Iterator[str]:
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/told"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def serving(framework: str) -> Iterator[str]:
    made = receivers.APPS[framework]()
    if isinstance(made, FastAPI):
        with serving_asgi(made) as url:
            yield url
    else:
        assert isinstance(made, flask.Flask | WSGIHandler)
        with serving_wsgi(made) as url:
            yield url


@pytest.mark.parametrize("framework", receivers.APPS)
def test_what_happens_arrives_in_a_program_of_the_users(framework: str, tmp_path: Path) -> None:
    receivers.heard.clear()
    with serving(framework) as url:
        channel = {"kind": "webhook", "url": url, "secret": receivers.SECRET, "allow_private": True}
        given = {"channels": {"own": channel}, "routes": [{"channel": "own"}]}
        with Acme(tmp_path, given) as acme:
            acme.say(summary(1, "major_outage", incident="Slow API"))
            until(lambda: any(one.event and one.event.incident for one in receivers.heard))

    (told,) = [one.event.incident for one in receivers.heard if one.event and one.event.incident][:1]
    assert told.title == "Slow API"
