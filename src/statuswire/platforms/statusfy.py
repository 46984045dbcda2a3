"""Statusfy, an unmaintained generator of static pages (<https://github.com/juliomrqz/statusfy>): feeds by language.

Read from its source of 2020 (checked 2026-11): `/feeds/incidents.<language>.atom` and `.xml`, with the generator
`Statusfy`. An entry is an incident with its address as id; its date is that of the incident, and neither severity nor
systems nor the end are fields of it. `/feeds/scheduled.<language>.*` is read as maintenances where its address is
watched; not every release has it, so it is not polled. Pages in other languages lie below `/<language>`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from statuswire.model import Document, FeedSpec, Impact, Incident, Kind, Phase, Role, Snapshot
from statuswire.platforms.addresses import path_of, root_of, single_feed
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import read_feed
from statuswire.platforms.sight import Sight

NAME: Final = "statusfy"
LANGUAGE: Final = "en"
ATOM: Final = "application/atom+xml"
_SINGLE: Final = tuple(
    (ending, FeedSpec("", Role.ENTRIES, accept=accept))
    for ending, accept in ((".atom", ATOM), (".xml", "application/rss+xml"), (".json", "application/feed+json"))
)

_GENERATOR: Final = re.compile(r"<meta\b[^<>]{0,200}\bcontent=[\"']?Statusfy\b", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r"<html\b[^<>]{0,300}\blang=[\"']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)", re.IGNORECASE)
_SCHEDULED: Final = re.compile(r"/feeds/scheduled\.[^/]{1,20}$")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The feed of the language `page_id`, English where it is not known; or the feed that `page_url` itself is."""
    alone, root = single_feed(page_url, _SINGLE), root_of(page_url)
    if alone or not root:
        return alone
    return (FeedSpec(f"{root}/feeds/incidents.{page_id or LANGUAGE}.atom", Role.ENTRIES, accept=ATOM),)


def page_id(document: Document) -> str | None:
    """The language of a page that Statusfy made."""
    page = Sight(document).page
    found = _LANGUAGE.search(page) if _GENERATOR.search(page) else None
    return found[1] if found else None


def parse(document: Document) -> Snapshot:
    """The entries of a feed. Raises ParseError."""
    snapshot = feed_snapshot(NAME, read_feed(document), document)
    if not _SCHEDULED.search(path_of(document.url)):
        return snapshot
    return replace(snapshot, incidents=tuple(map(_planned, snapshot.incidents)))


_AS_PLANNED: Final = {Phase.RESOLVED: Phase.COMPLETED, Phase.INVESTIGATING: Phase.IN_PROGRESS}


def _planned(incident: Incident) -> Incident:
    """What is in the feed of scheduled work; the feed does not say when it is."""
    phase = _AS_PLANNED.get(incident.phase, incident.phase) if incident.phase else None
    return replace(incident, kind=Kind.MAINTENANCE, impact=Impact.MAINTENANCE, phase=phase, started_at=None)


def recognize(sight: Sight) -> bool:
    """A feed of their generator."""
    return sight.feed is not None and sight.feed.generator.strip().lower().startswith(NAME)


PLATFORM: Final = Platform(
    name=NAME,
    title="Statusfy",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    marks=('content="Statusfy',),
    page_id=page_id,
    coverage=Coverage(
        incidents=True,
        updates=False,
        maintenances=True,
        identity="the address of the incident, which is the entry's id",
        confidence=Confidence.LOW,
    ),
)
