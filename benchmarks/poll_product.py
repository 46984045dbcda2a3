"""An unchanged poll through the whole product: wheel, hosts, workers, fetch, decision, counters, saved schedules.

Beside it a bare loop of the same aiohttp client over the same hosts and the same kept TLS connections, in bursts of
the same size; and the usual loop, httpx and feedparser over a feed of 100 KB. The clock of the schedule is virtual:
the next tick comes as soon as the last burst is over, so that only work is measured and no waiting. Schedules are saved
to a database file once a minute, which here is every 240 polls, and every 20th poll goes without validators, as always.

Budgets: at most 1.3 times the bare loop; the usual loop at least 200 times as much.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

import aiohttp
import feedparser
import httpx
from bench import arguments, at_least, at_most, compare_async, run, show
from loopback import Server, serving

from statuswire.engine.clock import Clock
from statuswire.engine.polled import PollSettings
from statuswire.engine.poller import Poller
from statuswire.model import Feed, FeedHealth, FeedSpec, FeedState, Page
from statuswire.net.fetch import Fetched, FetchRequest, NotModified, Unchanged, fetch
from statuswire.net.http import HttpClient
from statuswire.net.tls import client_context
from statuswire.store import Store, Tx, open_store, queries
from statuswire.store.base import T, Work

START = datetime(2026, 5, 4, 10, tzinfo=UTC)
ETAG = 'W/"5f1c8a9be2"'
HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip", "If-None-Match": ETAG}
EVERY = 20
"""Every so many polls of a feed one is unconditional (core.schedule)."""

BURST = 4
"""What one tick brings: 960 feeds at an interval of a minute."""


class SteppedClock(Clock):
    """Jumps to the end of every sleep, but only when nothing is under way and polls are still wanted.

    Nothing: no poll, and no writing of schedules, which in real seconds is over long before the next tick. A clock that
    went on beside it would have the event loop and the writer fight for the interpreter without a pause.
    """

    def __init__(self) -> None:
        self.at = 0.0
        self.wanted = 0
        self.poller: Poller | None = None
        self.writing: asyncio.Future[object] | None = None
        self.idle = asyncio.Event()
        self.go = asyncio.Event()
        self.reached = asyncio.Event()

    def now(self) -> datetime:
        return START + timedelta(seconds=self.at)

    def monotonic(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        assert self.poller is not None
        while self.poller.under_way:
            self.idle.clear()
            await self.idle.wait()
        if self.writing is not None:
            await self.writing
        if self.poller.counters.polls >= self.wanted:
            self.reached.set()
            self.go.clear()
            await self.go.wait()
        self.at += seconds

    async def play(self, polls: int) -> None:
        """Let so many polls happen."""
        assert self.poller is not None
        self.wanted = self.poller.counters.polls + polls
        self.reached.clear()
        self.go.set()
        await self.reached.wait()


def tell_writings(store: Store, clock: SteppedClock) -> None:
    """Let the clock know of each writing."""
    submit = store.submit

    def submit_and_tell(work: Work[T], *, reclaims: bool = False) -> Future[T]:
        future = submit(work, reclaims=reclaims)
        clock.writing = asyncio.wrap_future(future)
        return future

    store.submit = submit_and_tell


class Product:
    """A poller with its store and client over loopback hosts that have nothing new."""

    def __init__(self, server: Server, client: HttpClient, store: Store, hosts: int, known: bytes) -> None:
        self.clock = SteppedClock()
        self._server = server
        self._active = 0
        interval = timedelta(seconds=hosts / BURST / 4)
        settings = PollSettings(interval=interval)
        tell_writings(store, self.clock)
        self.poller = self.clock.poller = Poller(store, client, self.clock, settings, fetch=self._fetch)
        for number in range(1, hosts + 1):
            page, feed = store.write(partial(self._page, number, known))
            self.poller.add_page(page, [feed])

    def _page(self, number: int, known: bytes, tx: Tx) -> tuple[Page, Feed]:
        url = self._server.url("/304", number)
        page = queries.upsert_page(
            tx, slug=f"p{number}", name="", url=url, platform="rss", origin="config", allow_private=True
        )
        feed = queries.upsert_feed(tx, page.id, FeedSpec(url))
        return page, replace(feed, etag=ETAG, wire_digest=known, health=FeedHealth(FeedState.OK))

    async def _fetch(
        self, client: HttpClient, request: FetchRequest, now: datetime
    ) -> NotModified | Unchanged | Fetched:
        """The real fetch; the loopback server answers 304 to everything there, so a bare request goes to the body."""
        if not request.etag:
            request = replace(request, url=request.url.replace("/304", "/200"))
        self._active += 1
        try:
            return await fetch(client, request, now)
        finally:
            self._active -= 1
            if not self._active:
                self.clock.idle.set()


def bare(session: aiohttp.ClientSession, server: Server, hosts: int) -> Callable[[int], Awaitable[None]]:
    """The same requests in the same bursts, every 20th of a host without validators, and nothing else."""
    known = [server.url("/304", number) for number in range(1, hosts + 1)]
    whole = [server.url("/200", number) for number in range(1, hosts + 1)]
    unconditional = {name: value for name, value in HEADERS.items() if name != "If-None-Match"}

    async def one(number: int) -> None:
        is_whole = number // hosts % EVERY == 0
        urls, headers = (whole, unconditional) if is_whole else (known, HEADERS)
        async with session.get(urls[number % hosts], headers=headers) as answer:
            await answer.read()

    async def loop(operations: int) -> None:
        for _ in range(0, operations, BURST):
            await asyncio.gather(*(one(next(numbers)) for _ in range(BURST)))

    numbers = count()
    return loop


def statuspage_feed() -> bytes:
    """100 KB of Atom with bodies as Statuspage writes them: an escaped paragraph of markup for each update."""
    update = (
        "<p><small>May <var data-var='date'> {day}</var>, <var data-var='time'>10:{minute:02}</var> UTC</small><br>"
        "<strong>{phase}</strong> - We have applied a fix to the queue workers of region {day} and are watching "
        "error rates, which are going down; requests may still be slow for some customers.</p>"
    )
    entries: list[str] = []
    while sum(map(len, entries)) < 100_000:
        number = len(entries)
        body = "".join(
            update.format(day=number % 28 + 1, minute=minute, phase=phase)
            for minute, phase in zip(range(50, 0, -5), ("Resolved", *["Update"] * 8, "Investigating"), strict=True)
        )
        escaped = body.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        entries.append(
            f"<entry><id>tag:status.acme.example,2005:Incident/{number}</id><published>2026-05-04T10:00:00Z</published>"
            f"<updated>2026-05-04T10:50:00Z</updated><title>Slow requests {number}</title>"
            f"<content type='html'>{escaped}</content></entry>"
        )
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>Acme</title>{''.join(entries)}</feed>".encode()


def usual(client: httpx.AsyncClient, url: str, feed: bytes) -> Callable[[int], Awaitable[None]]:
    """Fetch 100 KB, parse 100 KB. (The loopback server's own feed has so little markup that it would flatter
    feedparser: real ones take it two to three times as long.)"""

    async def loop(operations: int) -> None:
        for _ in range(operations):
            answer = await client.get(url)
            assert answer.status_code == 200
            assert feedparser.parse(feed).entries

    return loop


async def measure(server: Server, hosts: int, operations: int, rounds: int, slow: int) -> bool:
    tls = client_context()
    server.trust(tls)
    tls.check_hostname = False  # the certificate names one of the many loopback addresses
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder, 'bench.db')}")
        async with (
            HttpClient(user_agent="statuswire-bench", tls=tls) as client,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls, limit=0)) as session,
            httpx.AsyncClient(verify=tls, timeout=60) as other,
        ):
            first = await fetch(client, FetchRequest(server.url("/200"), allow_private=True), START)
            assert isinstance(first, Fetched)
            product = Product(server, client, store, hosts, first.wire_digest)
            polling = asyncio.create_task(product.poller.run())
            loops = {"bare aiohttp": bare(session, server, hosts), "statuswire": product.clock.play}
            fast = await compare_async(loops, operations=operations, rounds=rounds, baseline="bare aiohttp")
            loops = {
                "statuswire": product.clock.play,
                "httpx + feedparser": usual(other, server.url("/200"), statuspage_feed()),
            }
            far = await compare_async(loops, operations=slow, rounds=3, baseline="statuswire")
            counters = product.poller.counters
            polling.cancel()
            await asyncio.gather(polling, return_exceptions=True)
        store.close()
    assert not counters.failures, counters
    assert counters.unchanged, "no poll went without validators"
    verdicts = [
        show(f"unchanged poll, {hosts} hosts, kept TLS", fast, {"statuswire": at_most(1.3)}),
        show("beside the usual loop, feeds of 100 KB", far, {"httpx + feedparser": at_least(200)}),
    ]
    return all(verdicts)


if __name__ == "__main__":
    options = arguments(__doc__, hosts=200, operations=4_000, rounds=7, slow=40)
    with serving(tls=True) as loopback:
        run(lambda: measure(loopback, options.hosts, options.operations, options.rounds, options.slow))
