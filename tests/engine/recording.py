"""A generated history played through the one door into a store in memory, with what was said after each document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from statuswire.core import health
from statuswire.engine import ingest
from statuswire.engine.overview import PageLook, load_overview
from statuswire.errors import FetchReason
from statuswire.model import Document, Feed, FeedSpec, KnownComponent, Page, Role
from statuswire.store import Store, Tx, open_store, queries
from tests.core.memory import START, Delivery

URL = "https://status.acme-relay.example/"


@dataclass(frozen=True, slots=True)
class Said:
    """What was known right after something had arrived."""

    at: datetime
    look: PageLook
    components: tuple[KnownComponent, ...]


class Recording:
    """One page in a store; documents that arrive, and feeds that now and then cannot be read."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.now = START
        self.said: list[Said] = []
        self.page = store.write(_add_page)
        self.feeds: dict[str, Feed] = {}

    def take(self, delivery: Delivery) -> None:
        self._tick(delivery.made_at)
        self.store.write(partial(self._record, delivery=delivery))
        self._say()

    def fail(self, name: str) -> None:
        """Three failures of a feed in a row, so that it is told of."""
        for _ in range(3):
            self._tick(self.now)
            self.store.write(partial(self._fail, name=name))
        self._say()

    def _tick(self, made_at: datetime) -> None:
        self.now = max(self.now, made_at) + timedelta(seconds=1)

    def _record(self, tx: Tx, delivery: Delivery) -> None:
        feed = self._feed(tx, delivery.feed, delivery.is_history) if delivery.feed else None
        document = Document(b"", self.now, headers={"date": f"{delivery.made_at:%a, %d %b %Y %H:%M:%S GMT}"})
        recorded = ingest.record(
            tx,
            self.page,
            delivery.snapshot,
            document=document,
            source=delivery.source,
            now=self.now,
            feed_id=feed.id if feed else None,
        )
        if feed is not None:
            self._note(tx, feed, health.after_success(feed.health, self.now))
        if recorded.wants_history:
            ingest.settle(tx, self.page, self.now)

    def _fail(self, tx: Tx, name: str) -> None:
        feed = self._feed(tx, name, is_history=False)
        self._note(tx, feed, health.after_failure(feed.health, FetchReason.TIMEOUT, "no answer", self.now))

    def _note(self, tx: Tx, feed: Feed, change: health.HealthChange) -> None:
        self.feeds[feed.spec.url] = replace(feed, health=change.health, read_at=self.now)
        queries.save_feed(tx, self.feeds[feed.spec.url])
        if change.event is not None:
            ingest.record_feed(tx, self.page, feed.spec.url, change.event, change.reason, self.now)

    def _feed(self, tx: Tx, name: str, is_history: bool) -> Feed:
        url = URL + name
        if url not in self.feeds:
            role = Role.HISTORY if is_history else Role.STATE
            self.feeds[url] = queries.upsert_feed(tx, self.page.id, FeedSpec(url, role))
        return self.feeds[url]

    def _say(self) -> None:
        self.said.append(self.store.read(partial(_said, page=self.page, at=self.now)))


def played(arriving: Iterable[Delivery], seed: int) -> Iterator[Recording]:
    """Give one recording of all of it, in which about every eighth time a feed fails."""
    random = Random(seed)
    with closing(open_store("sqlite://")) as store:
        recording = Recording(store)
        for delivery in arriving:
            recording.take(delivery)
            if delivery.feed is not None and random.random() < 0.12:
                recording.fail(delivery.feed)
        yield recording


def _add_page(tx: Tx) -> Page:
    return queries.upsert_page(tx, slug="acme", name="Acme Relay", url=URL, platform="statuspage", origin="config")


def _said(tx: Tx, page: Page, at: datetime) -> Said:
    known = queries.load_known(tx, page.id, feed_id=None, ids=())
    return Said(at, load_overview(tx, at).pages[0], known.components)
