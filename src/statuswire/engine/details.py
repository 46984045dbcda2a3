"""Documents that another one only points to (the texts of an incident, say): each read once after that one has changed.

They are asked for one after the other, on the connection of the poll that named them, and pass through the one door
like every document. One that cannot be had or read is logged and left out: the feed itself was read well. Until all
were tried the validators of the feed are not kept, so that after a crash the same body comes again.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from statuswire.engine import ingest
from statuswire.engine.clock import Clock
from statuswire.engine.counting import count_snapshot
from statuswire.engine.fence import OPEN, Fence
from statuswire.engine.ingest import Keep, Recorded, keep_nothing
from statuswire.engine.zones import Zones
from statuswire.errors import FetchError, ParseError
from statuswire.metrics import Metrics
from statuswire.model import Document, Event, FeedSpec, Page, Snapshot, Source
from statuswire.net.fetch import Fetched, FetchRequest, NotModified, Unchanged
from statuswire.net.http import HttpClient
from statuswire.store import Store

Fetch = Callable[[HttpClient, FetchRequest, datetime], Awaitable[NotModified | Unchanged | Fetched]]
Parse = Callable[[Document, str | None], Snapshot]

log = logging.getLogger(__name__)

MOST = 10
"""Of one document; a page with more open at once tells the rest by and by."""

REMEMBERED = 10_000
"""Addresses whose validators are kept in memory: asked again they cost a 304."""


@dataclass(frozen=True, slots=True)
class _Seen:
    etag: str
    last_modified: str
    wire_digest: bytes


class Details:
    """Reads what documents point to. Used from the event loop only."""

    def __init__(
        self,
        store: Store,
        client: HttpClient,
        clock: Clock,
        *,
        fetch: Fetch,
        parse: Parse,
        threads: Executor,
        zones: Zones,
        metrics: Metrics | None,
        keep: Keep = keep_nothing,
    ) -> None:
        self._store = store
        self._client = client
        self._clock = clock
        self._fetch = fetch
        self._parse = parse
        self._threads = threads
        self._zones = zones
        self._metrics = metrics
        self._keep = keep
        self._seen: OrderedDict[str, _Seen] = OrderedDict()

    async def read(self, page: Page, specs: Sequence[FeedSpec], document: Document, fence: Fence = OPEN) -> Recorded:
        """What came of all of them together. Raises StoreError and LeaseLost."""
        events: tuple[Event, ...] = ()
        silent, has_open = 0, False
        for spec in [spec for spec in specs if is_beside(spec.url, document.url)][:MOST]:
            recorded = await self._read_one(page, spec, fence)
            if recorded is not None:
                events += recorded.events
                silent += recorded.silent
                has_open = recorded.has_open
        return Recorded(events, has_open=has_open, silent=silent)

    async def _read_one(self, page: Page, spec: FeedSpec, fence: Fence) -> Recorded | None:
        now = self._clock.now()
        try:
            answer = await self._fetch(self._client, self._request(page, spec), now)
            if isinstance(answer, NotModified | Unchanged):
                return None
            snapshot = await self._parsed(page, answer.document)
        except (FetchError, ParseError) as error:
            self._count_failure(page, error)
            log.info("detail not read page=%s url=%s reason=%s", page.slug, spec.url, error.reason)
            return None
        recorded = await self._record(page, answer.document, snapshot, now, fence)
        self._remember(spec.url, answer)
        if self._metrics is not None:
            count_snapshot(self._metrics, snapshot)
        return recorded

    def _count_failure(self, page: Page, error: FetchError | ParseError) -> None:
        if self._metrics is None:
            return
        self._metrics.poll_failed(page.platform, error.reason)
        if isinstance(error, ParseError):
            self._metrics.unreadable(page.platform, error.reason)

    def _request(self, page: Page, spec: FeedSpec) -> FetchRequest:
        is_private = page.allow_private
        request = FetchRequest(spec.url, spec.accept, allow_private=is_private, post=spec.post, page=page.slug)
        seen = self._seen.get(spec.url)
        if seen is None:
            return request
        return replace(request, etag=seen.etag, last_modified=seen.last_modified, wire_digest=seen.wire_digest)

    async def _parsed(self, page: Page, document: Document) -> Snapshot:
        document = self._zones.placed(document, page)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._parse, document, page.platform)

    async def _record(
        self, page: Page, document: Document, snapshot: Snapshot, now: datetime, fence: Fence
    ) -> Recorded:
        work = fence.guards(
            lambda tx: ingest.record(
                tx, page, snapshot, document=document, source=Source.POLL, now=now, keep=self._keep
            )
        )
        return await asyncio.wrap_future(self._store.submit(work))

    def _remember(self, url: str, answer: Fetched) -> None:
        self._seen[url] = _Seen(answer.etag, answer.last_modified, answer.wire_digest)
        self._seen.move_to_end(url)
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)


def is_beside(url: str, other: str) -> bool:
    """On the same host, by the same scheme and port: a document must not send us anywhere else."""
    one, two = urlsplit(url), urlsplit(other)
    return (one.scheme, one.netloc) == (two.scheme, two.netloc)
