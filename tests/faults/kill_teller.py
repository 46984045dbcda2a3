"""Processes that plan and send until they are killed: `python -m tests.faults.kill_teller DATABASE KILLS SEED`.

Each child puts events into the log, plans them and sends them, with the real loops on the real file; an action that is
sent is a line on a pipe to the parent, which kills the child, by SIGKILL, at a random moment and starts the next on
the same file. At the end what is left is sent in peace, and a report is printed as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import select
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import NoReturn

from statuswire.channels.base import Channel, ChannelSettings, Conversation, single
from statuswire.engine.clock import Clock
from statuswire.engine.dispatcher import Dispatcher, Outlet
from statuswire.engine.planner import KnownChannel, Planner, Rules
from statuswire.model import Action, Message, Reply, Request, Route
from statuswire.model.rules import PLAIN_QUIET
from statuswire.store import SqliteOptions, Store, Tx, open_store, queries
from tests.core.told import incident_event
from tests.faults.ledger import Receipts, account, check_file

OPTIONS = SqliteOptions(reserve_bytes=0, checkpoint_rows=400)
CHANNELS = {"ops": True, "log": False}
"""Whether the threads of a channel may overtake each other."""

THREADS = 40
RULES = Rules(
    routes=(Route("all", tuple(CHANNELS), quiet=PLAIN_QUIET),),
    channels={name: KnownChannel("webhook", by_thread) for name, by_thread in CHANNELS.items()},
    storm=None,
)


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """One request, of which the body is the id of the message."""
    return single(Request("POST", "", body=message.id.encode()), now)


PIPED = Channel("webhook", "A pipe", ChannelSettings, converse, rate_per_s=1e6, burst=10**6)


@dataclass
class Pipe:
    """The edge: a line for each action. A reply takes some milliseconds, as it would."""

    descriptor: int
    random: random.Random

    async def send(self, action: Action) -> Reply:
        assert isinstance(action, Request)
        os.write(self.descriptor, action.body + b"\n")
        await asyncio.sleep(self.random.random() * 0.004)
        return Reply(200)


@dataclass
class LateClock(Clock):
    """The machine's clock, set forward when told."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


def dispatcher_of(store: Store, clock: Clock, edge: Pipe) -> Dispatcher:
    outlets = {name: Outlet.of(name, PIPED, ChannelSettings()) for name in CHANNELS}
    return Dispatcher(store, clock, outlets, edge, "teller")


# --- the child ------------------------------------------------------------------------------------------------------


def live(path: str, descriptor: int, seed: int) -> NoReturn:
    """Live until killed."""
    asyncio.run(_live(path, Pipe(descriptor, random.Random(seed)), seed))
    os._exit(1)


async def _live(path: str, edge: Pipe, seed: int) -> None:
    store, clock = open_store(f"sqlite:///{path}", options=OPTIONS), Clock()
    dispatcher = dispatcher_of(store, clock, edge)
    planner = Planner(store, clock, RULES, on_planned=dispatcher.notify)
    await planner.begin()
    await asyncio.to_thread(store.write, lambda tx: queries.end_leases(tx, clock.now()))
    tasks = [asyncio.create_task(one) for one in (planner.run(), dispatcher.run())]
    for number in count():
        names = [f"{seed}-{number}-{place}" for place in range(edge.random.randrange(1, 12))]
        await asyncio.wrap_future(store.submit(lambda tx, names=names: append(tx, names, edge.random)))
        planner.notify()
        await asyncio.sleep(edge.random.random() * 0.05)
    await asyncio.gather(*tasks)


def append(tx: Tx, names: Sequence[str], dice: random.Random) -> None:
    """Events of these names, each of one of many incidents."""
    page = queries.page_by_slug(tx, "acme") or queries.upsert_page(
        tx, slug="acme", name="Acme", url="https://acme.example", platform="statuspage", origin="config"
    )
    threads = [f"i{dice.randrange(THREADS)}" for _ in names]
    events = [
        replace(incident_event("incident.updated", incident=thread), key=name)
        for name, thread in zip(names, threads, strict=True)
    ]
    queries.append_events(tx, page.id, events)


# --- the parent -----------------------------------------------------------------------------------------------------


@dataclass
class Heard:
    """What came through the pipe. `most_again` is how many were repeated after one kill, at most."""

    receipts: Receipts = field(default_factory=Receipts)
    again: int = 0
    most_again: int = 0

    def hear(self, text: str) -> None:
        again = sum(self.receipts.hear(name) for name in text.splitlines())
        self.again += again
        self.most_again = max(self.most_again, again)


def kill_one(path: str, seed: int, dice: random.Random, heard: Heard) -> None:
    """Start a child, kill it after a while, and hear what it sent. Half of them are killed soon after they have sent
    something, which is when most is under way; the others whenever it may be."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        live(path, writing, seed)
    os.close(writing)
    parts = [os.read(reading, 1 << 16)] if dice.random() < 0.5 else []
    until = time.monotonic() + dice.choice([0.002, 0.02, 0.05, 0.1]) + dice.random() * 0.1
    while (left := until - time.monotonic()) > 0:
        if select.select([reading], [], [], left)[0]:
            parts.append(os.read(reading, 1 << 16))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    while part := os.read(reading, 1 << 16):
        parts.append(part)
    os.close(reading)
    assert os.WTERMSIG(status) == signal.SIGKILL, "the child ended by itself"
    heard.hear(b"".join(parts).decode())


async def send_the_rest(store: Store, heard: Heard) -> None:
    """In peace, with time enough for whatever was put off."""
    reading, writing = os.pipe()
    clock = LateClock()
    dispatcher = dispatcher_of(store, clock, Pipe(writing, random.Random(0)))
    planner = Planner(store, clock, RULES)
    await asyncio.to_thread(store.write, lambda tx: queries.end_leases(tx, clock.now()))
    for _ in range(9):
        draining = asyncio.create_task(asyncio.to_thread(_drain, reading))
        await planner.plan_new()
        await dispatcher.send_new()
        os.write(writing, b"end\n")
        heard.hear((await draining).removesuffix("end\n"))
        clock.ahead += timedelta(hours=6)


def _drain(reading: int) -> str:
    parts = b""
    while not parts.endswith(b"end\n"):
        parts += os.read(reading, 1 << 16)
    return parts.decode()


def main(path: str, kills: int, seed: int) -> None:
    dice, heard = random.Random(seed), Heard()
    for number in range(kills):
        kill_one(path, seed * 1_000_000 + number, dice, heard)
    with closing(open_store(f"sqlite:///{path}", options=OPTIONS)) as store:
        asyncio.run(send_the_rest(store, heard))
        check_file(store)
        counts = account(store, tuple(CHANNELS), heard.receipts)
        print(json.dumps({"kills": kills, **counts, "again": heard.again, "most_again": heard.most_again}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
