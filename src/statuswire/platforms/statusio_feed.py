"""The RSS feed of a Status.io page: one item for each incident or maintenance, with all its messages.

    <small>May 4, 2026 05:15 PDT</small><br /><b>Investigating</b> - Looking.<br /><br />...

Messages stand oldest first, with year and zone; `pubDate` is that of the newest. The guid is the incident's own id, and
the link ends in `/pages/incident/<page id>/<id>` or `/pages/maintenance/<page id>/<id>`. There are no components and no
codes. Checked 2026-11.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from statuswire.model import Document, Snapshot
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import Entry, FeedDocument, read_feed
from statuswire.platforms.remembering import known_again
from statuswire.platforms.statusio_terms import NAME, OWN_ID

_LINK: Final = re.compile(r"/pages/(?:incident|maintenance)/([0-9a-f]{24})/([0-9a-f]{24})/?(?:[?#].*)?$")


def is_our_feed(feed: FeedDocument) -> bool:
    """Whether an entry leads to an incident of a page of this kind."""
    return any(_LINK.search(entry.link) for entry in feed.entries[:5])


def read_our_feed(document: Document) -> Snapshot:
    """The Snapshot of the feed, which covers nothing. Raises ParseError."""
    feed = read_feed(document)
    entries = tuple(map(_with_own_id, feed.entries))
    snapshot = feed_snapshot(NAME, replace(feed, entries=entries), document)
    return replace(snapshot, page=replace(snapshot.page, id=_page_id(feed)))


@known_again
def _with_own_id(entry: Entry) -> Entry:
    return replace(entry, id=_own_id(entry))


def _own_id(entry: Entry) -> str:
    found = _LINK.search(entry.link)
    if OWN_ID.fullmatch(entry.id) or found is None:
        return entry.id
    return found[2]


def _page_id(feed: FeedDocument) -> str | None:
    return next((found[1] for entry in feed.entries if (found := _LINK.search(entry.link))), None)
