"""A month of a page with a contract, as the documentation tells it: October 2026, watched from September on.

- 6 October: a major outage of the API for 38 minutes, told by polls.
- 12 October: a partial outage of the checkout for 60 minutes, told by a hook first.
- 17 October: maintenance of the API, announced on the 12th for 01:00 to 03:00 UTC; it went on until 03:30.
- 21 October: nobody could read the page for 20 minutes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from statuswire.config import Config, layers, validate
from statuswire.core import health
from statuswire.engine import evidence, ingest
from statuswire.engine.ingest import Keep
from statuswire.errors import FetchReason
from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Document,
    DocumentKind,
    Feed,
    FeedSpec,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    Page,
    PageFacts,
    Phase,
    Role,
    Snapshot,
    Source,
    Status,
)
from statuswire.signing import hook_token
from statuswire.store import Store, Tx, history, queries

SLUG = "payments"
URL = "https://status.payments.example"
CONFIG = """
pages: [{slug: payments, name: Payments, url: "https://status.payments.example"}]
contracts:
  payments-api:
    page: payments
    components: ["API", "Checkout / *"]
    objective: 99.9
    zone: Europe/Berlin
    weights: {major_outage: 1, partial_outage: 0.5}
    exclude: {maintenance: 72h}
    credits: [{below: 99.9, credit: 10}, {below: 99, credit: 25}]
"""
AFTERWARDS = datetime(2026, 11, 5, 9, 0, tzinfo=UTC)

API = Component("c1", "API", None, Status.OPERATIONAL, position=1)
CARDS = Component("c2", "Cards", "Checkout", Status.OPERATIONAL, position=2)
DOCS = Component("c3", "Docs", None, Status.OPERATIONAL, position=3)


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A moment of October 2026."""
    return datetime(2026, 10, day, hour, minute, tzinfo=UTC)


def token(slug: str) -> str:
    return hook_token(b"s" * 32, slug)


@dataclass
class Month:
    """The page as it goes; each step is one document through the one door."""

    store: Store
    keep: Keep
    page: Page
    feed: Feed
    incidents: dict[str, Incident] = field(default_factory=dict)
    levels: dict[str, Status] = field(default_factory=dict)

    def say(self, now: datetime, incident: Incident | None = None, **levels: Status) -> None:
        """The page is read: it shows this from now on."""
        self.levels |= levels
        if incident is not None:
            self.incidents[incident.id] = incident
        shown = tuple(self.incidents.values())
        components = tuple(replace(one, status=self.levels.get(one.name, one.status)) for one in (API, CARDS, DOCS))
        told = Snapshot(
            "statuspage", PageFacts("p1", "Payments"), now, frozenset(Cover) - {Cover.TROUBLED}, components, shown
        )
        self.store.write(partial(self._record, now=now, told=told))

    def push(self, now: datetime, incident: Incident) -> None:
        """The provider sends a hook."""
        self.incidents[incident.id] = incident
        told = Snapshot("statuspage", PageFacts("p1", "Payments"), now, frozenset(), (), (incident,))
        document = Document(_body(told), now, "", DocumentKind.HOOK)
        self.store.write(
            lambda tx: ingest.record(
                tx, self.page, told, document=document, source=Source.HOOK, now=now, keep=self.keep
            )
        )

    def fail(self, now: datetime) -> None:
        """The page cannot be read from now on."""
        change = health.after_failure(self.feed.health, FetchReason.TIMEOUT, "no answer", now - timedelta(minutes=10))
        for minutes in (5, 0):
            moment = now - timedelta(minutes=minutes)
            change = health.after_failure(change.health, FetchReason.TIMEOUT, "no answer", moment)
        self.store.write(partial(self._note, change=change, now=now))

    def mend(self, now: datetime) -> None:
        """It can be read again, and has nothing new."""
        self.store.write(partial(self._note, change=health.after_success(self.feed.health, now), now=now))

    def _record(self, tx: Tx, now: datetime, told: Snapshot) -> None:
        document = Document(_body(told), now, f"{URL}/api/v2/summary.json")
        recorded = ingest.record(
            tx, self.page, told, document=document, source=Source.POLL, now=now, feed_id=self.feed.id, keep=self.keep
        )
        if recorded.wants_history:
            ingest.settle(tx, self.page, now)
        self.feed = replace(self.feed, health=health.after_success(self.feed.health, now).health, read_at=now)
        queries.save_feed(tx, self.feed)

    def _note(self, tx: Tx, change: health.HealthChange, now: datetime) -> None:
        self.feed = replace(self.feed, health=change.health)
        queries.save_feed(tx, self.feed)
        if change.event is not None:
            ingest.record_feed(tx, self.page, self.feed.spec.url, change.event, change.reason, now)


def _body(told: Snapshot) -> bytes:
    """As invented as the rest: what a document says in short."""
    said = {
        "at": f"{told.as_of:%Y-%m-%dT%H:%M:%SZ}",
        "components": {one.name: one.status.value for one in told.components},
        "incidents": {one.id: one.phase.value for one in told.incidents if one.phase},
    }
    return json.dumps(said).encode()


def story(id_: str, title: str, phase: Phase, now: datetime, component: Component, **said: object) -> Incident:
    update = IncidentUpdate(f"{id_}-{phase}", phase, f"{title}: {phase}.", now)
    parts = (AffectedComponent(component.id, component.name, component.group, component.status),)
    plain = Incident(id_, title, phase=phase, updated_at=now, updates=(update,), components=parts)
    return replace(plain, url=f"{URL}/incidents/{id_}", **said)  # type: ignore[arg-type]


def config() -> Config:
    return validate(layers.parse(CONFIG, "statuswire.yaml"), {})


def begun(store: Store, made: Config) -> Month:
    """The page as it is read for the first time, on 28 September."""

    def add(tx: Tx) -> tuple[Page, Feed]:
        page = queries.upsert_page(tx, slug=SLUG, name="Payments", url=URL, platform="statuspage", origin="config")
        history.note_watching(tx, at(1) - timedelta(days=3))
        return page, queries.upsert_feed(tx, page.id, FeedSpec(f"{URL}/api/v2/summary.json", Role.STATE))

    page, feed = store.write(add)
    month = Month(store, evidence.keeper(made, token), page, feed)
    month.say(at(1) - timedelta(days=3))
    return month


def play(store: Store, made: Config | None = None) -> Month:
    """The whole month, and some days more."""
    month = begun(store, made or config())
    major, partly = Status.MAJOR_OUTAGE, Status.PARTIAL_OUTAGE
    for scene in (_outage, _slow, _work):
        scene(month, major, partly)
    month.fail(at(21, 5, 0))
    month.mend(at(21, 5, 20))
    month.say(at(31, 22, 50))
    month.say(at(31, 23, 10))
    month.say(AFTERWARDS - timedelta(hours=1))
    store.write(_watched)
    return month


Scene = Callable[[Month, Status, Status], None]


def _outage(month: Month, major: Status, partly: Status) -> None:
    down = partial(story, "i1", "API down", component=API, impact=Impact.CRITICAL, created_at=at(6, 9, 12))
    month.say(at(6, 9, 12), down(Phase.INVESTIGATING, at(6, 9, 12)), API=major)
    month.say(at(6, 9, 50), down(Phase.RESOLVED, at(6, 9, 50), resolved_at=at(6, 9, 50)), API=Status.OPERATIONAL)


def _slow(month: Month, major: Status, partly: Status) -> None:
    slow = partial(story, "i2", "Card payments fail", component=CARDS, impact=Impact.MAJOR, created_at=at(12, 14))
    month.push(at(12, 14, 0), slow(Phase.INVESTIGATING, at(12, 14, 0)))
    month.say(at(12, 14, 0), Cards=partly)
    over = slow(Phase.RESOLVED, at(12, 15, 0), resolved_at=at(12, 15, 0))
    month.say(at(12, 15, 0), over, Cards=Status.OPERATIONAL)


def _work(month: Month, major: Status, partly: Status) -> None:
    work = partial(
        story, "m1", "New switches", component=API, kind=Kind.MAINTENANCE, impact=Impact.MAINTENANCE,
        created_at=at(12, 10), scheduled_for=at(17, 1), scheduled_until=at(17, 3),
    )  # fmt: skip
    month.say(at(12, 16, 0), work(Phase.SCHEDULED, at(12, 16, 0)))
    month.say(at(17, 1, 0), work(Phase.IN_PROGRESS, at(17, 1, 0)), API=major)
    month.say(at(17, 3, 30), work(Phase.RESOLVED, at(17, 3, 30), resolved_at=at(17, 3, 30)), API=Status.OPERATIONAL)


def _watched(tx: Tx) -> None:
    """A service ran all the time."""
    tx.execute("UPDATE watching SET last_at = :at", {"at": int(AFTERWARDS.timestamp()) * 1_000_000})
