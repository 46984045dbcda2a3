"""All that a process has of its peers, as one value: hints, live events, shared buckets, and how Redis is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

from statuswire.config.redis import RedisPlace
from statuswire.engine.clock import Clock
from statuswire.engine.hosts import SharedBuckets
from statuswire.metrics import PeerCounts
from statuswire.model import Event
from statuswire.peers.base import Board, Callback, Topic, Way
from statuswire.peers.frames import Identity
from statuswire.peers.hints import Hints
from statuswire.peers.names import Names

if TYPE_CHECKING:
    from statuswire.peers.buckets import Buckets
    from statuswire.peers.line import Line
    from statuswire.peers.redis import Offer, RedisWay

Jitter = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Redis:
    """What there is where a Redis is configured."""

    line: Line
    way: RedisWay
    buckets: Buckets


class Peers:
    """The others. `told` and `hint` are for the event loop, after a commit."""

    def __init__(self, hints: Hints, ways: Sequence[Way], redis: Redis | None) -> None:
        self._hints = hints
        self._ways = ways
        self._redis = redis

    @property
    def is_alone(self) -> bool:
        """Nobody to speak to: one process has the database, and there is no Redis."""
        return not self._ways

    @property
    def buckets(self) -> SharedBuckets | None:
        return None if self._redis is None else self._redis.buckets

    def hint(self, topic: Topic) -> None:
        self._hints.hint(topic)

    def listen(self, topic: Topic, callback: Callback) -> None:
        self._hints.listen(topic, callback)

    def told(self, events: Sequence[Event]) -> None:
        """Events that were recorded by us, and their transaction committed."""
        if events and not (self._redis is not None and self._redis.way.publish(events)):
            self.hint(Topic.LOG)

    async def run(self) -> None:
        """Until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._hints.run(), name="hints")
            if self._redis is not None:
                group.create_task(self._redis.line.run(), name="redis line")
                hint = self._redis.way.publish_waiting(lambda: self.hint(Topic.LOG))
                group.create_task(hint, name="frames")

    @property
    def redis_state(self) -> str:
        """`closed`, `half_open` or `open` as the circuit is; empty without a Redis."""
        return "" if self._redis is None else self._redis.line.state.value

    def counts(self) -> PeerCounts | None:
        """For the metrics; None where there are no peers."""
        if self.is_alone:
            return None
        if self._redis is None:
            return PeerCounts(hints=self._hints.counts)
        line, way, buckets = self._redis.line, self._redis.way, self._redis.buckets
        return PeerCounts(self.redis_state, line.counts, way.counts, self._hints.counts, buckets.counts)

    def account(self) -> Mapping[str, str]:
        """What `/health` says: how each way is."""
        said = {way.name: "listening" if way.is_hearing else "away" for way in self._ways}
        return said | ({"redis_circuit": self.redis_state} if self._redis is not None else {})


NOBODY = Peers(Hints(Clock(), Board()), (), None)


def join(
    database: str,
    place: RedisPlace | None,
    prefix: str,
    identity: Identity,
    clock: Clock,
    jitter: Jitter,
    offer: Offer,
) -> Peers:
    """The others that have the database at this URL, of PostgreSQL, and hear Redis at `place` where there is one.
    `offer` is the tail's. Raises ImportError where the library for Redis is not installed."""
    board, ways, redis = Board(), list[Way](), None
    if place is not None:
        redis = _redis(place, Names(prefix, identity.database), identity, board, clock, jitter, offer)
        ways.append(redis.way)
    ways.append(import_module("statuswire.peers.postgres").PostgresWay(database, clock, jitter, identity.sender, board))
    return Peers(Hints(clock, board, ways), ways, redis)


def _redis(
    place: RedisPlace, names: Names, identity: Identity, board: Board, clock: Clock, jitter: Jitter, offer: Offer
) -> Redis:
    line: Line = import_module("statuswire.peers.line").Line(place, clock, jitter, on_return=board.ring_all)
    way = import_module("statuswire.peers.redis").RedisWay(line, place, clock, jitter, names, identity, board, offer)
    return Redis(line, way, import_module("statuswire.peers.buckets").Buckets(line, names))
