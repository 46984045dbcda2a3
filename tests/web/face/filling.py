"""Pages, components and incidents written straight into a store, for looks at them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from statuswire.model import (
    AffectedComponent,
    Changes,
    Event,
    EventIncident,
    EventType,
    EventUpdate,
    FeedHealth,
    FeedSpec,
    FeedState,
    Impact,
    Kind,
    KnownComponent,
    KnownIncident,
    KnownUpdate,
    Moment,
    Page,
    Phase,
    Source,
    Status,
)
from statuswire.store import Store, Tx, queries

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
M = Moment(NOW, NOW)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def component(id_: str, name: str, status: Status = Status.OPERATIONAL, group: str | None = None) -> KnownComponent:
    return KnownComponent(id_, name, group, status, status.value, None, M, NOW - minutes(42))


def update(key: str, text: str, ago: float = 5, phase: Phase = Phase.INVESTIGATING, raw: str = "") -> KnownUpdate:
    at = NOW - minutes(ago)
    return KnownUpdate(key, 0, phase, text, at, "f", raw=raw, seen_at=at + timedelta(seconds=7))


def incident(
    id_: str,
    title: str = "Slow API",
    phase: Phase = Phase.INVESTIGATING,
    impact: Impact = Impact.MINOR,
    kind: Kind = Kind.INCIDENT,
    url: str = "",
    ago: float = 72,
    updates: Sequence[KnownUpdate] = (),
    components: Sequence[AffectedComponent] = (),
) -> KnownIncident:
    begun = NOW - minutes(ago)
    is_planned = kind is Kind.MAINTENANCE
    return KnownIncident(
        id_,
        kind,
        title,
        phase,
        impact,
        url,
        M,
        components=tuple(components),
        updates=tuple(updates),
        created_at=begun,
        started_at=None if is_planned else begun,
        scheduled_for=begun if is_planned else None,
        scheduled_until=begun + minutes(180) if is_planned else None,
        first_seen_at=begun,
    )


def put(
    store: Store,
    slug: str,
    name: str = "",
    *,
    status: Status = Status.OPERATIONAL,
    components: Sequence[KnownComponent] = (),
    incidents: Sequence[KnownIncident] = (),
    health: FeedHealth | None = None,
    url: str = "",
    is_read: bool = True,
) -> Page:
    """A watched page with one feed."""

    def work(tx: Tx) -> Page:
        address = url or f"https://status.{slug}.example"
        page = queries.upsert_page(
            tx, slug=slug, name=name or slug.title(), url=address, platform="statuspage", origin="config"
        )
        if not is_read:
            return page
        feed = queries.upsert_feed(tx, page.id, FeedSpec(f"https://status.{slug}.example/summary.json?key=s3cret"))
        good = FeedHealth(FeedState.OK, last_ok_at=NOW - timedelta(seconds=12))
        queries.save_feed(tx, replace(feed, health=health or good, polls=100, not_modified=96))
        said = tuple((one.id, said) for one in incidents for said in one.updates)
        queries.save_changes(
            tx, page.id, 0, Changes(status, M, NOW - minutes(600), None, tuple(components), (), tuple(incidents), said)
        )
        return page

    return store.write(work)


def blind(ago: float = 14) -> FeedHealth:
    return FeedHealth(FeedState.UNREADABLE, 9, NOW - minutes(ago), NOW - minutes(ago), "not_json: HTML instead of JSON")


def told(store: Store, page: Page, one: KnownIncident, type_: EventType, said: KnownUpdate, text: str = "") -> Event:
    """An event about an update, as it was told."""
    told_of = EventIncident(one.id, one.title, one.kind, one.phase, one.impact, one.url, one.started_at, None)
    event = Event(
        type_,
        f"{page.slug}/{one.id}/{said.key}/{type_}",
        said.at,
        said.seen_at or said.at,
        Source.POLL,
        page.ref,
        told_of,
        EventUpdate(said.key, said.phase or one.phase, text or said.text, said.at),
    )
    return store.write(lambda tx: queries.append_events(tx, page.id, [event]))[0]
