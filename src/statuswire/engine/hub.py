"""What the tail tells, to any number of subscribers of this process: streams of the API and the dashboard.

Each event is encoded once, each filter asked once, whatever number of subscribers share it. A subscriber that does not
fetch what waits for it is dropped: it knows the last id that it got, and goes on from the log when it comes back.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from statuswire.core.routing import Facts, mismatch
from statuswire.engine.clock import Clock
from statuswire.model import Event, Filter
from statuswire.wire import encode_event

MAX_WAITING = 64
PLACES = 2_000
MAX_FOR_ONE = 100
"""Subscribers of one network: more than a team behind one address needs, and not enough to keep all others out."""

BEAT_S = 15.0
"""Less than the shortest time after which a proxy closes what is silent (nginx: 60 s)."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What filters ask of a page beside the event: tags by slug and categories by slug."""

    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    categories: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """One event as it goes out."""

    event: Event

    @cached_property
    def body(self) -> bytes:
        """The event as JSON."""
        return encode_event(self.event)

    @cached_property
    def frame(self) -> bytes:
        """The event as a message of a text/event-stream (html.spec.whatwg.org, checked 2026-11)."""
        return b"id: %d\nevent: %b\ndata: %b\n\n" % (self.event.id, self.event.type.value.encode(), self.body)

    @cached_property
    def message(self) -> dict[str, object]:
        """The frame as a part of an answer in ASGI; nobody may change it."""
        return {"type": "http.response.body", "body": self.frame, "more_body": True}


class End(StrEnum):
    """Why a subscription ended: it was too slow, or the service stops."""

    SLOW = "slow"
    CLOSING = "closing"


class Subscription:
    """Events for one subscriber. Belongs to the event loop of its hub."""

    def __init__(self, wanted: Filter, network: str, position: int, on_slow: Callable[[], object]) -> None:
        self.wanted = wanted
        self.network = network
        self.position = position
        """The id after which events come by themselves; what is before it must be read from the log."""
        self.end: End | None = None
        self._waiting: list[Told] = []
        self._has_beaten = False
        self._waiter: asyncio.Future[None] | None = None
        self._on_slow = on_slow

    async def next(self) -> list[Told]:
        """What waits, as soon as there is something; empty for a sign of life, and after the end."""
        if not self._waiting and not self._has_beaten and self.end is None:
            self._waiter = asyncio.get_running_loop().create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        found, self._waiting, self._has_beaten = self._waiting, [], False
        return found if self.end is None else []

    def offer(self, told: Told) -> bool:
        """Put it with what waits; False where too much waits already."""
        if len(self._waiting) >= MAX_WAITING:
            return False
        self._waiting.append(told)
        self._wake()
        return True

    def beat(self) -> None:
        self._has_beaten = True
        self._wake()

    def finish(self, end: End) -> None:
        if self.end is None:
            self.end = end
            self._wake()
            if end is End.SLOW:
                self._on_slow()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Hub:
    """All subscriptions of one process. `begin` after the tail has said where it starts; all on one event loop."""

    def __init__(self, clock: Clock, labels: Callable[[], Labels] = Labels, places: int = PLACES) -> None:
        self._clock = clock
        self._places = places
        self._labels = labels
        self._subscriptions: set[Subscription] = set()
        self._by_network: Counter[str] = Counter()
        self._position = 0
        self._is_closing = False
        self.dropped: Counter[str] = Counter()
        """How many were ended because they were `slow`, or not taken on because there were too many (`crowded`)."""

    def __len__(self) -> int:
        return len(self._subscriptions)

    def begin(self, position: int) -> None:
        """The tail tells what comes after this id."""
        self._position = max(self._position, position)

    def tell(self, events: Sequence[Event]) -> None:
        """A listener of the tail."""
        labels = self._labels()
        for event in events:
            self._tell(Told(event), labels)
        self._position = events[-1].id

    def _tell(self, told: Told, labels: Labels) -> None:
        facts = facts_of(told.event, labels)
        wanted, is_meant = None, False
        for one in tuple(self._subscriptions):
            if one.wanted is not wanted:  # most share one filter, which is one object
                wanted = one.wanted
                is_meant = not mismatch(wanted, facts)
            if is_meant and not one.offer(told):
                self._end(one, End.SLOW)

    def subscribe(self, wanted: Filter, network: str, on_slow: Callable[[], object]) -> Subscription | None:
        """From now on, what the filter means; None where there are too many subscribers already. `on_slow` is called
        where it is dropped, to end what still waits for its client."""
        is_local = network in ("127.0.0.1", "::1/128", "::/64")
        crowded = not is_local and self._by_network[network] >= MAX_FOR_ONE
        if self._is_closing or crowded or len(self._subscriptions) >= self._places:
            self.dropped["crowded"] += not self._is_closing
            return None
        shared = next((one.wanted for one in self._subscriptions if one.wanted == wanted), wanted)
        made = Subscription(shared, network, self._position, on_slow)
        self._subscriptions.add(made)
        self._by_network[network] += 1
        return made

    def leave(self, one: Subscription) -> None:
        if one in self._subscriptions:
            self._subscriptions.remove(one)
            self._by_network[one.network] -= 1
            self._by_network += Counter()

    def labels(self) -> Labels:
        return self._labels()

    async def run(self) -> None:
        """Signs of life until cancelled."""
        while True:
            await self._clock.sleep(BEAT_S)
            for one in self._subscriptions:
                one.beat()

    def close(self) -> None:
        """End them all; nobody can subscribe any more."""
        self._is_closing = True
        for one in tuple(self._subscriptions):
            self._end(one, End.CLOSING)

    def _end(self, one: Subscription, end: End) -> None:
        self.leave(one)
        one.finish(end)
        self.dropped["slow"] += end is End.SLOW


def facts_of(event: Event, labels: Labels) -> Facts:
    """The event with what a filter asks beside it."""
    slug = event.page.slug
    return Facts(event, labels.tags.get(slug, ()), labels.categories.get(slug, ""))
