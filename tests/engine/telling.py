"""A store in memory with one event, channels that answer as a test wants, and a dispatcher between them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

from statuswire.channels.base import Channel, ChannelSettings, Conversation
from statuswire.engine.dispatcher import Bucket, Dispatcher, Outlet
from statuswire.engine.heartbeats import Heartbeats
from statuswire.model import Action, Delivery, Event, Line, Message, MessageKind, Outcome, Reply
from statuswire.store import Store, open_store, queries
from tests.channels.events import incident_event
from tests.fakes import FakeClock


class Receiver:
    """A kind of channel and its sender at once: it notes what arrives, and answers with `outcomes`, then with done."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.outcomes = list(outcomes)
        self.messages: list[Message] = []
        self.is_open = asyncio.Event()
        self.is_open.set()
        self.has_begun = asyncio.Event()

    async def send(self, action: Action) -> Reply:
        self.has_begun.set()
        await self.is_open.wait()
        return Reply(0)

    def outlet(self, name: str, outcome: Callable[[], Outcome]) -> Outlet:
        def converse(message: Message, settings: ChannelSettings, now: object) -> Conversation:
            yield Line("-", message.id)
            self.messages.append(message)
            return outcome()

        channel = Channel("console", "A receiver", ChannelSettings, converse)
        return Outlet(name, channel, ChannelSettings(), Bucket(1000, 1000))


class Stage:
    """Everything that a scene needs; `close` it."""

    def __init__(self, outlets: Sequence[Outlet], sender: Receiver, trouble: Sequence[str] = ()) -> None:
        self.store: Store = open_store("sqlite://")
        self.clock = FakeClock()
        self.outlets = {one.name: one for one in outlets}
        self.sender = sender
        self.dispatcher = Dispatcher(self.store, self.clock, self.outlets, sender, owner="me", trouble=trouble)
        self.event = self._append(incident_event())

    def _append(self, event: Event) -> Event:
        page = self.store.write(
            lambda tx: queries.upsert_page(
                tx, slug=event.page.slug, name=event.page.name, url=event.page.url, platform="rss", origin="config"
            )
        )
        self.store.write(lambda tx: queries.append_events(tx, page.id, [event]))
        return self.store.read(lambda tx: queries.events_after(tx, 0, 1))[0]

    def put(self, channel: str, message_id: str = "msg_1") -> None:
        one = Delivery(0, channel, "0", message_id, MessageKind.EVENT, (self.event.id,), thread="t", route=channel)
        self.store.write(lambda tx: queries.add_delivery(tx, one, "console", self.clock.now()))

    def heartbeats(self, every: timedelta) -> Heartbeats:
        return Heartbeats(self.store, self.clock, self.outlets, dict.fromkeys(self.outlets, every), self.sender)

    def states(self) -> dict[str, str]:
        """The state of each delivery by its message id."""
        now = self.clock.now()
        listed = self.store.read(lambda tx: queries.delivery_list(tx, since=now - timedelta(days=9), limit=99))
        return {one.delivery.message_id: one.delivery.state.value for one in listed}

    def close(self) -> None:
        self.store.close()
