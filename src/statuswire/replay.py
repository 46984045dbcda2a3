"""`statuswire replay`: stored documents through the real pipeline, on a store in memory, printing the events.

Standard output carries events only, one JSON object a line; the count of everything comes last on standard error.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TextIO

from statuswire import wire
from statuswire.core import health
from statuswire.core.telling import described
from statuswire.engine import ingest
from statuswire.engine.ingest import Recorded
from statuswire.engine.series import Stored, merged
from statuswire.engine.writes import FeedNews, recording, telling
from statuswire.errors import ConfigError, ParseError, ParseReason
from statuswire.model import (
    Document,
    DocumentKind,
    Event,
    EventType,
    EventUpdate,
    Feed,
    FeedSpec,
    Hook,
    Kind,
    Page,
    Snapshot,
    Source,
)
from statuswire.options import ReplayOptions
from statuswire.platforms import PLATFORMS
from statuswire.platforms.parsing import parse, recognise
from statuswire.store import Store, Tx, open_store, queries


@dataclass(slots=True)
class Tally:
    """What a replay came to."""

    documents: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    told_updates: int = 0
    silent: int = 0
    problems: Counter[str] = field(default_factory=Counter)

    def add(self, recorded: Recorded) -> None:
        self.silent += recorded.silent
        for event in recorded.events:
            self.events[event.type.value] += 1
            is_first_telling = event.update is not None and event.type is not EventType.INCIDENT_EDITED
            self.told_updates += is_first_telling


def replay(options: ReplayOptions, out: TextIO, err: TextIO | None = None) -> int:
    """Print the events that the series give. Returns the exit code. Raises ConfigError for a series that is none."""
    if options.platform is not None and options.platform not in PLATFORMS:
        raise ConfigError(f"no platform is called {options.platform!r}; known: {', '.join(PLATFORMS)}")
    with closing(open_store("sqlite://")) as store:
        player = Player(store, options)
        for stored in _paced(merged(options.series), options.speed):
            for event in player.play(stored):
                _print(event, out)
        if options.history:
            for event in store.read(silent_history):
                _print(event, out)
        print(player.summary(), file=err or sys.stderr)
    return 0


def _print(event: Event, out: TextIO) -> None:
    out.write(wire.encode_event(event).decode())
    out.write("\n")


def _paced(documents: Iterable[Stored], speed: float) -> Iterator[Stored]:
    """The documents at `speed` times their own pace; 0 is as fast as possible."""
    began: tuple[float, datetime] | None = None
    for stored in documents:
        if speed > 0:
            began = began or (time.monotonic(), stored.document.received_at)
            due = (stored.document.received_at - began[1]).total_seconds() / speed
            time.sleep(max(due - (time.monotonic() - began[0]), 0))
        yield stored


class Player:
    """Records documents one after another: each series a page of its own, or all of them feeds of one page."""

    def __init__(self, store: Store, options: ReplayOptions) -> None:
        self.tally = Tally()
        self._store = store
        self._options = options
        self._pages: dict[int, Page] = {}
        self._feeds: dict[tuple[int, str], Feed] = {}

    def play(self, stored: Stored) -> tuple[Event, ...]:
        """The events that one document gives."""
        self.tally.documents += 1
        try:
            snapshot = parse(stored.document, self._options.platform)
        except ParseError as error:
            self.tally.unreadable[ParseReason(error.reason).value] += 1
            return self._told(self._note_failure(stored, error))
        self.tally.problems.update(problem.reason for problem in snapshot.problems)
        recorded = self._record(stored, snapshot)
        if recorded.wants_history:
            settled = self._settle(stored)
            recorded = replace(recorded, events=recorded.events + settled.events)
        return self._told(recorded)

    def summary(self) -> str:
        """One paragraph of counts for people; nothing in it is new to a reader of the events."""
        stats = self._store.read(queries.stats)
        unreadable = ", ".join(f"{count} {reason}" for reason, count in sorted(self.tally.unreadable.items()))
        lines = [
            f"{self.tally.documents} documents, {self.tally.unreadable.total()} unreadable"
            + (f" ({unreadable})" if unreadable else ""),
            f"{stats['incidents']} incidents and maintenances with {stats['updates']} updates:"
            f" {self.tally.told_updates} told, {self.tally.silent} kept silently",
            "events: " + (", ".join(f"{count} {kind}" for kind, count in sorted(self.tally.events.items())) or "none"),
        ]
        if self.tally.problems:
            worst = ", ".join(f"{count} × {reason}" for reason, count in self.tally.problems.most_common(3))
            lines.append(f"problems: {worst}")
        return "\n".join(lines)

    def _told(self, recorded: Recorded) -> tuple[Event, ...]:
        self.tally.add(recorded)
        return recorded.events

    def _record(self, stored: Stored, snapshot: Snapshot) -> Recorded:
        document = stored.document
        page = self._page(stored, snapshot.platform)
        now = document.received_at
        if document.kind is DocumentKind.HOOK:
            return self._store.write(lambda tx: _record_hook(tx, page, snapshot, document))
        feed = self._feed(page, stored)
        change = health.after_success(feed.health, now)
        read = replace(feed, health=change.health, read_at=now)
        work = recording(page, read, snapshot, document, FeedNews(change.event, change.reason), now)
        recorded, self._feeds[page.id, feed.spec.url] = self._store.write(work)
        return recorded

    def _note_failure(self, stored: Stored, error: ParseError) -> Recorded:
        if stored.document.kind is DocumentKind.HOOK:
            return Recorded()
        now = stored.document.received_at
        page = self._page(stored, _platform_of(stored.document, self._options.platform))
        feed = self._feed(page, stored)
        change = health.after_failure(feed.health, ParseReason(error.reason), str(error), now)
        worse = self._feeds[page.id, feed.spec.url] = replace(feed, health=change.health)
        return Recorded(self._store.write(telling(page, worse, FeedNews(change.event, change.reason), now)))

    def _settle(self, stored: Stored) -> Recorded:
        page, now = self._pages[self._page_index(stored)], stored.document.received_at
        return self._store.write(lambda tx: ingest.settle(tx, page, now))

    def _page_index(self, stored: Stored) -> int:
        return 0 if self._options.one_page else stored.series

    def _page(self, stored: Stored, platform: str) -> Page:
        index = self._page_index(stored)
        if index not in self._pages:
            slug = self._slug(stored, index)
            self._pages[index] = self._store.write(
                lambda tx: queries.upsert_page(tx, slug=slug, name=slug, url="", platform=platform, origin="watch")
            )
        page = self._store.read(lambda tx: queries.page_by_id(tx, self._pages[index].id))
        return page or self._pages[index]

    def _slug(self, stored: Stored, index: int) -> str:
        """The name that was given for the series, else one made of its file's."""
        given = self._options.slugs[stored.series] if self._options.slugs else ""
        name = self._options.series[stored.series].name.partition(".")[0]
        return given or ingest.slug_of(name) + (f"-{index}" if index else "")

    def _feed(self, page: Page, stored: Stored) -> Feed:
        url = stored.document.url or str(self._options.series[stored.series])
        if (page.id, url) not in self._feeds:
            self._feeds[page.id, url] = self._store.write(lambda tx: queries.upsert_feed(tx, page.id, FeedSpec(url)))
        return self._feeds[page.id, url]


def _platform_of(document: Document, wanted: str | None) -> str:
    found = None if wanted else recognise(document)
    return wanted or (found.name if found else "generic")


def _record_hook(tx: Tx, page: Page, snapshot: Snapshot, document: Document) -> Recorded:
    """A hook of a series belongs to the page of its series, whatever page its body names."""
    hook = Hook("replay", "", snapshot.platform, document.body, document.received_at, page_slug=page.slug)
    page = ingest.page_for_hook(tx, hook, snapshot)
    return ingest.record(tx, page, snapshot, document=document, source=Source.HOOK, now=document.received_at)


def silent_history(tx: Tx) -> list[Event]:
    """What was stored without being told, in the shape of events (id 0, source `import`), by provider time."""
    events = []
    cursor: str | None = None
    while True:
        listed, cursor = queries.incident_list(tx, limit=1000, after=cursor)
        for ref, incident in listed:
            kind = _HISTORY_TYPES[incident.kind]
            for update in (one for one in incident.updates if not one.is_told):
                phase = update.phase or incident.phase
                told = EventUpdate(update.key, phase, update.text, update.at)
                shown = described(incident, phase)
                seen_at = update.seen_at or update.at
                events.append(Event(kind, "", update.at, seen_at, Source.IMPORT, ref, shown, told))
        if cursor is None:
            return sorted(events, key=lambda event: event.at)


_HISTORY_TYPES = {Kind.INCIDENT: EventType.INCIDENT_UPDATED, Kind.MAINTENANCE: EventType.MAINTENANCE_UPDATED}
