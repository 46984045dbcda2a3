"""METANET, a Swiss host: notices in German by <https://support.metanet.ch/xml/statusmeldungen.xml>; not documented.

Known from a working client of 2026, checked 2026-11. Running, finished and planned notices stand in one feed: a notice
is over where its title or text says so (`behoben`, `gelöst`, `abgeschlossen`), it is a maintenance where a category or
its title says `Wartung` or `Wartungsarbeiten`, and of an unknown phase after three days of silence. The category
`Betriebsunterbruch` is an outage, `Technische Infos` is news, with no impact.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, FeedSpec, Impact, Incident, PageFacts, Role, Snapshot
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import FeedDocument, read_feed
from statuswire.platforms.reading import fold_word
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.vendors.notices import Wording, closing_words, settled

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "metanet"
HOME: Final = "https://support.metanet.ch"
PATH: Final = "/xml/statusmeldungen.xml"
RSS: Final = "application/rss+xml"

WORDING: Final = Wording(
    closing=closing_words("behoben", "gelöst", "abgeschlossen", "beendet", "ended", "resolved"),
    planned=re.compile(r"\bwartung(?:sarbeiten|sfenster)?\b|\bmaintenance\b", re.IGNORECASE),
    open_for=timedelta(days=3),
)
IMPACTS: Final[dict[str, Impact]] = {"betriebsunterbruch": Impact.MAJOR, "technischeinfos": Impact.NONE}


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The feed, or the very address of one."""
    base = origin(page_url)
    url = page_url if path_of(page_url).endswith(".xml") else f"{base}{PATH}"
    return (FeedSpec(url, Role.ENTRIES, accept=RSS),) if base else ()


def parse(document: Document) -> Snapshot:
    """Read the feed. Raises ParseError; SHAPE for the feed of somebody else."""
    feed = read_feed(document)
    if not _is_ours(feed) and "metanet.ch" not in document.url:
        raise ParseError(ParseReason.SHAPE, "a feed, but not that of METANET")
    snapshot = feed_snapshot(NAME, feed, document)
    categories = {entry.id: entry.categories for entry in feed.entries}
    told = tuple(
        settled(_filed(one, categories.get(one.id, ())), WORDING, document.served_at) for one in snapshot.incidents
    )
    return replace(snapshot, page=PageFacts(name="METANET", url=HOME), incidents=told)


def _filed(incident: Incident, categories: tuple[str, ...]) -> Incident:
    """With the impact that its category, or the word before a colon in its title, stands for."""
    words = (*categories, incident.title.partition(":")[0])
    impact = next((IMPACTS[word] for word in map(fold_word, words) if word in IMPACTS), None)
    return replace(incident, impact=impact) if impact else incident


def _is_ours(feed: FeedDocument) -> bool:
    return "support.metanet.ch" in f"{feed.link} {feed.self_link} {' '.join(one.link for one in feed.entries[:1])}"


def recognize(sight: Sight) -> bool:
    """A feed with links to their page."""
    return sight.feed is not None and _is_ours(sight.feed)


PLATFORM: Final = Platform(
    name=NAME,
    title="METANET",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("support.metanet.ch",),
    coverage=Coverage(
        incidents=True,
        updates=True,
        maintenances=True,
        identity="that of the feed",
        absence="nothing; a notice that shows no end for three days is of an unknown phase",
        confidence=Confidence.MEDIUM,
    ),
)
