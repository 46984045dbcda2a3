"""Pages, components and incidents written straight into a store, for looks at them from outside."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

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
MOMENT = Moment(NOW, NOW)
INTERNAL = "http://10.1.2.3:9000/summary.json?key=s3cr3t-canary"
"""Where a page is read from, with a secret in it: nobody outside may see it."""


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def component(id_: str, name: str, status: Status = Status.OPERATIONAL, group: str | None = None) -> KnownComponent:
    return KnownComponent(id_, name, group, status, status.value, None, MOMENT, NOW - minutes(42))


def update(
    key: str, text: str, ago: float = 5, phase: Phase | None = Phase.INVESTIGATING, raw: str = ""
) -> KnownUpdate:
    at = NOW - minutes(ago)
    return KnownUpdate(key, 0, phase, text, at, "f", raw=raw, seen_at=at + timedelta(seconds=7))


def incident(
    id_: str,
    title: str = "Slow API",
    phase: Phase = Phase.INVESTIGATING,
    updates: Sequence[KnownUpdate] = (),
    *,
    impact: Impact = Impact.MINOR,
    url: str = "",
    ago: float = 72,
    components: Iterable[AffectedComponent] = (),
) -> KnownIncident:
    begun = NOW - minutes(ago)
    return KnownIncident(
        id_,
        Kind.INCIDENT,
        title,
        phase,
        impact,
        url,
        MOMENT,
        tuple(components),
        tuple(updates),
        created_at=begun,
        started_at=begun,
        resolved_at=updates[-1].at if phase.is_closed and updates else None,
        first_seen_at=begun,
    )


def maintenance(
    id_: str,
    title: str = "Database upgrade",
    phase: Phase = Phase.SCHEDULED,
    updates: Sequence[KnownUpdate] = (),
    *,
    begins: float = 600,
    lasts: float | None = 90,
    url: str = "",
) -> KnownIncident:
    """`begins` in so many minutes."""
    begin = NOW + minutes(begins)
    one = incident(id_, title, phase, updates, impact=Impact.MAINTENANCE, url=url, ago=1440)
    end = begin + minutes(lasts) if lasts is not None else None
    return replace(one, kind=Kind.MAINTENANCE, started_at=None, scheduled_for=begin, scheduled_until=end)


def blind(ago: float = 14, reason: str = "HTML instead of JSON") -> FeedHealth:
    """Of a feed that cannot be read for so many minutes."""
    since = NOW - minutes(ago)
    return FeedHealth(FeedState.UNREADABLE, 9, since, since, f"not_json: {reason}")


def put_left(store: Store, slug: str = "acme", **said: Any) -> Page:
    """A page that was read well for the last time five hours ago, and that nobody polls since."""
    read_at = NOW - minutes(300)
    return put(store, slug, health=FeedHealth(FeedState.OK, last_ok_at=read_at), due_at=read_at + minutes(1), **said)


def put(
    store: Store,
    slug: str = "acme",
    name: str = "",
    *,
    status: Status | None = Status.OPERATIONAL,
    components: Sequence[KnownComponent] = (),
    incidents: Sequence[KnownIncident] = (),
    health: FeedHealth | None = None,
    url: str = "",
    is_read: bool = True,
    due_at: datetime | None = None,
) -> Page:
    """A watched page with one feed, which was read twelve seconds ago unless its `health` says otherwise."""

    def work(tx: Tx) -> Page:
        address = url or f"https://status.{slug}.example"
        page = queries.upsert_page(
            tx, slug=slug, name=name or _name(slug), url=address, platform="statuspage", origin="config"
        )
        if is_read:
            _read(tx, page, health or _WELL, due_at)
            said = tuple((one.id, said) for one in incidents for said in one.updates)
            known = queries.load_known(tx, page.id, feed_id=None, ids=())
            changes = Changes(status, MOMENT, NOW - minutes(600), None, tuple(components), (), tuple(incidents), said)
            assert queries.save_changes(tx, page.id, known.version, changes)
        return page

    return store.write(work)


def _name(slug: str) -> str:
    return "Acme Relay" if slug == "acme" else slug.title()


def _read(tx: Tx, page: Page, health: FeedHealth, due_at: datetime | None) -> None:
    feed = queries.upsert_feed(tx, page.id, FeedSpec(INTERNAL))
    queries.save_feed(tx, replace(feed, health=health, polls=100, not_modified=96, due_at=due_at))


def drop(store: Store, page: Page, ago: float = 30) -> Page:
    """The page is watched no more since so many minutes."""
    store.write(lambda tx: queries.drop_pages(tx, [page.id], NOW - minutes(ago)))
    return page


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


_WELL = FeedHealth(FeedState.OK, last_ok_at=NOW - timedelta(seconds=12))
