"""Flashcat's Flashduty status pages (DeepSeek since 2026): a feed with the latest update of each incident.

No public documentation was found; captured in 2026 (checked 2026-11). The guid is `urn:flashduty:change:<number>`,
which is the incident's id, and its body has the phase and the affected components as labelled paragraphs. Titles may be
in two languages; the words of phases are English throughout. A former page of the same vendor elsewhere may go on
serving old data: its ids mean nothing here.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, FeedSpec, Incident, Phase, Problem, Role, Snapshot
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import FeedDocument, read_feed
from statuswire.platforms.reading import choose, split_url
from statuswire.platforms.remembering import known_again
from statuswire.platforms.sight import Sight
from statuswire.platforms.words import PHASE_WORDS

NAME: Final = "flashduty"
PATH: Final = "/feed.rss"
_URN: Final = "urn:flashduty:change:"
_NUMBER: Final = re.compile(rf"{_URN}(\w{{1,100}})")
_STATUS_LINE: Final = re.compile(r"Status:[ \t]*([^\n]{1,60})(?:\n|$)")
_ACCEPT: Final = "application/rss+xml, application/atom+xml;q=0.9, */*;q=0.1"


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The page's feed, or the very feed that `page_url` names; none for what is no address."""
    parts = split_url(page_url)
    if parts is None or not parts.netloc:
        return ()
    if parts.path.endswith((".rss", ".atom")):
        return (FeedSpec(page_url, Role.ENTRIES, accept=_ACCEPT),)
    return (FeedSpec(f"{parts.scheme}://{parts.netloc}{PATH}", Role.ENTRIES, accept=_ACCEPT),)


def parse(document: Document) -> Snapshot:
    """The incidents that the feed tells of, each with its latest update. Raises ParseError."""
    feed = read_feed(document)
    if feed.entries and not _is_own(feed):
        raise ParseError(ParseReason.SHAPE, "no guid of Flashduty: another product's feed")
    snapshot = feed_snapshot(NAME, feed, document)
    problems = list(snapshot.problems)
    incidents = tuple(_stated(_numbered(one), problems) for one in snapshot.incidents)
    return replace(snapshot, incidents=incidents, problems=tuple(problems))


@known_again
def _numbered(incident: Incident) -> Incident:
    """The number of the guid is the incident's id, whatever the reader of feeds went by."""
    names = (incident.id, *incident.aliases)
    numbers = (found[1] for name in names if (found := _NUMBER.search(name)))
    number = next(numbers, None)
    if number is None:
        return incident
    others = tuple(name for name in names if name != number and _URN not in name)
    return replace(incident, id=number, aliases=others)


def _stated(incident: Incident, problems: list[Problem]) -> Incident:
    """A status that is in no table is unknown and named, rather than a line of the text."""
    update = incident.updates[-1] if incident.updates else None
    found = _STATUS_LINE.match(update.text) if update is not None else None
    if update is None or found is None or update.phase is not None:
        return incident
    word = found[1].strip()
    phase = choose(word, PHASE_WORDS, Phase.UNKNOWN, f"incidents[{incident.id}].status", problems)
    told = replace(update, phase=phase, raw_phase=word, text=update.text[found.end() :].strip())
    return replace(incident, phase=phase, raw_phase=word, updates=(*incident.updates[:-1], told))


def _is_own(feed: FeedDocument) -> bool:
    return any(entry.id.startswith(_URN) for entry in feed.entries)


def recognize(sight: Sight) -> bool:
    return sight.feed is not None and _is_own(sight.feed)


PLATFORM: Final = Platform(
    name=NAME,
    title="Flashduty",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    marks=("flashduty",),
    coverage=Coverage(
        incidents=True,
        updates=True,
        identity="the number in the guid; updates have no ids and only the latest is shown",
        absence="nothing",
        confidence=Confidence.MEDIUM,
    ),
)
