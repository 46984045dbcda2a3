"""The same events over a WebSocket."""

from __future__ import annotations

import json

import pytest

from statuswire.engine.hub import MAX_WAITING
from tests.core.told import incident_event
from tests.web.live.client import Client, Streaming


def socket(site: Streaming, query: str = "", **headers: str) -> Client:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client(site, f"/api/v1/ws{query}", named, type="websocket")


def bodies(client: Client) -> list[dict[str, object]]:
    return [json.loads(message["text"]) for message in client.sent if message["type"] == "websocket.send"]


async def test_each_event_is_one_message(site: Streaming) -> None:
    client = await socket(site, "?after=0").begin()
    site.happen(incident_event(id_=1, title="Slow API"), incident_event(id_=2))
    await client.until('"id":2')

    assert [body["id"] for body in bodies(client)] == [1, 2]
    assert client.sent[0] == {"type": "websocket.accept"}
    await client.leave()
    assert len(site.hub) == 0


async def test_a_ping_gets_its_answer_and_anything_else_none(site: Streaming) -> None:
    client = socket(site).open()
    for text in ("nonsense", "[" * 100_000, '{"type": "ping"}'):
        client.arriving.put_nowait({"type": "websocket.receive", "text": text})

    await client.until("pong")

    assert bodies(client) == [{"type": "pong"}]
    await client.leave()


async def test_a_page_of_another_site_cannot_open_one(site: Streaming) -> None:
    foreign = socket(site, origin="https://evil.example", host="localhost").open()
    await foreign.end()
    own = await socket(site, origin="https://localhost", host="localhost").begin()
    site.happen(incident_event(id_=1))
    await own.until('"id":1')

    assert [message["type"] for message in foreign.sent] == ["websocket.close"]
    await own.leave()


@pytest.mark.parametrize("query", ["?impact=huge", "?after=x"])
async def test_a_wrong_question_is_not_accepted(site: Streaming, query: str) -> None:
    client = socket(site, query).open()
    await client.end()

    assert client.sent == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [("?impact=huge", 400, "bad_parameter"), ("?after=x", 400, "bad_parameter"), ("?page=acne", 404, "unknown_page")],
)
async def test_who_is_refused_learns_why(site: Streaming, query: str, status: int, code: str) -> None:
    client = socket(site, query)
    client.extensions = ("websocket.http.response",)
    await client.open().end()

    assert [message["type"].rpartition(".")[0] for message in client.sent] == ["websocket.http.response"] * 2
    assert (client.status, json.loads(client.sent[1]["body"])["code"]) == (status, code)
    assert (b"content-type", b"application/problem+json") in client.sent[0]["headers"]


async def test_once_it_is_open_what_breaks_closes_it(site: Streaming) -> None:
    site.record(incident_event(id_=1))
    site.hub.tell([incident_event(id_=1)])
    site.store.close()
    client = socket(site, "?after=0")
    client.extensions = ("websocket.http.response",)
    await client.open().end()

    assert [message["type"] for message in client.sent] == ["websocket.accept", "websocket.close"]
    assert client.sent[-1]["code"] == 1011


async def test_U8_a_slow_client_is_told_to_come_back(site: Streaming) -> None:
    client = await socket(site).begin()
    site.happen(incident_event(id_=1))
    await client.until('"id":1')
    client.is_reading.clear()

    for number in range(2, MAX_WAITING + 5):
        site.happen(incident_event(id_=number))
    await client.end()

    assert client.aborted
    assert len(site.hub) == 0


async def test_they_end_with_the_service(site: Streaming) -> None:
    client = await socket(site).begin()
    site.happen(incident_event(id_=1))
    await client.until('"id":1')

    site.hub.close()
    await client.end()

    assert client.sent[-1] == {"type": "websocket.close", "code": 1001}


async def test_a_plain_request_is_told_what_is_here(site: Streaming) -> None:
    reply = await site.request("GET", "/api/v1/ws")

    assert (reply.status, reply.code) == (405, "method_not_allowed")
    assert "WebSocket" in reply.json["detail"]
