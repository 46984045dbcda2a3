"""Two tails over one log with a real Redis between: what is told, by which way, and what never is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from statuswire.config.redis import RedisPlace
from statuswire.engine.clock import Clock
from statuswire.engine.tail import Tail
from statuswire.model import Event, EventType, PageRef, Source
from statuswire.peers.base import Board, Topic
from statuswire.peers.buckets import Buckets
from statuswire.peers.frames import Identity, pack
from statuswire.peers.hints import Hints
from statuswire.peers.line import Line
from statuswire.peers.names import Names
from statuswire.peers.redis import RedisWay
from statuswire.peers.together import Peers, Redis
from statuswire.store import Store, open_store, queries
from tests.peers.scene import PATIENT_S, SHORT_S, identity, line_to, play, running, until
from tests.servers.redis import RedisServer

PAGE = PageRef("acme", "Acme", "https://status.acme.example")
JITTER = 0.0


class Log:
    """A store that both have."""

    def __init__(self) -> None:
        self.store: Store = open_store("sqlite://")
        self.page = self.store.write(
            lambda tx: queries.upsert_page(
                tx, slug=PAGE.slug, name=PAGE.name, url=PAGE.url, platform="", origin="config"
            )
        )
        self.count = 0

    def record(self, count: int = 1) -> tuple[Event, ...]:
        """Events that are committed."""
        numbers = range(self.count, self.count + count)
        self.count += count
        now = Clock().now()
        events = [
            Event(EventType.HEARTBEAT, f"key-{number}", now - timedelta(seconds=2), now, Source.HOOK, PAGE)
            for number in numbers
        ]
        return self.store.write(lambda tx: queries.append_events(tx, self.page.id, events))


@dataclass
class Replica:
    """One process: a tail, what it told, and its peers."""

    tail: Tail
    told: list[int]
    rung: list[Topic]
    line: Line
    way: RedisWay
    peers: Peers

    @property
    def is_ready(self) -> bool:
        return self.line.is_there and self.way.is_hearing


def replica(log: Log, place: RedisPlace, who: Identity, deadline_s: float = PATIENT_S) -> Replica:
    clock, board, names = Clock(), Board(), Names("statuswire", who.database)
    tail = Tail(log.store, clock)
    line = line_to(place, deadline_s, board.ring_all)
    way = RedisWay(line, place, clock, lambda: JITTER, names, who, board, tail.offer)
    peers = Peers(Hints(clock, board, [way]), [way], Redis(line, way, Buckets(line, names)))
    made = Replica(tail, [], [], line, way, peers)
    for topic in Topic:
        peers.listen(topic, lambda topic=topic: made.rung.append(topic))  # type: ignore[misc]
    peers.listen(Topic.LOG, tail.notify)
    return made


@asynccontextmanager
async def at_work(*replicas: Replica, looks: bool = True) -> AsyncIterator[None]:
    """All of them run and hear each other; without `looks` their tails tell only what is offered."""

    def hear(told: list[int], events: Sequence[Event]) -> None:
        told += [event.id for event in events]

    for one in replicas:
        await one.tail.follow(lambda events, told=one.told: hear(told, events))  # type: ignore[misc]
    tails = [one.tail.run() for one in replicas] if looks else []
    async with running(*(one.peers.run() for one in replicas), *tails):
        await until(lambda: all(one.is_ready for one in replicas))
        yield


@pytest.fixture
def log() -> Iterator[Log]:
    made = Log()
    yield made
    made.store.close()


def test_what_one_has_recorded_the_other_tells_without_reading_the_log(log: Log, redis_server: RedisServer) -> None:
    async def scene() -> None:
        one, two = (replica(log, redis_server.place, identity(name)) for name in ("one", "two"))
        async with at_work(one, two, looks=False):
            one.peers.told(log.record(3))
            await until(lambda: two.told == [1, 2, 3])
            assert two.way.counts["taken"] == 1
            assert one.way.counts["sent"] == 1 and one.way.counts["taken"] == 0

    play(scene)


def test_frames_that_arrive_in_another_order_than_their_commits_are_all_told_in_order(
    log: Log, redis_server: RedisServer
) -> None:
    async def scene() -> None:
        one, two = (replica(log, redis_server.place, identity(name)) for name in ("one", "two"))
        async with at_work(one, two):
            first, second = log.record(2), log.record(2)
            one.peers.told(second)
            await until(lambda: two.told == [1, 2, 3, 4])
            one.peers.told(first)
            await until(lambda: two.way.counts["known"] >= 1)

        assert two.told == [1, 2, 3, 4]

    play(scene)


@pytest.mark.parametrize("topic", list(Topic))
def test_a_hint_wakes_the_others_and_not_oneself(log: Log, redis_server: RedisServer, topic: Topic) -> None:
    async def scene() -> None:
        one, two = (replica(log, redis_server.place, identity(name)) for name in ("one", "two"))
        async with at_work(one, two):
            one.rung.clear()
            two.rung.clear()
            one.peers.hint(topic)
            await until(lambda: two.rung == [topic])
            assert one.rung == []

    play(scene)


def test_another_installation_at_the_same_redis_says_nothing_to_us(log: Log, redis_server: RedisServer) -> None:
    async def scene() -> None:
        ours = replica(log, redis_server.place, identity("ours"))
        other = Log()
        theirs = replica(other, redis_server.place, identity("theirs", database="d2", secret=b"another"))
        async with at_work(ours, theirs):
            ours.rung.clear()
            theirs.peers.told(other.record(1))
            theirs.peers.hint(Topic.OWN)
            await until(lambda: theirs.way.counts["sent"] == 1)
            assert redis_server.command("PUBSUB", "NUMSUB", "statuswire:d2:events").endswith(b":1\r\n")
            assert (ours.told, ours.rung, dict(ours.way.counts)) == ([], [], {})
        other.store.close()

    play(scene)


@pytest.mark.parametrize("kind", ["not ours", "garbage", "unsigned", "of before the restore"])
def test_a_wrong_frame_is_counted_and_nothing_of_it_is_told(log: Log, redis_server: RedisServer, kind: str) -> None:
    made_up = replace(log.record(1)[0], id=1, key="made up")
    log.store.write(lambda tx: tx.execute("DELETE FROM event"))
    wrong = {
        "not ours": next(pack(identity("x", secret=b"guessed"), [made_up])),
        "garbage": b"\x00\xff not a frame",
        "unsigned": next(pack(identity("x"), [made_up]))[16:],
        "of before the restore": next(pack(identity("x", database="d0"), [made_up])),
    }[kind]

    async def scene() -> None:
        two = replica(log, redis_server.place, identity("two"))
        other = line_to(redis_server.place)
        async with at_work(two), running(other.run()):
            await until(lambda: other.is_there)
            assert await other.ask(("PUBLISH", "statuswire:d1:events", wrong)) == [1]
            assert await other.ask(("PUBLISH", "statuswire:d1:hints", b"x weather \xff")) == [1]
            await until(lambda: two.way.counts["refused"] == 2)
            assert two.told == []

    play(scene)


def test_a_frame_sent_again_later_tells_nothing_twice(log: Log, redis_server: RedisServer) -> None:
    async def scene() -> None:
        two = replica(log, redis_server.place, identity("two"))
        other = line_to(redis_server.place)
        async with at_work(two), running(other.run()):
            await until(lambda: other.is_there)
            frame = next(pack(identity("one"), log.record(1)))
            for _ in range(3):
                await other.ask(("PUBLISH", "statuswire:d1:events", frame))
            await until(lambda: two.way.counts["known"] == 2)
            assert two.told == [1]

    play(scene)


# --- a Redis that fails -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["kill", "pause", "flush"])
def test_whatever_happens_to_redis_under_use_everything_is_told_once_and_in_order(
    log: Log, own_redis: RedisServer, fault: str
) -> None:
    """While it is away the tails' own look brings what the frames do not; afterwards frames are taken again."""

    async def scene() -> None:
        one, two = (replica(log, own_redis.place, identity(name), SHORT_S) for name in ("one", "two"))
        async with at_work(one, two):
            for _ in range(3):
                one.peers.told(log.record(2))
            await until(lambda: len(two.told) == 6)
            getattr(own_redis, fault)()
            for _ in range(10):
                one.peers.told(log.record(2))
                await asyncio.sleep(0.005)
            await until(lambda: len(two.told) == 26)

            {"kill": own_redis.start, "pause": own_redis.resume, "flush": own_redis.flush}[fault]()
            await until(lambda: one.is_ready and two.is_ready)
            taken = two.way.counts["taken"]
            while two.way.counts["taken"] == taken:
                one.peers.told(log.record(1))
                await asyncio.sleep(0.01)
            await until(lambda: len(two.told) == log.count)

        assert two.told == list(range(1, log.count + 1))
        assert one.way.counts["refused"] == two.way.counts["refused"] == 0

    play(scene)


def test_whoever_hears_again_is_rung_for_every_topic(log: Log, own_redis: RedisServer) -> None:
    async def scene() -> None:
        one = replica(log, own_redis.place, identity("one"), SHORT_S)
        async with at_work(one):
            one.rung.clear()
            own_redis.kill()
            await until(lambda: not one.way.is_hearing)
            own_redis.start()
            await until(lambda: set(one.rung) == set(Topic) and one.is_ready)

    play(scene)


def test_events_that_cannot_be_published_become_a_hint_by_another_way(log: Log, own_redis: RedisServer) -> None:
    sent: list[Topic] = []

    class Other:
        name, is_hearing = "postgres", True

        async def send(self, topics: Sequence[Topic]) -> bool:
            sent.extend(topics)
            return True

        async def run(self) -> None:
            await asyncio.Event().wait()

    async def scene() -> None:
        one = replica(log, own_redis.place, identity("one"), SHORT_S)
        assert one.peers._redis is not None
        both = [one.way, Other()]
        one.peers = Peers(Hints(Clock(), Board(), both), both, one.peers._redis)  # type: ignore[arg-type]
        async with at_work(one):
            own_redis.pause()
            one.peers.told(log.record(1))
            await until(lambda: sent == [Topic.LOG])
            one.peers.hint(Topic.INBOX)
            await until(lambda: sent == [Topic.LOG, Topic.INBOX])
            own_redis.resume()

    play(scene)
