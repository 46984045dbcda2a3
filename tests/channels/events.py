"""Events of an invented page, made with as little text as a test needs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from statuswire.model import (
    AffectedComponent,
    Event,
    EventComponent,
    EventFeed,
    EventIncident,
    EventPage,
    EventType,
    EventUpdate,
    Impact,
    Kind,
    PageRef,
    Phase,
    Source,
    Status,
)

AT = datetime(2025, 11, 3, 14, 32, tzinfo=UTC)
PAGE = PageRef("acme", "Acme Relay", "https://status.acme-relay.example")


def incident_event(
    text: str | None = "A bad deploy.",
    *,
    components: tuple[str, ...] = ("API",),
    title: str = "Slow API",
    phase: Phase = Phase.IDENTIFIED,
    page: PageRef = PAGE,
    type_: EventType = EventType.INCIDENT_UPDATED,
    kind: Kind = Kind.INCIDENT,
    event_name: str = "",
    url: str = "https://status.acme-relay.example/incidents/w2x4",
    affected: tuple[AffectedComponent, ...] | None = None,
) -> Event:
    named = tuple(AffectedComponent("", name) for name in components) if affected is None else affected
    return Event(
        type=type_,
        key="k",
        at=AT,
        seen_at=AT + timedelta(seconds=2),
        source=Source.POLL,
        page=page,
        incident=EventIncident("w2x4", title, kind, phase, Impact.MINOR, url, AT, None, named),
        update=None if text is None else EventUpdate("u2", phase, text, AT),
        event_name=event_name,
        id=812,
    )


def component_event(
    name: str = "API",
    new: Status = Status.PARTIAL_OUTAGE,
    old: Status = Status.OPERATIONAL,
    group: str | None = None,
    type_: EventType = EventType.COMPONENT_STATUS_CHANGED,
) -> Event:
    changed = EventComponent("k3m9", name, group, new, old.value, new.value)
    return Event(type_, "k", AT, AT, Source.POLL, PAGE, component=changed)


def feed_event(type_: EventType, reason: str = "time-out", url: str = "https://a.example/feed.rss") -> Event:
    return Event(type_, "k", AT, AT, Source.POLL, PAGE, feed=EventFeed(url, reason))


def page_event() -> Event:
    return Event(
        EventType.PAGE_STATUS_CHANGED,
        "k",
        AT,
        AT,
        Source.POLL,
        PAGE,
        page_change=EventPage(Status.OPERATIONAL, Status.DEGRADED),
    )
