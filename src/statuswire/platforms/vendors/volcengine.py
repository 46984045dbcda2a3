"""Volcengine (ByteDance's cloud), <https://status.volcengine.com>: an RSS feed for each product in each region.

`/rss/zh/<region>/<product>` (`/rss/zh/cn-beijing/ModelArk`) is what the page links to; known from working clients of
2026, checked 2026-11. The JSON behind the page answers to browsers only and is not asked. There is no document of
everything, so that the address of a feed is what to watch.

    <channel><title>火山引擎<product>(<region>)服务状态</title><item><title>...(已恢复)</title><pubDate>...</pubDate>

Quirks: a feed is the whole history of its product; what is over has `(已恢复)` at the end of its title, in narrow or
wide brackets, and what has not goes on, so that the feed says how the product is. All items have the same link and no
guid: one is known by title and date. No field says how bad it is: minor. An unknown region is answered with a feed
whose title has empty brackets, which is an error.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
    Document,
    FeedSpec,
    Impact,
    Incident,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feed_parts import Entry, derived_id
from statuswire.platforms.feed_titles import read_heading
from statuswire.platforms.feeds import FeedDocument, read_feed
from statuswire.platforms.remembering import known_again
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "volcengine"
HOME: Final = "https://status.volcengine.com"
RSS: Final = "application/rss+xml"

_PLACE: Final = re.compile(r"/rss/[^/]{1,20}/(?P<region>[a-z0-9-]{1,40})/(?P<product>[A-Za-z0-9_-]{1,60})")
_CHANNEL: Final = re.compile(r"(?:火山引擎)?(?P<product>.{0,200}?)[(（](?P<region>[^()（）]{0,100})[)）]服务状态")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The feed that the address names; nothing for the page, which has no document of its own."""
    is_feed = _PLACE.fullmatch(path_of(page_url)) is not None and bool(origin(page_url))
    return (FeedSpec(page_url, Role.ENTRIES, accept=RSS),) if is_feed else ()


def parse(document: Document) -> Snapshot:
    """Read the feed of a product. Raises ParseError; SHAPE for the feed of somebody else or of no region."""
    feed = read_feed(document)
    channel = _CHANNEL.fullmatch(feed.title)
    if channel is None or not channel["region"]:
        raise ParseError(ParseReason.SHAPE, "a feed, but not of a product of Volcengine in a region")
    row = _row(channel, document.url)
    titled = [one for one in feed.entries if one.title]
    untitled = tuple(Problem(f"entry[{place}]", "no title") for place, one in enumerate(feed.entries) if not one.title)
    told = replace(feed, entries=tuple(map(_known_by_itself, titled)), problems=(*feed.problems, *untitled))
    snapshot = feed_snapshot(NAME, told, document)
    incidents = tuple(_notice(one, row) for one in snapshot.incidents)
    goes_on = any(one.phase is Phase.INVESTIGATING for one in incidents)
    level = Status.DEGRADED if goes_on else Status.OPERATIONAL
    page = PageFacts(name="Volcengine", url=HOME)
    return replace(snapshot, page=page, components=(replace(row, status=level),), incidents=incidents)


def _row(channel: re.Match[str], url: str) -> Component:
    """The product in its region, by the address where that is known, for the names may change."""
    place = _PLACE.search(path_of(url))
    product, region = channel["product"].strip(), channel["region"].strip()
    own_id = f"{place['region']}/{place['product']}" if place else f"{region}/{product}"
    return Component(own_id, product or own_id, region)


@known_again
def _known_by_itself(entry: Entry) -> Entry:
    """With an id of its own: title and date, without the mark that comes in the end."""
    name = read_heading(entry.title).title
    return replace(entry, id=derived_id(name, entry.published, entry.html), link="")


@known_again
def _notice(incident: Incident, row: Component) -> Incident:
    """The mark ends the notice and says nothing new in its text, nor when it ended."""
    phase = incident.phase if incident.phase and incident.phase.is_closed else Phase.INVESTIGATING
    level = Status.OPERATIONAL if phase.is_closed else Status.DEGRADED
    return replace(
        incident,
        kind=Kind.INCIDENT,
        impact=Impact.MINOR,
        url=HOME,
        aliases=(),
        phase=phase,
        resolved_at=None,
        components=(AffectedComponent(row.id, row.name, row.group, level),),
        updates=tuple(replace(one, phase=None, raw_phase="") for one in incident.updates),
    )


def recognize(sight: Sight) -> bool:
    """A feed with links to their page."""
    return sight.feed is not None and _is_ours(sight.feed)


def _is_ours(feed: FeedDocument) -> bool:
    return "status.volcengine.com" in f"{feed.link} {feed.self_link}" and _CHANNEL.fullmatch(feed.title) is not None


PLATFORM: Final = Platform(
    name=NAME,
    title="Volcengine",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.volcengine.com",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        identity="title and date of the notice; the component is the product in its region, by the feed's address",
        confidence=Confidence.MEDIUM,
    ),
)
