"""Durable hooks, commit before 2xx, beside no-op requests on the same server and beside one commit per request.

Each server is a process on one CPU, this load generator runs on another. The servers take turns, so that what else
the machine does touches all alike; a round gives one ratio, the median of the ratios is the result. Then 500 hooks a
second arrive, on time whether or not earlier ones were answered, at a server that also reads them; latency counts
from the moment a hook was due.

Budgets: durable at least 25 % of the no-op rate and at least 4 times one commit per request; p99 at most 25 ms.
"""

from __future__ import annotations

import asyncio
import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import cast

from bench import Budget, arguments, at_least, at_most, run
from child import Child, child

CONNECTIONS = 256
PACED_CONNECTIONS = 32
PACED_PER_S = 500
PAGES = 50
STEPS = ("investigating", "identified", "monitoring", "resolved")
LIMIT_S = 60.0
MODES = ("noop", "durable", "single", "service")


def body(number: int) -> bytes:
    """A Statuspage subscriber body: 50 pages in turn, on each one incident after the other with four updates."""
    page, turn = number % PAGES, number // PAGES
    incident_id, step = f"p{page}i{turn // len(STEPS)}", turn % len(STEPS)
    began = datetime(2026, 5, 4, 10, tzinfo=UTC) + timedelta(minutes=turn - step)
    updates = [update(incident_id, one, began + timedelta(minutes=one)) for one in range(step + 1)]
    now = updates[-1]["created_at"]
    incident = {
        "id": incident_id,
        "name": "Elevated error rates",
        "status": STEPS[step],
        "impact": "minor",
        "created_at": updates[0]["created_at"],
        "updated_at": now,
        "resolved_at": now if step == len(STEPS) - 1 else None,
        "incident_updates": updates[::-1],
        "components": [{"id": f"p{page}c1", "name": "API", "status": "degraded_performance"}],
    }
    return json.dumps({"page": {"id": f"p{page}", "name": f"Bench {page}"}, "incident": incident}).encode()


def update(incident_id: str, step: int, at: datetime) -> dict[str, str]:
    stamp = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "id": f"{incident_id}u{step}",
        "incident_id": incident_id,
        "status": STEPS[step],
        "body": f"Step {step}: we are working on elevated error rates that affect a part of the requests.",
        "created_at": stamp,
        "display_at": stamp,
        "updated_at": stamp,
    }


def request(content: bytes) -> bytes:
    head = "POST /webhook/statuspage HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: "
    return f"{head}{len(content)}\r\n\r\n".encode() + content


class Caller(asyncio.Protocol):
    """One kept-alive connection: sends a request when told and resolves its future with the whole answer's status."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._answered: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's does not inherit from it

    def send(self, content: bytes) -> asyncio.Future[int]:
        assert self._transport is not None
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(content)
        return self._answered

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        mark = self._buffer.index(b"content-length: ") + 16
        length = int(self._buffer[mark : self._buffer.index(b"\r", mark)])
        if len(self._buffer) < end + 4 + length or self._answered is None:
            return
        status = int(self._buffer[9:12])
        self._buffer = b""
        if not self._answered.done():
            self._answered.set_result(status)

    def connection_lost(self, error: Exception | None) -> None:
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(error or ConnectionError("the server hung up"))

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()


@dataclass(frozen=True, slots=True)
class Server:
    """A server process and its port."""

    process: Child
    port: int

    def cpu_s(self) -> float:
        return float(self.process.ask())

    async def connect(self, count: int) -> list[Caller]:
        loop = asyncio.get_running_loop()
        pairs = [await loop.create_connection(Caller, "127.0.0.1", self.port) for _ in range(count)]
        return [caller for _, caller in pairs]


@contextmanager
def serving(mode: str, url: str, cpu: int) -> Iterator[Server]:
    with child("hook_server.py", mode, url, cpu) as process:
        yield Server(process, int(process.ready))


@dataclass(frozen=True, slots=True)
class Round:
    """Requests per second of wall time, and CPU seconds of the server per 1,000 of them."""

    rate: float
    cpu: float


async def flood(servers: Sequence[Server], requests: Sequence[bytes]) -> Round:
    """Send all of them, as many at once as there are connections, each connection as fast as it is answered; the
    connections are spread over the servers."""
    callers = [one for server in servers for one in await server.connect(CONNECTIONS // len(servers))]
    queue = iter(requests)

    async def work(caller: Caller) -> None:
        for content in queue:
            status = await caller.send(content)
            assert status == 202, status

    cpu_s, started_s = sum(server.cpu_s() for server in servers), time.perf_counter()
    async with asyncio.timeout(LIMIT_S):
        await asyncio.gather(*map(work, callers))
    elapsed_s = time.perf_counter() - started_s
    used_s = sum(server.cpu_s() for server in servers) - cpu_s
    for caller in callers:
        caller.close()
    return Round(len(requests) / elapsed_s, used_s / len(requests) * 1000)


async def pace(server: Server, requests: Sequence[bytes], per_s: float) -> list[float]:
    """Latencies in milliseconds of requests that are due at fixed times."""
    callers = await server.connect(PACED_CONNECTIONS)
    idle = asyncio.Queue[Caller]()
    for caller in callers:
        idle.put_nowait(caller)
    start_s = time.perf_counter() + 0.1
    latencies: list[float] = []

    async def send(content: bytes, due_s: float) -> None:
        caller = await idle.get()
        status = await caller.send(content)
        assert status == 202, status
        latencies.append((time.perf_counter() - due_s) * 1000)
        idle.put_nowait(caller)

    async with asyncio.timeout(LIMIT_S), asyncio.TaskGroup() as group:
        for number, content in enumerate(requests):
            due_s = start_s + number / per_s
            await asyncio.sleep(max(0.0, due_s - time.perf_counter()))
            group.create_task(send(content, due_s))
    for caller in callers:
        caller.close()
    return sorted(latencies)


def verdict(name: str, value: float, budget: Budget, unit: str = "") -> bool:
    is_met = budget.holds(value)
    print(f"  {name:<44} {value:>9.3f}{unit:<3} {budget} {'ok' if is_met else 'MISSED'}")
    return is_met


def report(rounds: dict[str, list[Round]]) -> bool:
    print(f"\nhooks, {CONNECTIONS} connections, {len(rounds['noop'])} rounds, medians")
    for name, figures in rounds.items():
        rate, cpu = median(one.rate for one in figures), median(one.cpu for one in figures)
        print(f"  {name:<10} {rate:>9,.0f} requests/s   {cpu:.4f} CPU s/1000")

    def ratio(name: str, base: str) -> float:
        return median(one.rate / other.rate for one, other in zip(rounds[name], rounds[base], strict=True))

    shares = verdict("durable / no-op, rate", ratio("durable", "noop"), at_least(0.25))
    return verdict("durable / one commit per request, rate", ratio("durable", "single"), at_least(4)) and shares


async def main() -> bool:
    asked = arguments(__doc__, requests=4000, rounds=5, paced_s=6)
    cpus = sorted(os.sched_getaffinity(0))
    pinned = len(cpus) > 1
    if pinned:
        os.sched_setaffinity(0, {cpus[-1]})
    numbers = iter(range(10**9))
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        servers = {
            mode: stack.enter_context(serving(mode, f"sqlite:///{folder}/{mode}.db", cpus[0] if pinned else -1))
            for mode in MODES
        }
        rounds: dict[str, list[Round]] = {mode: [] for mode in MODES[:3]}
        for mode in rounds:
            await flood([servers[mode]], [request(body(next(numbers))) for _ in range(200)])
        for _ in range(asked.rounds):
            for mode, figures in rounds.items():
                count = asked.requests if mode != "single" else max(asked.requests // 4, 1)
                figures.append(await flood([servers[mode]], [request(body(next(numbers))) for _ in range(count)]))
        is_fast = report(rounds)
        numbers = iter(range(10**9))
        paced = [request(body(next(numbers))) for _ in range(asked.paced_s * PACED_PER_S)]
        latencies = await pace(servers["service"], paced, PACED_PER_S)
    return report_latency(latencies) and is_fast


def report_latency(latencies: Sequence[float]) -> bool:
    half, p99, worst = latencies[len(latencies) // 2], latencies[int(len(latencies) * 0.99)], latencies[-1]
    print(f"\n{PACED_PER_S} hooks/s for {len(latencies) / PACED_PER_S:g} s, read and told meanwhile")
    print(f"  median {half:.2f} ms, worst {worst:.1f} ms")
    return verdict("p99", p99, at_most(25), " ms")


if __name__ == "__main__":
    run(main)
