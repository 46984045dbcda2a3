"""A changed 100 KB feed: parsing and reconciling it, and recording it in the store, against feedparser alone.

The feed has the shape of a Statuspage Atom history with all its updates. Every operation sees a feed whose newest entry
has gained an update since the one before, as a real one does; the other entries are as they were.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import feedparser
from bench import arguments, at_least, compare, finish, show

from statuswire.core.reconcile import reconcile
from statuswire.engine import ingest
from statuswire.model import Document, FeedSpec, Known, Role, Snapshot, Source
from statuswire.platforms.parsing import parse
from statuswire.store import Store, open_store, queries

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
LABELS = ("Investigating", "Update", "Identified", "Update", "Monitoring", "Update", "Resolved")
WORDS = "We are seeing elevated error rates for a part of the requests to this service and are looking into the cause. "
SIZE = 100_000


def body_of(entry: int, updates: int) -> str:
    """The markup of an entry, newest update first, escaped for Atom."""
    parts = []
    for number in range(updates):
        at = NOON - timedelta(days=entry) + timedelta(minutes=7 * number)
        label = LABELS[min(number, len(LABELS) - 1)] if entry else ("Investigating" if number == 0 else "Update")
        day = f"{at:%b} <var data-var='date'>{at.day:2}</var>, <var data-var='time'>{at:%H:%M}</var> UTC"
        text = f"{WORDS * 3}Step {number} of {entry}."
        parts.append(f"<p><small>{day}</small><br><strong>{label}</strong> - {text}</p>")
    return "".join(reversed(parts)).replace("<", "&lt;").replace(">", "&gt;")


def entry_of(number: int, updates: int) -> str:
    at = NOON - timedelta(days=number)
    code = f"{number:012x}"
    return (
        f"<entry><id>tag:status.acme.example,2005:Incident/{1_000 + number}</id>"
        f"<published>{at:%Y-%m-%dT%H:%M:%SZ}</published>"
        f"<updated>{at + timedelta(minutes=7 * updates):%Y-%m-%dT%H:%M:%SZ}</updated>"
        f"<link rel='alternate' type='text/html' href='https://status.acme.example/incidents/{code}'/>"
        f"<title>Disruption number {number}</title><content type='html'>{body_of(number, updates)}</content></entry>"
    )


OLD_ENTRIES = [entry_of(number, len(LABELS)) for number in range(1, 36)]


def feed_of(updates: int) -> bytes:
    """A feed of about 100 KB whose newest entry has so many updates."""
    entries = [entry_of(0, updates)]
    for old in OLD_ENTRIES:
        if sum(map(len, entries)) > SIZE:
            break
        entries.append(old)
    head = "<id>tag:status.acme.example,2005:/history</id><title>Acme Status - Incident History</title>"
    return f"<feed xmlns='http://www.w3.org/2005/Atom'>{head}{''.join(entries)}</feed>".encode()


def read(feed: bytes, moment: datetime) -> tuple[Document, Snapshot]:
    document = Document(feed, moment)
    return document, parse(document, "statuspage")


def fresh_store(store: Store) -> tuple[int, int]:
    """A new page that was read when the newest entry had its first update; the page's and the feed's ids."""
    slug = f"acme-{next(_numbers)}"
    page = store.write(
        lambda tx: queries.upsert_page(tx, slug=slug, name="Acme", url="", platform="statuspage", origin="config")
    )
    feed = store.write(lambda tx: queries.upsert_feed(tx, page.id, FeedSpec("https://s.example/feed", Role.ENTRIES)))
    record(store, page.id, feed.id, feed_of(1), NOON)
    store.write(lambda tx: queries.save_feed(tx, replace(feed, read_at=NOON)))
    return page.id, feed.id


_numbers = count()


def record(store: Store, page_id: int, feed_id: int, feed: bytes, moment: datetime) -> None:
    document, snapshot = read(feed, moment)
    page = store.read(lambda tx: queries.page_by_id(tx, page_id))
    assert page is not None
    store.write(
        lambda tx: ingest.record(tx, page, snapshot, document=document, source=Source.POLL, now=moment, feed_id=feed_id)
    )


def known_after(store: Store, page_id: int, feed_id: int, feed: bytes) -> Known:
    _, snapshot = read(feed, NOON)
    names = {name for incident in snapshot.incidents for name in (incident.id, *incident.aliases)}
    return store.read(lambda tx: queries.load_known(tx, page_id, feed_id=feed_id, ids=names))


def pure(store: Store) -> Callable[[int], None]:
    """Parse and reconcile: what is known is always that of the feed one update before."""
    page_id, feed_id = fresh_store(store)
    page = store.read(lambda tx: queries.page_by_id(tx, page_id))
    assert page is not None
    before = known_after(store, page_id, feed_id, feed_of(1))
    ref = page.ref

    def run(operations: int) -> None:
        for number in range(operations):
            now = NOON + timedelta(minutes=1)
            document, snapshot = read(CHANGED[number % len(CHANGED)], now)
            outcome = reconcile(before, snapshot, page=ref, source=Source.POLL, served_at=document.served_at, now=now)
            assert outcome.events

    return run


CHANGED = [feed_of(updates) for updates in range(2, 9)]


def stored(store: Store) -> Callable[[int], None]:
    """The same, with loading what is known and writing what follows."""

    def run(operations: int) -> None:
        page_id, feed_id = fresh_store(store)
        for number in range(operations):
            if number % len(CHANGED) == 0:
                page_id, feed_id = fresh_store(store)
            moment = NOON + timedelta(minutes=1 + number)
            record(store, page_id, feed_id, CHANGED[number % len(CHANGED)], moment)

    return run


def reference(operations: int) -> None:
    for number in range(operations):
        assert feedparser.parse(CHANGED[number % len(CHANGED)]).entries


def main() -> None:
    options = arguments(__doc__, operations=14, rounds=7)
    with closing(open_store("sqlite://")) as store:
        contenders = {
            "parse and reconcile": pure(store),
            "parse, reconcile and store": stored(store),
            "feedparser alone": reference,
        }
        result = compare(
            contenders, operations=options.operations, baseline="parse and reconcile", rounds=options.rounds
        )
    title = f"changed feed of {len(CHANGED[0]) / 1000:.0f} KB"
    finish(show(title, result, {"feedparser alone": at_least(20)}))


if __name__ == "__main__":
    main()
