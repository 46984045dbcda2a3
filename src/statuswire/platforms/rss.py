"""RSS of a page whose platform is unknown or has no adapter of its own: RSS 2.0, 0.9x and 1.0.

Documentation: rssboard.org/rss-specification, web.resource.org/rss/1.0; checked 2026-11.
How entries become incidents stands in `feed_incidents`. The feed is the one URL to poll: it covers nothing, so what
falls off its end stays as it was.
"""

from __future__ import annotations

from typing import Final

from statuswire.model import Document, FeedSpec, Role, Snapshot
from statuswire.platforms.base import Platform
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import feed_format, read_feed
from statuswire.platforms.sight import Sight

NAME: Final = "rss"
_ACCEPT: Final = "application/rss+xml, application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"


def feeds(page_url: str, page_id: str | None) -> tuple[FeedSpec, ...]:
    """The address itself: nothing else is known of such a page."""
    return (FeedSpec(page_url, Role.ENTRIES, accept=_ACCEPT),)


def parse(document: Document) -> Snapshot:
    """The incidents that the feed tells of; a provider may change the format of a feed without moving it, so any is
    read. Raises ParseError."""
    return feed_snapshot(NAME, read_feed(document), document)


def recognize(sight: Sight) -> bool:
    """Whether the document is such a feed, whoever made it."""
    return feed_format(sight.document) in ("rss", "rdf")


PLATFORM: Final = Platform(name=NAME, title="RSS", feeds=feeds, parse=parse, recognize=recognize)
