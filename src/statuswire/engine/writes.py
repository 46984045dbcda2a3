"""The writes of a poll, each one transaction: a recorded document, or what there is to tell of a feed itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from statuswire.engine import ingest
from statuswire.engine.ingest import Keep, Recorded, keep_nothing
from statuswire.model import Document, Event, EventType, Feed, Page, Role, Snapshot, Source
from statuswire.store import Tx, queries


@dataclass(frozen=True, slots=True)
class FeedNews:
    """What there is to tell of a feed: a `feed.*` event with its reason, and where it moved for good."""

    event: EventType | None = None
    reason: str = ""
    moved_to: str | None = None


def recording(
    page: Page,
    read: Feed,
    snapshot: Snapshot,
    document: Document,
    news: FeedNews,
    now: datetime,
    *,
    trusts_id: bool = True,
    keep: Keep = keep_nothing,
) -> Callable[[Tx], tuple[Recorded, Feed]]:
    """The work that records a document and writes its feed's row; it returns both.

    The validators of a document that needs a second look, or whose missing incidents are not settled yet, are not
    kept: after a crash the same body must come again, not a 304.
    """

    def work(tx: Tx) -> tuple[Recorded, Feed]:
        def beside(recorded: Recorded) -> tuple[Event, ...]:
            queries.save_feed(tx, _kept(read, recorded))
            return _news(tx, page, read, news, now)

        recorded = ingest.record(
            tx,
            page,
            snapshot,
            document=document,
            source=Source.POLL,
            now=now,
            feed_id=read.id,
            trusts_id=trusts_id or read.spec.role is not Role.STATE,
            beside=beside,
            keep=keep,
        )
        return recorded, _kept(read, recorded)

    return work


def _kept(read: Feed, recorded: Recorded) -> Feed:
    is_unfinished = recorded.is_provisional or recorded.wants_history
    return without_validators(read) if is_unfinished else read


def without_validators(feed: Feed) -> Feed:
    return replace(feed, etag="", last_modified="", wire_digest=b"")


def telling(page: Page, feed: Feed, news: FeedNews, now: datetime) -> Callable[[Tx], tuple[Event, ...]]:
    """The work that writes a feed's row and what there is to tell of it; it returns the events."""

    def work(tx: Tx) -> tuple[Event, ...]:
        queries.save_feed(tx, feed)
        return queries.append_events(tx, page.id, _news(tx, page, feed, news, now))

    return work


def _news(tx: Tx, page: Page, feed: Feed, news: FeedNews, now: datetime) -> tuple[Event, ...]:
    """What there is to tell of the feed; a move once for each target, across restarts and processes."""
    told: tuple[Event, ...] = ()
    if news.event is not None:
        told += (ingest.feed_event(page, feed.spec.url, news.event, news.reason, now),)
    if news.moved_to and queries.change_setting(tx, f"feed.{feed.id}.moved_to", news.moved_to):
        reason = f"moved for good to {news.moved_to}"
        told += (ingest.feed_event(page, feed.spec.url, EventType.FEED_MOVED, reason, now),)
    return told
