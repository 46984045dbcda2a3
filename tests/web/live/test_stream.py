"""The stream: every event once and in order, also after a break; nobody slow holds up the others."""

from __future__ import annotations

import asyncio
import json

import pytest

from statuswire.engine.hub import BEAT_S, MAX_FOR_ONE, MAX_WAITING, Hub
from statuswire.model import Event, EventType, Impact, Status
from statuswire.store import queries
from statuswire.web.live.sse import MAX_LIFE_S
from tests.core.told import component_event, incident_event
from tests.web.live.client import Client, Streaming


def some(first: int, count: int) -> list[Event]:
    return [incident_event(id_=number) for number in range(first, first + count)]


async def test_an_event_comes_as_a_message_with_its_number_type_and_json(site: Streaming) -> None:
    client = Client(site).open()
    await client.until("connected")

    site.happen(incident_event(id_=1, title="Slow API"))

    await client.until("Slow API")
    block = client.text.split("\n\n")[-2].splitlines()
    assert block[:2] == ["id: 1", "event: incident.created"]
    assert json.loads(block[2].removeprefix("data: "))["incident"]["title"] == "Slow API"
    await client.leave()


async def test_it_is_an_event_stream_that_no_proxy_keeps_back(site: Streaming) -> None:
    client = Client(site).open()
    await client.until("retry: 3000")

    headers = dict(client.sent[0]["headers"])

    assert headers[b"content-type"] == b"text/event-stream"
    assert (headers[b"cache-control"], headers[b"x-accel-buffering"]) == (b"no-store", b"no")
    await client.leave()


@pytest.mark.parametrize("way", ["header", "parameter"])
async def test_it_goes_on_from_the_last_event_that_the_client_has(site: Streaming, way: str) -> None:
    site.happen(*some(1, 700))
    target = "/api/v1/stream" + ("?after=640" if way == "parameter" else "")
    headers = {"last-event-id": "640"} if way == "header" else {}

    client = Client(site, target, headers).open()
    await client.until("id: 700\n")
    site.happen(*some(701, 1))
    await client.until("id: 701\n")

    assert client.ids == list(range(641, 702))
    await client.leave()


async def test_the_header_counts_before_the_address_that_a_browser_repeats(site: Streaming) -> None:
    site.happen(*some(1, 9))

    client = Client(site, "/api/v1/stream?after=2", {"last-event-id": "7"}).open()
    await client.until("id: 9\n")

    assert client.ids == [8, 9]
    await client.leave()


async def test_without_a_number_only_what_comes_is_told(site: Streaming) -> None:
    site.happen(*some(1, 5))

    client = Client(site).open()
    await client.until("connected")
    site.happen(*some(6, 2))
    await client.until("id: 7\n")

    assert client.ids == [6, 7]
    await client.leave()


async def test_nothing_is_lost_or_doubled_between_the_log_and_what_comes(site: Streaming) -> None:
    """Events happen while the past is still being read."""
    site.happen(*some(1, 3))
    client = Client(site, "/api/v1/stream?after=0")
    client.open()
    client.is_reading.clear()
    await asyncio.sleep(0)

    site.happen(*some(4, 3))
    client.is_reading.set()
    await client.until("id: 6\n")

    assert client.ids == [1, 2, 3, 4, 5, 6]
    await client.leave()


async def test_filters_are_the_words_of_routes(site: Streaming) -> None:
    client = Client(site, "/api/v1/stream?impact=%3E%3Dmajor&type=incident.*").open()
    await client.until("connected")

    site.happen(
        incident_event(id_=1, impact=Impact.MINOR),
        incident_event(id_=2, impact=Impact.CRITICAL),
        component_event(Status.MAJOR_OUTAGE, id_=3),
        incident_event(EventType.INCIDENT_RESOLVED, id_=4, impact=Impact.MAJOR),
    )
    await client.until("id: 4\n")

    assert client.ids == [2, 4]
    await client.leave()


async def test_the_past_is_filtered_alike(site: Streaming) -> None:
    site.happen(incident_event(id_=1), component_event(Status.DEGRADED, id_=2), incident_event(id_=3))

    client = Client(site, "/api/v1/stream?after=0&type=component.*").open()
    await client.until("id: 2\n")

    assert client.ids == [2]
    await client.leave()


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("impact=huge", "impact"),
        ("type=incident.nothing", "type"),
        ("after=-1", "after"),
        ("after=1&after=2", "after"),
        ("colour=red", "colour"),
        ("page=%ff", "query string"),
        ("page=" + "x" * 5000, "longer"),
    ],
)
def test_a_wrong_question_is_refused_with_what_would_be_right(site: Streaming, query: str, word: str) -> None:
    reply = site.get(f"/api/v1/stream?{query}")

    assert (reply.status, reply.code) == (400, "bad_parameter")
    assert word in reply.json["detail"]


def test_a_page_that_there_is_not_is_not_waited_for(site: Streaming) -> None:
    reply = site.get("/api/v1/stream?page=acne")

    assert (reply.status, reply.code, reply.json["known"]) == (404, "unknown_page", ["acme"])


async def test_a_sign_of_life_comes_while_nothing_happens(site: Streaming) -> None:
    beating = asyncio.create_task(site.hub.run())
    client = Client(site).open()
    await client.until("connected")

    await site.clock.advance(BEAT_S)

    await client.until(": heartbeat")
    await client.leave()
    beating.cancel()


async def test_U8_a_slow_client_is_dropped_and_goes_on_where_it_was(site: Streaming) -> None:
    slow, quick = Client(site).open(), Client(site).open()
    await slow.until("connected")
    await quick.until("connected")
    slow.is_reading.clear()

    for number in range(1, MAX_WAITING + 5):
        site.happen(*some(number, 1))
        await quick.until(f"id: {number}\n")
    await slow.end()

    assert slow.aborted
    assert len(site.hub) == 1
    again = Client(site, headers={"last-event-id": str(max(slow.ids, default=0))}).open()
    await again.until(f"id: {MAX_WAITING + 4}\n")
    assert [*slow.ids, *again.ids] == list(range(1, MAX_WAITING + 5)) == quick.ids
    await quick.leave()
    await again.leave()


async def test_U9_one_network_cannot_take_all_places(site: Streaming) -> None:
    clients = [Client(site, address="203.0.113.5").open() for _ in range(MAX_FOR_ONE)]
    await clients[-1].until("connected")

    over = Client(site, address="203.0.113.5").open()
    other = Client(site, address="203.0.113.6").open()
    await over.end()
    await other.until("connected")

    assert over.status == 503
    assert dict(over.sent[0]["headers"])[b"retry-after"] == b"10"
    for one in (*clients, other):
        await one.leave()
    assert len(site.hub) == 0


async def test_U9_there_are_only_so_many_places(site: Streaming) -> None:
    site.replace(hub=Hub(site.clock, places=2))
    first, second = Client(site).open(), Client(site).open()
    await second.until("connected")

    third = Client(site).open()
    await third.end()
    await first.leave()
    fourth = Client(site).open()
    await fourth.until("connected")

    assert third.status == 503
    await second.leave()
    await fourth.leave()


async def test_a_client_that_leaves_is_forgotten(site: Streaming) -> None:
    client = Client(site).open()
    await client.until("connected")

    await client.leave()

    assert len(site.hub) == 0
    site.happen(*some(1, 1))
    assert client.ids == []


async def test_a_stream_ends_after_a_while_so_that_access_is_looked_at_again(site: Streaming) -> None:
    beating = asyncio.create_task(site.hub.run())
    client = Client(site).open()
    await client.until("connected")

    await site.clock.advance(MAX_LIFE_S + BEAT_S)
    await client.end()

    assert client.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}
    beating.cancel()


async def test_all_streams_end_with_the_service(site: Streaming) -> None:
    client = Client(site).open()
    await client.until("connected")

    site.hub.close()
    await client.end()
    late = Client(site).open()
    await late.end()

    assert client.sent[-1]["more_body"] is False
    assert late.status == 503


async def test_text_of_a_provider_cannot_begin_a_message_of_its_own(site: Streaming) -> None:
    client = Client(site).open()
    await client.until("connected")

    site.happen(incident_event(id_=1, title="a\n\nid: 99\nevent: feed.failing\r\n\ndata: {}"))
    await client.until("id: 1\n")

    assert client.ids == [1]
    assert client.text.count("\nevent: ") == 1
    await client.leave()


def test_a_head_request_ends_at_once(site: Streaming) -> None:
    reply = site.get("/api/v1/stream", "HEAD")

    assert (reply.status, reply.headers["content-type"]) == (200, "text/event-stream")
    assert len(site.hub) == 0


async def test_the_log_may_have_been_pruned(site: Streaming) -> None:
    site.happen(*some(1, 6))
    site.store.write(lambda tx: tx.execute("DELETE FROM event WHERE id < 4"))

    client = Client(site, "/api/v1/stream?after=1").open()
    await client.until("id: 6\n")

    assert client.ids == [4, 5, 6]
    assert site.store.read(queries.last_event_id) == 6
    await client.leave()
