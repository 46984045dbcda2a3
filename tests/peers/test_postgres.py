"""Hints through a real PostgreSQL: heard, throttled, lost and made up for; identities and tails over one database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Barrier

import psycopg
import pytest

from statuswire import wiring
from statuswire.engine.clock import Clock
from statuswire.engine.tail import Tail
from statuswire.model import Event, EventType, PageRef, Source
from statuswire.peers.base import Board, Topic
from statuswire.peers.hints import GAP_S, Hints
from statuswire.peers.postgres import PostgresWay
from statuswire.peers.together import join
from statuswire.store import Store, Tx, open_store, queries
from tests.peers.scene import identity, play, running, until
from tests.servers import postgres
from tests.servers.redis import RedisServer

PAGE = PageRef("acme", "Acme", "https://status.acme.example")


@dataclass
class Replica:
    way: PostgresWay
    hints: Hints
    rung: list[Topic] = field(default_factory=list)


def replica(url: str, name: str) -> Replica:
    clock, board = Clock(), Board()
    way = PostgresWay(url, clock, lambda: 0.0, name, board)
    made = Replica(way, Hints(clock, board, [way]))
    for topic in Topic:
        board.listen(topic, lambda topic=topic: made.rung.append(topic))  # type: ignore[misc]
    return made


@asynccontextmanager
async def at_work(*replicas: Replica) -> AsyncIterator[None]:
    async with running(*(one.hints.run() for one in replicas)):
        await until(lambda: all(one.way.is_hearing for one in replicas))
        for one in replicas:
            one.rung.clear()
        yield


def server_side(url: str, sql: str) -> list[tuple[object, ...]]:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        return connection.execute(sql.encode()).fetchall()


CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'statuswire hints'"


@pytest.mark.parametrize("topic", list(Topic))
def test_a_hint_wakes_the_others_and_not_oneself(postgres_database: str, topic: Topic) -> None:
    async def scene() -> None:
        one, two, three = (replica(postgres_database, name) for name in ("one", "two", "three"))
        async with at_work(one, two, three):
            one.hints.hint(topic)
            await until(lambda: two.rung == three.rung == [topic])
            assert one.rung == []

    play(scene)


def test_a_thousand_hints_are_a_few_notifies(postgres_database: str) -> None:
    async def scene() -> None:
        one, two = (replica(postgres_database, name) for name in ("one", "two"))
        async with at_work(one, two):
            loop = asyncio.get_running_loop()
            began_s = loop.time()
            for _ in range(1000):
                one.hints.hint(Topic.LOG)
                await asyncio.sleep(0)
            took_s = loop.time() - began_s
            await until(lambda: two.rung.count(Topic.LOG) >= 2)
            assert one.hints.counts["postgres"] <= 2 + took_s / GAP_S

    play(scene)


def test_both_may_speak_at_the_same_time(postgres_database: str) -> None:
    """Sending and hearing share a connection; neither may take the other's answers."""

    async def scene() -> None:
        one, two = (replica(postgres_database, name) for name in ("one", "two"))
        async with at_work(one, two):
            for _ in range(30):
                await asyncio.gather(one.way.send([Topic.LOG]), two.way.send([Topic.INBOX]))
            await until(lambda: Topic.INBOX in one.rung and Topic.LOG in two.rung)
            one.rung.clear()
            two.rung.clear()
            assert await two.way.send([Topic.LANES]) and await one.way.send([Topic.OWN])
            await until(lambda: Topic.LANES in one.rung and Topic.OWN in two.rung)
            assert one.way.counts["opened"] == two.way.counts["opened"] == 1

    play(scene)


def test_a_connection_that_was_cut_comes_back_by_itself_and_everything_is_looked_at_once(
    postgres_database: str,
) -> None:
    async def scene() -> None:
        one, two = (replica(postgres_database, name) for name in ("one", "two"))
        async with at_work(one, two):
            assert len(await asyncio.to_thread(server_side, postgres_database, CUT)) == 2
            await until(lambda: one.way.counts["opened"] == two.way.counts["opened"] == 2)
            assert set(one.rung) == set(two.rung) == set(Topic)
            one.rung.clear()
            two.hints.hint(Topic.LANES)
            await until(lambda: one.rung == [Topic.LANES])

    play(scene)


def test_a_hint_that_cannot_be_sent_is_no_error(postgres_database: str) -> None:
    async def scene() -> None:
        away = replica("postgresql://127.0.0.1:1/none", "away")
        assert not await away.way.send([Topic.LOG])
        here = replica(postgres_database, "here")
        async with at_work(here):
            await asyncio.to_thread(server_side, postgres_database, CUT)
            here.hints.hint(Topic.LOG)
            await until(lambda: here.way.counts["opened"] == 2)

    play(scene)


def test_what_others_say_on_the_channel_is_counted_and_no_more(postgres_database: str) -> None:
    async def scene() -> None:
        one = replica(postgres_database, "one")
        async with at_work(one):
            await asyncio.to_thread(server_side, postgres_database, "SELECT pg_notify('statuswire', 'x weather')")
            await until(lambda: one.way.counts["refused"] == 1)
            assert one.rung == []

    play(scene)


def test_a_server_that_restarts_is_heard_again() -> None:
    async def scene(server: postgres.Server) -> None:
        one = replica(server.url(), "one")
        async with at_work(one):
            await asyncio.to_thread(server.stop, "immediate")
            await until(lambda: not one.way.is_hearing)
            await asyncio.to_thread(server.start)
            await until(lambda: set(one.rung) == set(Topic))

    with postgres.running() as server:
        play(lambda: scene(server))


# --- several processes over one database -------------------------------------------------------------------------


def test_two_processes_that_begin_together_have_one_identity_and_one_secret(postgres_database: str) -> None:
    together = Barrier(2)

    def begin(store: Store) -> tuple[str, bytes]:
        def work(tx: Tx) -> tuple[str, bytes]:
            queries.setting(tx, queries.IDENTITY_SETTING)
            together.wait(10)
            return wiring.identity_settings(tx)

        return store.write(work)

    with closing(open_store(postgres_database)) as one, closing(open_store(postgres_database)) as two:
        with ThreadPoolExecutor(2) as threads:
            first, second = threads.map(begin, (one, two))
        kept = one.read(lambda tx: queries.setting(tx, queries.IDENTITY_SETTING))

    assert first == second and first[0] == kept


def record(store: Store, numbers: range) -> tuple[Event, ...]:
    def work(tx: Tx) -> tuple[Event, ...]:
        page = queries.page_by_slug(tx, PAGE.slug) or queries.upsert_page(
            tx, slug=PAGE.slug, name=PAGE.name, url=PAGE.url, platform="rss", origin="config"
        )
        now = Clock().now()
        events = [
            Event(EventType.HEARTBEAT, f"key-{number}", now - timedelta(seconds=2), now, Source.HOOK, PAGE)
            for number in numbers
        ]
        return queries.append_events(tx, page.id, events)

    return store.write(work)


@pytest.mark.parametrize("with_redis", [False, True], ids=["hints alone", "with Redis"])
def test_events_of_one_process_are_on_the_tail_of_the_other_whatever_fails_between(
    postgres_database: str, own_redis: RedisServer, with_redis: bool
) -> None:
    """Two stores, two tails, both writing; Redis is killed and the hints' connections are cut on the way."""
    told: dict[str, list[int]] = {"one": [], "two": []}

    async def scene(stores: Sequence[Store]) -> None:
        clock, place = Clock(), own_redis.place if with_redis else None
        tails = [Tail(store, clock) for store in stores]
        several = [
            join(postgres_database, place, "statuswire", identity(name), clock, lambda: 0.0, tail.offer)
            for name, tail in zip(told, tails, strict=True)
        ]
        for name, tail, peers in zip(told, tails, several, strict=True):
            await tail.follow(lambda events, name=name: told[name].extend(event.id for event in events))  # type: ignore[misc]
            peers.listen(Topic.LOG, tail.notify)
        async with running(*(tail.run() for tail in tails), *(peers.run() for peers in several)):
            await until(lambda: all(set(peers.account().values()) <= {"listening", "closed"} for peers in several))
            for turn in range(20):
                for number, (store, tail, peers) in enumerate(zip(stores, tails, several, strict=True)):
                    first = turn * 6 + number * 3
                    events = await asyncio.to_thread(record, store, range(first, first + 3))
                    tail.notify()
                    peers.told(events)
                if turn == 5:
                    await asyncio.to_thread(server_side, postgres_database, CUT)
                if turn == 10:
                    own_redis.kill()
                if turn == 15:
                    own_redis.start()
            await until(lambda: all(len(ids) == 120 for ids in told.values()))

    with closing(open_store(postgres_database)) as one, closing(open_store(postgres_database)) as two:
        play(lambda: scene((one, two)))

    assert told["one"] == told["two"] == list(range(1, 121))
