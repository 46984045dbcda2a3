"""100,000 pages shared by one, two and four replicas on a real PostgreSQL: how soon all are read, and what it costs.

The replicas live in this process, each with connections, leases, pages and a schedule of its own; polls are answered by
an in-process transport that has nothing new. In real time: putting the pages into the database (first, and again as at
every later start), taking all shards and loading all pages, taking over from one that died. Then in virtual time, in
bursts of the same size whatever the number of pages: what a poll costs in CPU, of the replica and of the database, with
leases, wheel, decision and the schedules that are written once an interval. Memory is the growth of a fresh process.

Budgets: a poll costs the same, within 20 %, with 1,000 and with 100,000 pages; a page at most 1.5 KB of memory; all
pages are taken over within 17 s and a second for each 50,000.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from secrets import token_hex
from statistics import median
from typing import Any

from bench import Budget, arguments, at_most, finish
from counted import CountedStore
from database import Server, running_database, spent
from tests.engine.virtual import VirtualClock, VirtualLoop, play

from statuswire.allocator import spare_memory
from statuswire.catalog import Target
from statuswire.core.leases import SHARDS
from statuswire.engine.clock import Clock
from statuswire.engine.duties import Duties
from statuswire.engine.holdings import Holdings
from statuswire.engine.places import Found
from statuswire.engine.polled import PollSettings
from statuswire.engine.poller import Poller
from statuswire.engine.replica import Replica
from statuswire.engine.targets import Targets
from statuswire.net.fetch import FetchRequest, NotModified
from statuswire.net.http import HttpClient
from statuswire.store import Tx, open_store, schema
from statuswire.store.queries import About

ETAG = 'W/"5f1c8a9be2"'
SAME = NotModified(None, None, ETAG, "")
BURST = 400
LOOK_S = 0.25
SETTLED_S = 0.5


def targets_of(pages: int) -> list[Target]:
    """Every page at a host of its own, read by one feed."""
    return [
        Target(f"company{number}", f"Company {number}", url, feed_url=f"{url}/history.rss")
        for number in range(pages)
        for url in (f"https://status.company{number}.example",)
    ]


async def nothing_new(client: HttpClient, request: FetchRequest, now: datetime) -> NotModified:
    return SAME


async def find_nothing(target: Target) -> Found | None:
    return None


class Member:
    """One replica, wired as `server.py` does as far as polling goes."""

    def __init__(self, url: str, name: str, client: HttpClient, clock: Clock, settings: PollSettings) -> None:
        self.store = CountedStore(open_store(url))
        self.holdings = Holdings(name)
        self.poller = Poller(
            self.store, client, clock, settings, fetch=nothing_new, shards=self.holdings, rate=self.holdings
        )
        self.targets = Targets(self.store, self.poller, clock, find_nothing, shards=self.holdings)
        self.replica = Replica(
            self.store,
            clock,
            About(name, "bench", schema.HEAD, ("poll",)),
            self.holdings,
            Duties(),
            self.targets,
            poll_soon=self.poller.poll_soon,
            on_rate=self.poller.restretch,
        )
        self.tasks: list[asyncio.Task[None]] = []

    def begin(self) -> None:
        self.tasks = [asyncio.create_task(one()) for one in (self.replica.run, self.poller.run)]

    async def die(self) -> None:
        """Nothing is handed over."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks = []

    async def end(self) -> None:
        """Everything is handed over, also for the next life on the same database."""
        is_alive = bool(self.tasks)
        await self.die()
        if is_alive:
            await self.replica.hand_over()

    @property
    def pages(self) -> int:
        return len(self.poller.fences())


@asynccontextmanager
async def members(url: str, count: int, clock: Clock, settings: PollSettings) -> AsyncIterator[list[Member]]:
    async with HttpClient(user_agent="bench") as client:
        found = [Member(url, f"m{number} {token_hex(4)}", client, clock, settings) for number in range(count)]
        try:
            yield found
        finally:
            await asyncio.gather(*(one.end() for one in found))
            for one in found:
                await asyncio.to_thread(one.store.close)


# --- in real time ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of wall time and of CPU, of this process and of the database; statements for each page."""

    wall_s: float
    own_s: float
    database_s: float
    statements: float

    def __str__(self) -> str:
        parts = f"{self.wall_s:6.1f} s   CPU {self.own_s:6.1f} s   database {self.database_s:6.1f} s"
        return f"{parts}   {self.statements:6.2f} statements a page"


async def timed(database: Server, url: str, of: Sequence[Member], pages: int, act: Callable[[], object]) -> Took:
    """`act` is begun by the caller's own code: an async function without arguments."""
    before = sum(one.store.counts["statements"] + one.store.counts["rows"] for one in of)
    own_s, wall_s = time.process_time(), time.perf_counter()
    with spent(database, url) as cost:
        result = act()
        assert asyncio.iscoroutine(result)
        await result
    own_s, wall_s = time.process_time() - own_s, time.perf_counter() - wall_s
    after = sum(one.store.counts["statements"] + one.store.counts["rows"] for one in of)
    return Took(wall_s, own_s, cost.cpu_s, (after - before) / pages)


async def all_read(of: Sequence[Member], pages: int) -> None:
    """Until every shard is held and every page is read by one of these."""
    while sum(len(one.holdings.shards) for one in of) < SHARDS or sum(one.pages for one in of) < pages:  # noqa: ASYNC110
        await asyncio.sleep(LOOK_S)


async def share(database: Server, url: str, count: int, pages: int, *, is_first: bool) -> bool:
    """One life of so many replicas: start, take everything, one dies."""
    targets = targets_of(pages)
    print(f"\n{pages:,} pages, {count} replica{'s' if count > 1 else ''}")
    is_held = True
    async with members(url, count, Clock(), PollSettings()) as all_members:
        first = all_members[0]
        put = await timed(database, url, [first], pages, lambda: first.targets.add(targets))
        print(f"  {'put in, first' if is_first else 'put in, again':24} {put}")
        if is_first:
            await asyncio.to_thread(first.store.write, read_once)
        for one in all_members[1:]:
            await one.targets.add(targets)

        async def begin() -> None:
            for one in all_members:
                one.begin()
            await all_read(all_members, pages)

        print(f"  {'all shards, all pages':24} {await timed(database, url, all_members, pages, begin)}")
        if count > 1:
            await asyncio.sleep(SETTLED_S)
            await all_members[-1].die()
            left = all_members[:-1]
            took = await timed(database, url, left, pages, lambda: all_read(left, pages))
            print(f"  {'taken over from one':24} {took}")
            is_held = verdict("taken over after", took.wall_s, at_most(17 + pages / 50_000), " s")
    return is_held


def read_once(tx: Tx, now: datetime | None = None, within: timedelta = timedelta(minutes=1)) -> None:
    """As if every feed had been read and was due at its own place in the next minute."""
    tx.execute(
        "UPDATE feed SET state = 'ok', etag = :etag, due_at = CAST(:now AS BIGINT) + (id % 1000) * :step",
        {
            "etag": ETAG,
            "now": round((now or Clock().now()).timestamp() * 1e6),
            "step": round(within.total_seconds() * 1000),
        },
    )


# --- in virtual time ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one poll: microseconds of CPU of the replicas and of the database, statements and rows written."""

    own_us: float
    database_us: float
    statements: float
    rows: float
    wal_bytes: float


class PatientLoop(VirtualLoop):
    """Time stands still as long as anybody waits for a thread or for the database."""

    def __init__(self, all_members: list[Member]) -> None:
        super().__init__()
        self.in_threads = 0
        self.jumping.is_busy = lambda: self.in_threads > 0 or any(one.store.under_way for one in all_members)

    def run_in_executor(self, executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        self.in_threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._came_back)
        return future

    def _came_back(self, _: object) -> None:
        self.in_threads -= 1


def poll_cost(database: Server, url: str, count: int, pages: int, polls: int) -> Cost:
    """What polls cost whose pages are due in bursts of the same size, whatever their number."""
    found: list[Cost] = []
    all_members = list[Member]()
    loop = PatientLoop(all_members)

    async def story() -> None:
        interval = timedelta(seconds=pages / BURST / 4)
        clock = VirtualClock(loop)
        settings = PollSettings(interval=interval, save_every=interval)
        async with members(url, count, clock, settings) as made:
            all_members.extend(made)
            for one in made:
                await one.targets.add(targets_of(pages))
            await asyncio.to_thread(made[0].store.write, partial(read_once, now=clock.now(), within=interval))
            for one in made:
                one.begin()
            await all_read(made, pages)
            await asyncio.sleep(interval.total_seconds() * 2)
            # Whole intervals, in each of which every schedule is written once.
            found.append(await measured(database, url, made, max(polls // pages, 1) * pages))

    play(loop, story())
    return found[0]


async def measured(database: Server, url: str, of: Sequence[Member], polls: int) -> Cost:
    gc.collect()
    for one in of:
        one.store.counts.clear()
    began = sum(one.poller.counters.polls for one in of)
    own_s = time.process_time()
    with spent(database, url) as cost:
        while (done := sum(one.poller.counters.polls for one in of) - began) < polls:  # noqa: ASYNC110
            await asyncio.sleep(0.25)
    own_s = time.process_time() - own_s
    statements = sum(one.store.counts["statements"] for one in of)
    rows = sum(one.store.counts["rows"] for one in of)
    return Cost(own_s / done * 1e6, cost.cpu_s / done * 1e6, statements / done, rows / done, cost.wal_bytes / done)


def report_cost(name: str, cost: Cost) -> None:
    print(
        f"  {name:28} {cost.own_us:8.1f} us {cost.database_us:8.1f} us {cost.statements:8.4f} {cost.rows:6.2f}"
        f" {cost.wal_bytes:8.0f}"
    )


def compare_costs(database: Server, urls: dict[int, str], counts: Sequence[int], polls: int, rounds: int) -> bool:
    few, many = min(urls), max(urls)
    print(f"\na poll in virtual time, bursts of {BURST}; medians of {rounds} rounds")
    print(f"  {'':28} {'own CPU':>11} {'database':>11} {'statements':>8} {'rows':>5} {'WAL':>7}")
    is_flat = True
    for count in counts:
        found: dict[int, list[Cost]] = {few: [], many: []}
        for _ in range(rounds):
            for pages, url in urls.items():
                found[pages].append(poll_cost(database, url, count, pages, polls))
        for pages, costs in found.items():
            report_cost(f"{count} replicas, {pages:,} pages", sorted(costs, key=lambda one: one.own_us)[rounds // 2])
        ratio = median(
            (big.own_us + big.database_us) / (small.own_us + small.database_us)
            for big, small in zip(found[many], found[few], strict=True)
        )
        is_flat &= verdict(f"{many:,} pages beside {few:,}, {count} replicas", ratio, at_most(1.2))
    return is_flat


# --- memory ---------------------------------------------------------------------------------------------------------


def resident_bytes() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def memory(url: str, pages: int) -> tuple[int, int]:
    """Bytes for each page: of the targets as configured, and of everything that polling them needs."""

    spare_memory()

    async def measure() -> tuple[int, int]:
        async with members(url, 1, Clock(), PollSettings()) as (one,):
            await one.targets.add(targets_of(100))
            before = resident_bytes()
            targets = targets_of(pages)
            between = resident_bytes()
            await one.targets.add(targets)
            one.begin()
            await all_read([one], pages)
            return (between - before) // pages, (resident_bytes() - between) // pages

    return asyncio.run(measure())


def in_fresh_process(url: str, pages: int) -> tuple[int, int]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(memory, (url, pages))


# --- the report -----------------------------------------------------------------------------------------------------


def verdict(name: str, value: float, budget: Budget, unit: str = "") -> bool:
    is_met = budget.holds(value)
    print(f"  {name:<44} {value:>9.2f}{unit:<3} {budget} {'ok' if is_met else 'MISSED'}")
    return is_met


def main() -> None:
    asked = arguments(__doc__, pages=100_000, few=1_000, polls=100_000, rounds=3)
    with running_database() as database:
        urls = {pages: database.new_database() for pages in (asked.few, asked.pages)}
        asyncio.run(share(database, urls[asked.few], 1, asked.few, is_first=True))
        verdicts = [
            asyncio.run(share(database, urls[asked.pages], count, asked.pages, is_first=not turn))
            for turn, count in enumerate((1, 2, 4))
        ]
        configured, held = in_fresh_process(urls[asked.pages], asked.pages)
        print(f"\na page as configured takes {configured} bytes, beside that")
        verdicts.append(verdict("to poll it", held, at_most(1536), " B"))
        verdicts.append(compare_costs(database, urls, (1, 2, 4), asked.polls, asked.rounds))
    finish(*verdicts)


if __name__ == "__main__":
    main()
