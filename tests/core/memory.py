"""What is known of one page, kept in memory as the store keeps it in rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from statuswire.core.absence import settle
from statuswire.core.reconcile import Outcome, reconcile
from statuswire.core.updates import order
from statuswire.model import (
    Changes,
    Cover,
    Event,
    Known,
    KnownComponent,
    KnownIncident,
    Moment,
    PageRef,
    Snapshot,
    Source,
)

START = datetime(2026, 5, 4, 6, 0, tzinfo=UTC)
PAGE = PageRef("acme", "Acme Relay", "https://status.acme-relay.example")
EVERYTHING = frozenset(Cover) - {Cover.TROUBLED}


@dataclass(frozen=True, slots=True)
class Delivery:
    """One document on its way to us, already read. `feed` names what it was polled from (None: a hook); `is_history`
    where that is fetched only to learn how something ended."""

    snapshot: Snapshot
    source: Source
    made_at: datetime
    feed: str | None
    is_history: bool = False


class Memory:
    """What is known of the page, kept as the store keeps it."""

    def __init__(self) -> None:
        self.known = Known()
        self.feeds: dict[str, tuple[datetime, Moment | None]] = {}
        self.events: list[Event] = []
        self.keys: set[str] = set()
        self.now = START

    def take(self, delivery: Delivery) -> tuple[Outcome, list[Event]]:
        """Record a document; the events it gave, without those told before."""
        self.now = max(self.now, delivery.made_at) + timedelta(seconds=1)
        read_at, moment = self.feeds.get(delivery.feed or "", (None, None))
        feed_read_at = None if delivery.is_history else read_at
        known = replace(self.known, feed_read_at=feed_read_at, feed_moment=moment if delivery.feed else None)
        outcome = reconcile(
            known,
            delivery.snapshot,
            page=PAGE,
            source=delivery.source,
            served_at=delivery.made_at,
            now=self.now,
        )
        self._apply(outcome.changes)
        if delivery.feed:
            self.feeds[delivery.feed] = (self.now, outcome.changes.feed_moment)
        new = self._numbered(outcome.events)
        if outcome.wants_history:
            closed, events = settle(self.known.incidents, PAGE, self.now)
            self._apply(Changes(self.known.status, self.known.moment, self.known.baseline_at, incidents=closed))
            new += self._numbered(events)
        return outcome, new

    def _numbered(self, events: tuple[Event, ...]) -> list[Event]:
        new = [event for event in events if event.key not in self.keys]
        self.keys |= {event.key for event in events}
        self.events += new
        return new

    def _apply(self, changes: Changes) -> None:
        components = {one.id: one for one in self.known.components}
        components |= {one.id: one for one in changes.components}
        for gone in changes.removed_components:
            del components[gone]
        updates = {one.id: {update.key: update for update in one.updates} for one in self.known.incidents}
        for incident_id, update in changes.updates:
            updates.setdefault(incident_id, {})[update.key] = update
        incidents = {one.id: one for one in self.known.incidents} | {one.id: one for one in changes.incidents}
        self.known = replace(
            self.known,
            version=self.known.version + 1,
            status=changes.status,
            moment=changes.moment,
            baseline_at=changes.baseline_at,
            components=tuple(components.values()),
            incidents=tuple(
                replace(one, updates=tuple(sorted(updates.get(one.id, {}).values(), key=order)))
                for one in incidents.values()
            ),
        )

    def incident(self, name: str) -> KnownIncident | None:
        """By its id or any other name that it is known under."""
        return next((one for one in self.known.incidents if name in (one.id, *one.aliases)), None)

    def component(self, id_: str) -> KnownComponent:
        return next(one for one in self.known.components if one.id == id_)
