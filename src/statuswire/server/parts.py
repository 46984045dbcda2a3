"""What one process is made of, wired together."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from prometheus_client import CollectorRegistry, ProcessCollector

from statuswire import wiring
from statuswire.channels import CHANNELS
from statuswire.config import Config
from statuswire.console import Console, Follower
from statuswire.engine.adopting import Adopter
from statuswire.engine.clock import Clock
from statuswire.engine.dispatcher import Sender
from statuswire.engine.healing import Healer
from statuswire.engine.hub import Hub
from statuswire.engine.inbox import Inbox
from statuswire.engine.poller import Poller
from statuswire.engine.supervisor import Supervisor
from statuswire.engine.tail import Tail
from statuswire.engine.targets import Targets
from statuswire.engine.zones import Zones
from statuswire.mail.reading import read_body
from statuswire.mail.ways import Ways, ways
from statuswire.metrics import Metrics
from statuswire.model import EventType, Page, ReplicaRole
from statuswire.net.http import HttpClient
from statuswire.peers.base import Topic
from statuswire.peers.together import Peers
from statuswire.platforms import PLATFORMS
from statuswire.sharing import LookSoon, Sharing
from statuswire.store import Store, Tx
from statuswire.telling import Telling
from statuswire.web.doors import SecretAddresses
from statuswire.web.protocol import Room, room
from statuswire.web.table import ROWS

T = TypeVar("T")

WATCHER = "watcher"
"""The form of the console that prints a report first."""

_CONSOLE = "console"


@dataclass(slots=True)
class Parts:
    """Everything of one process. Made by `assemble`, alive while `life.live` runs."""

    config: Config
    store: Store
    clock: Clock
    client: HttpClient
    sharing: Sharing
    poller: Poller
    look_soon: LookSoon
    inbox: Inbox
    mail: Ways
    tail: Tail
    hub: Hub
    adopter: Adopter
    zones: Zones
    targets: Targets
    healer: Healer
    console: Console
    follower: Follower
    telling: Telling | None
    peers: Peers
    metrics: Metrics
    addresses: SecretAddresses
    supervisor: Supervisor
    pages: list[Page]
    is_stopping: bool = False

    @property
    def mode(self) -> str:
        return "event-based (webhooks + polling)" if self.pages else "event-based (webhooks)"

    async def read(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.to_thread(self.store.read, work)

    def look_for_orders(self) -> None:
        """There was one, which may be for any of these."""
        self.inbox.notify()
        self.adopter.notify()
        if self.telling is not None:
            self.telling.notify()


async def assemble(
    config: Config,
    store: Store,
    client: HttpClient,
    console: Console,
    sender: Sender | None,
    *,
    is_serving: bool,
) -> Parts:
    """The parts on an open database. Raises ConfigError and StoreError."""
    clock = Clock()
    share = Sharing.of(config, store, clock)
    tail = Tail(store, clock)
    metrics = _metrics()
    peers = await wiring.peers_of(config, store, clock, tail.offer)
    recorded = partial(wiring.tell_recorded, tail, peers)
    zones = Zones(config.zones())
    secret, slugs = await asyncio.to_thread(store.write, wiring.install_secret)
    addresses = SecretAddresses(secret, slugs)
    keep = wiring.keep_of(config, addresses.token)
    poller = Poller(
        store,
        client,
        clock,
        wiring.poll_settings(config),
        on_recorded=recorded,
        metrics=metrics,
        parse=wiring.parse,
        zones=zones,
        shards=share.shards,
        rate=share.rate,
        keep=keep,
    )
    poller.tokens = wiring.tokens_of(peers, share.is_shared_host)
    look_soon = share.look_soon(poller)
    follow = partial(wiring.follow_hook, look_soon, recorded, addresses)
    inbox = Inbox(
        store, clock, on_recorded=follow, metrics=metrics, read=read_body, zones=zones, owner=share.id, keep=keep
    )
    inbox.on_kept = partial(peers.hint, Topic.INBOX)
    takes_mail = is_serving and ReplicaRole.HOOKS in share.roles
    mail = ways(config.mail, inbox, store, clock, metrics, addresses.slug, is_serving=takes_mail)
    origin = "config" if is_serving else "watch"
    find = partial(wiring.find_page, client, clock)
    adopter = Adopter(store, clock, config, share.id)
    targets = Targets(store, poller, clock, find, origin, adopter.is_own, share.shards)
    healer = poller.healer = Healer(store, poller, clock, find, on_events=recorded, zones=zones, shards=share.shards)
    share.join(poller, targets, metrics, wiring.version(), partial(peers.hint, Topic.LEASES))
    keeps_place = is_serving and console.form != WATCHER and not store.dialect.is_shared
    return Parts(
        config=config,
        store=store,
        clock=clock,
        client=client,
        sharing=share,
        poller=poller,
        look_soon=look_soon,
        inbox=inbox,
        mail=mail,
        tail=tail,
        hub=Hub(clock, adopter.labels, room_here().streams),
        adopter=adopter,
        zones=zones,
        targets=targets,
        healer=healer,
        console=console,
        follower=Follower(store, console, clock, _CONSOLE if keeps_place else ""),
        telling=None if sender is None else Telling.build(config, store, clock, sender, metrics, peers, share.id),
        peers=peers,
        metrics=metrics,
        addresses=addresses,
        supervisor=Supervisor(clock),
        pages=[],
    )


def _metrics() -> Metrics:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    return Metrics(
        registry,
        version=wiring.version(),
        platforms=tuple(PLATFORMS),
        event_types=tuple(kind.value for kind in EventType),
        channel_kinds=tuple(CHANNELS),
        routes=frozenset(row.pattern for row in ROWS),
    )


def room_here() -> Room:
    """How many connections the limits of this process allow."""
    return room(resource.getrlimit(resource.RLIMIT_NOFILE)[0])
