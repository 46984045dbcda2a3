"""The composition root: builds everything from a Config, starts the loops, stops them in order.

Config ── store ─┬─ targets ─ poller ─┐
                 ├─ inbox ─ web app ──┼─ tail ─┬─ follower ─ console
                 └─ janitor           ┘        └─ telling (planner, dispatcher)
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import resource
import signal
import socket
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from functools import partial
from typing import Any, TextIO, TypeVar

import uvicorn
from prometheus_client import CollectorRegistry, ProcessCollector

from statuswire import config as configuration
from statuswire import console as console_of
from statuswire import logs, looping, systemd, telling, wiring, workbench
from statuswire.allocator import spare_memory
from statuswire.catalog import Target
from statuswire.channels import CHANNELS
from statuswire.config import Config
from statuswire.console import Console, Follower
from statuswire.engine.adopting import Adopter
from statuswire.engine.calendar import Calendar
from statuswire.engine.clock import Clock
from statuswire.engine.dispatcher import Sender
from statuswire.engine.healing import Healer
from statuswire.engine.hub import Hub
from statuswire.engine.inbox import Inbox
from statuswire.engine.janitor import Janitor
from statuswire.engine.levels import Wanted
from statuswire.engine.poller import Poller
from statuswire.engine.rules import calendar_of
from statuswire.engine.supervisor import LoopFailed, Supervisor
from statuswire.engine.tail import Tail, count_events
from statuswire.engine.targets import Targets
from statuswire.engine.zones import Zones
from statuswire.errors import ConfigError, StoreError, StoreReason
from statuswire.greeting import Place, banner
from statuswire.mail.pages import add_pages, is_mail_only
from statuswire.mail.reading import read_body
from statuswire.mail.ways import Ways, ways
from statuswire.metrics import Metrics
from statuswire.model import EventType, Page, ReplicaRole
from statuswire.net.http import HttpClient
from statuswire.options import RunOptions, WatchOptions
from statuswire.peers.base import Topic
from statuswire.peers.together import Peers
from statuswire.platforms import HOOKED, PLATFORMS
from statuswire.sharing import LookSoon, Sharing
from statuswire.store import Store, Tx, open_store, queries
from statuswire.telling import Telling
from statuswire.web.app import AppParts, Facts, create_app
from statuswire.web.doors import SecretAddresses
from statuswire.web.listening import base_url, is_loopback, listen
from statuswire.web.protocol import Room, room, server_config
from statuswire.web.table import ROWS
from statuswire.web.trust import HookSettings

log = logging.getLogger(__name__)

T = TypeVar("T")

CONSOLE = "console"
WATCHER = "watcher"
FIRST_READ_S = 20.0
FINISH_S = 25.0
LAST_LINES_S = 2.0
ANSWERS_LOOK_S = 0.2
STORE_LOOK_S = 2.0


def run(options: RunOptions) -> int:
    """`statuswire run`. Raises ConfigError and StoreError; returns the exit code."""
    spare_memory()
    config = configuration.load(options.config, options=options)
    logs.set_up("debug" if options.debug else config.log.level, config.log.format)
    return looping.run(_until_signalled(config, sys.stdout))


def watch(options: WatchOptions) -> int:
    """`statuswire watch`: the console stream only, on a store in memory, without a server."""
    chosen = RunOptions(
        database="sqlite://",
        watch=options.what,
        allow_private=options.allow_private,
        format=options.format,
        interval=options.interval,
        heartbeat=options.heartbeat,
        tz=options.tz,
    )
    config = configuration.load(options=chosen)
    logs.set_up("debug" if options.debug else "warning", config.log.format)
    return looping.run(_until_signalled(config, sys.stdout, is_serving=False))


async def _until_signalled(config: Config, out: TextIO, *, is_serving: bool = True) -> int:
    """Run until SIGINT or SIGTERM; a second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask_to_stop(number: int) -> None:
        if stop.is_set():
            # Not SystemExit: the runner would first cancel and await every task. The database survives it, as any kill.
            os._exit(128 + number)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask_to_stop, number)
    when_unread = None if is_serving else stop.set
    async with systemd.told(configuration.unit(), stop, Clock()) as ready:
        return await serve(config, stop=stop, out=out, ready=ready, when_unread=when_unread, is_serving=is_serving)


async def serve(
    config: Config,
    *,
    stop: asyncio.Event,
    out: TextIO,
    ready: Callable[[str], None] | None = None,
    when_unread: Callable[[], object] | None = None,
    is_serving: bool = True,
) -> int:
    """The whole service until `stop` is set; `ready` is called with the base URL once it listens, `when_unread` when
    nobody reads `out` any more.

    Returns the exit code: 0 after a stop, 1 where a loop keeps breaking. Raises ConfigError where the address cannot be
    listened on, StoreError where the database cannot be opened.
    """
    listener = listen(config.server.host, config.server.port) if is_serving else None
    with closing(listener) if listener else contextlib.nullcontext():
        async with built(config, out, when_unread, is_serving=is_serving) as service:
            return await service.run(stop, listener, ready)


@asynccontextmanager
async def built(
    config: Config, out: TextIO, when_unread: Callable[[], object] | None = None, *, is_serving: bool
) -> AsyncIterator[Service]:
    """The service on its open database, ready to run. Raises ConfigError and StoreError."""
    store = await asyncio.to_thread(open_store, config.database)
    try:
        await asyncio.to_thread(store.read, _check_whole)
        console = wiring.console_on(config, out, when_unread)
        async with (
            wiring.client_of(config) as client,
            wiring.sender_of(config, client, console, is_serving) as sender,
        ):
            yield await Service.build(config, store, client, console, sender, is_serving=is_serving)
    finally:
        await _closed(store)


@dataclass(slots=True)
class Service:
    """Everything of one process, wired. Built by `build`, run once."""

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

    @classmethod
    async def build(
        cls,
        config: Config,
        store: Store,
        client: HttpClient,
        console: Console,
        sender: Sender | None,
        *,
        is_serving: bool,
    ) -> Service:
        clock = Clock()
        share = Sharing.of(config, store, clock)
        tail = Tail(store, clock)
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        metrics = Metrics(
            registry,
            version=wiring.version(),
            platforms=tuple(PLATFORMS),
            event_types=tuple(kind.value for kind in EventType),
            channel_kinds=tuple(CHANNELS),
            routes=frozenset(row.pattern for row in ROWS),
        )
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
        healer = poller.healer = Healer(
            store, poller, clock, find, on_events=recorded, zones=zones, shards=share.shards
        )
        share.join(poller, targets, metrics, wiring.version())
        keeps_place = is_serving and console.form != WATCHER and not store.dialect.is_shared
        return cls(
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
            hub=Hub(clock, adopter.labels, _room().streams),
            adopter=adopter,
            zones=zones,
            targets=targets,
            healer=healer,
            console=console,
            follower=Follower(store, console, clock, CONSOLE if keeps_place else ""),
            telling=None if sender is None else Telling.build(config, store, clock, sender, metrics, peers, share.id),
            peers=peers,
            metrics=metrics,
            addresses=addresses,
            supervisor=Supervisor(clock),
            pages=[],
        )

    async def run(
        self, stop: asyncio.Event, listener: socket.socket | None, ready: Callable[[str], None] | None
    ) -> int:
        self._listen_to_peers()
        await self.adopter.begin(self._adopt, self._take)
        await self.tail.follow(count_events(self.metrics))
        await self.tail.follow(self.follower.notify)
        self.hub.begin(await self.tail.follow(self.hub.tell))
        has_channels = bool(self.config.channels)
        await telling.begin(self.telling, self.store, self.clock.now(), has_channels=has_channels)
        if self.telling is not None:
            await self.tail.follow(self.telling.notify)
        if self.console.form != WATCHER:
            await self.follower.begin()
        code = 0
        try:
            async with asyncio.TaskGroup() as group:
                async with self.mail.listen(), self._http(listener) as base_url:
                    if base_url:
                        self.sharing.note_address(base_url)
                        await self._note_address(base_url)
                        await self._greet(base_url)
                    tasks = [group.create_task(one, name=name) for name, one in self._loops().items()]
                    if ready is not None:
                        ready(base_url)
                    await stop.wait()
                    self.is_stopping = True
                    self.poller.stop()
                    await self.sharing.hand_over([task for task in tasks if task.get_name() == "poller"])
                await self._finish(tasks)
        except* LoopFailed as failures:
            log.critical("giving up: %s", "; ".join(str(error) for error in failures.exceptions))
            code = 1
        return code

    # --- pages and routes that come and go ------------------------------------------------------------------------

    def _adopt(self, config: Config) -> None:
        """What is told where, and what is said of pages, is this from now on."""
        self.zones.configured = config.zones()
        self.console.select(wiring.selections_of(config))
        if self.telling is not None:
            self.telling.adopt(config)

    async def _take(self, fresh: Sequence[Target], gone: Sequence[str]) -> None:
        """Read the fresh pages from now on, and those that are gone no more. Raises StoreError."""
        await self.targets.drop(gone)
        polled = [target for target in fresh if not is_mail_only(target)]
        taken = [*await self.targets.add(polled), *await add_pages(self.store, fresh)]
        for page in taken:
            self.addresses.add(page.slug)
        left = frozenset(gone) | {page.slug for page in taken}
        self.pages = [*(page for page in self.pages if page.slug not in left), *taken]

    def _listen_to_peers(self) -> None:
        """What other replicas hint at is looked for here."""
        self.peers.listen(Topic.LOG, self.tail.notify)
        self.peers.listen(Topic.INBOX, self.inbox.notify)
        self.peers.listen(Topic.OWN, self._look_for_orders)
        if self.telling is not None:
            self.peers.listen(Topic.LANES, self.telling.dispatcher.notify)

    def _obeyed(self) -> None:
        """An order was carried out."""
        self._look_for_orders()
        self.peers.hint(Topic.OWN)

    def _look_for_orders(self) -> None:
        """There was one, which may be for any of these."""
        self.inbox.notify()
        self.adopter.notify()
        if self.telling is not None:
            self.telling.notify()

    def _have_events(self) -> None:
        wiring.tell_recorded(self.tail, self.peers)

    def _loops(self) -> dict[str, Coroutine[Any, Any, None]]:
        loops: dict[str, Callable[[], Awaitable[None]]] = {
            "poller": self.poller.run,
            "inbox": self.inbox.run,
            "tail": self.tail.run,
            "console": self.follower.run,
            "targets": self.targets.run,
            "own": self.adopter.run,
            "healer": self.healer.run,
            "calendar": Calendar(self.store, self.clock, calendar_of(self.config), on_events=self._have_events).run,
            "janitor": Janitor(self.store, self.clock, self.config.retention).run,
            "streams": self.hub.run,
            "store": self._watch_store,
        }
        loops |= self.mail.loops() | ({} if self.peers.is_alone else {"peers": self.peers.run})
        if self.telling is not None:
            loops |= self.telling.loops()
        if self.console.form == WATCHER:
            loops[WATCHER] = self._watch
        ours = self.sharing.loops(loops, self.addresses.add)
        return {name: self.supervisor.keep(name, loop) for name, loop in ours.items()}

    async def _finish(self, tasks: list[asyncio.Task[None]]) -> None:
        """No polls begin and no hooks come any more: the last ones are read and told, then the loops end.

        Where others live hooks are left to them, who take in more all the time.
        """
        sending = self.telling.finish() if self.telling is not None else asyncio.sleep(0)
        reading = asyncio.sleep(0) if self.sharing.has_others else self._read_last_hooks()
        await asyncio.gather(self._while_it_answers(reading), self._while_it_answers(sending))
        await _within(LAST_LINES_S, self.follower.tell_new())
        for task in tasks:
            task.cancel()
        await _within(LAST_LINES_S, self.follower.end())

    async def _while_it_answers(self, work: Coroutine[Any, Any, None]) -> None:
        """One of the last steps; no use in waiting for it where the database is gone or says nothing."""
        doing = asyncio.ensure_future(_within(FINISH_S, work))
        while not doing.done() and self.store.status().is_writable:
            await asyncio.wait({doing}, timeout=ANSWERS_LOOK_S)
        if not doing.done():
            log.warning("the end is not complete: the database does not answer")
            doing.cancel()
        await asyncio.wait({doing})

    async def _read_last_hooks(self) -> None:
        while await self.inbox.read_waiting():
            pass
        await self.tail.tell_new()

    async def _watch_store(self) -> None:
        """Raises StoreError once writing will not come back in this process (a failed fsync, a damaged file): nothing
        more may be acknowledged, and only a restart looks at the file anew."""
        while not (status := self.store.status()).is_permanent:
            await self.clock.sleep(STORE_LOOK_S)
        raise StoreError(status.reason or StoreReason.IO, status.error, is_permanent=True)

    # --- the watcher's format -------------------------------------------------------------------------------------

    async def _watch(self) -> None:
        """The report once the pages have been read, then lines as they come and a heartbeat now and then."""
        slugs = [page.slug for page in self.pages]
        await self._first_reads()
        interval = self.config.poll.interval
        reports = partial(console_of.load_reports, slugs=slugs, interval=interval, now=self.clock.now())
        self.console.report(await self._read(reports))
        await self.follower.begin()
        while True:
            await self.clock.sleep(self.config.console.heartbeat.total_seconds())
            now = self.clock.now()
            heartbeat = await self._read(partial(console_of.load_heartbeat, slugs=slugs, at=now))
            await self.console.printed(self.console.beat(heartbeat))

    async def _first_reads(self) -> None:
        """Until every page was polled once, or it is plain that some cannot be."""
        until = self.clock.monotonic() + FIRST_READ_S
        while self.clock.monotonic() < until and (self.targets.unrecognised or self.poller.unread_pages()):
            await self.clock.sleep(0.1)

    async def _read(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.to_thread(self.store.read, work)

    # --- HTTP -----------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _http(self, listener: socket.socket | None) -> AsyncIterator[str]:
        """The base URL while the server answers; empty without one."""
        if listener is None:
            yield ""
            return
        app = create_app(self.app_parts())
        host, port = listener.getsockname()[:2]
        server = _Server(server_config(app, host=host, port=port, max_connections=_room().connections))
        serving = asyncio.create_task(self._serve(server, listener), name="http")
        try:
            yield base_url(listener)
        finally:
            self.hub.close()
            server.should_exit = True
            await serving

    async def _note_address(self, address: str) -> None:
        """Where commands reach us."""
        await asyncio.to_thread(
            self.store.write, partial(queries.set_setting, name=queries.ADDRESS_SETTING, value=address)
        )

    async def _serve(self, server: _Server, listener: socket.socket) -> None:
        await server.serve(sockets=[listener])

    def app_parts(self) -> AppParts:
        """What the web application of this service is made of."""
        hooks = self.config.hooks
        settings = HookSettings(
            secrets=hooks.revealed(),
            allow_unsigned=hooks.allow_unsigned,
            is_loopback=is_loopback(self.config.server.host),
        )
        readers = tuple(sorted(HOOKED))
        return AppParts(
            store=self.store,
            inbox=self.inbox,
            settings=settings,
            addresses=self.addresses,
            platforms=readers,
            clock=self.clock,
            metrics=self.metrics,
            facts=self.facts,
            hub=self.hub,
            version=wiring.version(),
            started_at=self.clock.now(),
            channels=tuple(self.config.channels),
            control_token=self.addresses.control_token(),
            is_public=self.config.auth.public,
            access=wiring.access_of(self.config),
            client=self.client,
            on_order=self._obeyed,
            file=self.adopter.file,
            config=lambda: self.adopter.config,
            rules=lambda: self.adopter.rules,
            look_soon=self.look_soon,
            tools=workbench.tools_of(lambda: self.adopter.config, self.store, self.clock, self.console.say),
            roles=self.sharing.roles,
            named_levels=Wanted(self.config.metrics.slugs, self.config.metrics.components),
        )

    def facts(self) -> Facts:
        """What only the running loops know, as of now."""
        counters = self.poller.counters
        polls = {
            "not_modified": counters.not_modified,
            "unchanged": counters.unchanged,
            "changed": counters.changed,
            **counters.failures,
        }
        return Facts(
            mode=self.mode,
            polls=polls,
            feeds=dict(Counter(str(state) for state in self.poller.feed_states())),
            feeds_failing=len(self.poller.feeds_failing()),
            flags={slug: flag.value for slug, flag in self.poller.flags().items()},
            is_offline=self.poller.is_offline,
            stopped_loops=("stopping",) if self.is_stopping else self.supervisor.stopped,
            last_told_at=self.tail.last_told_at,
            heartbeats=self.telling.heartbeats.beats if self.telling is not None else {},
            peers=self.peers.account(),
            peer_counts=self.peers.counts(),
            replica=self.sharing.facts(),
        )

    @property
    def mode(self) -> str:
        return "event-based (webhooks + polling)" if self.pages else "event-based (webhooks)"

    async def _greet(self, address: str) -> None:
        if self.console.form == "json":
            return
        looks = await self._read(partial(console_of.load_looks, now=self.clock.now()))
        token = self.addresses.token(self.pages[0].slug) if self.pages else ""
        mail_addresses = tuple(self.mail.addresses(self.pages, self.addresses.token))
        place = Place(wiring.version(), self.mode, address, token, mail_addresses)
        self.console.greet(banner(self.config, self.pages, looks, place))


def _room() -> Room:
    return room(resource.getrlimit(resource.RLIMIT_NOFILE)[0])


class _Server(uvicorn.Server):
    """uvicorn without its signal handling, which is ours."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _check_whole(tx: Tx) -> None:
    """Raises ConfigError for a database that is still being filled from another one."""
    if queries.setting(tx, queries.UNFINISHED_SETTING) is not None:
        raise ConfigError(
            "it is not filled yet: run the same `statuswire migrate` again, and it goes on", where="database"
        )


async def _closed(store: Store) -> None:
    """Close it on a thread of its own: those that all share may be waiting for this very database."""
    with ThreadPoolExecutor(1, "closing") as alone:
        await asyncio.get_running_loop().run_in_executor(alone, store.close)


async def _within(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    """One of the last steps, of which none may keep the process from ending."""
    try:
        async with asyncio.timeout(seconds):
            await work
    except (TimeoutError, StoreError) as error:
        log.warning("the end is not complete: %s", str(error) or f"out of time after {seconds:.0f} s")
