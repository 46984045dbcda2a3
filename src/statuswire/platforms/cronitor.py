"""Cronitor's status pages: a feed, and a page for people that is not read.

<https://cronitor.io/docs/status-pages> documents a feed without its address or its shape; a public client of 2026 reads
`/history/rss` of a page at `<name>.cronitorstatus.com` (checked 2026-11). Components and their levels are shown to
people only. Private pages have a token in the address of their feed: watch that address itself.
"""

from __future__ import annotations

from typing import Final

from statuswire.model import Document, FeedSpec, Role, Snapshot
from statuswire.platforms.addresses import host_of, is_host_of, root_of, single_feed
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import FeedDocument, read_feed
from statuswire.platforms.sight import Sight

NAME: Final = "cronitor"
DOMAIN: Final = "cronitorstatus.com"
PATH: Final = "/history/rss"
_RSS: Final = FeedSpec("", Role.ENTRIES, accept="application/rss+xml, application/xml;q=0.9")
_KINDS: Final = tuple((ending, _RSS) for ending in ("/rss", ".rss", ".xml"))


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The page's feed, or the feed that `page_url` itself is; none for what is no address."""
    alone, root = single_feed(page_url, _KINDS), root_of(page_url)
    if alone or not root:
        return alone
    return (FeedSpec(f"{root}{PATH}", Role.ENTRIES, accept=_RSS.accept),)


def parse(document: Document) -> Snapshot:
    """The incidents that the feed tells of. Raises ParseError."""
    return feed_snapshot(NAME, read_feed(document), document)


def recognize(sight: Sight) -> bool:
    """A feed of a page at their domain."""
    return sight.feed is not None and _is_own(sight.feed)


def _is_own(feed: FeedDocument) -> bool:
    return any(is_host_of(host_of(link), DOMAIN) for link in (feed.link, feed.self_link))


PLATFORM: Final = Platform(
    name=NAME,
    title="Cronitor",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=(DOMAIN,),
    coverage=Coverage(
        incidents=True,
        updates=True,
        maintenances=True,
        identity="that of the feed",
        confidence=Confidence.LOW,
    ),
)
