"""Deliveries a second to a local receiver, beside a bare loop of aiohttp that posts the same bodies; then the time from
event to first byte.

The receiver is a process on one CPU, the sender runs on another. A hundred lanes hold deliveries whose events are in a
file; they are claimed, made, sent, noted and logged, each end committed before the next of its lane begins. Counted is
the CPU time of the sending process with its writer thread, so that deliveries a second are those of one core. Then 100
events a second are put into the log, planned and sent, and the receiver says when the first byte of each came.

Budgets: at least 2,000 deliveries a second of CPU; p99 from event to first byte at most 100 ms.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from statistics import median

import aiohttp
from bench import Budget, arguments, at_least, at_most, run
from child import Child, child
from prometheus_client import CollectorRegistry

from statuswire import wire
from statuswire.channels.base import Channel, ChannelSettings, Conversation, single
from statuswire.engine.clock import Clock
from statuswire.engine.dispatcher import Dispatcher, Outlet
from statuswire.engine.planner import KnownChannel, Planner, Rules
from statuswire.errors import DeliveryError, DeliveryReason, FetchError
from statuswire.fingerprint import message_id
from statuswire.metrics import Metrics
from statuswire.model import (
    Action,
    AffectedComponent,
    Delivery,
    Event,
    EventIncident,
    EventType,
    EventUpdate,
    Impact,
    Kind,
    Message,
    MessageKind,
    PageRef,
    Phase,
    Reply,
    Request,
    Route,
    Source,
    Status,
)
from statuswire.net.http import HttpClient, Limits
from statuswire.store import Store, Tx, open_store, queries

CHANNELS, LANES = 20, 5
PACED_PER_S = 100
PAGE = PageRef("acme", "Acme Relay", "https://status.acme-relay.example")
AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
LIMITS = Limits(connections=256, per_host=256, kept_hosts=256)
LIMIT_S = 120.0


def event(number: int) -> Event:
    """An update of one of many incidents, of ordinary length."""
    incident = EventIncident(
        f"i{number % 500}",
        "Elevated error rates",
        Kind.INCIDENT,
        Phase.IDENTIFIED,
        Impact.MINOR,
        f"{PAGE.url}/incidents/i{number % 500}",
        AT,
        None,
        (AffectedComponent("c1", "API", "Europe", Status.DEGRADED),),
    )
    update = EventUpdate(f"u{number}", Phase.IDENTIFIED, "We have found the cause and are working on it. " * 4, AT)
    return Event(EventType.INCIDENT_UPDATED, f"k{number}", AT, AT, Source.POLL, PAGE, incident, update)


@dataclass(frozen=True, slots=True)
class Receiver:
    process: Child
    url: str

    def arrived(self) -> dict[str, float]:
        """When the first byte of each message came since the last time asked."""
        moments: dict[str, float] = json.loads(self.process.ask())
        return moments


@contextmanager
def receiving(cpu: int) -> Iterator[Receiver]:
    with child("receiver.py", cpu) as process:
        yield Receiver(process, f"http://127.0.0.1:{int(process.ready)}/hook")


def channel(url: str) -> Channel:
    """The least that a channel of HTTP is: one post of the event as JSON."""

    def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
        headers = {"content-type": "application/json", "webhook-id": message.id}
        return single(Request("POST", url, headers, wire.encode_event(message.event), is_private_ok=True), now)

    return Channel("webhook", "A local receiver", ChannelSettings, converse, rate_per_s=1e6, burst=10**6)


@dataclass(frozen=True, slots=True)
class Edge:
    client: HttpClient

    async def send(self, action: Action) -> Reply:
        assert isinstance(action, Request)
        try:
            response = await self.client.request(
                action.method, action.url, headers=action.headers, body=action.body, allow_private=action.is_private_ok
            )
        except FetchError as error:
            raise DeliveryError(DeliveryReason(error.reason.value), str(error)) from error
        return Reply(response.status, response.headers, response.body)


def dispatcher_of(store: Store, client: HttpClient, url: str) -> Dispatcher:
    outlets = {f"c{number}": Outlet.of(f"c{number}", channel(url), ChannelSettings()) for number in range(CHANNELS)}
    metrics = Metrics(CollectorRegistry(), version="bench", platforms=(), event_types=list(EventType))
    return Dispatcher(store, Clock(), outlets, Edge(client), "bench", metrics=metrics)


# --- how many --------------------------------------------------------------------------------


def fill(tx: Tx, numbers: range) -> None:
    """One delivery for each number, spread over the lanes."""
    page = queries.upsert_page(tx, slug=PAGE.slug, name=PAGE.name, url=PAGE.url, platform="statuspage", origin="config")
    for one in queries.append_events(tx, page.id, [event(number) for number in numbers]):
        name, lane = f"c{one.id % CHANNELS}", f"{one.id // CHANNELS % LANES}"
        made = Delivery(0, name, lane, message_id(name, "event", [one.key]), MessageKind.EVENT, (one.id,), f"t{one.id}")
        queries.add_delivery(tx, made, "webhook", AT)


@dataclass(frozen=True, slots=True)
class Round:
    """Deliveries per second of wall time and of CPU time."""

    rate: float
    per_core: float


async def timed(sending: asyncio.Future[None] | asyncio.Task[None], count: int) -> Round:
    cpu_s, started_s = time.process_time(), time.perf_counter()
    await sending
    used_s, elapsed_s = time.process_time() - cpu_s, time.perf_counter() - started_s
    return Round(count / elapsed_s, count / used_s)


async def post_all(url: str, bodies: Sequence[tuple[str, bytes]]) -> None:
    """The bare loop: as many at once as there are lanes, each as fast as it is answered."""
    queue = iter(bodies)
    connector = aiohttp.TCPConnector(limit=CHANNELS * LANES)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:

        async def work() -> None:
            for name, body in queue:
                headers = {"content-type": "application/json", "webhook-id": name}
                async with session.post(url, data=body, headers=headers) as answer:
                    await answer.read()

        await asyncio.gather(*(work() for _ in range(CHANNELS * LANES)))


async def compare_rates(receiver: Receiver, store: Store, count: int, rounds: int) -> dict[str, list[Round]]:
    found: dict[str, list[Round]] = {"dispatcher": [], "bare aiohttp": []}
    async with HttpClient(user_agent="bench", limits=LIMITS) as client:
        dispatcher = dispatcher_of(store, client, receiver.url)
        for turn in range(rounds + 1):
            numbers = range(turn * count, (turn + 1) * count)
            await asyncio.to_thread(store.write, lambda tx, numbers=numbers: fill(tx, numbers))
            ours = await timed(asyncio.create_task(dispatcher.send_new()), count)
            assert len(receiver.arrived()) == count
            bodies = [(f"b{number}", wire.encode_event(event(number))) for number in numbers]
            bare = await timed(asyncio.create_task(post_all(receiver.url, bodies)), count)
            assert len(receiver.arrived()) == count
            if turn:  # the first warms up
                found["dispatcher"].append(ours)
                found["bare aiohttp"].append(bare)
    return found


# --- how soon --------------------------------------------------------------------------------


async def latencies(receiver: Receiver, store: Store, seconds: int) -> list[float]:
    """Milliseconds from the moment an event was due, before it was committed, to its first byte."""
    async with HttpClient(user_agent="bench", limits=LIMITS) as client:
        dispatcher = dispatcher_of(store, client, receiver.url)
        rules = Rules((Route("all", ("c0",)),), {"c0": KnownChannel("webhook")}, storm=None)
        planner = Planner(store, Clock(), rules, on_planned=dispatcher.notify)
        await planner.begin()
        loops = [asyncio.create_task(loop) for loop in (planner.run(), dispatcher.run())]
        due = await _put_in(store, planner, seconds)
        await asyncio.sleep(2)
        for loop in loops:
            loop.cancel()
        await asyncio.gather(*loops, return_exceptions=True)
    arrived = receiver.arrived()
    return sorted((arrived[name] - due_s) * 1000 for name, due_s in due.items())


async def _put_in(store: Store, planner: Planner, seconds: int) -> dict[str, float]:
    """Events at fixed times; when each was due, by the id of its message."""
    page = await asyncio.to_thread(store.read, lambda tx: queries.page_by_slug(tx, PAGE.slug))
    assert page is not None
    start_s, due = time.monotonic() + 0.1, {}
    for number in range(seconds * PACED_PER_S):
        due_s = start_s + number / PACED_PER_S
        await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        one = replace(event(number), key=f"paced-{number}")
        due[message_id("c0", "event", [one.key])] = due_s
        done = store.submit(lambda tx, one=one: queries.append_events(tx, page.id, [one]))
        asyncio.wrap_future(done).add_done_callback(planner.notify)
    return due


# --- the report --------------------------------------------------------------------------------


def verdict(name: str, value: float, budget: Budget, unit: str = "") -> bool:
    is_met = budget.holds(value)
    print(f"  {name:<44} {value:>9.1f}{unit:<3} {budget} {'ok' if is_met else 'MISSED'}")
    return is_met


def report_rates(found: dict[str, list[Round]]) -> bool:
    print(f"\n{CHANNELS * LANES} lanes, {len(found['dispatcher'])} rounds, medians")
    for name, rounds in found.items():
        rate, per_core = median(one.rate for one in rounds), median(one.per_core for one in rounds)
        print(f"  {name:<14} {rate:>8,.0f}/s   {per_core:>8,.0f} per second of CPU")
    pairs = zip(found["dispatcher"], found["bare aiohttp"], strict=True)
    print(f"  a delivery costs {median(bare.per_core / ours.per_core for ours, bare in pairs):.2f} bare posts")
    return verdict("deliveries a second per core", median(one.per_core for one in found["dispatcher"]), at_least(2_000))


def report_latency(found: Sequence[float]) -> bool:
    print(f"\n{PACED_PER_S} events a second, from event to first byte")
    print(f"  median {found[len(found) // 2]:.1f} ms, worst {found[-1]:.1f} ms")
    return verdict("p99", found[int(len(found) * 0.99)], at_most(100), " ms")


async def main() -> bool:
    asked = arguments(__doc__, deliveries=4_000, rounds=5, paced_s=10)
    cpus = sorted(os.sched_getaffinity(0))
    is_pinned = len(cpus) > 1
    if is_pinned:
        os.sched_setaffinity(0, {cpus[-1]})
    with (
        tempfile.TemporaryDirectory() as folder,
        receiving(cpus[0] if is_pinned else -1) as receiver,
        closing(open_store(f"sqlite:///{folder}/bench.db")) as store,
    ):
        is_fast = report_rates(await compare_rates(receiver, store, asked.deliveries, asked.rounds))
        is_soon = report_latency(await latencies(receiver, store, asked.paced_s))
    return is_fast and is_soon


if __name__ == "__main__":
    run(main)
