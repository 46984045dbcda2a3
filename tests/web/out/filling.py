"""Pages, components and incidents written straight into the store of a site."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from statuswire.model import (
    AffectedComponent,
    Changes,
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
    return KnownUpdate(key, 0, phase, text, NOW - minutes(ago), "f", raw=raw)


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


def put(
    store: Store,
    slug: str = "acme",
    name: str = "Acme Relay",
    *,
    status: Status | None = Status.OPERATIONAL,
    components: Sequence[KnownComponent] = (),
    incidents: Sequence[KnownIncident] = (),
    is_blind: bool = False,
) -> Page:
    """A watched page with one feed, which was read twelve seconds ago, or cannot be read for fourteen minutes."""

    def work(tx: Tx) -> Page:
        page = queries.upsert_page(
            tx, slug=slug, name=name, url=f"https://status.{slug}.example", platform="statuspage", origin="config"
        )
        feed = queries.upsert_feed(tx, page.id, FeedSpec(INTERNAL))
        queries.save_feed(tx, replace(feed, health=_BLIND if is_blind else _WELL))
        said = tuple((one.id, told) for one in incidents for told in one.updates)
        changes = Changes(status, MOMENT, NOW - minutes(600), None, tuple(components), (), tuple(incidents), said)
        known = queries.load_known(tx, page.id, feed_id=None, ids=())
        assert queries.save_changes(tx, page.id, known.version, changes)
        return page

    return store.write(work)


_WELL = FeedHealth(FeedState.OK, last_ok_at=NOW - timedelta(seconds=12))
_BLIND = FeedHealth(FeedState.UNREADABLE, 9, NOW - minutes(14), NOW - minutes(14), f"not_json: HTML from {INTERNAL}")
