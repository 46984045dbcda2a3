"""The pages that are watched and the feeds that are polled for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from statuswire.model.knowledge import Moment
from statuswire.model.vocabulary import Status


@dataclass(frozen=True, slots=True)
class PageRef:
    slug: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Page:
    """A watched page. `origin`: `config`, `own` (kept in the database), `hook` (made by a believed webhook) or `watch`.
    `dropped_at`: since when it is watched no more; what is known of it is kept."""

    id: int
    slug: str
    name: str
    url: str
    platform: str
    origin: str = "config"
    provider_id: str | None = None
    time_zone: str | None = None
    status: Status | None = None
    allow_private: bool = False
    dropped_at: datetime | None = None

    @property
    def ref(self) -> PageRef:
        return PageRef(self.slug, self.name, self.url)


class Role(StrEnum):
    """What a feed is for: `STATE` is polled for the present, `ENTRIES` is polled and covers nothing, `HISTORY` is
    fetched only to learn how something ended."""

    STATE = "state"
    ENTRIES = "entries"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """One URL of a page. Feeds of `tier` 0 are polled; a higher tier only when the lower one cannot be read.

    `every` is how often at most it is worth asking, where that is less often than the page's interval (None: it is
    not); such a feed is also read soon after another one of the page has told something. `post` is the JSON body to
    send where the address answers only to POST; such a request has no validators, its answer is told by its digest.
    """

    url: str
    role: Role = Role.STATE
    tier: int = 0
    accept: str = "application/json"
    every: timedelta | None = None
    post: str = ""


class FeedState(StrEnum):
    """`new` until the first good read; `failing` after three failures in a row or ten minutes of them."""

    NEW = "new"
    OK = "ok"
    FAILING = "failing"
    UNREADABLE = "unreadable"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """How reading a feed has gone lately; the part of a feed that survives a restart beside its validators."""

    state: FeedState = FeedState.NEW
    failures: int = 0
    failing_since: datetime | None = None
    last_ok_at: datetime | None = None
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A polled URL with its validators and bookkeeping, as stored."""

    id: int
    page_id: int
    spec: FeedSpec
    etag: str = ""
    last_modified: str = ""
    wire_digest: bytes = b""
    health: FeedHealth = FeedHealth()
    due_at: datetime | None = None
    polls: int = 0
    not_modified: int = 0
    read_at: datetime | None = None
    moment: Moment | None = None
