"""A thousand subscribers of the event stream, beside a bare ASGI loop that sends them the same messages.

Server and subscribers are processes of their own, each on one CPU. Events happen at a steady rate; of each message the
subscriber notes how old it is, from before the event was recorded. Counted is the CPU time of the server for each
message of each subscriber.

Budgets: at most 1.3 x the bare loop's CPU; p99 of the age at most 250 ms with 1,000 subscribers.
"""

from __future__ import annotations

import asyncio
import os
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles
from typing import cast

import uvloop
from bench import arguments, at_most
from child import Child, child

_MADE = re.compile(rb"@([0-9.]+)@")
_REQUEST = b"GET /api/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n"
SETTLE_S = 1.0


class Subscriber(asyncio.Protocol):
    """One connection; the ages of what it received, in seconds."""

    def __init__(self, ages: list[float]) -> None:
        self._ages = ages
        self.began: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.transport.write(_REQUEST)

    def data_received(self, data: bytes) -> None:
        if not self.began.done() and b": connected" in data:
            self.began.set_result(None)
        now = time.monotonic()
        self._ages.extend(now - float(made) for made in _MADE.findall(data))


@dataclass(slots=True)
class Server:
    port: int
    process: Child

    def tell(self) -> None:
        self.process.tell("tell")

    def cpu_s(self) -> float:
        return float(self.process.ask("cpu"))


@contextmanager
def serving(mode: str, folder: str, cpu: int) -> Iterator[Server]:
    with child("stream_server.py", mode, f"{folder}/{mode}-{time.monotonic_ns()}.db", cpu) as process:
        try:
            yield Server(int(process.ready), process)
        finally:
            process.process.kill()


@dataclass(frozen=True, slots=True)
class Round:
    """CPU microseconds of the server for one message to one subscriber, and how old messages were, in seconds."""

    micros: float
    ages: list[float]
    lost: int


async def measure(server: Server, subscribers: int, events: int, per_s: float) -> Round:
    loop, ages = asyncio.get_running_loop(), list[float]()
    connected = []
    for _ in range(subscribers):
        _, one = await loop.create_connection(lambda: Subscriber(ages), "127.0.0.1", server.port)
        connected.append(one)
    await asyncio.gather(*(one.began for one in connected))
    await asyncio.sleep(SETTLE_S)
    before = await asyncio.to_thread(server.cpu_s)
    for _ in range(events):
        server.tell()
        await asyncio.sleep(1 / per_s)
    await asyncio.sleep(SETTLE_S)
    spent = await asyncio.to_thread(server.cpu_s) - before
    for one in connected:
        one.transport.abort()
    sent = subscribers * events
    return Round(spent / sent * 1e6, ages, sent - len(ages))


def main() -> int:
    given = arguments(__doc__ or "", subscribers=1_000, events=100, per_s=10, rounds=5)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 20_000)), hard))
    cpus = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cpus[-1]})
    rounds: dict[str, list[Round]] = {"bare": [], "service": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(given.rounds):
            for mode in ("bare", "service") if number % 2 else ("service", "bare"):
                with serving(mode, folder, cpus[0]) as server:
                    done = uvloop.run(measure(server, given.subscribers, given.events, given.per_s))
                rounds[mode].append(done)
                print(f"  {mode:8} {done.micros:6.1f} us a message, lost {done.lost}", flush=True)
    return report(rounds)


def report(rounds: dict[str, list[Round]]) -> int:
    ratio = median(ours.micros / bare.micros for ours, bare in zip(rounds["service"], rounds["bare"], strict=True))
    p99 = median(quantiles(one.ages, n=100)[98] * 1e3 for one in rounds["service"])
    bare_p99 = median(quantiles(one.ages, n=100)[98] * 1e3 for one in rounds["bare"])
    lost = sum(one.lost for one in rounds["service"])
    judged = (("CPU a subscriber, x bare", ratio, at_most(1.3)), ("p99 of the age, ms", p99, at_most(250)))
    for name, value, budget in judged:
        word = "ok" if budget.holds(value) else "MISSED"
        print(f"  {name:32}  {value:8.2f}  {budget} {word}")
    print(f"  bare loop's p99 {bare_p99:.1f} ms; lost {lost}")
    return 0 if lost == 0 and all(budget.holds(value) for _, value, budget in judged) else 1


if __name__ == "__main__":
    sys.exit(main())
