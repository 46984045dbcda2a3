"""Status.io: a hosted status page whose state is one JSON document on the vendor's API host.

Described at <https://kb.status.io/developers/public-status-api> and in the webhook pages beside it; shape checked
against captured documents, 2026-11. Polled is `https://api.status.io/1.0/status/<page id>`; other paths of that API
answer 403. The page id, 24 hexadecimal digits, is the header `x-status-page-id` of the page for people. An unknown id
answers 200 with `{"error": ...}`, which is refused. What has ended leaves the document; the RSS feed tells its end.

Quirks: words of levels and states belong to the page's owner, so the numbers beside them are read; hooks have the words
alone. A page's components stand in containers (regions, clouds): one row is one component in one container, with the
container as its group, and its id is `<component id>/<container id>`, for containers repeat under many components.
`status_overall.updated` stays old while nothing happens and says nothing of how fresh the document is. Messages have
ids in the documentation and in hooks; captured documents lack them, so that time and text tell them.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from statuswire.model import Document, FeedSpec, Role, Snapshot
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feeds import is_feed
from statuswire.platforms.parts import load_parts
from statuswire.platforms.reading import as_mapping, decode, load_json, split_url
from statuswire.platforms.sight import Sight
from statuswire.platforms.statusio_feed import is_our_feed, read_our_feed
from statuswire.platforms.statusio_hooks import is_hook_body, read_hook
from statuswire.platforms.statusio_json import is_page_document, read_page_document
from statuswire.platforms.statusio_terms import NAME, OWN_ID

API: Final = "https://api.status.io/1.0/status/"
PAGE_ID_HEADER: Final = "x-status-page-id"
_RSS: Final = "application/rss+xml"
_API_PATH: Final = re.compile(r"/1\.0/status/([0-9a-f]{24})/?")
_PAGE_PATH: Final = re.compile(r"/pages/(?:(?:history|incident|maintenance)/)?([0-9a-f]{24})(?:/|$)")
_IN_PAGE: Final = re.compile(r"status\.io/pages/(?:(?:history|incident|maintenance)/)?([0-9a-f]{24})\b")
_HISTORY_LIMIT: Final = timedelta(minutes=5)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The document of the page and the feed that tells how something ended; nothing where the page's id is unknown.

    The id stands in the path of addresses on status.io itself.
    """
    address = split_url(page_url)
    if address is None:
        return ()
    if address.hostname == "api.status.io":
        return (FeedSpec(page_url, Role.STATE),)
    if address.path.rstrip("/").endswith("/rss"):
        return (FeedSpec(page_url, Role.ENTRIES, 0, _RSS),)
    inside = _PAGE_PATH.search(address.path)
    own_id = inside[1] if inside else page_id or ""
    if not OWN_ID.fullmatch(own_id):
        return ()
    return _feeds_of(own_id, f"{address.scheme}://{address.netloc}")


def _feeds_of(page_id: str, base: str) -> tuple[FeedSpec, ...]:
    """The feed lies on the page's own host and on status.io: it is asked how things ended on the one, and polled on the
    other where the API cannot be read."""
    specs = [
        FeedSpec(f"{API}{page_id}", Role.STATE),
        FeedSpec(f"{base}/pages/{page_id}/rss", Role.HISTORY, 0, _RSS),
    ]
    spare = f"https://status.io/pages/{page_id}/rss"
    if spare != specs[1].url:
        specs.append(FeedSpec(spare, Role.ENTRIES, 1, _RSS, every=_HISTORY_LIMIT))
    return tuple(specs)


def parse(document: Document) -> Snapshot:
    """Read the JSON document, the RSS feed or a webhook body, told by content. Raises ParseError."""
    if is_feed(document):
        return read_our_feed(document)
    loaded = load_parts(document)
    if isinstance(loaded, dict) and is_page_document(loaded):
        return read_page_document(loaded, document)
    fields = as_mapping(load_json(document))
    return read_hook(fields, document) if is_hook_body(fields) else read_page_document(fields, document)


def parse_hook(document: Document) -> Snapshot:
    """Read a subscriber's webhook body. Raises ParseError."""
    return read_hook(as_mapping(load_json(document)), document)


def recognize(sight: Sight) -> bool:
    """The result with numbers beside its words, a feed whose links are pages of Status.io, or one of its hooks."""
    if sight.is_markup:
        return sight.feed is not None and is_our_feed(sight.feed)
    return is_page_document(sight.fields) or is_hook_body(sight.fields)


def page_id(document: Document) -> str | None:
    """The id in the header of the page for people, else in its address or one of its links."""
    sent = document.headers.get(PAGE_ID_HEADER, "").strip().lower()
    if OWN_ID.fullmatch(sent):
        return sent
    address = split_url(document.url)
    path = address.path if address else ""
    found = _API_PATH.fullmatch(path) or _PAGE_PATH.search(path)
    if found is None and Sight(document).is_markup and len(document.body) <= _LARGEST_PAGE:
        found = _IN_PAGE.search(decode(document))
    return found[1] if found else None


_LARGEST_PAGE: Final = 2 * 1024 * 1024

PLATFORM = Platform(
    name=NAME,
    title="Status.io",
    feeds=feeds,
    parse=parse,
    parse_hook=parse_hook,
    recognize=recognize,
    hosts=("status.io",),
    headers=((PAGE_ID_HEADER, ""),),
    marks=("status.io/pages/", "//image.status.io/"),
    page_id=page_id,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the incident's own id in JSON, feed and hook; messages have ids in hooks, else time and text",
        absence="what is missing from the document is over; the RSS feed is asked once how it ended",
        confidence=Confidence.HIGH,
        checked="2026-11",
    ),
)
