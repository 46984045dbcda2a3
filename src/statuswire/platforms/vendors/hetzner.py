"""Hetzner's own status page, <https://status.hetzner.com>, by its feeds `/en.atom` and `/de.atom`; not documented.

Known from working clients, checked 2026-11. Quirks: running, finished and planned notices stand in one feed without any
state. A notice is over where its title or text says so, else it is open for as long as it was touched within seven
days; titles with words of maintenance are that. Locations stand in prose alone: `fsn1`, `nbg1` and `hel1` are plain
words of their own, `ash`, `hil` and `sin` count in capitals only or after "location" or "DC". How bad a notice is
nobody says, so that no component gets a level.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import AffectedComponent, Document, FeedSpec, Incident, PageFacts, Role, Snapshot
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import FeedDocument, read_feed
from statuswire.platforms.remembering import known_again
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.vendors.notices import Wording, closing_words, settled

__all__ = ["NAME", "PLATFORM", "feeds", "locations", "parse", "recognize"]

NAME: Final = "hetzner"
HOME: Final = "https://status.hetzner.com"
ATOM: Final = "application/atom+xml"

WORDING: Final = Wording(
    closing=closing_words("resolved", "completed", "abgeschlossen", "beendet"),
    planned=re.compile(r"maintenance|wartung", re.IGNORECASE),
    open_for=timedelta(days=7),
)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The feed in English, or the one that is named."""
    base = origin(page_url)
    url = page_url if path_of(page_url).endswith(".atom") else f"{base}/en.atom"
    return (FeedSpec(url, Role.ENTRIES, accept=ATOM),) if base else ()


def parse(document: Document) -> Snapshot:
    """Read the feed. Raises ParseError; SHAPE for the feed of somebody else."""
    feed = read_feed(document)
    if not _is_ours(feed) and "hetzner" not in document.url:
        raise ParseError(ParseReason.SHAPE, "a feed, but not that of Hetzner")
    snapshot = feed_snapshot(NAME, feed, document)
    told = tuple(_placed(settled(one, WORDING, document.served_at)) for one in snapshot.incidents)
    return replace(snapshot, page=PageFacts(name="Hetzner", url=HOME), incidents=told)


def _is_ours(feed: FeedDocument) -> bool:
    links = f"{feed.link} {feed.self_link} {' '.join(entry.link for entry in feed.entries[:1])}"
    return "status.hetzner.com" in links


_LOCATION: Final = re.compile(
    r"\b(?:(?i:(?P<plain>fsn1|nbg1|hel1))|(?P<capital>ASH|HIL|SIN)"
    r"|(?i:location|dc)[ :]{1,3}(?i:(?P<named>ash|hil|sin)))\b"
)


def locations(words: str) -> tuple[str, ...]:
    """The codes of the locations that a text names, in its order."""
    found = (match["plain"] or match["capital"] or match["named"] for match in _LOCATION.finditer(words))
    return tuple(dict.fromkeys(code.lower() for code in found))


@known_again
def _placed(incident: Incident) -> Incident:
    words = "\n".join((incident.title, *(update.text for update in incident.updates)))
    codes = locations(words)
    return replace(incident, components=tuple(AffectedComponent(code, code) for code in codes)) if codes else incident


def recognize(sight: Sight) -> bool:
    """A feed with links to their page."""
    return sight.feed is not None and _is_ours(sight.feed)


PLATFORM = Platform(
    name=NAME,
    title="Hetzner",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.hetzner.com",),
    probes=("/en.atom",),
    coverage=Coverage(
        components=False,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the id of the feed's entry",
        absence="nothing; a notice that shows no end for seven days is of an unknown phase",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
