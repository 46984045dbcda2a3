"""Alibaba Cloud, <https://status.alibabacloud.com>: one RSS feed for each product in each region; not documented.

`/rss/<lang>/<region>/<product>.rss` (`/rss/en/ap-southeast-5/ecs.rss`), known from a working client, checked 2026-11.
There is no document of everything, so that the address of a feed is what to watch; the keyed OpenAPI (`Status`,
version 2020-01-17) is not read. The component is the product in its region, both by the address.

Quirks: one notice repeats in the feeds of several products with the same guid, the milliseconds of its epoch, and is
known by that alone: its link may be that of all, also where it is the only one in its feed. No field says how bad a
notice is, so it is minor, and major where its text says "unavailable"; none says where it stands, so it is over where
title or text says so, and of an unknown phase after a day of silence.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import AffectedComponent, Document, FeedSpec, Impact, Incident, PageFacts, Role, Snapshot
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import FeedDocument, read_feed
from statuswire.platforms.reading import moment
from statuswire.platforms.remembering import known_again
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.vendors.notices import Wording, closing_words, settled

__all__ = ["NAME", "PLATFORM", "PRODUCTS", "feeds", "parse", "recognize"]

NAME: Final = "alibaba"
HOME: Final = "https://status.alibabacloud.com"
RSS: Final = "application/rss+xml"

WORDING: Final = Wording(
    closing=closing_words("resolved", "recovered"),
    planned=re.compile(r"\bmaintenance\b", re.IGNORECASE),
    open_for=timedelta(days=1),
    impact=Impact.MINOR,
)
_UNAVAILABLE: Final = re.compile(r"\bunavailable\b", re.IGNORECASE)

PRODUCTS: Final[dict[str, str]] = {
    "acr": "Container Registry",
    "csk": "Kubernetes",
    "ecs": "Elastic Compute Service",
    "oss": "Object Storage Service",
    "slb": "Server Load Balancer",
    "vpc": "Virtual Private Cloud",
    "vpn": "VPN Gateway",
}
"""Names of some codes; the others (`eip`, `nat`, `cbn`, `disk` ...) are told as they are."""

_PLACE: Final = re.compile(r"/rss/[^/]{1,20}/(?P<region>[a-z0-9-]{1,40})/(?P<product>[a-z0-9_-]{1,40})\.rss")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The feed that the address names; nothing for the page, which has no document of its own."""
    is_feed = _PLACE.fullmatch(path_of(page_url)) is not None and bool(origin(page_url))
    return (FeedSpec(page_url, Role.ENTRIES, accept=RSS),) if is_feed else ()


def parse(document: Document) -> Snapshot:
    """Read the feed of a product. Raises ParseError; SHAPE for the feed of somebody else."""
    feed = read_feed(document)
    if not _is_ours(feed) and "alibabacloud.com" not in document.url:
        raise ParseError(ParseReason.SHAPE, "a feed, but not one of Alibaba Cloud")
    snapshot = feed_snapshot(NAME, feed, document)
    parts = _parts(document.url)
    told = tuple(_notice(settled(one, WORDING, document.served_at), parts) for one in snapshot.incidents)
    return replace(snapshot, page=PageFacts(name="Alibaba Cloud", url=HOME), incidents=told)


def _is_ours(feed: FeedDocument) -> bool:
    return "status.alibabacloud.com" in f"{feed.link} {feed.self_link} {' '.join(one.link for one in feed.entries[:1])}"


def _parts(url: str) -> tuple[AffectedComponent, ...] | None:
    place = _PLACE.search(path_of(url))
    if place is None:
        return None
    code, region = place["product"], place["region"]
    return (AffectedComponent(f"{region}/{code}", PRODUCTS.get(code, code), region),)


@known_again
def _notice(told: Incident, parts: tuple[AffectedComponent, ...] | None) -> Incident:
    words = " ".join((told.title, *(update.text for update in told.updates)))
    if told.impact is Impact.MINOR and _UNAVAILABLE.search(words):
        told = replace(told, impact=Impact.MAJOR)
    created_at = moment(told.id) or told.created_at
    return replace(told, created_at=created_at, components=parts, aliases=())


def recognize(sight: Sight) -> bool:
    """A feed with links to their page."""
    return sight.feed is not None and _is_ours(sight.feed)


PLATFORM = Platform(
    name=NAME,
    title="Alibaba Cloud",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.alibabacloud.com",),
    coverage=Coverage(
        components=False,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the guid, which is the same in the feeds of all products",
        absence="nothing; a notice that shows no end for a day is of an unknown phase",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
