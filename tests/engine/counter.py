"""A dispatcher at work: a real store, an edge that answers as told, and a loop whose time is virtual."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry

from statuswire.channels.base import Channel, ChannelSettings, Conversation, single
from statuswire.engine.dispatcher import Dispatcher, Outlet
from statuswire.errors import DeliveryError, StoreError, StoreReason
from statuswire.fingerprint import message_id
from statuswire.metrics import Metrics
from statuswire.model import (
    Action,
    Delivered,
    Delivery,
    DeliveryState,
    Event,
    Message,
    MessageKind,
    Reply,
    Request,
)
from statuswire.store import Dialect, Queue, Store, StoreStatus, Tx, open_store, queries
from statuswire.store.base import Work
from statuswire.store.queries import ChannelState
from tests.core.told import incident_event
from tests.engine.interleaving import Process
from tests.engine.virtual import VirtualClock, VirtualLoop, play

T = TypeVar("T")
OK = Reply(200)


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """One request whose body is the message id; the thread's state counts the messages of the thread."""
    outcome = yield from single(Request("POST", "http://receiver.example/", body=message.id.encode()), now)
    if isinstance(outcome, Delivered):
        return Delivered({"count": str(int(message.state.get("count", "0")) + 1)})
    return outcome


QUICK = Channel("webhook", "For tests", ChannelSettings, converse, rate_per_s=10_000, burst=10_000)


@dataclass
class Edge:
    """Where actions go. `replies` answers by message id or by channel prefix; None hangs for ever."""

    clock: VirtualClock
    answer: Callable[[str], Reply | DeliveryError | None] = lambda message_id: OK
    takes_s: Callable[[str], float] = lambda message_id: 0.0
    sent: list[tuple[float, str]] = field(default_factory=list)
    asleep: int = 0

    async def send(self, action: Action) -> Reply:
        assert isinstance(action, Request)
        name = action.body.decode()
        self.sent.append((self.clock.monotonic(), name))
        answer = self.answer(name)
        seconds = self.takes_s(name)
        if seconds:
            await self.clock.sleep(seconds)
        if answer is None:
            await asyncio.Event().wait()
        if isinstance(answer, DeliveryError):
            raise answer
        assert answer is not None
        return answer

    def names(self) -> list[str]:
        return [name for _, name in self.sent]

    def times(self) -> list[float]:
        return [at for at, _ in self.sent]


class BusyStore:
    """The real store, and how much of it is under way in threads."""

    def __init__(self, real: Store) -> None:
        self.real = real
        self.pending = 0
        self.refusal: Exception | None = None
        self.is_shared = self.real.dialect.is_shared
        self.before: Callable[[], object] = lambda: None

    @property
    def dialect(self) -> Dialect:
        return replace(self.real.dialect, is_shared=self.is_shared)

    def submit(self, work: Work[T], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> Future[T]:
        self.before()
        if self.refusal is not None:
            failed: Future[T] = Future()
            failed.set_exception(self.refusal)
            return failed
        self.pending += 1
        future = self.real.submit(work, queue=queue, reclaims=reclaims)
        future.add_done_callback(self._done)
        return future

    def _done(self, _: Future[Any]) -> None:
        self.pending -= 1

    def write(self, work: Work[T], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> T:
        return self.real.write(work, queue=queue, reclaims=reclaims)

    def read(self, work: Work[T]) -> T:
        return self.real.read(work)

    def status(self) -> StoreStatus:
        return self.real.status()

    def close(self) -> None:
        self.real.close()


class Counter:
    """The shop: deliveries are put in, dispatchers come and go, time passes when told."""

    def __init__(self, channels: Mapping[str, Channel] | None = None, shared: Process | None = None) -> None:
        self.loop = VirtualLoop()
        self.clock = VirtualClock(self.loop)
        if shared is not None:
            shared.now = self.clock.now
        self.store = BusyStore(shared or open_store("sqlite://"))
        self.loop.jumping.is_busy = lambda: self.store.pending > 0
        self.channels = channels or {"ops": QUICK}
        self.edge = Edge(self.clock)
        self.metrics = Metrics(CollectorRegistry(), version="1.2.3", platforms=("test",))
        self.dispatcher = self.new_dispatcher()
        self.count = 0
        self.names: dict[str, str] = {}
        self._page = self.store.write(
            lambda tx: queries.upsert_page(
                tx, slug="acme", name="Acme", url="https://acme.example", platform="statuspage", origin="config"
            )
        )

    def close(self) -> None:
        self.loop.close()
        self.store.close()

    def new_dispatcher(self, owner: str = "one", **fields: object) -> Dispatcher:
        outlets = {name: Outlet.of(name, channel, ChannelSettings()) for name, channel in self.channels.items()}
        given: dict[str, Any] = {"metrics": self.metrics} | fields
        return Dispatcher(self.store, self.clock, outlets, self.edge, owner, **given)

    # --- what is put in ----------------------------------------------------------------------------------------

    def put(self, channel: str = "ops", lane: str = "0", *, thread: str = "", **fields: object) -> str:
        """Put a delivery of a new event in; its message id, by which the edge knows it."""
        return self.store.write(lambda tx: self.put_in(tx, channel, lane, thread=thread, **fields))

    def put_in(self, tx: Tx, channel: str, lane: str, *, thread: str = "", **fields: object) -> str:
        self.count += 1
        event: Event = replace(incident_event(), key=f"k{self.count}", at=self.clock.now(), seen_at=self.clock.now())
        (event,) = queries.append_events(tx, self._page.id, [event])
        name = message_id(channel, "event", [event.key])
        one = Delivery(0, channel, lane, name, MessageKind.EVENT, (event.id,), thread or f"t{lane}")
        queries.add_delivery(tx, replace(one, **fields), "webhook", self.clock.now())  # type: ignore[arg-type]
        return name

    # --- what came of it -----------------------------------------------------------------------------------------

    def states(self, channel: str = "ops") -> list[DeliveryState]:
        """Where each delivery stands, the oldest first."""
        return [one.state for one in self.deliveries(channel)]

    def deliveries(self, channel: str = "ops") -> list[Delivery]:
        since = datetime(2020, 1, 1, tzinfo=self.clock.now().tzinfo)
        listed = self.store.read(lambda tx: queries.delivery_list(tx, channel=channel, since=since, limit=10_000))
        return [one.delivery for one in reversed(listed)]

    def channel(self, name: str = "ops") -> ChannelState:
        state = self.store.read(lambda tx: queries.channel_state(tx, name))
        assert state is not None
        return state

    def lanes(self) -> list[tuple[Any, ...]]:
        return self.store.read(
            lambda tx: tx.all("SELECT lane, owner, lease_until, next_at, crashes FROM lane ORDER BY lane")
        )

    # --- time ------------------------------------------------------------------------------------------------------

    def play(self, story: Callable[[], Coroutine[Any, Any, None]], *, look_every_s: float = 1.0) -> None:
        """Run a story with a dispatcher at work."""

        async def told() -> None:
            self.dispatcher = self.new_dispatcher(look_every_s=look_every_s)
            task = asyncio.create_task(self.dispatcher.run())
            try:
                await story()
            finally:
                await self.kill(task)

        play(self.loop, told())

    async def kill(self, task: asyncio.Task[None]) -> None:
        """End a dispatcher as a kill would: nothing that was under way is noted or let go."""
        self.store.refusal = StoreError(StoreReason.CLOSED, "killed")
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for one in others:
            one.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        self.store.refusal = None

    def only(self, story: Coroutine[Any, Any, None]) -> None:
        """Run a story that starts what it needs itself."""
        play(self.loop, story)
