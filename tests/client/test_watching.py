"""The thread that keeps the book: what it asks for, and how it goes on."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from statuswire.client import Freshness, close, guard
from statuswire.client.watching import MOST_PAGES
from tests.fake_provider import Seen, ThreadedProvider, head, raw, redirect, reply, reset, truncated

from .bodies import component, event, listed, page

STREAM = "/api/v1/stream"
PATIENCE_S = 20.0


class Server(ThreadedProvider):
    """A statuswire that says of every page what it is told to, and whose streams end when they are told to."""

    def __init__(self) -> None:
        super().__init__()
        self.level = "operational"
        self.frames: list[bytes] = []
        self.opened: list[str] = []
        self.news = threading.Condition()
        self.otherwise = self._play
        self.script(STREAM, self._stream)

    async def _play(self, request: Seen, writer: Any) -> bool:
        path = request.path.partition("?")[0]
        if "/pages/" in path:
            body = json.dumps(page(slug=path.rpartition("/")[2], state=self.level)).encode()
        else:
            body = listed(component(status=self.level)) if path.endswith("components") else listed()
        return await reply(200, body)(request, writer)

    async def _stream(self, request: Seen, writer: Any) -> bool:
        """Says what there is to say, and then nothing, but stays; where there is a `None` it ends."""
        writer.write(head(200, {"Content-Type": "text/event-stream"}) + b": connected\n\n")
        with self.news:
            self.opened.append(request.path)
            self.news.notify_all()
        while True:
            await writer.drain()
            frame = self.frames.pop(0) if self.frames else b""
            if frame == b"end":
                return False
            writer.write(frame)
            await asyncio.sleep(0.01)

    def until_opened(self, count: int) -> None:
        with self.news:
            assert self.news.wait_for(lambda: len(self.opened) >= count, PATIENCE_S)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as one:
        yield one
        close()


def until(is_so: Any) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE_S / 0.02)):
        if is_so():
            return
        pause.wait(0.02)
    raise AssertionError("it never came to that")


def test_an_event_makes_a_guard_look_at_once(server: Server) -> None:
    held = guard("acme", component="API", server=server.url(""))
    assert held.ready(PATIENCE_S).status == "operational"
    server.until_opened(1)

    server.level = "major_outage"
    server.frames.append(f"data: {json.dumps(event(1))}\n\n".encode())

    until(lambda: held.reading().is_down)
    assert len(server.opened) == 1


def test_the_first_answer_does_not_wait_for_a_stream(server: Server) -> None:
    """A proxy may keep the beginning of a stream to itself."""
    assert guard("acme", server=server.url("")).ready(PATIENCE_S).freshness is Freshness.FRESH
    server.until_opened(1)

    paths = [one.path.partition("?")[0] for one in server.seen]
    assert paths.index("/api/v1/pages/acme") < paths.index(STREAM)


def test_after_a_broken_stream_everything_is_looked_at_anew(server: Server) -> None:
    held = guard("acme", component="API", server=server.url(""))
    held.ready(PATIENCE_S)
    server.until_opened(1)

    server.level = "partial_outage"
    server.frames.append(b"end")

    until(lambda: held.reading().is_down)
    server.until_opened(2)


def test_the_stream_is_of_the_pages_that_are_guarded_until_they_are_too_many_for_a_filter(server: Server) -> None:
    guard("acme", server=server.url("")).ready(PATIENCE_S)
    guard("brook", server=server.url("")).ready(PATIENCE_S)
    until(lambda: server.opened[-1] == f"{STREAM}?page=acme&page=brook")

    many = [guard(f"page-{number}", server=server.url("")) for number in range(MOST_PAGES)]

    assert all(one.ready(PATIENCE_S).freshness is Freshness.FRESH for one in many)
    until(lambda: server.opened[-1] == STREAM)


def test_a_guard_that_is_asked_after_the_end_begins_anew(server: Server) -> None:
    held = guard("acme", server=server.url(""))
    held.ready(PATIENCE_S)
    server.until_opened(1)

    close()
    assert not [one for one in threading.enumerate() if one.name.startswith("statuswire ")]

    assert held.reading().status == "operational"
    server.until_opened(2)


FAULTS: dict[str, Any] = {
    "a page for people": reply(200, b"<html>all is well</html>"),
    "another shape": reply(200, b'{"state": "major_outage"}'),
    "another page": reply(200, json.dumps(page(slug="other", state="major_outage")).encode()),
    "a failure": reply(500, b"no"),
    "a way elsewhere": redirect("http://127.0.0.1:1/"),
    "no HTTP": raw(b"\x00\xff" * 100),
    "half an answer": truncated(b"{"),
    "broken off": reset(b"{}", 1),
}


def test_where_a_server_lies_or_fails_calls_go_through_and_nothing_is_known(server: Server) -> None:
    for name, fault in FAULTS.items():
        server.otherwise = fault
        held = guard(name.replace(" ", "-"), server=server.url(""))

        @held
        async def later() -> str:
            return "called"

        known = held.ready(PATIENCE_S)

        assert (name, known.freshness, known.is_down) == (name, Freshness.UNKNOWN, False)
        assert (held(lambda: "called")(), asyncio.run(later())) == ("called", "called")
