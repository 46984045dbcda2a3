"""Events over connections that break: each once, in order, for ever."""

from __future__ import annotations

import asyncio
import gc
import json
import warnings
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statuswire.client import AsyncClient, Client, ClientError, Event, Problem, Refused, Unreachable
from statuswire.client.following import LONGEST_S, Follower, backed_off
from tests.fake_provider import Seen, ThreadedProvider, head, raw, reply

from .bodies import event, frame, listed

NEWEST = "/api/v1/events"
STREAM = "/api/v1/stream"


# --- the rule ---------------------------------------------------------------------------------------------------------


def served(after: int | None, log: int, cut: int) -> bytes:
    """What a server tells after an event, cut off somewhere."""
    body = b"retry: 3000\n: connected\n\n" + b"".join(frame(n) for n in range((after or 0) + 1, log + 1))
    return body[:cut]


@given(st.lists(st.tuples(st.integers(0, 2_000), st.integers(1, 99)), max_size=20), st.integers(0, 5))
def test_each_event_comes_once_however_connections_break(breaks: list[tuple[int, int]], after: int) -> None:
    follower, log, got = Follower((), after), 12, list[int]()

    for cut, piece in [*breaks, (10**6, 64)]:
        body = served(follower.ask().last_event_id, log, cut)
        for start in range(0, len(body), piece):
            got += [one.id for one in follower.read(body[start : start + piece])]

    assert got == list(range(after + 1, log + 1))


def test_what_a_server_repeats_is_told_once() -> None:
    follower = Follower((), 3)

    assert [one.id for one in follower.read(frame(2) + frame(3) + frame(4) + frame(4))] == [4]


def test_an_event_is_noted_only_when_it_is_handed_on() -> None:
    follower = Follower((), 0)

    next(follower.read(frame(1) + frame(2)))

    assert follower.ask().last_event_id == 1


def test_pauses_grow_with_failures_up_to_a_minute_and_end_with_the_first_byte() -> None:
    follower, broken = Follower((), 0), Unreachable("reset", "gone")

    pauses = [follower.pause_s(broken) for _ in range(12)]
    list(follower.read(b": heartbeat\n\n"))

    assert 0.5 <= pauses[0] <= 1 and pauses[5] >= 16 and max(pauses) <= LONGEST_S
    assert follower.pause_s(broken) <= 1
    assert all(LONGEST_S / 2 <= backed_off(failures) <= LONGEST_S for failures in (6, 7, 10_000))


def test_a_server_is_left_alone_for_as_long_as_it_asks() -> None:
    follower = Follower((), 0)

    assert follower.pause_s(Refused(Problem(503, "Too busy"), retry_after_s=40.0)) == 40.0


def test_what_waiting_cannot_help_ends_it() -> None:
    with pytest.raises(Refused):
        Follower((), 0).pause_s(Refused(Problem(401, "Not signed in")))


def test_patience_ends_if_some_was_given() -> None:
    follower = Follower((), 0, patience_s=3.0)

    with pytest.raises(Unreachable):
        for _ in range(20):
            follower.pause_s(Unreachable("connect", "nobody there"))


# --- both clients -----------------------------------------------------------------------------------------------------


def threaded(url: str, count: int, *asked: Any, **filters: Any) -> list[Event]:
    client = Client(url, sleep=lambda _: None)
    return list(islice(client.events(*asked, **filters), count))


def asynchronous(url: str, count: int, *asked: Any, **filters: Any) -> list[Event]:
    async def nothing(_: float) -> None:
        await asyncio.sleep(0)

    async def some() -> list[Event]:
        found: list[Event] = []
        stream = AsyncClient(url, sleep=nothing).events(*asked, **filters)
        async for one in stream:
            found.append(one)
            if len(found) == count:
                break
        await stream.aclose()  # type: ignore[attr-defined]
        return found

    return asyncio.run(some())


@pytest.fixture(params=[threaded, asynchronous])
def take(request: pytest.FixtureRequest) -> Callable[..., list[Event]]:
    found: Callable[..., list[Event]] = request.param
    return found


class Breaking(ThreadedProvider):
    """A server with a log of ten events that tells three at a time, and breaks off in the middle of the fourth."""

    def __init__(self) -> None:
        super().__init__()
        self.script(NEWEST, reply(200, listed(event(4))))
        self.script(STREAM, self._play)
        self.turn = 0

    async def _play(self, request: Seen, writer: Any) -> bool:
        self.turn += 1
        if self.turn % 2 == 0:
            return await (reply(503, b"{}") if self.turn % 4 else raw(b"", ending="reset"))(request, writer)
        after = int(request.headers.get("last-event-id", "0"))
        frames = [frame(number) for number in range(after + 1, 11)]
        body = b"".join(frames[:3]) + b"".join(frames[3:4])[:40]
        return await raw(head(200, {"Content-Type": "text/event-stream"}) + body)(request, writer)


@pytest.fixture
def breaking() -> Iterator[Breaking]:
    with Breaking() as server:
        yield server


def test_a_stream_goes_on_over_breaks_refusals_and_resets(take: Callable[..., list[Event]], breaking: Breaking) -> None:
    broken: list[ClientError] = []

    got = take(breaking.url(""), 10, 0, on_break=broken.append)

    assert [one.id for one in got] == list(range(1, 11))
    assert breaking.turn >= 5 and {one.reason for one in broken} == {"status", "reset"}


def test_without_a_number_it_begins_after_the_newest_even_if_the_first_connection_breaks(
    take: Callable[..., list[Event]], breaking: Breaking
) -> None:
    breaking.turn = 1

    got = take(breaking.url(""), 6)

    assert [one.id for one in got] == [5, 6, 7, 8, 9, 10]


def test_filters_are_asked_of_the_server(take: Callable[..., list[Event]], breaking: Breaking) -> None:
    take(breaking.url(""), 1, 0, ["incident.*", "feed.*"], page="acme", component="A, B")

    asked = breaking.requests(f"{STREAM}?type=incident.%2A&type=feed.%2A&page=acme&component=A%2C+B")
    assert asked and asked[0].headers["accept"] == "text/event-stream"


def test_a_token_that_is_not_taken_ends_it(take: Callable[..., list[Event]]) -> None:
    with ThreadedProvider() as server:
        problem = {"title": "Not signed in", "status": 401, "code": "unauthenticated"}
        server.script(STREAM, reply(401, json.dumps(problem).encode()))

        with pytest.raises(Refused) as refused:
            take(server.url(""), 1, 0)

    assert refused.value.reason == "unauthenticated"


def test_a_loop_that_ends_in_the_middle_of_a_stream_leaves_no_socket_open() -> None:
    async def first(url: str) -> int:
        async for one in AsyncClient(url).events(0):
            return one.id
        return 0

    with ThreadedProvider() as server, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        server.script(STREAM, raw(head(200) + frame(1), ending="hang"))
        assert asyncio.run(first(server.url(""))) == 1
        gc.collect()

    assert [str(one.message) for one in told] == []
