"""What is forgotten, and what is kept."""

from __future__ import annotations

import asyncio
from contextlib import closing
from datetime import UTC, datetime, timedelta

from statuswire.config.retention import RetentionConfig
from statuswire.engine.janitor import KEPT, Janitor
from statuswire.model import Delivery, DeliveryState, MessageKind, Story, Verdict, VerdictKind
from statuswire.store import Tx, open_store, partitions, queries
from tests.fakes import FakeClock

KEEP = {name: keep for name, keep, _ in KEPT}


def told(tx: Tx, clock: FakeClock) -> None:
    now = clock.now()
    over = Story("ops", "acme/incident/1", "acme/incident/1", now, is_open=False)
    queries.save_stories(tx, [over, Story("ops", "acme/incident/2", "acme/incident/2", now, is_open=True)])
    queries.add_verdicts(tx, [Verdict(1, "ops", VerdictKind.TOLD, "")], now)
    queries.save_thread(tx, "ops", "acme/incident/1", {"ts": "1"}, now)
    one = Delivery(0, "ops", "0", "msg_1", MessageKind.EVENT, (1,))
    queries.add_delivery(tx, one, "slack", now)
    (put_in,) = queries.oldest(tx, queries.Lane("ops", "0", 0, 0), 1)
    queries.give_up(tx, [put_in], DeliveryState.DROPPED, "", now)


def kept(tx: Tx) -> dict[str, int]:
    tables = ("story", "verdict", "thread", "delivery_log")
    return {table: tx.all(f"SELECT count(*) FROM {table}")[0][0] for table in tables}


async def _aged(clock: FakeClock, age: timedelta) -> dict[str, int]:
    """What is left of it that long after."""
    store = open_store("sqlite://")
    store.write(lambda tx: told(tx, clock))
    await clock.advance(age.total_seconds())
    await Janitor(store, clock, RetentionConfig()).clean_up()
    return store.read(kept)


def test_what_was_told_long_ago_is_forgotten_and_what_is_still_open_is_kept() -> None:
    left = asyncio.run(_aged(FakeClock(), KEEP["stories"] + timedelta(seconds=1)))

    assert left == {"story": 1, "verdict": 0, "thread": 0, "delivery_log": 0}


def test_what_was_told_within_a_quarter_is_kept() -> None:
    left = asyncio.run(_aged(FakeClock(), KEEP["stories"] - timedelta(hours=1)))

    assert left == {"story": 2, "verdict": 1, "thread": 1, "delivery_log": 1}


def test_parts_by_time_are_made_ahead_while_a_service_runs(postgres_database: str) -> None:
    clock = FakeClock(datetime(2050, 5, 4, 12, tzinfo=UTC))
    with closing(open_store(postgres_database)) as store:
        asyncio.run(Janitor(store, clock, RetentionConfig()).clean_up())

        assert store.write(lambda tx: partitions.prepare(tx, clock.now())) == 0
