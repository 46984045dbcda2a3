"""Telling people, wired: what the configuration says becomes a planner, a dispatcher and heartbeats.

tail ─ planner ─ (store) ─ dispatcher ─ channels ─ sender
                            heartbeats ─────────────┘
"""

from __future__ import annotations

import asyncio
import logging
import random
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING

from statuswire.config import Config
from statuswire.core.leases import TTL
from statuswire.engine.clock import Clock
from statuswire.engine.dispatcher import Dispatcher, Outlet, Sender, Words, usual_words
from statuswire.engine.heartbeats import Heartbeats
from statuswire.engine.planner import NAME as PLANNER
from statuswire.engine.planner import Planner
from statuswire.engine.rules import outlets_of, rules_of
from statuswire.metrics import Metrics
from statuswire.model import Message, Wording
from statuswire.net.http import HttpClient
from statuswire.net.resolver import make_resolver
from statuswire.peers.base import Topic
from statuswire.peers.together import Peers
from statuswire.store import Store, Tx, queries

if TYPE_CHECKING:
    from statuswire.channels.templates import Templates
    from statuswire.net.send import Print

log = logging.getLogger(__name__)

Loop = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Telling:
    """The loops of one process that has channels."""

    planner: Planner
    dispatcher: Dispatcher
    heartbeats: Heartbeats
    words: Words = usual_words

    @classmethod
    def build(
        cls, config: Config, store: Store, clock: Clock, sender: Sender, metrics: Metrics, peers: Peers, owner: str
    ) -> Telling:
        outlets, words = outlets_of(config), words_of(config)
        dispatcher = Dispatcher(
            store,
            clock,
            outlets,
            sender,
            owner=owner,
            metrics=metrics,
            words=words,
            jitter=random.random,
            trouble=config.trouble,
        )

        def on_planned() -> None:
            dispatcher.notify()
            peers.hint(Topic.LANES)

        planner = Planner(store, clock, rules_of(config), on_planned=on_planned)
        heartbeats = Heartbeats(store, clock, outlets, heartbeats_of(outlets), sender, metrics, planner.may_tell)
        return cls(planner, dispatcher, heartbeats, words)

    def adopt(self, config: Config) -> None:
        """Routes have come or gone; channels are as they were at the start."""
        if isinstance(self.words, RouteWords):
            self.words.adopt(config)
        self.planner.adopt(rules_of(config))

    def loops(self) -> dict[str, Loop]:
        """By name; those of heartbeats only where a channel wants one."""
        loops: dict[str, Loop] = {"planner": self.planner.run, "dispatcher": self.dispatcher.run}
        return loops | ({"heartbeats": self.heartbeats.run} if self.heartbeats.every else {})

    def notify(self, _: object = None) -> None:
        """There is something new in the log, or an operator has said something."""
        self.planner.notify()
        self.dispatcher.notify()

    async def finish(self) -> None:
        """Claim nothing more and end what is being sent; what is left is taken up by the next process."""
        await self.dispatcher.finish()


async def begin(telling: Telling | None, store: Store, now: datetime, *, has_channels: bool = False) -> None:
    """Take the planner's place in the log. Where no channels are configured it is forgotten: what happens until there
    are some again is not told then. Where a lock lets only one process have the database, leases are of one that was
    killed, and nobody need wait for their end. Raises StoreError."""
    if telling is None and (has_channels or await asyncio.to_thread(store.read, partial(_has_others, now=now))):
        return  # other processes tell
    if telling is None:
        await asyncio.to_thread(store.write, partial(queries.drop_follower, name=PLANNER))
        return
    await telling.planner.begin()
    if not store.dialect.is_shared:
        await asyncio.to_thread(store.write, partial(queries.end_leases, now=now))


def _has_others(tx: Tx, now: datetime) -> bool:
    """Whether other processes live on the database. This one has not said yet that it does."""
    now = tx.now() or now
    return bool(queries.live_replicas(tx, now, now + 2 * TTL))


@asynccontextmanager
async def sending(client: HttpClient, print_: Print) -> AsyncIterator[Sender]:
    """The edge, loaded late: what speaks to mail servers and brokers costs memory that nobody without channels should
    pay. Such servers must prove who they are to authorities that the machine trusts. `print_` writes lines to standard
    output."""
    resolver = make_resolver()
    try:
        sender: Sender = import_module("statuswire.net.send").Sender(
            client, resolver, ssl.create_default_context(), print_
        )
        yield sender
    finally:
        await resolver.close()


class RouteWords:
    """What the templates of routes make of messages; where one fails, the usual words stand and the log says why."""

    def __init__(self, config: Config) -> None:
        module = import_module("statuswire.channels.templates")  # late, as Jinja costs memory
        self._worded: Callable[[Message, Templates], tuple[Wording | None, str]] = module.worded
        self._made_of = {name: module.Templates(one.title, one.body) for name, one in config.templates.items()}
        self._by_route: dict[str, Templates] = {}
        self.adopt(config)

    def adopt(self, config: Config) -> None:
        """From now on these are the routes; templates are as they were at the start."""
        self._by_route = {route.name: self._made_of[route.template] for route in config.told() if route.template}

    def __call__(self, route: str, message: Message) -> Wording | None:
        templates = self._by_route.get(route)
        if templates is None:
            return None
        made, why = self._worded(message, templates)
        if why:
            log.warning("template failed route=%s id=%s: %s", route, message.id, why)
        return made


def words_of(config: Config) -> Words:
    """What the routes make of messages: the usual words where there are no templates."""
    return RouteWords(config) if config.templates else usual_words


def heartbeats_of(outlets: Mapping[str, Outlet]) -> dict[str, timedelta]:
    """How often each channel wants a sign of life, of those whose kind knows it."""
    wanted = {name: getattr(outlet.settings, "heartbeat", None) for name, outlet in outlets.items()}
    return {name: every for name, every in wanted.items() if isinstance(every, timedelta)}
