"""Durable writes and reads of the store on SQLite: what sharing a commit saves, and what knowing a page costs.

Every hook is inserted into the inbox and committed with `synchronous=FULL` before its caller goes on. The baseline does
that by hand, one transaction each, on a bare connection of the standard library.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bench import arguments, at_most, compare, finish, show

from statuswire.model import (
    AffectedComponent,
    Changes,
    Hook,
    Impact,
    Kind,
    KnownComponent,
    KnownIncident,
    KnownUpdate,
    Moment,
    Phase,
    Status,
)
from statuswire.store import Store, Tx, open_store, queries

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
BODY = b'{"incident": {"name": "Slow API", "status": "investigating"}}' * 10
TOGETHER = 64

numbers = count()


def hook() -> Hook:
    return Hook(
        "statuspage", f"message-{next(numbers)}", "statuspage", BODY, NOON, {"content-type": "application/json"}
    )


# --- writing ----------------------------------------------------------------------------------------------------


def bare(connection: sqlite3.Connection) -> Callable[[int], None]:
    sql = "INSERT INTO inbox (source, message_id, platform, body, headers, received_at) VALUES (?, ?, ?, ?, ?, ?)"
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute(
        "CREATE TABLE inbox (id INTEGER PRIMARY KEY, source TEXT, message_id TEXT, platform TEXT, body BLOB,"
        " headers TEXT, received_at BIGINT, UNIQUE (source, message_id))"
    )

    def run(operations: int) -> None:
        for _ in range(operations):
            one = hook()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(sql, (one.source, one.message_id, one.platform, one.body, "{}", 1))
            connection.execute("COMMIT")

    return run


def one_by_one(store: Store) -> Callable[[int], None]:
    def run(operations: int) -> None:
        for _ in range(operations):
            one = hook()
            store.write(lambda tx, one=one: queries.add_hooks(tx, [one]))

    return run


def together(store: Store) -> Callable[[int], Awaitable[None]]:
    """Each hook a work of its own, submitted from the event loop while others wait for their commit."""

    async def run(operations: int) -> None:
        for _ in range(0, operations, TOGETHER):
            futures = [
                store.submit(lambda tx, one=hook(): queries.add_hooks(tx, [one]))  # noqa: B008  (made once per turn)
                for _ in range(TOGETHER)
            ]
            await asyncio.gather(*map(asyncio.wrap_future, futures))

    return run


def in_one_work(store: Store) -> Callable[[int], Awaitable[None]]:
    """What the web layer does: the hooks that have arrived go into the inbox as one work."""

    async def run(operations: int) -> None:
        for _ in range(0, operations, TOGETHER):
            hooks = [hook() for _ in range(TOGETHER)]
            await asyncio.wrap_future(store.submit(lambda tx, hooks=hooks: queries.add_hooks(tx, hooks)))

    return run


def compare_writing(folder: Path, store: Store, operations: int, rounds: int) -> bool:
    with closing(sqlite3.connect(folder / "bare.db", isolation_level=None)) as connection:
        comparison = compare(
            {
                "bare, a commit each": bare(connection),
                "store.write, a commit each": one_by_one(store),
                f"store.submit, {TOGETHER} at once": together(store),
                f"add_hooks, {TOGETHER} in one work": in_one_work(store),
            },
            operations=operations,
            rounds=rounds,
            baseline="bare, a commit each",
        )
    budgets = {f"store.submit, {TOGETHER} at once": at_most(1.0), f"add_hooks, {TOGETHER} in one work": at_most(0.5)}
    return show("durable hook", comparison, budgets)


# --- reading ----------------------------------------------------------------------------------------------------


def page_with(incidents: int, updates: int, phase: Phase) -> Callable[[Tx], tuple[int, tuple[str, ...]]]:
    """A page with 12 components and these incidents; its id and their names."""

    def work(tx: Tx) -> tuple[int, tuple[str, ...]]:
        slug = f"page-{incidents}"
        page = queries.upsert_page(tx, slug=slug, name=slug, url="", platform="statuspage", origin="config")
        made = tuple(_incident(number, phase) for number in range(incidents))
        told = tuple((one.id, _update(number)) for one in made for number in range(updates))
        components = tuple(_component(number) for number in range(12))
        queries.save_changes(tx, page.id, 0, Changes(components=components, incidents=made, updates=told))
        return page.id, tuple(name for one in made for name in (one.id, *one.aliases))

    return work


def _component(number: int) -> KnownComponent:
    moment = Moment(NOON, NOON)
    return KnownComponent(f"k{number}", f"Component {number}", "Europe", Status.OPERATIONAL, "", NOON, moment, NOON)


def _incident(number: int, phase: Phase) -> KnownIncident:
    return KnownIncident(
        id=f"incident-{number}",
        kind=Kind.INCIDENT,
        title="Elevated error rates",
        phase=phase,
        impact=Impact.MINOR,
        url=f"https://status.acme-relay.example/incidents/{number}",
        moment=Moment(NOON, NOON),
        components=(AffectedComponent("k1", "API", None, Status.DEGRADED),),
        aliases=(f"tag:acme:{number}",),
        started_at=NOON,
    )


def _update(number: int) -> KnownUpdate:
    text = "We are looking into elevated error rates of the API in Europe. " * 3
    at = NOON + timedelta(minutes=number)
    return KnownUpdate(f"u{number}", number, Phase.INVESTIGATING, text, at, text, (f"u{number}",), ("f" * 40,), at)


def compare_reading(store: Store, rounds: int) -> bool:
    small, named = store.write(page_with(1, 5, Phase.INVESTIGATING)), store.write(page_with(50, 6, Phase.RESOLVED))

    def load(page_id: int, names: tuple[str, ...]) -> Callable[[int], None]:
        return lambda operations: store.read(
            lambda tx: [queries.load_known(tx, page_id, feed_id=None, ids=names) for _ in range(operations)] and None
        )

    comparison = compare(
        {
            "a setting": lambda operations: store.read(
                lambda tx: [queries.setting(tx, "schema.needs") for _ in range(operations)] and None
            ),
            "12 components, 1 open incident, 5 updates": load(*small),
            "12 components, 50 named incidents, 300 updates": load(*named),
        },
        operations=200,
        rounds=rounds,
        baseline="a setting",
    )
    return show("load_known (CPU ms each = CPU s per 1000)", comparison)


def compare_opening(folder: Path, rounds: int) -> bool:
    def opening(url: Callable[[], str]) -> Callable[[int], None]:
        def run(operations: int) -> None:
            for _ in range(operations):
                open_store(url()).close()

        return run

    existing = f"sqlite:///{folder}/existing.db"
    comparison = compare(
        {
            "in memory": opening(lambda: "sqlite://"),
            "a new file": opening(lambda: f"sqlite:///{folder}/new-{next(numbers)}.db"),
            "an existing file": opening(lambda: existing),
        },
        operations=5,
        rounds=rounds,
        baseline="in memory",
    )
    return show("open and close (CPU s per 1000 = ms each)", comparison)


def main() -> None:
    options = arguments(__doc__, operations=2_000, rounds=7)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with closing(open_store(f"sqlite:///{folder}/store.db")) as store:
            verdicts = (
                compare_writing(folder, store, options.operations, options.rounds),
                compare_reading(store, options.rounds),
                compare_opening(folder, options.rounds),
            )
    finish(*verdicts)


if __name__ == "__main__":
    main()
