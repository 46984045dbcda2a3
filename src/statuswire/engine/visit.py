"""One poll of one feed, from the request to the commit: fetch, decide, parse, record.

```
fetch ── 304, or a digest we know ───────────────────────────────> counters in memory, nothing else
      ── a document ── parse (worker thread) ── record + feed row (one transaction) ──> validators kept from now on
      ── FetchError, ParseError ── health, told once it lasts (one transaction) ──────> back-off
```
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from statuswire.core import health, schedule
from statuswire.core.schedule import Due, DueReason, Reason
from statuswire.engine import ingest
from statuswire.engine.clock import Clock
from statuswire.engine.counting import count_snapshot
from statuswire.engine.details import Details, Fetch, Parse
from statuswire.engine.hosts import Hosts
from statuswire.engine.ingest import Keep, Recorded, keep_nothing
from statuswire.engine.polled import PollCounters, PolledFeed, PolledPage, feed_word, heard
from statuswire.engine.writes import FeedNews, recording, telling, without_validators
from statuswire.engine.zones import Zones
from statuswire.errors import FetchError, FetchReason, ParseError, ParseReason
from statuswire.metrics import Metrics
from statuswire.model import Document, Feed, FeedSpec, FeedState, Page, Snapshot
from statuswire.net.fetch import Fetched, FetchRequest, NotModified, Unchanged
from statuswire.net.http import HttpClient
from statuswire.store import Store

More = Callable[[Document, str], tuple[FeedSpec, ...]]


class Outcome(StrEnum):
    """How a poll ended; a closed set for logs and metrics."""

    NOT_MODIFIED = "not_modified"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Visit:
    """What one poll came to. `error` is set for `failed`, `recorded` for `changed` and where the feed itself was told
    of."""

    outcome: Outcome
    due: Due
    recorded: Recorded | None = None
    error: Reason | None = None

    @property
    def log_level(self) -> int:
        """Polls that find nothing new are the ordinary course and only worth a line to who looks for it."""
        return logging.DEBUG if self.error is None and self.recorded is None else logging.INFO


class Visitor:
    """Polls one feed at a time for the poller; keeps no schedule of its own."""

    def __init__(
        self,
        store: Store,
        client: HttpClient,
        clock: Clock,
        hosts: Hosts[PolledFeed],
        counters: PollCounters,
        *,
        fetch: Fetch,
        parse: Parse,
        more: More,
        threads: Executor,
        trusts_id: Callable[[Page], bool],
        zones: Zones,
        metrics: Metrics | None,
        keep: Keep = keep_nothing,
    ) -> None:
        self._store = store
        self._client = client
        self._clock = clock
        self._hosts = hosts
        self._counters = counters
        self._fetch = fetch
        self._parse = parse
        self._more = more
        self._threads = threads
        self._trusts_id = trusts_id
        self._zones = zones
        self._details = Details(
            store, client, clock, fetch=fetch, parse=parse, threads=threads, zones=zones, metrics=metrics, keep=keep
        )
        self._metrics = metrics
        self._keep_document = keep

    async def visit(self, polled: PolledFeed) -> Visit:
        """Poll once. Raises StoreError when what was found could not be written, LeaseLost where another process polls
        the page now; then nothing of it counts."""
        now = self._clock.now()
        self._counters.polls += 1
        try:
            answer = await self._fetch(self._client, _request(polled), now)
        except FetchError as error:
            return await self._failed(polled, FetchReason(error.reason), error, now)
        finally:
            polled.polls += 1
        if polled.host.is_down:
            self._hosts.note(polled.host, is_down=False)
        if isinstance(answer, Fetched):
            return await self._read(polled, answer, now)
        return await self._same(polled, answer, now)

    # --- nothing new ----------------------------------------------------------------------------------------------

    async def _same(self, polled: PolledFeed, answer: NotModified | Unchanged, now: datetime) -> Visit:
        """No parsing, no database work, unless the feed was in trouble until now."""
        polled.last_ok_at = now
        polled.misses = polled.tries = 0
        outcome = self._count_same(polled, answer)
        recorded = None
        if polled.feed.health.failures or polled.feed.health.state is not FeedState.OK or answer.moved_to:
            recorded = await self._mend(polled, answer.moved_to, now)
        _keep_validators(polled, answer)
        return Visit(outcome, self._due(polled, answer.max_age, answer.retry_after), recorded)

    def _count_same(self, polled: PolledFeed, answer: NotModified | Unchanged) -> Outcome:
        if isinstance(answer, NotModified):
            polled.not_modified += 1
            self._counters.not_modified += 1
            return Outcome.NOT_MODIFIED
        self._counters.unchanged += 1
        return Outcome.UNCHANGED

    async def _mend(self, polled: PolledFeed, moved_to: str | None, now: datetime) -> Recorded | None:
        """The feed answers again, or from elsewhere, though it has nothing new."""
        change = health.after_success(polled.feed.health, now)
        mended = replace(polled.row(), health=change.health)
        return await self._put(polled, mended, FeedNews(change.event, change.reason, moved_to), now)

    def _due(self, polled: PolledFeed, max_age: timedelta | None, retry_after: timedelta | None) -> Due:
        return schedule.after_answer(
            polled.pace,
            max_age=max_age,
            retry_after=retry_after,
            has_open=polled.page.has_open,
            quiet_for=polled.quiet_for(self._clock.monotonic()),
            wish=polled.heard.wish,
            idle_limit=polled.heard.idle_limit,
        )

    # --- a document -----------------------------------------------------------------------------------------------

    async def _read(self, polled: PolledFeed, answer: Fetched, now: datetime) -> Visit:
        page = polled.page.page
        document = self._zones.placed(answer.document, page)
        loop = asyncio.get_running_loop()
        try:
            snapshot, more = await loop.run_in_executor(self._threads, self._understand, document, page.platform)
        except ParseError as error:
            if self._metrics is not None:
                self._metrics.unreadable(page.platform, error.reason)
            return await self._failed(polled, ParseReason(error.reason), error, now)
        recorded = await self._record(polled, answer, document, snapshot, now, is_whole=not more)
        if more:
            recorded = recorded.with_details(await self._details.read(page, more, document, polled.page.fence))
            _keep(polled, _with_validators(polled.feed, answer))
        self._counters.changed += 1
        if self._metrics is not None:
            count_snapshot(self._metrics, snapshot)
        polled.heard = heard(_idle_limit(document), snapshot.wish, polled.heard.moved_to)
        return Visit(Outcome.CHANGED, self._due_after(polled, recorded, answer), recorded)

    def _understand(self, document: Document, platform: str) -> tuple[Snapshot, tuple[FeedSpec, ...]]:
        """What the document says, and which further ones it points to. Raises ParseError."""
        snapshot = self._parse(document, platform)
        return snapshot, self._more(document, snapshot.platform)

    async def _record(
        self,
        polled: PolledFeed,
        answer: Fetched,
        document: Document,
        snapshot: Snapshot,
        now: datetime,
        *,
        is_whole: bool,
    ) -> Recorded:
        """Incidents, events, health, and the validators where that `is_whole`, in one transaction."""
        change = health.after_success(polled.feed.health, now)
        read = replace(polled.row(), health=change.health, read_at=now)
        read = _with_validators(read, answer) if is_whole else without_validators(read)
        news = FeedNews(change.event, change.reason, answer.moved_to)
        trusts_id = self._trusts_id(polled.page.page)
        keep = self._keep_document
        work = recording(polled.page.page, read, snapshot, document, news, now, trusts_id=trusts_id, keep=keep)
        fenced = polled.page.fence.guards(work)
        recorded, feed = await asyncio.wrap_future(self._store.submit(fenced))
        polled.keep(feed)
        polled.last_ok_at = now  # only now: what could not be written was not read
        polled.is_unsaved = False
        polled.misses = 0
        polled.heard = heard(polled.heard.idle_limit, polled.heard.wish, answer.moved_to)
        return recorded

    def _due_after(self, polled: PolledFeed, recorded: Recorded, answer: Fetched) -> Due:
        if recorded.events or recorded.silent:
            polled.new_since = self._clock.monotonic()
        if polled.is_history:
            self._counters.histories += 1
            return Due(polled.pace.interval, DueReason.HISTORY)
        polled.page.has_open = recorded.has_open
        polled.tries = polled.tries + 1 if recorded.is_provisional else 0
        if polled.tries:
            return schedule.look_again(polled.pace, polled.tries)
        return self._due(polled, answer.max_age, answer.retry_after)

    # --- a failure ------------------------------------------------------------------------------------------------

    async def _failed(self, polled: PolledFeed, reason: Reason, error: FetchError | ParseError, now: datetime) -> Visit:
        self._counters.add_failure(reason.value)
        if self._metrics is not None:
            self._metrics.poll_failed(polled.page.page.platform, reason.value)
        retry_after = error.retry_after if isinstance(error, FetchError) else None
        self._note_host(polled, reason, retry_after)
        jitter = polled.jitter
        if self._hosts.is_offline:
            return Visit(Outcome.FAILED, schedule.while_offline(polled.pace, jitter), error=reason)
        recorded = None
        if not polled.is_history:
            polled.misses = polled.misses + 1 if health.is_miss(reason) else 0
            recorded = await self._worsen(polled, reason, error, now)
        failures = max(polled.feed.health.failures, 1)
        due = schedule.after_failure(polled.pace, reason, failures, jitter=jitter, retry_after=retry_after)
        return Visit(Outcome.FAILED, due, recorded, reason)

    def _note_host(self, polled: PolledFeed, reason: Reason, retry_after: timedelta | None) -> None:
        self._hosts.note(polled.host, is_down=health.is_unreachable(reason))
        pause = schedule.host_pause(reason, retry_after)
        if pause:
            polled.host.pause(self._clock.monotonic() + pause.total_seconds())

    async def _worsen(
        self, polled: PolledFeed, reason: Reason, error: FetchError | ParseError, now: datetime
    ) -> Recorded | None:
        change = health.after_failure(polled.feed.health, reason, str(error), now)
        worse = replace(polled.row(), health=replace(change.health, last_ok_at=polled.last_ok_at))
        moved_to = error.location if isinstance(error, FetchError) and error.is_permanent else None
        news = FeedNews(change.event, change.reason, moved_to)
        return await self._put(polled, worse, news, now)

    async def _put(self, polled: PolledFeed, feed: Feed, news: FeedNews, now: datetime) -> Recorded | None:
        """Remember the feed's row; write it at once where there is something to tell, else with the next batch."""
        if news.event is None and news.moved_to in (None, polled.heard.moved_to):
            _keep(polled, feed)
            return None
        work = polled.page.fence.guards(telling(polled.page.page, feed, news, now))
        events = await asyncio.wrap_future(self._store.submit(work))
        polled.keep(feed)
        polled.is_unsaved = False
        if news.moved_to:
            polled.heard = heard(polled.heard.idle_limit, polled.heard.wish, news.moved_to)
        return Recorded(events=events, has_open=polled.page.has_open)

    async def settle(self, page: PolledPage) -> Recorded:
        """End what left a list, with whatever the history told. Raises StoreError and LeaseLost."""
        now = self._clock.now()
        work = page.fence.guards(lambda tx: ingest.settle(tx, page.page, now))
        return await asyncio.wrap_future(self._store.submit(work))


# --- functions of values ------------------------------------------------------------------------------------------


def visit_line(polled: PolledFeed, visit: Visit, took_s: float) -> str:
    """What the log says of a poll that has just ended."""
    reason = f" reason={visit.error.value}" if visit.error else ""
    events = f" events={len(visit.recorded.events)}" if visit.recorded else ""
    page, feed = polled.page.page.slug, feed_word(polled.feed)
    return f"page={page} feed={feed} outcome={visit.outcome.value}{reason}{events} ms={took_s * 1000:.0f}"


def _request(polled: PolledFeed) -> FetchRequest:
    """With both validators, but for every 20th poll and for history, of which the body is wanted."""
    feed, page = polled.feed, polled.page.page
    spec = feed.spec
    if polled.is_history:
        return FetchRequest(spec.url, spec.accept, allow_private=page.allow_private, post=spec.post, page=page.slug)
    bare = schedule.is_unconditional(polled.polls) or spec.post
    return FetchRequest(
        spec.url,
        spec.accept,
        "" if bare else feed.etag,
        "" if bare else feed.last_modified,
        feed.wire_digest,
        page.allow_private,
        spec.post,
        page.slug,
    )


def _keep_validators(polled: PolledFeed, answer: NotModified | Unchanged) -> None:
    """Validators may move though the bytes stay: with the old ones a server would send the whole body each time."""
    feed = polled.feed
    etag, last_modified = answer.etag or feed.etag, answer.last_modified or feed.last_modified
    if (etag, last_modified) != (feed.etag, feed.last_modified):
        _keep(polled, replace(feed, etag=etag, last_modified=last_modified))


def _with_validators(feed: Feed, answer: Fetched) -> Feed:
    return replace(feed, etag=answer.etag, last_modified=answer.last_modified, wire_digest=answer.wire_digest)


def read_anew(polled: PolledFeed) -> None:
    """The next answer is read whatever it is: something that it says was not understood before."""
    _keep(polled, without_validators(polled.feed))


def _keep(polled: PolledFeed, feed: Feed) -> None:
    """Remember `feed` now and write it with the next batch."""
    polled.keep(feed)
    polled.is_unsaved = True


def _idle_limit(document: Document) -> timedelta | None:
    """`Keep-Alive: timeout=60`, which is only a hint (RFC 9112 appendix C.2.2): seconds, or None."""
    for parameter in document.headers.get("keep-alive", "").split(","):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "timeout" and value.strip().isdecimal() and len(value) < 8:
            return timedelta(seconds=int(value)) or None
    return None
