"""What it costs to know which of 100,000 pages is due: the wheel, the hosts and the next due time, without the poll.

Beside it the usual way, an asyncio task for each page that sleeps until its next poll. Both run the same number of
due pages; the wheel in virtual time, the tasks in real time with intervals short enough to keep the loop busy.

Budgets: at most 2 microseconds of CPU per due page, at most 1 KB of memory per page for all schedule state. Memory is
the growth of the resident set in a fresh process; the values themselves (Page, Feed, their strings), which any
scheduler would need, are reported apart.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import random
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from bench import arguments, compare, finish, show

from statuswire.core import schedule
from statuswire.core.schedule import Due, DueReason
from statuswire.engine.clock import Clock
from statuswire.engine.gate import Gate
from statuswire.engine.hosts import Hosts
from statuswire.engine.polled import PolledFeed, PolledPage, PollSettings
from statuswire.engine.wheel import TICK_S
from statuswire.model import Feed, FeedHealth, FeedSpec, FeedState, Page

CPU_BUDGET_US = 2.0
MEMORY_BUDGET_BYTES = 1024


class _Clock(Clock):
    """Virtual monotonic time."""

    def __init__(self) -> None:
        self.at = 0.0

    def monotonic(self) -> float:
        return self.at


def make_values(pages: int) -> list[tuple[Page, Feed]]:
    """Pages with one feed each, every one on a host of its own."""
    health = FeedHealth(FeedState.OK)
    values = []
    for number in range(pages):
        url = f"https://status.company{number}.example"
        page = Page(number, f"company{number}", f"Company {number}", url, "statuspage")
        spec = FeedSpec(f"{url}/api/v2/summary.json")
        values.append((page, Feed(number, number, spec, etag=f'W/"{number:x}"', wire_digest=bytes(32), health=health)))
    return values


class Schedule:
    """The poller's schedule with polls that end at once and find nothing new."""

    def __init__(self, values: list[tuple[Page, Feed]]) -> None:
        self.clock = _Clock()
        self.settings = PollSettings(interval=timedelta(seconds=60))
        self.started: list[PolledFeed] = []
        self.gate = Gate(self.clock, self.settings, self.started.append)
        hosts: Hosts[PolledFeed] = Hosts()
        self.pages = []
        for page, feed in values:
            held = PolledPage(page)
            polled = PolledFeed(feed, held, hosts.join(feed.spec.url), 0.0)
            held.feeds = (polled,)
            self.pages.append(held)
            self.gate.place(polled, Due(timedelta(seconds=60 * polled.jitter), DueReason.FIRST))
        self.hosts = hosts

    def run(self, polls: int) -> None:
        """Tick until so many pages were due and placed again."""
        done = 0
        pace = self.settings.pace
        while done < polls:
            self.clock.at += TICK_S
            now = self.clock.at
            for polled in self.gate.take_due(now):
                self.gate.admit(polled, now)
            for polled in self.started:
                quiet_for = polled.quiet_for(now)
                due = schedule.after_answer(pace, has_open=polled.page.has_open, quiet_for=quiet_for)
                self.gate.release(polled)
                self.gate.place(polled, due)
            done += len(self.started)
            self.started.clear()


class Tasks:
    """A task for each page, as most pollers have it."""

    def __init__(self, pages: int) -> None:
        self.pages = pages
        self.done = 0

    async def run(self, polls: int) -> None:
        """Let the tasks run until so many have been due."""
        self.done = 0
        finished = asyncio.Event()
        interval = self.pages / 20_000
        tasks = [asyncio.create_task(self._page(interval, polls, finished)) for _ in range(self.pages)]
        await finished.wait()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _page(self, interval: float, polls: int, finished: asyncio.Event) -> None:
        await asyncio.sleep(interval * random.random())
        while True:
            self.done += 1
            if self.done >= polls:
                finished.set()
            await asyncio.sleep(interval)


def resident_bytes() -> int:
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def wheel_memory(pages: int) -> tuple[int, int]:
    """Bytes per page: of the values, and of the schedule."""
    before = resident_bytes()
    values = make_values(pages)
    between = resident_bytes()
    schedule_of_all = Schedule(values)
    schedule_of_all.run(pages)
    after = resident_bytes()
    return (between - before) // pages, (after - between) // pages


def task_memory(pages: int) -> tuple[int, int]:
    async def measure() -> tuple[int, int]:
        before = resident_bytes()
        tasks = [asyncio.create_task(asyncio.sleep(3600)) for _ in range(pages)]
        await asyncio.sleep(0.1)
        after = resident_bytes()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return 0, (after - before) // pages

    return asyncio.run(measure())


def in_fresh_process(measure: Callable[[int], tuple[int, int]], pages: int) -> tuple[int, int]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (pages,))


def main() -> None:
    options = arguments(__doc__, pages=100_000, rounds=5)
    wheel = Schedule(make_values(options.pages))
    tasks = Tasks(options.pages)
    contenders: dict[str, Callable[[int], None] | Callable[[int], Awaitable[None]]] = {
        "wheel, hosts, next due": wheel.run,
        "asyncio task per page": tasks.run,
    }
    comparison = compare(
        contenders, operations=options.pages * 3, rounds=options.rounds, baseline="wheel, hosts, next due"
    )
    show(f"scheduling, {options.pages:,} pages, per due page", comparison)
    figures = sorted(comparison.cpu["wheel, hosts, next due"])
    microseconds = figures[len(figures) // 2] * 1000
    values, state = in_fresh_process(wheel_memory, options.pages)
    _, task = in_fresh_process(task_memory, options.pages)
    out = sys.stderr if options.json else sys.stdout
    print(f"\n  CPU per due page   {microseconds:6.2f} us     budget <= {CPU_BUDGET_US} us", file=out)
    print(f"  schedule per page  {state:6} bytes  budget <= {MEMORY_BUDGET_BYTES} bytes", file=out)
    print(f"  values per page    {values:6} bytes  (Page, Feed and their strings)", file=out)
    print(f"  task per page      {task:6} bytes  (the reference, without a page)", file=out)
    finish(microseconds <= CPU_BUDGET_US, state <= MEMORY_BUDGET_BYTES)


if __name__ == "__main__":
    main()
