"""What the API answers, as typed frozen values. Words and fields that are newer than this client do no harm.

The shapes are those of docs/reference/api.md and events.md; the words are those of `statuswire.model`, which is not
imported here for the time that takes (a test compares the two). Times are aware and in UTC.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec


class _Word(StrEnum):
    """A closed set of words; one that is not in it is `unknown`."""

    @classmethod
    def _missing_(cls, value: object) -> Any:
        return cls("unknown") if isinstance(value, str) and value != "unknown" else None


class Status(_Word):
    OPERATIONAL = "operational"
    DEGRADED = "degraded"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"


class Phase(_Word):
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class Impact(_Word):
    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    INCIDENT = "incident"
    MAINTENANCE = "maintenance"


class PageName(msgspec.Struct, frozen=True):
    slug: str
    name: str
    url: str


class Page(PageName, frozen=True):
    """`state` is unknown while the page cannot be read, or nobody reads it (`overdue`); `last_known` is what it said
    before, `stale_since` when it was last read well, `dropped_at` since when it is not watched any more. `components`
    counts them by status."""

    state: Status = Status.UNKNOWN
    platform: str = ""
    stale: bool = False
    stale_since: datetime | None = None
    overdue: bool = False
    dropped_at: datetime | None = None
    last_known: Status | None = None
    flag: str | None = None
    tags: tuple[str, ...] = ()
    category: str | None = None
    components: dict[str, int] = {}


class Affected(msgspec.Struct, frozen=True):
    """A component as an incident names it."""

    id: str
    name: str
    status: Status
    group: str | None = None


class Component(Affected, frozen=True):
    """`page` where components of all pages are listed."""

    since: datetime | None = None
    updated_at: datetime | None = None
    page: PageName | None = None


class Update(msgspec.Struct, frozen=True):
    id: str
    text: str
    at: datetime
    phase: Phase | None = None


class Incident(msgspec.Struct, frozen=True):
    """An incident or maintenance. `page`, `updated_at` and `updates` (oldest first) are missing inside of events."""

    id: str
    title: str
    kind: Kind
    phase: Phase
    impact: Impact
    url: str
    page: PageName | None = None
    started_at: datetime | None = None
    resolved_at: datetime | None = None
    updated_at: datetime | None = None
    components: tuple[Affected, ...] = ()
    updates: tuple[Update, ...] = ()
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None


class EventPage(PageName, frozen=True, rename={"old": "from", "new": "to"}):
    """`old` and `new` in `page.status_changed` alone."""

    old: Status | None = None
    new: Status | None = None


class EventComponent(Affected, frozen=True, rename={"old": "from", "new": "to"}):
    """`old` and `new` are statuses in `component.status_changed`, names in `component.renamed`."""

    old: str | None = None
    new: str | None = None


class EventFeed(msgspec.Struct, frozen=True):
    url: str
    reason: str


class Why(msgspec.Struct, frozen=True):
    """In webhooks: why there is a message where it is more than the event itself."""

    kind: str = ""
    reason: str = ""
    evidence: tuple[str, ...] = ()


class Event(msgspec.Struct, frozen=True):
    """An immutable, numbered fact. `at` is the provider's moment, `seen_at` the server's."""

    id: int
    type: str
    at: datetime
    seen_at: datetime
    source: str
    page: EventPage
    lag_s: float = 0.0
    incident: Incident | None = None
    update: Update | None = None
    component: EventComponent | None = None
    feed: EventFeed | None = None
    event_name: str = ""
    message: Why | None = None


class Wrong(msgspec.Struct, frozen=True):
    where: str = ""
    what: str = ""


class Problem(msgspec.Struct, frozen=True):
    """A problem document. `known` lists what would be right, `errors` what is wrong part by part."""

    status: int = 0
    title: str = ""
    detail: str = ""
    code: str = ""
    type: str = "about:blank"
    known: tuple[str, ...] = ()
    errors: tuple[Wrong, ...] = ()


class Incidents(msgspec.Struct, frozen=True):
    items: tuple[Incident, ...]
    next: str | int | None = None


class Components(msgspec.Struct, frozen=True):
    items: tuple[Component, ...]
    next: str | int | None = None


class Events(msgspec.Struct, frozen=True):
    items: tuple[Event, ...]
    next: str | int | None = None
