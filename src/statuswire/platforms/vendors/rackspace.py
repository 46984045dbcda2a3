"""Rackspace, <https://rackspace.service-now.com/system_status>, by its feed; not documented.

`https://rss.status.rackspace.com/snow/statusfeed` is known from a working client of 2026, checked 2026-11.

    <item><title>OpenStack Flex | DFW3 | Network maintenance</title><link>...</link>
      <description>&lt;table&gt;... CHG0123456 ... 2026-05-09 02:00:00 ... 2026-05-09 06:00:00 ...</description></item>

Quirks: a title is product, region and headline; the text is a table with the number of the outage (`OUT...`) or change
(`CHG...`), which is the id, and with the window, in UTC. One number may stand in several items, one for each product or
region. A change is a maintenance, and its phase follows its window; an outage is over where its text says so, and of an
unknown phase after a day of silence.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Document,
    FeedSpec,
    Impact,
    Incident,
    Kind,
    PageFacts,
    Phase,
    Role,
    Snapshot,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feed_parts import Entry
from statuswire.platforms.feeds import FeedDocument, read_feed
from statuswire.platforms.reading import html_text, moment
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.vendors.merging import together
from statuswire.platforms.vendors.notices import Wording, closing_words, settled, with_phase

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "rackspace"
HOME: Final = "https://rackspace.service-now.com/system_status"
FEED: Final = "https://rss.status.rackspace.com/snow/statusfeed"
RSS: Final = "application/rss+xml"

WORDING: Final = Wording(
    closing=closing_words("resolved", "restored", "completed", "closed"),
    planned=re.compile(r"\bmaintenance\b", re.IGNORECASE),
    open_for=timedelta(days=1),
)
_NUMBER: Final = re.compile(r"\b(?:OUT|CHG)\d{4,12}\b")
_MOMENT: Final = re.compile(r"\b20\d{2}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\b")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The feed, wherever the page is; or the very address of one."""
    if not origin(page_url):
        return ()
    url = page_url if path_of(page_url).endswith("/statusfeed") else FEED
    return (FeedSpec(url, Role.ENTRIES, accept=RSS),)


def parse(document: Document) -> Snapshot:
    """Read the feed. Raises ParseError; SHAPE for the feed of somebody else."""
    feed = read_feed(document)
    if not _is_ours(feed) and "status.rackspace.com" not in document.url:
        raise ParseError(ParseReason.SHAPE, "a feed, but not that of Rackspace")
    snapshot = feed_snapshot(NAME, replace(feed, entries=tuple(map(_numbered, feed.entries))), document)
    found: dict[str, Incident] = {}
    for one in snapshot.incidents:
        number = one.id.partition("#")[0]
        told = _notice(replace(one, id=number), document.served_at)
        found[number] = together(found.get(number), told)
    return replace(snapshot, page=PageFacts(name="Rackspace", url=HOME), incidents=tuple(found.values()))


def _numbered(entry: Entry) -> Entry:
    """Known by its number and title, for one number may stand in several entries; the links are of the page."""
    number = _NUMBER.search(f"{entry.title} {html_text(entry.html)}")
    return replace(entry, id=f"{number[0]}#{entry.title}", link="") if number else entry


def _notice(incident: Incident, now: datetime) -> Incident:
    words = incident.updates[-1].text if incident.updates else ""
    window = [at for stamp in _MOMENT.findall(words) if (at := moment(stamp, "UTC"))]
    product, region, headline = _parts(incident.title)
    part = AffectedComponent(f"{region}/{product}", product, region or None) if product else None
    told = replace(incident, title=headline, url=incident.url or HOME, components=(part,) if part else None, aliases=())
    is_planned = told.id.startswith("CHG") or WORDING.planned.search(told.title) is not None
    if not is_planned or len(window) < 2:
        return settled(replace(told, started_at=window[0]) if window else told, WORDING, now)
    return _planned(told, window[0], window[-1], now)


def _parts(title: str) -> tuple[str, str, str]:
    """Product, region and headline of a title; the whole of it is the headline where it has other parts."""
    parts = [part.strip() for part in title.split("|") if part.strip()]
    return (parts[0], parts[1], " | ".join(parts[2:])) if len(parts) > 2 else ("", "", title)


def _planned(incident: Incident, begins: datetime, ends: datetime, now: datetime) -> Incident:
    phase = Phase.SCHEDULED if now < begins else Phase.IN_PROGRESS if now < ends else Phase.COMPLETED
    told = replace(
        incident,
        kind=Kind.MAINTENANCE,
        impact=Impact.MAINTENANCE,
        started_at=None,
        scheduled_for=begins,
        scheduled_until=ends if ends > begins else None,
    )
    return with_phase(told, phase)


def _is_ours(feed: FeedDocument) -> bool:
    links = f"{feed.link} {feed.self_link} {' '.join(one.link for one in feed.entries[:1])}"
    return "rackspace.service-now.com" in links or "rss.status.rackspace.com" in links


def recognize(sight: Sight) -> bool:
    """A feed with links to their page."""
    return sight.feed is not None and _is_ours(sight.feed)


PLATFORM: Final = Platform(
    name=NAME,
    title="Rackspace",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("rss.status.rackspace.com", "rackspace.service-now.com"),
    coverage=Coverage(
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the number of the outage or change; without one that of the feed",
        absence="nothing; an outage that shows no end for a day is of an unknown phase",
        confidence=Confidence.MEDIUM,
    ),
)
