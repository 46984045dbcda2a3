"""How many replicas, and how much of a database, so many pages need: a model in virtual time with measured costs.

What is due when, and on which replica, comes of the engine itself: shards by host, fair shares, the wheel, the gate,
the next due time, faster where something is open. Most polls find nothing, some a changed document, a few an incident.
Each thing costs what the benchmarks have measured (`Costs`), and a replica is not to be busier than 60 % of one core,
since Python uses no second one.

    python benchmarks/simulate.py [--pages N] [--interval S] [--check]

`--check` runs a real replica on a real PostgreSQL for two minutes and compares with what the model says of it.
"""

from __future__ import annotations

import argparse
import asyncio
import math
import random
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from bench import at_most, finish
from database import running_database, spent
from replicas import Member, all_read, members, read_once, targets_of, verdict
from scheduling import Schedule, make_values

from statuswire.core import schedule
from statuswire.core.leases import SHARDS, fair_share, shard_of
from statuswire.engine.clock import Clock
from statuswire.engine.polled import PollSettings
from statuswire.engine.wheel import TICK_S

BUSY_AT_MOST = 0.6
KEPT_HOSTS = 512
DAY_S = 86_400.0
CHECK_PAGES, CHECK_S = 6_000, 30.0


@dataclass(frozen=True, slots=True)
class Costs:
    """Milliseconds of CPU of a replica and of the database for one of each, bytes of write-ahead log.

    From `replicas`, `tls_resumption`, `poll_product`, `changed_feed`, `replica_hooks` and `replica_dispatch`, measured
    on 2026-11-29. A delivery includes its share of planning.
    """

    schedule: tuple[float, float, float] = (0.045, 0.020, 250.0)
    """A poll without its request: wheel, decision, the schedule that is written once a minute."""

    kept: tuple[float, float, float] = (0.35, 0.0, 0.0)
    fresh: tuple[float, float, float] = (1.8, 0.0, 0.0)
    changed: tuple[float, float, float] = (3.0, 1.0, 5_000.0)
    hook: tuple[float, float, float] = (2.2, 1.2, 7_100.0)
    delivery: tuple[float, float, float] = (2.9, 2.0, 3_000.0)
    lease_s: tuple[float, float, float] = (4.0, 3.0, 6_000.0)
    """Of each second of each replica: looks, renewals, comparing pages."""


@dataclass(frozen=True, slots=True)
class World:
    """What pages do in a day: documents that change without news, incidents with so many updates and so long, hooks
    for each update on a share of pages, deliveries for each event."""

    changes: float = 12.0
    incidents: float = 0.07
    updates: float = 4.0
    open_s: float = 5_400.0
    hooked: float = 0.2
    deliveries: float = 2.0


@dataclass(frozen=True, slots=True)
class Load:
    """Of one second: polls, changed documents, hooks, deliveries; CPU of the busiest replica and of the database as
    shares of one core; commits that tell something, which wait for one another; bytes of log. `burst` is the most that
    was due in one tick of one replica."""

    polls: float
    changed: float
    hooks: float
    deliveries: float
    replica: float
    database: float
    telling: float
    wal_bytes: float
    burst: int


def shares(pages: int, replicas: int) -> list[list[int]]:
    """The numbers of the pages of each replica, by the shards of their hosts."""
    fair = fair_share(replicas)
    found: list[list[int]] = [[] for _ in range(replicas)]
    for number in range(pages):
        found[min(shard_of(f"status.company{number}.example") // fair, replicas - 1)].append(number)
    return found


def polls_of(numbers: Sequence[int], interval_s: float, open_share: float, seconds: float) -> tuple[float, int]:
    """Polls a second of one replica, and the most in one tick, by the engine's own schedule."""
    plan = Schedule(make_values(len(numbers)))
    dice = random.Random(7)
    pace = replace(plan.settings.pace, interval=timedelta(seconds=interval_s))
    for held in plan.pages:
        held.has_open = dice.random() < open_share
        for polled in held.feeds:
            plan.gate.place(polled, schedule.overdue(pace, polled.jitter))
    done, most = 0, 0
    while plan.clock.at < seconds:
        plan.clock.at += TICK_S
        for polled in plan.gate.take_due(plan.clock.at):
            plan.gate.admit(polled, plan.clock.at)
        for polled in plan.started:
            plan.gate.release(polled)
            plan.gate.place(polled, schedule.after_answer(pace, has_open=polled.page.has_open))
        done, most = done + len(plan.started), max(most, len(plan.started))
        plan.started.clear()
    return done / seconds, most


def load(pages: int, interval_s: float, replicas: int, world: World, costs: Costs) -> Load:
    open_share = min(world.incidents * world.open_s / DAY_S, 1.0)
    spread = shares(pages, replicas)
    seconds = max(2 * interval_s, 120.0)
    busiest = max(spread, key=len)
    own_polls, burst = polls_of(busiest, interval_s, open_share, seconds)
    part = len(busiest) / pages
    polls = own_polls / part
    events = pages * world.incidents * world.updates / DAY_S
    changed = min(pages * world.changes / DAY_S + events, polls)
    hooks, deliveries = events * world.hooked, events * world.deliveries
    kept = min(KEPT_HOSTS / max(len(busiest), 1), 1.0)
    amounts = (
        (polls, costs.schedule),
        (polls * kept, costs.kept),
        (polls * (1 - kept), costs.fresh),
        (changed, costs.changed),
        (hooks, costs.hook),
        (deliveries, costs.delivery),
    )
    own, database, wal = (sum(amount * cost[place] for amount, cost in amounts) for place in range(3))
    return Load(
        polls,
        changed,
        hooks,
        deliveries,
        (own * part + costs.lease_s[0]) / 1000,
        (database + costs.lease_s[1] * replicas) / 1000,
        events + hooks,
        wal + costs.lease_s[2] * replicas,
        burst,
    )


def replicas_for(pages: int, interval_s: float, world: World, costs: Costs) -> tuple[int, Load]:
    """The fewest whose busiest is not too busy, and the load then."""
    count = 1
    while True:
        found = load(pages, interval_s, count, world, costs)
        if found.replica <= BUSY_AT_MOST or count >= SHARDS:
            return count, found
        count = max(count + 1, math.floor(count * found.replica / BUSY_AT_MOST))


def show(rows: Sequence[tuple[int, float]]) -> None:
    head = (
        "pages",
        "every s",
        "replicas",
        "polls/s",
        "burst",
        "changed/s",
        "sent/s",
        "busiest",
        "database",
        "WAL KB/s",
    )
    print("\n| " + " | ".join(head) + " |\n|" + " --- |" * len(head))
    for pages, interval_s in rows:
        count, found = replicas_for(pages, interval_s, World(), Costs())
        cells = (
            f"{pages:,}", f"{interval_s:.0f}", f"{count}", f"{found.polls:,.0f}", f"{found.burst}",
            f"{found.changed:.1f}", f"{found.deliveries:.2f}", f"{found.replica:.0%}", f"{found.database:.1%}",
            f"{found.wal_bytes / 1024:,.0f}",
        )  # fmt: skip
        print("| " + " | ".join(cells) + " |")


# --- the check ------------------------------------------------------------------------------------------------------


async def real(pages: int, seconds: float) -> tuple[float, float, float]:
    """Polls a second, and the shares of a core that one replica and its database took, with answers at no cost."""
    with running_database() as database:
        url = database.new_database()
        async with members(url, 1, Clock(), PollSettings(save_every=timedelta(seconds=15))) as (one,):
            await one.targets.add(targets_of(pages))
            await asyncio.to_thread(one.store.write, read_once)
            one.begin()
            await all_read([one], pages)
            await asyncio.sleep(75)
            before, own_s, began_s = polls_so_far(one), time.process_time(), time.perf_counter()
            with spent(database, url) as cost:
                await asyncio.sleep(seconds)
            took_s = time.perf_counter() - began_s
            own_s = time.process_time() - own_s
            return (polls_so_far(one) - before) / took_s, own_s / took_s, cost.cpu_s / took_s


def polls_so_far(one: Member) -> int:
    return one.poller.counters.polls


def check() -> bool:
    """The model with nothing to find and requests that cost nothing, beside the real thing."""
    nothing = (0.0, 0.0, 0.0)
    still = World(changes=0.0, incidents=0.0)
    model = load(CHECK_PAGES, 60.0, 1, still, Costs(kept=nothing, fresh=nothing))
    polls, own, database = asyncio.run(real(CHECK_PAGES, CHECK_S))
    print(f"\n{CHECK_PAGES:,} pages every 60 s, one replica   {'model':>9} {'measured':>9}")
    for name, said, found in (
        ("polls a second", model.polls, polls),
        ("share of a core, replica", model.replica, own),
        ("share of a core, database", model.database, database),
    ):
        print(f"  {name:<40} {said:9.3f} {found:9.3f}")
    off = max(model.polls / polls, polls / model.polls)
    return verdict("polls, model and measured, apart", off, at_most(1.15))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, help="only so many")
    parser.add_argument("--interval", type=float, default=60.0, help="seconds between two polls; default 60")
    parser.add_argument("--check", action="store_true", help="compare with a real replica")
    asked = parser.parse_args()
    some = (100, 1_000, 5_000, 20_000, 100_000)
    show([(asked.pages, asked.interval)] if asked.pages else [*((n, 60.0) for n in some), (100_000, 300.0)])
    finish(check() if asked.check else True)


if __name__ == "__main__":
    main()
