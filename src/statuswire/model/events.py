"""Events: immutable, numbered facts, and the parts of which one is made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from statuswire.model.pages import PageRef
from statuswire.model.snapshots import AffectedComponent
from statuswire.model.vocabulary import EventType, Impact, Kind, Phase, Source, Status


@dataclass(frozen=True, slots=True)
class EventIncident:
    id: str
    title: str
    kind: Kind
    phase: Phase
    impact: Impact
    url: str
    started_at: datetime | None
    resolved_at: datetime | None
    components: tuple[AffectedComponent, ...] = ()
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventUpdate:
    id: str
    phase: Phase
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EventComponent:
    """`old` and `new` are statuses for `component.status_changed`, names for `component.renamed`."""

    id: str
    name: str
    group: str | None
    status: Status
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True)
class EventFeed:
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class EventPage:
    old: Status
    new: Status


@dataclass(frozen=True, slots=True)
class Event:
    """An immutable, numbered fact. `id` is 0 until the store has numbered it; `key` makes it happen once.

    `at` is the provider's moment, `seen_at` ours. `event_name` is the provider's own name for it, from a hook.
    """

    type: EventType
    key: str
    at: datetime
    seen_at: datetime
    source: Source
    page: PageRef
    incident: EventIncident | None = None
    update: EventUpdate | None = None
    component: EventComponent | None = None
    page_change: EventPage | None = None
    feed: EventFeed | None = None
    event_name: str = ""
    id: int = 0

    @property
    def lag(self) -> timedelta:
        """How long after the provider's moment we saw it; never negative."""
        return max(self.seen_at - self.at, timedelta(0))
