"""A small world to poll: sites that answer as told, a real store in memory, and a clock that the test moves."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, TypeVar

from prometheus_client import CollectorRegistry

from statuswire.engine.fence import EVERYTHING, Shards
from statuswire.engine.hosts import WHOLE_RATE, Rate
from statuswire.engine.ingest import Keep, Recorded, keep_nothing
from statuswire.engine.polled import PollSettings
from statuswire.engine.poller import Poller
from statuswire.engine.zones import Zones
from statuswire.errors import FetchError, FetchReason, ParseError, ParseReason
from statuswire.metrics import Metrics
from statuswire.model import (
    Component,
    Cover,
    Document,
    Event,
    Feed,
    FeedSpec,
    Incident,
    IncidentUpdate,
    Kind,
    Page,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.net.fetch import Fetched, FetchRequest, NotModified, Unchanged
from statuswire.net.http import HttpClient
from statuswire.store import Dialect, Queue, Store, StoreStatus, open_store, queries
from statuswire.store.base import Work
from tests.engine.virtual import VirtualClock, VirtualLoop, play

T = TypeVar("T")
Answer = NotModified | Unchanged | Fetched


class CountingStore:
    """The real store, and how much of it is under way; `refusal` makes the next writes fail."""

    def __init__(self, url: str = "sqlite://") -> None:
        self.real: Store = open_store(url)
        self.pending = 0
        self.writes = 0
        self.refusal: Exception | None = None

    @property
    def dialect(self) -> Dialect:
        return self.real.dialect

    def submit(self, work: Work[T], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> Future[T]:
        if self.refusal is not None:
            failed: Future[T] = Future()
            failed.set_exception(self.refusal)
            return failed
        self.pending += 1
        self.writes += 1
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


@dataclass
class Site:
    """One URL. `body` None is a 404; `error` is raised if set; `latency_s` passes on the clock of the test."""

    body: bytes | None = b"{}"
    error: FetchError | None = None
    latency_s: float = 0.0
    max_age: timedelta | None = None
    has_etag: bool = True
    last_modified: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    moved_to: str | None = None
    requests: list[tuple[float, FetchRequest]] = field(default_factory=list)
    active: int = 0
    most_active: int = 0

    @property
    def times(self) -> list[float]:
        return [at for at, _ in self.requests]

    def answer(self, request: FetchRequest, now: datetime) -> Answer:
        if self.error is not None:
            raise self.error
        if self.body is None:
            raise FetchError(FetchReason.NOT_FOUND, "no such document (404)", status=404)
        digest = hashlib.sha256(self.body).digest()
        etag = f'"{digest.hex()[:8]}"' if self.has_etag else ""
        dated = self.last_modified
        if (etag and request.etag == etag) or (dated and request.last_modified == dated):
            return NotModified(self.max_age, None, etag, dated, self.moved_to)
        if request.wire_digest == digest:
            return Unchanged(self.max_age, None, etag, dated, self.moved_to)
        document = Document(self.body, now, request.url, headers=self.headers)
        return Fetched(document, etag, dated, digest, self.max_age, moved_to=self.moved_to)


def page_body(at: datetime, *open_ids: str, phase: str = "investigating", is_dated: bool = True) -> bytes:
    """A document of our own invention: what is open, and when it was written."""
    incidents = [{"id": one, "phase": phase} for one in open_ids]
    stamp = at.isoformat() if is_dated else None
    return json.dumps({"as_of": stamp, "at": at.isoformat(), "covers": True, "incidents": incidents}).encode()


def history_body(at: datetime, *ended_ids: str) -> bytes:
    incidents = [{"id": one, "phase": "resolved"} for one in ended_ids]
    return json.dumps({"at": at.isoformat(), "covers": False, "incidents": incidents}).encode()


def parse(document: Document, platform: str | None) -> Snapshot:
    """Read our own documents; `<` is a web page, `!` a bug."""
    if document.body.startswith(b"<"):
        raise ParseError(ParseReason.HTML, "a web page instead of JSON")
    if document.body.startswith(b"!"):
        raise ZeroDivisionError("a bug in an adapter")
    body = json.loads(document.body)
    at = datetime.fromisoformat(body["at"]) if "at" in body else document.received_at
    covers = frozenset({Cover.OPEN_INCIDENTS}) if body.get("covers") else frozenset()
    return Snapshot(
        platform=platform or "test",
        as_of=datetime.fromisoformat(body["as_of"]) if body.get("as_of") else None,
        covers=covers,
        components=tuple(
            Component(one["id"], one.get("name", ""), **_level(one)) for one in body.get("components", ())
        ),
        incidents=tuple(_incident(one, at) for one in body.get("incidents", ())),
        problems=tuple(Problem("incidents", reason) for reason in body.get("problems", ())),
        generator=body.get("generator", ""),
        wish=timedelta(seconds=body["wish_s"]) if "wish_s" in body else None,
    )


def _level(one: dict[str, Any]) -> dict[str, Any]:
    return {"status": Status(one["status"])} if "status" in one else {"lacks_status": True}


def more(document: Document, platform: str) -> tuple[FeedSpec, ...]:
    """The further documents that one of ours names."""
    body = json.loads(document.body)
    return tuple(FeedSpec(url) for url in body.get("more", ()))


def _incident(one: dict[str, Any], at: datetime) -> Incident:
    phase = Phase(one["phase"]) if one["phase"] in frozenset(Phase) else Phase.UNKNOWN
    update = IncidentUpdate(f"{one['id']}-{phase.value}", phase, f"We are {phase.value}.", at)
    return Incident(
        one["id"],
        f"Trouble {one['id']}",
        Kind.INCIDENT,
        phase,
        created_at=at,
        updates=(update,),
        raw_phase=one["phase"],
    )


class World:
    """Pages, sites, and a poller that may be started more than once on the same store."""

    def __init__(self, settings: PollSettings | None = None) -> None:
        self.store = CountingStore()
        self.sites: dict[str, Site] = {}
        self.task: asyncio.Task[None] | None = None
        self.asleep = 0
        self.recorded: list[Recorded] = []
        self.settings = settings or PollSettings()
        self.metrics = Metrics(CollectorRegistry(), version="1.2.3", platforms=("test",))
        self.zones = Zones()
        self.shards: Shards = EVERYTHING
        self.rate: Rate = WHOLE_RATE
        self.keep: Keep = keep_nothing
        self.on_parse: Callable[[Document], object] = lambda document: None
        self.loop = VirtualLoop()
        self.loop.jumping.is_busy = self._is_busy
        self.clock = VirtualClock(self.loop)
        self.poller = self.new_poller()

    def new_poller(self) -> Poller:
        client: HttpClient = None  # type: ignore[assignment]  # the fake fetch below never looks at it
        self.poller = Poller(
            self.store,
            client,
            self.clock,
            self.settings,
            on_recorded=self.recorded.append,
            metrics=self.metrics,
            fetch=self.fetch,
            parse=self._parse,
            more=more,
            zones=self.zones,
            shards=self.shards,
            rate=self.rate,
            keep=self.keep,
        )
        return self.poller

    def _parse(self, document: Document, platform: str | None) -> Snapshot:
        self.on_parse(document)
        return parse(document, platform)

    def _is_busy(self) -> bool:
        is_starting = self.task is not None and not self.task.done() and not self.poller.is_running
        return is_starting or self.store.pending > 0 or self.poller.under_way > self.asleep

    async def fetch(self, client: HttpClient, request: FetchRequest, now: datetime) -> Answer:
        site = self.sites[request.url]
        site.requests.append((self.clock.monotonic(), request))
        site.active += 1
        site.most_active = max(site.most_active, site.active)
        try:
            if site.latency_s:
                await self._pass(site.latency_s)
            return site.answer(request, now)
        finally:
            site.active -= 1

    async def _pass(self, seconds: float) -> None:
        self.asleep += 1
        try:
            await self.clock.sleep(seconds)
        finally:
            self.asleep -= 1

    def page(self, slug: str, *specs: FeedSpec, **of_site: Any) -> Page:
        """A stored page with feeds, each with a site; without `specs` one state feed on a host of its own."""
        specs = specs or (FeedSpec(f"https://{slug}.example/summary.json"),)
        url = f"https://{slug}.example/"
        page = self.store.write(
            lambda tx: queries.upsert_page(tx, slug=slug, name=slug.title(), url=url, platform="test", origin="config")
        )
        for spec in specs:
            self.sites.setdefault(spec.url, Site(**of_site))
            self.store.write(lambda tx, spec=spec: queries.upsert_feed(tx, page.id, spec))
        return page

    def add(self, *pages: Page) -> None:
        for page in pages:
            self.poller.add_page(page, self.feeds(page))

    def feeds(self, page: Page) -> list[Feed]:
        return self.store.read(lambda tx: queries.feeds(tx, page.id))

    def feed(self, page: Page) -> Feed:
        """The only feed of a page, as stored."""
        return self.feeds(page)[0]

    def site(self, page: Page) -> Site:
        """The site of a page's first feed."""
        return self.sites[self.feeds(page)[0].spec.url]

    def events(self) -> list[Event]:
        return self.store.read(lambda tx: queries.events_after(tx, 0))

    def types(self, prefix: str = "") -> list[str]:
        """The types of all events that begin so, in order."""
        return [event.type.value for event in self.events() if event.type.value.startswith(prefix)]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Poller]:
        """The poller runs inside; it is stopped, and its schedules saved, at the end."""
        self.task = asyncio.create_task(self.poller.run())
        try:
            await self.clock.advance(0)
            yield self.poller
        finally:
            self.poller.stop()
            await self.task
            self.task = None

    def close(self) -> None:
        self.store.close()


def run(story: Callable[[World], Any], settings: PollSettings | None = None) -> None:
    """Play a story in a world of its own."""
    world = World(settings)
    try:
        play(world.loop, story(world))
    finally:
        world.close()


def gaps(times: Sequence[float]) -> list[float]:
    return [later - earlier for earlier, later in pairwise(times)]


def state(url: str, tier: int = 0) -> FeedSpec:
    return FeedSpec(url, Role.STATE, tier)


def history(url: str) -> FeedSpec:
    return FeedSpec(url, Role.HISTORY)
