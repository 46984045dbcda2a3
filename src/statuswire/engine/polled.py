"""What the poller keeps in memory of each page and feed: a few slots, no task, no timer.

Times here are monotonic seconds (`..._at` floats); wall-clock times are aware datetimes, as everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from urllib.parse import urlsplit

from statuswire.core import health, schedule
from statuswire.core.schedule import DueReason, Pace
from statuswire.engine.fence import OPEN, Fence
from statuswire.engine.hosts import Host
from statuswire.engine.wheel import NOWHERE
from statuswire.model import Feed, FeedHealth, FeedState, Page, Role

_NOTHING = timedelta(0)
_GRAIN_S = 60.0
_WELL = FeedHealth(FeedState.OK)
_QUIET_S = schedule.QUIET_AFTER.total_seconds()


@dataclass(frozen=True, slots=True)
class PollSettings:
    """How to poll. `interval` and `while_open` are what is wanted; the provider's wishes come on top.

    Per host: `per_host` polls at once, and a bucket of `host_burst` polls that gains one each `host_gap`.
    `concurrency` bounds all polls under way, `parse_threads` the threads that read documents. `save_every` is how
    often schedules are written.
    """

    interval: timedelta = timedelta(seconds=60)
    while_open: timedelta = timedelta(seconds=20)
    per_host: int = 2
    host_burst: int = 4
    host_gap: timedelta = timedelta(milliseconds=500)
    concurrency: int = 256
    parse_threads: int = 2
    save_every: timedelta = timedelta(seconds=60)

    @property
    def pace(self) -> Pace:
        return Pace(self.interval, self.while_open)


@dataclass(slots=True)
class PollCounters:
    """What happened since the start. `not_modified` are 304s, `unchanged` bodies whose digest was known, `changed`
    documents that were read and recorded; `failures` counts by reason."""

    polls: int = 0
    not_modified: int = 0
    unchanged: int = 0
    changed: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    histories: int = 0
    offline_spells: int = 0

    def add_failure(self, reason: str) -> None:
        self.failures[reason] = self.failures.get(reason, 0) + 1


class Stage(IntEnum):
    """Where a feed is between two polls."""

    PLACED = 0
    """In the wheel, or nowhere because it is not in use."""
    WAITING = 1
    """Due, but its host has as many polls under way as it may."""
    BUSY = 2
    """Handed to a worker."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a feed asked of us with its last document: `idle_limit` and `wish` say how long it may and wants to be left
    alone; `moved_to` is the permanent redirect that was told of."""

    idle_limit: timedelta | None
    wish: timedelta | None
    moved_to: str | None


@lru_cache(maxsize=1_024)
def heard(idle_limit: timedelta | None, wish: timedelta | None, moved_to: str | None) -> Heard:
    """What thousands of feeds have in common is in memory once."""
    return Heard(idle_limit, wish, moved_to)


class PolledFeed:
    """One feed with its schedule. `feed` is the row as last written or about to be; `polls`, `not_modified` and
    `last_ok_at` run ahead of it and are saved in batches (`is_noted`: with the next).

    `misses`: failures in a row of the kind that another tier may cure. `tries`: looks in a row at a document that
    proves nothing yet, or attempts at a history document. `new_since`: when it last told something new.
    """

    __slots__ = (
        "due_at",
        "due_reason",
        "feed",
        "finished_at",
        "heard",
        "host",
        "is_noted",
        "is_reserved",
        "is_unsaved",
        "last_ok_at",
        "misses",
        "new_since",
        "not_modified",
        "pace",
        "page",
        "polls",
        "stage",
        "tick",
        "tries",
        "wants_again",
    )

    def __init__(
        self, feed: Feed, page: PolledPage, host: Host[PolledFeed], new_since: float, pace: Pace | None = None
    ) -> None:
        self.keep(feed)
        self.page = page
        self.host = host
        self.tick = NOWHERE
        self.stage = Stage.PLACED
        self.due_at = 0.0
        self.due_reason = DueReason.FIRST
        self.finished_at = 0.0
        self.new_since = _kept_once(new_since)
        self.pace = schedule.pace_of(pace or PollSettings().pace, feed.spec.every)
        self.polls = feed.polls
        self.not_modified = feed.not_modified
        self.last_ok_at: datetime | None = feed.health.last_ok_at
        self.heard = heard(None, None, None)
        self.misses = health.starting_misses(feed.health)
        self.tries = 0
        self.is_noted = self.is_reserved = self.is_unsaved = self.wants_again = False

    @property
    def is_history(self) -> bool:
        return self.feed.spec.role is Role.HISTORY

    @property
    def is_in_use(self) -> bool:
        """False for feeds of tiers that are not needed, and of pages that are polled no more."""
        return not self.page.is_removed and (self.is_history or self.feed.spec.tier <= self.page.tier)

    @property
    def is_out(self) -> bool:
        """Missed so often that another tier has to help."""
        return self.misses >= health.MISSES_TO_CHANGE_TIER

    @property
    def jitter(self) -> float:
        return schedule.jitter_of(self.feed.spec.url)

    def quiet_for(self, now: float) -> timedelta:
        """How long it has told nothing new; zero for less than it takes to matter."""
        quiet_s = now - self.new_since
        return timedelta(seconds=quiet_s) if quiet_s > _QUIET_S else _NOTHING

    def keep(self, feed: Feed) -> None:
        """The row as it is now, without what runs ahead of it here (`row` puts it back): feeds that are read well have
        one health in memory for all."""
        health = feed.health
        is_well = health.state is FeedState.OK and not (health.failures or health.failing_since or health.last_error)
        self.feed = replace(feed, health=_WELL) if is_well else feed

    def row(self) -> Feed:
        """The feed as it should be stored now, but for its due time, which stays as it is."""
        return replace(
            self.feed,
            polls=self.polls,
            not_modified=self.not_modified,
            health=replace(self.feed.health, last_ok_at=self.last_ok_at),
        )


@dataclass(slots=True)
class HistoryRun:
    """The reading of a page's history documents: `pending` are those still to be read before `settle`, `wanted_at` when
    something left a list last, `until` how long a later wish has one of them read anew."""

    pending: set[PolledFeed]
    wanted_at: float
    until: float


class PolledPage:
    """One page with its feeds.

    `tier` is the highest tier in use; `wished_at` when it is or was polled last because
    somebody asked for it; `history_run` the reading of its history documents, while there is one. `fence` stands before
    all that is written of it.
    """

    __slots__ = (
        "feeds",
        "fence",
        "has_open",
        "history_run",
        "is_removed",
        "page",
        "tier",
        "wished_at",
    )

    def __init__(self, page: Page, fence: Fence = OPEN) -> None:
        self.page = page
        self.fence = fence
        self.feeds: tuple[PolledFeed, ...] = ()
        self.tier = 0
        self.has_open = False
        self.is_removed = False
        self.wished_at: float | None = None
        self.history_run: HistoryRun | None = None

    @property
    def polled(self) -> tuple[PolledFeed, ...]:
        """The feeds that are polled again and again, of whatever tier."""
        return tuple(polled for polled in self.feeds if not polled.is_history)

    @property
    def history(self) -> tuple[PolledFeed, ...]:
        """The feeds to read when something left a list, of the tiers in use."""
        return tuple(polled for polled in self.feeds if polled.is_history and polled.feed.spec.tier <= self.tier)

    def tier_needed(self) -> int:
        """The lowest tier of which every feed can be read, else the highest there is."""
        tiers = sorted({polled.feed.spec.tier for polled in self.polled})
        for tier in tiers:
            if not any(polled.is_out for polled in self.polled if polled.feed.spec.tier == tier):
                return tier
        return tiers[-1] if tiers else 0


def _kept_once(moment: float) -> float:
    """To the minute, which thousands of feeds have in common and which then is in memory once."""
    return _of_minute(int(moment // _GRAIN_S))


@lru_cache(maxsize=4_096)
def _of_minute(minute: int) -> float:
    return minute * _GRAIN_S


def feed_word(feed: Feed) -> str:
    """What log lines call a feed: `summary` for `https://status.acme.example/api/v2/summary.json`."""
    tail = urlsplit(feed.spec.url).path.rstrip("/").rpartition("/")[2]
    return tail.partition(".")[0] or "root"
