"""Hooks a second with one, two and three processes on one PostgreSQL, beside one on SQLite: kept, and kept and read.

Each replica is a process, the database another one, this load generator one more; they share the machine's cores, and
the contenders take turns. So beside the rate stands what a hook costs in CPU, of the replicas and of the database,
which says what more cores would carry. `kept` is until the acknowledgement, after the commit; `read` until all are
recorded. Then 500 a second arrive at one process that also reads them, on time whether or not earlier ones were
answered.

Budget: p99 of these at most 50 ms.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from itertools import count
from statistics import median

from bench import arguments, at_most, run
from database import Server as Database
from database import one_number, running_database, spent
from hooks import PACED_PER_S, Server, body, flood, pace, request, serving, verdict

WAITING = "SELECT COUNT(*) FROM inbox WHERE state = 'waiting'"
PROCESSES = (1, 2, 3)
LOOK_S = 0.25


@dataclass(frozen=True, slots=True)
class Setting:
    """Some processes on one database; `database` is None on SQLite."""

    servers: Sequence[Server]
    url: str
    database: Database | None

    def waiting(self) -> int:
        if self.database is not None:
            return one_number(self.url, WAITING)
        with closing(sqlite3.connect(self.url.removeprefix("sqlite:///"))) as connection:
            return int(connection.execute(WAITING).fetchone()[0])


@dataclass(frozen=True, slots=True)
class Figures:
    """Hooks per second of wall time; milliseconds of CPU for each, of the replicas and of the database."""

    rate: float
    own_ms: float
    database_ms: float
    wal_bytes: float


async def measure(setting: Setting, requests: Sequence[bytes], *, is_read: bool) -> Figures:
    began_cpu = sum(server.cpu_s() for server in setting.servers)
    began_s = time.perf_counter()
    with ExitStack() as stack:
        cost = stack.enter_context(spent(setting.database, setting.url)) if setting.database else None
        kept = await flood(setting.servers, requests)
        elapsed_s = len(requests) / kept.rate
        if is_read:
            while await asyncio.to_thread(setting.waiting):  # noqa: ASYNC110 - other processes read
                await asyncio.sleep(LOOK_S)
            elapsed_s = time.perf_counter() - began_s
    own_s = sum(server.cpu_s() for server in setting.servers) - began_cpu
    each = 1000 / len(requests)
    return Figures(
        len(requests) / elapsed_s,
        own_s * each,
        cost.cpu_s * each if cost else 0.0,
        cost.wal_bytes / len(requests) if cost else 0.0,
    )


def settings_of(database: Database, folder: str, mode: str, stack: ExitStack) -> dict[str, Setting]:
    url = f"sqlite:///{folder}/{mode}.db"
    found = {"SQLite": Setting([stack.enter_context(serving(mode, url, -1))], url, None)}
    for processes in PROCESSES:
        url = database.new_database()
        servers = [stack.enter_context(serving(mode, url, -1)) for _ in range(processes)]
        found[f"PostgreSQL, {processes}"] = Setting(servers, url, database)
    return found


async def compare(
    settings: dict[str, Setting], numbers: Iterator[int], hooks: int, rounds: int, *, is_read: bool
) -> dict[str, list[Figures]]:
    found: dict[str, list[Figures]] = {name: [] for name in settings}
    order = list(settings)
    for turn in range(rounds + 1):
        for name in order:
            requests = [request(body(next(numbers))) for _ in range(hooks if turn else hooks // 4)]
            figures = await measure(settings[name], requests, is_read=is_read)
            if turn:  # the first warms up
                found[name].append(figures)
        order.reverse()
    return found


def report(title: str, found: dict[str, list[Figures]]) -> None:
    print(f"\n{title}: {len(found['SQLite'])} rounds, medians")
    print(f"  {'':16} {'a second':>9} {'ms of CPU':>10} {'of database':>12} {'WAL bytes':>10}  beside SQLite")
    for name, rounds in found.items():

        def middle(of: Callable[[Figures], float], rounds: Sequence[Figures] = rounds) -> float:
            return median(map(of, rounds))

        ratios = [one.rate / base.rate for one, base in zip(rounds, found["SQLite"], strict=True)]
        print(
            f"  {name:16} {middle(lambda one: one.rate):>9,.0f} {middle(lambda one: one.own_ms):>10.3f} "
            f"{middle(lambda one: one.database_ms):>12.3f} {middle(lambda one: one.wal_bytes):>10,.0f}  "
            f"{median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
        )


async def main() -> bool:
    asked = arguments(__doc__, hooks=3000, rounds=5, paced_s=6)
    numbers = count()
    with tempfile.TemporaryDirectory() as folder, running_database() as database:
        with ExitStack() as stack:
            settings = settings_of(database, folder, "durable", stack)
            report("kept", await compare(settings, numbers, asked.hooks, asked.rounds, is_read=False))
        numbers = count()
        with ExitStack() as stack:
            settings = settings_of(database, folder, "service", stack)
            few = max(asked.hooks // 3, 1)
            report("kept and read", await compare(settings, numbers, few, asked.rounds, is_read=True))
            paced = [request(body(next(numbers))) for _ in range(asked.paced_s * PACED_PER_S)]
            latencies = await pace(settings["PostgreSQL, 1"].servers[0], paced, PACED_PER_S)
    half = latencies[len(latencies) // 2]
    print(f"\n{PACED_PER_S} hooks/s on PostgreSQL, one process, read meanwhile: median {half:.1f} ms")
    return verdict("p99", latencies[int(len(latencies) * 0.99)], at_most(50), " ms")


if __name__ == "__main__":
    run(main)
