"""What `replica_dispatch.py` measures, a process of its own: plans and delivers to receivers that answer at once.

    python benchmarks/teller.py DATABASE plan|deliver

`deliver` leaves the planning to another process, as those do that have not the duty. Every line on standard input is
answered by one with the deliveries sent and the seconds of CPU used since the start, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from contextlib import closing
from dataclasses import dataclass

import uvloop
from dispatch import CHANNELS, channel
from prometheus_client import CollectorRegistry

from statuswire.channels.base import ChannelSettings
from statuswire.engine.clock import Clock
from statuswire.engine.dispatcher import Dispatcher, Outlet
from statuswire.engine.planner import KnownChannel, Planner, Rules
from statuswire.metrics import Metrics
from statuswire.model import Action, EventType, Reply, Route
from statuswire.store import Store, open_store

NAMES = tuple(f"c{number}" for number in range(CHANNELS))


@dataclass(slots=True)
class Instant:
    """Every receiver has it at once."""

    sent: int = 0

    async def send(self, action: Action) -> Reply:
        self.sent += 1
        return Reply(200, {}, b"{}")


async def serve(store: Store, *, plans: bool) -> None:
    clock, sender = Clock(), Instant()
    outlet = channel("http://127.0.0.1:9/hook")
    outlets = {name: Outlet.of(name, outlet, ChannelSettings()) for name in NAMES}
    metrics = Metrics(CollectorRegistry(), version="bench", platforms=(), event_types=list(EventType))
    dispatcher = Dispatcher(store, clock, outlets, sender, f"bench {os.getpid()}", metrics=metrics)
    rules = Rules((Route("all", NAMES[:2]),), {name: KnownChannel("webhook") for name in NAMES}, storm=None)
    planner = Planner(store, clock, rules, on_planned=dispatcher.notify)
    if plans:
        await planner.begin()
    loops = [asyncio.create_task(one()) for one in ((planner.run, dispatcher.run) if plans else (dispatcher.run,))]
    print("ready", flush=True)
    questions = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(questions), sys.stdin)
    while await questions.readline():
        print(json.dumps({"sent": sender.sent, "cpu_s": time.process_time()}), flush=True)
    for loop in loops:
        loop.cancel()
    await asyncio.gather(*loops, return_exceptions=True)


if __name__ == "__main__":
    with closing(open_store(sys.argv[1])) as opened:
        uvloop.run(serve(opened, plans=sys.argv[2] == "plan"))
