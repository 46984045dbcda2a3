"""Google's own status pages: Cloud, Maps Platform, Workspace, Firebase, Ads, Play and Search, on one software.

The schema of `incidents.json` is published at <https://status.cloud.google.com/incidents.schema.json>; checked 2026-11
against captures of 2025-06 to 2026-08. The file is a bare array of the notable incidents of recent months. There is no
list of components with their state: green is the absence of an open incident in an answer that was an array. Products
stand in `products.json`. Search shows a feed only.

Quirks: an incident is open exactly as long as `end` is empty, whatever its newest update says; a report written days
after the end is a postmortem; updates are edited in place (`modified`); `begin` may lie hours before `created`;
products of Firebase have other ids on Google Cloud; Workspace names no places and begins its texts with `**Title:**`.
The Atom feed has an entry for each update, under the link of its incident.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, FeedSpec, PageFacts, Problem, Role, Snapshot
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import Entry, FeedDocument, is_feed, read_feed
from statuswire.platforms.parts import load_parts
from statuswire.platforms.reading import as_mapping, decode, load_html, split_url
from statuswire.platforms.remembering import known_again
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.google_incidents import read_incident, read_products
from statuswire.platforms.vendors.google_page import is_our_page, read_page
from statuswire.platforms.vendors.rows import worst_rows

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "google"
ATOM: Final = "application/atom+xml"

PAGES: Final[dict[str, str]] = {
    "status.cloud.google.com/maps-platform": "Google Maps Platform",
    "status.cloud.google.com": "Google Cloud",
    "www.google.com/appsstatus/dashboard": "Google Workspace",
    "status.firebase.google.com": "Firebase",
    "ads.google.com/status/publisher": "Google Ads",
    "status.play.google.com": "Google Play",
    "status.search.google.com": "Google Search",
}
"""The pages of the family by address; no document says of which it is."""

_FEED_ONLY: Final = frozenset({"status.search.google.com"})

_INSIDE: Final = re.compile(
    r"/(?:incidents(?:/.*|\.json|\.schema\.json)?|products\.json|summary(?:/.*)?|[a-z]{2}(?:-[A-Z]{2})?/feed\.atom|feed\.atom)?/?\Z"
)
_SINGLE: Final[tuple[tuple[str, FeedSpec], ...]] = (
    ("/incidents.json", FeedSpec("", Role.STATE)),
    ("/products.json", FeedSpec("", Role.ENTRIES, every=timedelta(days=1))),
    ("/feed.atom", FeedSpec("", Role.ENTRIES, accept=ATOM)),
)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The incidents and the names of the products, with the feed where they cannot be read; or the one document that
    is named."""
    address = split_url(page_url)
    for ending, spec in _SINGLE:
        if address and address.path.endswith(ending):
            return (replace(spec, url=page_url),)
    base = _base(page_url)
    if not base:
        return ()
    if base.partition("://")[2] in _FEED_ONLY:
        return (FeedSpec(f"{base}/en/feed.atom", Role.ENTRIES, accept=ATOM),)
    return (
        FeedSpec(f"{base}/incidents.json"),
        FeedSpec(f"{base}/products.json", Role.ENTRIES, every=timedelta(days=1)),
        FeedSpec(f"{base}/en/feed.atom", Role.ENTRIES, 1, ATOM),
    )


def _base(url: str) -> str:
    """The page's own address, from that of any document or incident of it; empty for no address."""
    address = split_url(url)
    if address is None or not address.netloc:
        return ""
    return f"{address.scheme}://{address.netloc}{_INSIDE.sub('', address.path)}"


def parse(document: Document) -> Snapshot:
    """Read any document of the family, told by content. Raises ParseError."""
    if Sight(document).is_markup:
        return _read_feed(document) if is_feed(document) else _read_page(document)
    loaded = load_parts(document)
    problems: list[Problem] = []
    if isinstance(loaded, list):
        return _read_incidents(loaded, document, problems)
    if "products" in as_mapping(loaded):
        components = read_products(as_mapping(loaded)["products"], problems)
        return Snapshot(NAME, _page(document), components=components, problems=tuple(problems))
    raise ParseError(ParseReason.SHAPE, "neither the incidents nor the products of a Google status page")


def _read_incidents(listed: list[object], document: Document, problems: list[Problem]) -> Snapshot:
    read = read_incident.each(listed, "incidents", problems, _base(document.url)).found
    if listed and not read:
        raise ParseError(ParseReason.SHAPE, "a list, but none of its items is an incident of a Google status page")
    is_whole = len(read) == len(listed)
    return Snapshot(
        platform=NAME,
        page=_page(document),
        covers=frozenset({Cover.OPEN_INCIDENTS, Cover.TROUBLED}) if is_whole else frozenset(),
        components=worst_rows(row for one in read for row in one.components),
        incidents=tuple(one.incident for one in read),
        problems=tuple(problems),
    )


def _page(document: Document) -> PageFacts:
    base = _base(document.url)
    return PageFacts(name=PAGES.get(base.partition("://")[2]), url=base or None)


# --- the feed ----------------------------------------------------------------------------------------------------

_LINK: Final = re.compile(r"/incidents/(?P<id>[A-Za-z0-9_-]{1,60})/?(?:[?#].*)?\Z")
_TAG: Final = re.compile(r"tag:(?:[a-z]+\.)*google\.com,")


def _read_feed(document: Document) -> Snapshot:
    """The entries of one incident together, under the id that it has in the JSON."""
    feed = read_feed(document)
    if feed.entries and not any(_LINK.search(entry.link) for entry in feed.entries):
        raise ParseError(ParseReason.SHAPE, "a feed, but not one of a Google status page")
    shared = replace(feed, entries=tuple(_of_incident(entry) for entry in feed.entries))
    snapshot = feed_snapshot(NAME, shared, document)
    facts = _page(document)
    return replace(snapshot, page=PageFacts(name=facts.name or snapshot.page.name, url=facts.url or snapshot.page.url))


@known_again
def _of_incident(entry: Entry) -> Entry:
    found = _LINK.search(entry.link)
    return replace(entry, id=found["id"]) if found else entry


def _is_our_feed(feed: FeedDocument) -> bool:
    return any(_TAG.match(entry.id) and _LINK.search(entry.link) for entry in feed.entries)


def _read_page(document: Document) -> Snapshot:
    if not is_our_page(decode(document)):
        raise ParseError(ParseReason.HTML, "a web page, but not one of Google's status pages")
    problems: list[Problem] = []
    components = read_page(load_html(document), problems)
    covers = frozenset({Cover.COMPONENTS})
    return Snapshot(NAME, _page(document), covers=covers, components=components, problems=tuple(problems))


# --- recognising -------------------------------------------------------------------------------------------------

_INCIDENT_KEYS: Final = frozenset({"external_desc", "begin", "updates", "status_impact"})


def recognize(sight: Sight) -> bool:
    """An incident with the keys of the schema, products by their present title, the feed's tags, or the page's tags."""
    if sight.is_markup:
        return _is_our_feed(sight.feed) if sight.feed is not None else is_our_page(sight.page)
    if isinstance(sight.json, list):
        return bool(sight.json) and as_mapping(sight.json[0]).keys() >= _INCIDENT_KEYS
    products = sight.fields.get("products")
    first = as_mapping(products[0]) if isinstance(products, list) and products else {}
    return first.keys() >= {"id", "title", "current_title"}


PLATFORM = Platform(
    name=NAME,
    title="Google status dashboards",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=(
        "status.cloud.google.com",
        "status.firebase.google.com",
        "status.play.google.com",
        "status.search.google.com",
    ),
    marks=("<psd-dashboard-top-bar", "<psd-regional-table"),
    probes=("/incidents.json",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=False,
        identity="the incident's own id, also in the link of a feed; an update is known by its moment of creation, in "
        "feeds by text and time; a component is the product's id, or that and the place's",
        absence="the list has all open incidents: each product that none of them names is well",
        confidence=Confidence.HIGH,
        checked="2026-11",
    ),
)
