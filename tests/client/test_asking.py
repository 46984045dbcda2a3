"""Both clients against servers that answer well or badly, byte by byte."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from statuswire.client import AsyncClient, Client, Freshness, Refused, Status, Unreachable, Unreadable
from statuswire.client.calls import Call
from statuswire.client.exchange import Ask, explained, good
from statuswire.client.settings import server_of
from tests.fake_provider import (
    Script,
    ThreadedProvider,
    authority,
    chunked,
    endless,
    header_bomb,
    raw,
    redirect,
    reply,
    reset,
    self_signed_context,
    silent,
    stalled,
    truncated,
)

from .bodies import component, incident, listed, page

PATH = "/api/v1/pages/acme"
BODY = json.dumps(page()).encode()
Asking = Callable[..., Any]


def threaded(url: str, *asked: str, **settings: Any) -> Any:
    return Client(url, **settings).status(*asked)


def asynchronous(url: str, *asked: str, **settings: Any) -> Any:
    return asyncio.run(AsyncClient(url, **settings).status(*asked))


@pytest.fixture(params=[threaded, asynchronous])
def ask(request: pytest.FixtureRequest) -> Asking:
    found: Asking = request.param
    return found


@pytest.fixture
def server() -> Iterator[ThreadedProvider]:
    with ThreadedProvider() as one:
        one.serve(PATH, BODY)
        one.serve("/api/v1/components", listed(component()))
        one.serve("/api/v1/incidents", listed())
        yield one


def test_a_page_is_told_with_its_components(ask: Asking, server: ThreadedProvider) -> None:
    state = ask(server.url(""), "acme")

    assert (state.status, state.freshness) == (Status.OPERATIONAL, Freshness.FRESH)
    assert [one.name for one in state.components] == ["API"]


def test_the_token_is_sent_and_shown_nowhere(ask: Asking, server: ThreadedProvider) -> None:
    server.script(PATH, reply(401, b"no"))

    with pytest.raises(Refused) as refused:
        ask(server.url(""), "acme", token="sw_canary")

    assert server.seen[0].headers["authorization"] == "Bearer sw_canary"
    assert "canary" not in repr(refused.value) + repr(Client(server.url(""), "sw_canary")._server)


def test_a_component_is_asked_for_by_its_whole_name(ask: Asking, server: ThreadedProvider) -> None:
    ask(server.url(""), "acme", "Chat, Completions & more")

    assert server.seen[1].path == "/api/v1/components?page=acme&component=Chat%2C+Completions+%26+more&limit=1000"


def test_what_touches_other_components_is_left_out(ask: Asking, server: ThreadedProvider) -> None:
    def answers(*scripts: Script) -> Script:
        turns = iter(scripts)

        async def play(request: Any, writer: Any) -> bool:
            return await next(turns)(request, writer)

        return play

    everything = listed(incident("Slow API", "API"), incident("Slow Web", "Web"), incident("All slow"))
    server.script("/api/v1/incidents", answers(reply(200, everything), reply(200, listed(incident("Slow API", "API")))))

    state = ask(server.url(""), "acme", "API")

    assert [one.title for one in state.incidents] == ["Slow API", "All slow"]


def test_lists_are_read_to_their_end(ask: Asking, server: ThreadedProvider) -> None:
    parts = iter([reply(200, listed(component("API"), following="next one")), reply(200, listed(component("Web")))])

    async def play(request: Any, writer: Any) -> bool:
        return await next(parts)(request, writer)

    server.script("/api/v1/components", play)

    assert [one.name for one in ask(server.url(""), "acme").components] == ["API", "Web"]
    assert "after=next+one" in server.seen[2].path


def test_what_is_said_of_another_page_is_not_believed(ask: Asking, server: ThreadedProvider) -> None:
    server.serve(PATH, json.dumps(page(slug="brook")).encode())

    with pytest.raises(Unreadable, match="of another page"):
        ask(server.url(""), "acme")


@pytest.mark.parametrize("is_same", [True, False])
def test_a_list_without_an_end_is_not_waited_for(ask: Asking, server: ThreadedProvider, is_same: bool) -> None:
    count = iter(range(1_000_000))

    async def play(request: Any, writer: Any) -> bool:
        following = "again" if is_same else str(next(count))
        return await reply(200, listed(following=following))(request, writer)

    server.script("/api/v1/components", play)

    with pytest.raises(Unreadable, match="circle" if is_same else "no end"):
        ask(server.url(""), "acme")


def test_an_address_may_have_a_path_before_the_api(ask: Asking, server: ThreadedProvider) -> None:
    for path in (PATH, "/api/v1/components", "/api/v1/incidents"):
        server.script("/inner" + path, server._scripts[path])

    assert ask(server.url("/inner/"), "acme").page.slug == "acme"


@pytest.mark.parametrize(
    "script",
    [chunked(BODY[:9], BODY[9:]), raw(b"HTTP/1.1 200 OK\r\n\r\n" + BODY), raw(b"HTTP/1.0 200 OK\r\n\r\n" + BODY)],
)
def test_bodies_end_in_every_way_of_the_protocol(ask: Asking, server: ThreadedProvider, script: Script) -> None:
    server.script(PATH, script)

    assert ask(server.url(""), "acme").page.name == "Acme Relay"


def test_an_interim_answer_is_not_the_answer(ask: Asking, server: ThreadedProvider) -> None:
    hints = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    server.script(PATH, raw(hints + b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY) + BODY))

    assert ask(server.url(""), "acme").page.name == "Acme Relay"


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (truncated(BODY), "reset"),
        (reset(BODY, 5), "reset"),
        (raw(b""), "reset"),
        (chunked(BODY, ending=b""), "reset"),
        (raw(b"SSH-2.0-OpenSSH_9.2\r\n"), "protocol"),
        (header_bomb(), "protocol"),
        (silent(), "timeout"),
        (stalled(BODY, 5), "timeout"),
    ],
)
def test_a_broken_answer_is_a_reason_and_no_state(
    ask: Asking, server: ThreadedProvider, script: Script, reason: str
) -> None:
    server.script(PATH, script)

    with pytest.raises(Unreachable) as failed:
        ask(server.url(""), "acme", timeout_s=0.3 if reason == "timeout" else 10.0)

    assert failed.value.reason == reason
    assert not failed.value.is_permanent


@pytest.mark.parametrize("script", [reply(200, b"<html>"), reply(200, b"{}"), endless(b" " * 4_000_000)])
def test_what_is_no_answer_of_the_api_is_unreadable(ask: Asking, server: ThreadedProvider, script: Script) -> None:
    server.script(PATH, script)

    with pytest.raises(Unreadable):
        ask(server.url(""), "acme")


def test_a_refusal_brings_its_document(ask: Asking, server: ThreadedProvider) -> None:
    problem = {"type": "about:blank", "title": "No such page", "status": 404, "detail": "Hm.", "code": "unknown_page"}
    server.script(PATH, reply(404, json.dumps({**problem, "known": ["acne"]}).encode()))

    with pytest.raises(Refused) as refused:
        ask(server.url(""), "acme")

    assert (refused.value.reason, refused.value.problem.known) == ("unknown_page", ("acne",))
    assert refused.value.is_permanent


def test_a_busy_server_says_when_to_come_back(ask: Asking, server: ThreadedProvider) -> None:
    server.script(PATH, reply(503, b"<html>", {"Retry-After": "7"}))

    with pytest.raises(Refused) as refused:
        ask(server.url(""), "acme")

    assert (refused.value.retry_after_s, refused.value.is_permanent) == (7.0, False)


def test_nothing_is_followed_elsewhere(ask: Asking, server: ThreadedProvider) -> None:
    server.script(PATH, redirect(server.url("/other")))

    with pytest.raises(Refused):
        ask(server.url(""), "acme", token="sw_canary")

    assert [one.path for one in server.seen] == [PATH]


def test_nobody_there_is_unreachable(ask: Asking) -> None:
    with ThreadedProvider() as gone:
        url = gone.url("")

    with pytest.raises(Unreachable) as failed:
        ask(url, "acme")

    assert failed.value.reason == "connect"


def test_a_server_that_proves_who_it_is_is_believed(ask: Asking, tmp_path: Any) -> None:
    ca_file = tmp_path / "ca.pem"
    authority().cert_pem.write_to_path(str(ca_file))
    with ThreadedProvider(tls=True) as server:
        server.serve(PATH, BODY)
        server.serve("/api/v1/components", listed())
        server.serve("/api/v1/incidents", listed())

        assert ask(server.url("", host="localhost"), "acme", ca_file=str(ca_file)).page.slug == "acme"


def test_a_server_that_proves_nothing_is_told_nothing(ask: Asking) -> None:
    with ThreadedProvider(tls=self_signed_context("localhost")) as server:
        with pytest.raises(Unreachable) as failed:
            ask(server.url("", host="localhost"), "acme", token="sw_canary")

        assert server.seen == []

    assert (failed.value.reason, failed.value.is_permanent) == ("tls", True)


def test_a_server_that_speaks_no_tls_may_be_one_that_restarts(ask: Asking, server: ThreadedProvider) -> None:
    with pytest.raises(Unreachable) as failed:
        ask(server.url("").replace("http:", "https:"), "acme")

    assert not failed.value.is_permanent


def test_a_host_without_an_address_is_told_as_such() -> None:
    failed = explained(socket.gaierror(-2, "Name or service not known"), server_of("http://status.invalid", environ={}))

    assert isinstance(failed, Unreachable)
    assert (failed.reason, str(failed)) == ("dns", "status.invalid has no address")


# --- calls of others --------------------------------------------------------------------------------------------------


def ordered() -> Call[bytes]:
    return good((yield Ask("/marks", (("page", "acme"),), method="POST", body=b'{"kind": "snoozed"}'))).body


def test_a_call_may_order_something(server: ThreadedProvider) -> None:
    server.script("/api/v1/marks", reply(201, b"done"))

    assert asyncio.run(AsyncClient(server.url(""), "sw_canary").carry(ordered())) == b"done"

    (seen,) = server.requests("/api/v1/marks?page=acme")
    assert (seen.method, seen.body) == ("POST", b'{"kind": "snoozed"}')
    assert seen.headers["content-type"] == "application/json" and seen.headers["authorization"] == "Bearer sw_canary"


def test_the_server_may_be_reached_otherwise_than_over_the_network() -> None:
    asked: list[str] = []

    @asynccontextmanager
    async def dial(ask: Ask) -> AsyncIterator[asyncio.StreamReader]:
        asked.append(f"{ask.method} {ask.target}")
        reader = asyncio.StreamReader()
        reader.feed_data(b"HTTP/1.1 200 OK\r\n\r\nhere")
        reader.feed_eof()
        yield reader

    assert asyncio.run(AsyncClient("http://nowhere.example", dial=dial).carry(ordered())) == b"here"
    assert asked == ["POST /api/v1/marks?page=acme"]


def test_a_way_that_is_closed_is_as_a_server_that_is_away() -> None:
    @asynccontextmanager
    async def dial(ask: Ask) -> AsyncIterator[asyncio.StreamReader]:
        raise ConnectionRefusedError
        yield

    with pytest.raises(Unreachable) as error:
        asyncio.run(AsyncClient("http://nowhere.example", dial=dial).carry(ordered()))

    assert error.value.reason == "connect"
