"""The RSS and Atom feeds of a Better Stack page, for where `index.json` cannot be read (shape checked 2026-11).

The channel is called `Incidents | <page>`. An item is one update. Those of a report link to `/incident/<number>`, which
is the report's id, and their guid is that link with a fragment: a digest, which is not the id that the update has in
JSON, so that time and text have to tell the update. Those of a monitor link to the page itself and share the guid
`https://<host>/#<digest>` (`<monitor> went down`, `<monitor> recovered`). Phases stand in titles, if anywhere
(`[Resolved] ...`); many incidents never get an item that closes them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from statuswire.model import Document, Snapshot
from statuswire.platforms.betterstack_terms import NAME
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import Entry, FeedDocument, read_feed
from statuswire.platforms.remembering import known_again

_LINK: Final = re.compile(r"/incidents?/(\d{1,18})/?(?:[?#].*)?$")
_SHARED_GUID: Final = re.compile(r"https?://[^/]+/#[0-9a-f]{6,64}")
TITLE: Final = "Incidents | "


def is_our_feed(feed: FeedDocument) -> bool:
    """Whether the title is theirs, and every entry, if there is one, leads to a report or has the guid of a monitor."""
    return feed.title.startswith(TITLE) and all(
        _LINK.search(entry.link) or _SHARED_GUID.fullmatch(entry.id) for entry in feed.entries[:5]
    )


def read_our_feed(document: Document) -> Snapshot:
    """The Snapshot of the feed, which covers nothing. Raises ParseError."""
    feed = read_feed(document)
    entries = tuple(map(_with_own_id, feed.entries))
    return feed_snapshot(NAME, replace(feed, entries=entries), document)


@known_again
def _with_own_id(entry: Entry) -> Entry:
    return replace(entry, id=_own_id(entry))


def _own_id(entry: Entry) -> str:
    """The number of the report, else the guid."""
    found = _LINK.search(entry.link)
    return found[1] if found else entry.id
