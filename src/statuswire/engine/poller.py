"""The poll loop: takes what is due out of the wheel in bursts and hands it to a bounded set of workers.

One loop, one wheel, no task and no timer per page. What one poll does is `visit`; when a feed is due again is decided
in `core.schedule`; what is kept in memory is `polled`; what the hosts allow is `hosts`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

from statuswire.core import schedule
from statuswire.core.health import Flag
from statuswire.core.schedule import AWAY_AFTER, MISSED, Due, DueReason
from statuswire.engine.bell import Bell
from statuswire.engine.bookkeeping import Bookkeeping
from statuswire.engine.clock import Clock
from statuswire.engine.details import Fetch, Parse
from statuswire.engine.doubts import Heals, cause_for_doubt
from statuswire.engine.fence import EVERYTHING, OPEN, Fence, LeaseLost, Shards
from statuswire.engine.gate import Gate
from statuswire.engine.histories import Histories
from statuswire.engine.hosts import WHOLE_RATE, Hosts, Rate
from statuswire.engine.ingest import Keep, Recorded, keep_nothing
from statuswire.engine.line import Line
from statuswire.engine.polled import PollCounters, PolledFeed, PolledPage, PollSettings, Stage, feed_word
from statuswire.engine.tokens import Tokens
from statuswire.engine.troubles import Troubles
from statuswire.engine.visit import More, Visit, Visitor, read_anew, visit_line
from statuswire.engine.wheel import NOWHERE
from statuswire.engine.workers import Workers
from statuswire.engine.zones import Zones
from statuswire.errors import StoreError
from statuswire.metrics import Metrics
from statuswire.model import Feed, FeedState, KnownIncident, Page, Phase
from statuswire.net.fetch import fetch as fetch_feed
from statuswire.net.http import HttpClient
from statuswire.platforms import parsing
from statuswire.store import Store, queries

log = logging.getLogger(__name__)

STALL_S = 10.0
"""A loop this late was stopped (SIGSTOP, a frozen machine): what it missed is made up for once, and spread."""

NO_ZONES = Zones()

_FIRST = DueReason.FIRST

OnRecorded = Callable[[Recorded], None]


class Poller:
    """Polls the feeds of pages until stopped. Everything but `counters` belongs to the event loop that runs it.

    `on_recorded` is called in that loop after each commit that told something or changed what is open. `metrics` counts
    what documents could not be read, and what in them was not understood. `zones` are for times that carry none.
    `shards` says whose pages are ours, `rate` how fast hosts may be asked, `keep` which documents are kept.
    """

    def __init__(
        self,
        store: Store,
        client: HttpClient,
        clock: Clock,
        settings: PollSettings | None = None,
        *,
        on_recorded: OnRecorded | None = None,
        metrics: Metrics | None = None,
        fetch: Fetch = fetch_feed,
        parse: Parse = parsing.parse,
        more: More = parsing.more,
        zones: Zones = NO_ZONES,
        shards: Shards = EVERYTHING,
        rate: Rate = WHOLE_RATE,
        keep: Keep = keep_nothing,
    ) -> None:
        self.settings = settings or PollSettings()
        self.counters = PollCounters()
        self._store = store
        self._clock = clock
        self._pace = self.settings.pace
        self._on_recorded = on_recorded
        self._metrics = metrics
        self.healer: Heals | None = None
        self.tokens: Tokens | None = None
        self._pages: dict[int, PolledPage] = {}
        self._shards = shards
        self._hosts: Hosts[PolledFeed] = Hosts(rate)
        self._books = Bookkeeping(store, clock, self.settings.save_every)
        self._threads = ThreadPoolExecutor(self.settings.parse_threads, thread_name_prefix="parse")
        self._visitor = Visitor(
            store,
            client,
            clock,
            self._hosts,
            self.counters,
            fetch=fetch,
            parse=parse,
            more=more,
            threads=self._threads,
            trusts_id=self._trusts_id,
            zones=zones,
            metrics=metrics,
            keep=keep,
        )
        self._workers: Workers[PolledFeed] = Workers(self.settings.concurrency, self._poll)
        self._gate = Gate(clock, self.settings, self._workers.give)
        self._histories = Histories(clock, self._visitor, self._gate.place, self._announce)
        self._bell = Bell(clock)
        self._is_running = self._is_stopping = False
        self._line = Line(self._hosts, self.counters)
        self._next_first_at = clock.monotonic()
        self._troubles = Troubles()
        self._wake_at = clock.monotonic()

    # --- what is polled -------------------------------------------------------------------------------------------

    def add_page(self, page: Page, feeds: Sequence[Feed], fence: Fence = OPEN, *, has_open: bool = False) -> None:
        """Poll `feeds` of `page` from now on, and write what comes of it behind the fence; a page that is there already
        is replaced. `has_open` where that is known: `run` learns it of the pages that are there when it begins."""
        added = PolledPage(page, fence)
        added.has_open = has_open
        added.feeds = tuple(self._new_feed(feed, added) for feed in feeds)
        added.tier = added.tier_needed()
        self.remove_page(page.id)  # only now: a host that stays keeps its pause and its bucket
        for polled in added.feeds:
            self._troubles.note(polled)
        self._pages[page.id] = added
        if self._is_running:
            self._start_feeds(added.polled)
            self._bell.ring()

    def _new_feed(self, feed: Feed, page: PolledPage) -> PolledFeed:
        """A feed that was read before has been quiet since then (a clock that jumped counts as now)."""
        now = self._clock.monotonic()
        quiet_s = (self._clock.now() - feed.read_at).total_seconds() if feed.read_at else 0.0
        return PolledFeed(feed, page, self._hosts.join(feed.spec.url), now - max(quiet_s, 0.0), self._pace)

    def remove_page(self, page_id: int) -> None:
        """Stop polling a page; a poll under way ends, and its result still counts. Unknown ids are no error."""
        page = self._pages.pop(page_id, None)
        if page is None:
            return
        page.is_removed = True
        for polled in page.feeds:
            self._gate.drop(polled)
            self._hosts.leave(polled.host)
            self._books.forget(polled)
            self._troubles.forget(polled)

    async def hand_over(self, page_ids: Iterable[int]) -> None:
        """Stop polling pages that another process will poll, which finds their schedules written."""
        leaving = [page for page in map(self._pages.get, page_ids) if page is not None]
        noted = self._books.take_out(polled for page in leaving for polled in page.feeds)
        for page in leaving:
            self.remove_page(page.page.id)
        await self._books.save_last(noted)

    def fences(self) -> dict[int, Fence]:
        """What stands before the writes of every page that is polled, by the page's number."""
        return {page_id: page.fence for page_id, page in self._pages.items()}

    def restretch(self) -> None:
        """Others ask the same hosts from now on, or no more."""
        self._hosts.restretch()

    def polls(self, page_id: int) -> bool:
        """Whether the page is one that is polled."""
        return page_id in self._pages

    def poll_soon(self, page_id: int, *, has_open: bool | None = None) -> bool:
        """Poll the page's feeds now, or ten seconds after it was last asked for. False: no such page.

        Wishes that come while one is waiting are that one. A host's pause and a failing feed's interval still hold.
        `has_open`: what a hook has just told, where one did; the poll may find nothing new and so not know.
        """
        page = self._pages.get(page_id)
        if page is None:
            return False
        page.has_open = page.has_open if has_open is None else has_open
        now = self._clock.monotonic()
        if page.wished_at is None or page.wished_at <= now:
            since = None if page.wished_at is None else timedelta(seconds=now - page.wished_at)
            page.wished_at = now + schedule.soon(since).after.total_seconds()
            for polled in page.polled:
                self._hasten(polled, page.wished_at)
            self._bell.ring()
        return True

    def _hasten(self, polled: PolledFeed, at: float) -> None:
        """A feed in trouble is not polled faster than at its interval, however many hooks arrive."""
        if polled.is_in_use:
            is_failing = polled.feed.health.failures > 0
            earliest = polled.finished_at + polled.pace.interval.total_seconds() if is_failing else at
            self._gate.hasten(polled, max(at, earliest))

    def feeds_failing(self) -> tuple[Feed, ...]:
        """Feeds in trouble that was told of and has not ended."""
        return self._troubles.feeds()

    def flags(self) -> dict[str, Flag]:
        """What failures of days say of pages, by slug."""
        return self._troubles.flags(self._clock.now())

    def feed_states(self) -> Iterator[FeedState]:
        """The state of every feed that is polled now."""
        return (polled.feed.health.state for page in self._pages.values() for polled in page.polled if polled.is_in_use)

    def unread_pages(self) -> int:
        """How many pages have a feed that was neither read nor failed to be read since the start."""
        pages = self._pages.values()
        return sum(any(polled.is_in_use and not polled.finished_at for polled in page.polled) for page in pages)

    @property
    def is_offline(self) -> bool:
        """Most hosts cannot be reached at once, so it is we who are cut off."""
        return self._line.is_down

    @property
    def is_running(self) -> bool:
        """Whether feeds are being scheduled right now, for `/health`."""
        return self._is_running

    @property
    def under_way(self) -> int:
        """How many feeds are being polled right now."""
        return self._workers.under_way

    # --- the loop -------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Poll until `stop` is called or the task is cancelled; schedules are saved either way.

        It may be run again, after a bug has ended it or it was cancelled, but not after `stop`.
        """
        await self._learn_open()
        self._is_running = True
        self._wake_at = self._clock.monotonic()
        self._start_feeds(polled for page in self._pages.values() for polled in page.polled)
        try:
            async with asyncio.TaskGroup() as group:
                try:
                    while not self._is_stopping:
                        self._turn(group)
                        await self._rest()
                finally:
                    self._give_back(self._workers.dismiss())
        finally:
            self._is_running = False
            await self._books.close()
            if self._is_stopping:
                self._threads.shutdown(wait=False, cancel_futures=True)

    def _give_back(self, queued: Iterable[PolledFeed]) -> None:
        """Feeds that no worker had begun are due as before."""
        for polled in queued:
            self._gate.release(polled)
            self._gate.place(polled, Due(timedelta(0), polled.due_reason))

    async def _learn_open(self) -> None:
        """Pages with something open are polled faster from the start, also where the first answer is a 304."""
        loop = asyncio.get_running_loop()
        incidents = await loop.run_in_executor(self._threads, self._store.read, queries.open_incidents)
        slugs = {page.slug for page, incident in incidents if is_under_way(incident)}
        for page in self._pages.values():
            page.has_open = page.page.slug in slugs

    def stop(self) -> None:
        """End `run` soon. Polls under way are given up, which loses nothing: what was not recorded comes again."""
        self._is_stopping = True
        self._bell.ring()

    def _turn(self, group: asyncio.TaskGroup) -> None:
        now = self._clock.monotonic()
        self._books.save_when_due(now)
        due = self._gate.take_due(now)
        if now - self._wake_at > STALL_S:
            log.warning("poll loop was %.1f s late; overdue feeds are spread over one interval", now - self._wake_at)
            self._make_up(due)
            return
        if not self._shards.may_begin(now):
            self._make_up(due)
            return
        for polled in self._without_shared(due, group):
            self._gate.admit(polled, now)
        self._workers.employ(group)

    def _without_shared(self, due: list[PolledFeed], group: asyncio.TaskGroup) -> list[PolledFeed]:
        """Those whose hosts are ours alone; the others follow when their tokens have been asked for."""
        if self.tokens is None or not due:
            return due
        shared = [polled for polled in due if self.tokens.are_needed(polled)]
        if shared:
            group.create_task(self._admit_shared(self.tokens, shared, group), name="tokens")
        return [polled for polled in due if not self.tokens.are_needed(polled)] if shared else due

    async def _admit_shared(self, tokens: Tokens, due: Sequence[PolledFeed], group: asyncio.TaskGroup) -> None:
        waits = await tokens.take(due, self.settings)
        if self._is_stopping:
            return
        now = self._clock.monotonic()
        for place, polled in enumerate(due):
            self._gate.admit(polled, now, None if waits is None else now + waits[place])
        self._workers.employ(group)
        self._ring_if_due()

    async def _rest(self) -> None:
        """Sleep until the next tick in use, the next saving, or until somebody rings."""
        next_due = self._gate.next_at()
        self._wake_at = self._books.next_at if next_due is None else min(next_due, self._books.next_at)
        await self._bell.wait(max(self._wake_at - self._clock.monotonic(), 0.0))

    # --- what may start -------------------------------------------------------------------------------------------

    def _start_feeds(self, feeds: Iterable[PolledFeed]) -> None:
        wall = self._clock.now()
        for polled in feeds:
            if polled.is_in_use and polled.stage is Stage.PLACED:
                due_at = polled.feed.due_at
                due_in = None if due_at is None else due_at - wall
                queued = self._queue_first() if due_in is None else timedelta(0)
                self._gate.place(polled, schedule.at_start(polled.pace, due_in, polled.jitter, queued))
                polled.keep(replace(polled.feed, due_at=None))  # from now on it is due as the wheel has it

    def _queue_first(self) -> timedelta:
        now = self._clock.monotonic()
        at = max(now, self._next_first_at)
        self._next_first_at = at + schedule.FIRST_GAP.total_seconds()
        return timedelta(seconds=at - now)

    def _make_up(self, due: Iterable[PolledFeed]) -> None:
        for polled in due:
            self._gate.place(polled, schedule.overdue(polled.pace, polled.jitter))

    # --- one poll -------------------------------------------------------------------------------------------------

    async def _poll(self, polled: PolledFeed) -> None:
        """The outermost frame of one poll: whatever goes wrong, the feed is due again and the worker goes on."""
        started_at = self._clock.monotonic()
        due: Due | None = Due(polled.pace.interval, DueReason.BACK_OFF)
        try:
            if self._shards.may_begin(started_at):  # not what waited here while this process was stopped
                due = await self._visit(polled, started_at)
        except LeaseLost:
            self._drop_stale(polled)
        except StoreError as error:
            log.error("poll not recorded page=%s reason=%s: %s", polled.page.page.slug, error.reason, error)
            self._count_failure(polled, "store")
        except Exception:
            log.exception("poll broke page=%s feed=%s", polled.page.page.slug, feed_word(polled.feed))
            self._count_failure(polled, "error")
        finally:
            self._end(polled, due)

    async def _visit(self, polled: PolledFeed, started_at: float) -> Due | None:
        read_at, reason = polled.last_ok_at, polled.due_reason
        visit = await self._visitor.visit(polled)
        is_back = reason in MISSED and visit.error is None and _was_away(read_at, self._clock.now())
        if log.isEnabledFor(visit.log_level):
            log.log(visit.log_level, "polled %s", visit_line(polled, visit, self._clock.monotonic() - started_at))
        if self._is_plain(polled, visit) and not is_back:
            return visit.due
        due = await self._follow(polled, visit, started_at)
        if is_back and not polled.is_history:
            self._histories.catch_up(polled.page)
        return due

    def _drop_stale(self, polled: PolledFeed) -> None:
        """Another process polls the page: what was found here counts for nothing, and the page is let go, unless it
        has come back to us meanwhile."""
        page = polled.page
        log.warning("poll dropped page=%s: another process polls it now", page.page.slug)
        if self._metrics is not None:
            self._metrics.dropped_stale()
        if self._pages.get(page.page.id) is page:
            self.remove_page(page.page.id)

    def _count_failure(self, polled: PolledFeed, reason: str) -> None:
        self.counters.add_failure(reason)
        if self._metrics is not None:
            self._metrics.poll_failed(polled.page.page.platform, reason)

    def _is_plain(self, polled: PolledFeed, visit: Visit) -> bool:
        """Nothing new on a feed in its usual use: nothing follows, which is true of nearly all polls."""
        return (
            visit.recorded is None
            and visit.error is None
            and polled.due_reason is not _FIRST
            and polled.feed.spec.tier == polled.page.tier
            and not (polled.is_history or self._line.is_down)
        )

    async def _follow(self, polled: PolledFeed, visit: Visit, started_at: float) -> Due | None:
        """What a poll leads to beyond the feed itself; when the feed is due again."""
        self._troubles.note(polled)
        if visit.recorded is not None:
            self._announce(visit.recorded)
            self._wake_others(polled, visit.recorded)
        self._line.judge(self._pages.values())
        self._doubt(polled, visit)
        if polled.is_history:
            return await self._histories.after_visit(polled, visit, started_at)
        if polled.is_out or polled.feed.spec.tier != polled.page.tier:
            self._choose_tier(polled.page)
        if visit.recorded is not None and visit.recorded.wants_history:
            await self._histories.want(polled.page)
        if polled.is_out and polled.feed.spec.tier < polled.page.tier:
            return schedule.probe(visit.due, polled.jitter)
        if polled.due_reason is _FIRST:
            return schedule.after_first(visit.due, polled.jitter, len(self._pages))
        return visit.due

    def _doubt(self, polled: PolledFeed, visit: Visit) -> None:
        """Let the page be looked at again where what it answers gives cause to."""
        cause = cause_for_doubt(polled, visit, self._clock.now())
        if cause and self.healer is not None:
            self.healer.wish(polled.page.page, cause, polled.page.fence)

    def _trusts_id(self, page: Page) -> bool:
        return self.healer is None or self.healer.trusts_id(page)

    def _wake_others(self, polled: PolledFeed, recorded: Recorded) -> None:
        """Other feeds of the page have the rest of what this one told: those that are asked less often are asked soon,
        and all are read anew where this one has named components without saying how they are."""
        has_news = bool(recorded.events or recorded.silent)
        for other in polled.page.polled:
            if other is polled:
                continue
            if recorded.wants_levels:
                read_anew(other)
            if recorded.wants_levels or (has_news and other.feed.spec.every):
                self._hasten(other, max(self._clock.monotonic(), other.finished_at + schedule.SOON_GAP.total_seconds()))

    def _choose_tier(self, page: PolledPage) -> None:
        """Put another tier's feeds beside those that cannot be read, or away again when they can."""
        tier = page.tier_needed()
        if tier == page.tier:
            return
        log.warning("changed tier page=%s from=%d to=%d", page.page.slug, page.tier, tier)
        page.tier = tier
        for polled in page.polled:
            if not polled.is_in_use:
                self._gate.drop(polled)
        self._start_feeds(polled for polled in page.polled if polled.tick == NOWHERE)

    def _announce(self, recorded: Recorded) -> None:
        if self._on_recorded is not None:
            self._on_recorded(recorded)

    def _end(self, polled: PolledFeed, due: Due | None) -> None:
        polled.finished_at = self._clock.monotonic()
        self._gate.release(polled)
        if polled.page.is_removed:
            return
        if due is not None and polled.is_in_use:
            self._gate.place(polled, due)
        self._books.note(polled)
        if polled.wants_again:
            polled.wants_again = False
            self._hasten(polled, polled.finished_at)
        self._ring_if_due()

    def _ring_if_due(self) -> None:
        """Where something is due before the loop would wake."""
        next_due = self._gate.next_at()
        if next_due is not None and next_due < self._wake_at:
            self._bell.ring()


def _was_away(read_at: datetime | None, now: datetime) -> bool:
    """Whether nobody has looked for a while; never of a feed that was not read before."""
    return read_at is not None and now - read_at > AWAY_AFTER


def is_under_way(incident: KnownIncident) -> bool:
    """Open, and not a maintenance that has yet to begin."""
    return incident.is_open and incident.phase is not Phase.SCHEDULED
