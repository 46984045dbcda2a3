"""Planning and delivering with one and two processes on one PostgreSQL, beside one process on SQLite.

Events are put into the log; the real planner makes two deliveries of each, the real dispatchers claim their lanes and
carry them out; the receiver answers at once. One process has the duty to plan, all deliver. They share the machine's
cores with the database, so beside the rate stands what a delivery costs in CPU. A rate without a budget: where many
lanes wait for the disk it is that of the disk.
"""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from statistics import median

from bench import arguments
from child import Child, child
from database import Server as Database
from database import running_database, spent
from dispatch import PAGE, event

from statuswire.store import Tx, open_store, queries

EACH = 2
"""Deliveries of an event."""

LIMIT_S = 120.0
LOOK_S = 0.05


@dataclass(frozen=True, slots=True)
class Teller:
    process: Child

    def ask(self) -> tuple[int, float]:
        """Deliveries sent and seconds of CPU since its start."""
        answer = json.loads(self.process.ask())
        return int(answer["sent"]), float(answer["cpu_s"])


@contextmanager
def telling(url: str, part: str) -> Iterator[Teller]:
    with child("teller.py", url, part) as process:
        assert process.ready == "ready"
        yield Teller(process)


@dataclass(frozen=True, slots=True)
class Round:
    """Deliveries a second of wall time; milliseconds of CPU for each, of the processes and of the database."""

    rate: float
    own_ms: float
    database_ms: float


def put_in(tx: Tx, numbers: range) -> None:
    page = queries.upsert_page(tx, slug=PAGE.slug, name=PAGE.name, url=PAGE.url, platform="statuspage", origin="config")
    queries.append_events(tx, page.id, [event(number) for number in numbers])


def measure(url: str, tellers: int, database: Database | None, numbers: range) -> Round:
    """On SQLite events are put in before the process begins, which has the database for itself."""
    with closing(open_store(url)) as store:
        if database is None:
            store.write(lambda tx: queries.set_follower(tx, "planner", queries.last_event_id(tx)))
        store.write(lambda tx: put_in(tx, numbers[: len(numbers) if database is None else 1]))
    with ExitStack() as stack:
        all_tellers = [stack.enter_context(telling(url, "deliver" if n else "plan")) for n in range(tellers)]
        wanted = (len(numbers) - (database is not None)) * EACH
        cost = stack.enter_context(spent(database, url)) if database else None
        sent, own_s = totals(all_tellers)
        began_s = time.perf_counter()
        if database is not None:
            with closing(open_store(url)) as store:
                store.write(lambda tx: put_in(tx, numbers[1:]))
        while (now := totals(all_tellers))[0] - sent < wanted:
            time.sleep(LOOK_S)
            assert time.perf_counter() - began_s < LIMIT_S, "deliveries are missing"
        elapsed_s = time.perf_counter() - began_s
    each = 1000 / wanted
    return Round((now[0] - sent) / elapsed_s, (now[1] - own_s) * each, cost.cpu_s * each if cost else 0.0)


def totals(tellers: Sequence[Teller]) -> tuple[int, float]:
    answers = [one.ask() for one in tellers]
    return sum(sent for sent, _ in answers), sum(cpu_s for _, cpu_s in answers)


def main() -> None:
    asked = arguments(__doc__, events=2_000, rounds=3)
    found: dict[str, list[Round]] = {"SQLite": [], "PostgreSQL, 1": [], "PostgreSQL, 2": []}
    with tempfile.TemporaryDirectory() as folder, running_database() as database:
        urls = {name: database.new_database() for name in found} | {"SQLite": f"sqlite:///{folder}/bench.db"}
        for turn in range(asked.rounds):
            numbers = range(turn * asked.events, (turn + 1) * asked.events)
            for name, rounds in found.items():
                tellers = 2 if name.endswith("2") else 1
                rounds.append(measure(urls[name], tellers, None if name == "SQLite" else database, numbers))
    print(f"\nplanned and delivered, {asked.rounds} rounds, medians")
    print(f"  {'':16} {'a second':>9} {'ms of CPU':>10} {'of database':>12}")
    for name, rounds in found.items():
        rate, own_ms = median(one.rate for one in rounds), median(one.own_ms for one in rounds)
        print(f"  {name:16} {rate:>9,.0f} {own_ms:>10.3f} {median(one.database_ms for one in rounds):>12.3f}")


if __name__ == "__main__":
    main()
