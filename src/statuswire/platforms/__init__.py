"""Every platform we can read, and how to tell which one a document is of.

A document is judged by what is in it, never by its address or its content type: half of all hosts answer 200 with
something else. Platforms with shapes of their own are asked before the feed formats, which anybody may use.
"""

from __future__ import annotations

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, DocumentKind, Snapshot
from statuswire.platforms import atom, generic, incidentio, jsonfeed, rss, statuspage, statuswire
from statuswire.platforms.base import Platform
from statuswire.platforms.feeds import is_feed, read_feed
from statuswire.platforms.incidentio_terms import is_ulid
from statuswire.platforms.reading import load_json, text

__all__ = ["FEED_FORMATS", "PLATFORMS", "parse", "parse_hook", "recognise"]

PLATFORMS: dict[str, Platform] = {
    module.PLATFORM.name: module.PLATFORM
    for module in (statuswire, incidentio, statuspage, atom, rss, jsonfeed, generic)
}
"""By name, in the order in which they are asked: own shapes first, then feeds. The generic one claims nothing."""

FEED_FORMATS = ("atom", "rss", "jsonfeed")
"""Platforms that are only formats: which of them a feed is in decides the document, not the configuration."""

_SHOWN_KEYS = 12


def recognise(document: Document) -> Platform | None:
    """The platform whose document this is beyond doubt, by content; None where nobody claims it. Never raises."""
    return next((platform for platform in PLATFORMS.values() if platform.recognize(document)), None)


def parse(document: Document, platform: str | None = None) -> Snapshot:
    """Read a document, as that of the named platform or of the one that its content shows.

    A webhook body that nobody claims is read for any incident in it. Raises ParseError, which says what the document
    looks like where it is none of ours.
    """
    if document.kind is DocumentKind.HOOK:
        return parse_hook(document, platform or _name_of(recognise(document)) or statuswire.NAME)
    found = recognise(document) if platform is None else _named(platform)
    if found is None:
        raise _unknown(document)
    if found.name in FEED_FORMATS:
        return _parse_feed(document, found)
    snapshot = found.parse(document)
    if found.name == statuspage.PLATFORM.name and is_ulid(snapshot.page.id):
        raise ParseError(ParseReason.SHAPE, "the page has moved: this document is incident.io's", where="page.id")
    return snapshot


def parse_hook(document: Document, platform: str) -> Snapshot:
    """Read a webhook body as the named platform sends it. Raises ParseError."""
    found = _named(platform)
    if found.parse_hook is None:
        raise ParseError(ParseReason.SHAPE, f"{found.title} sends no webhooks")
    return found.parse_hook(document)


def _named(platform: str) -> Platform:
    if platform not in PLATFORMS:
        raise ParseError(ParseReason.SHAPE, f"no platform is called {platform[:40]!r}; known: {', '.join(PLATFORMS)}")
    return PLATFORMS[platform]


def _name_of(platform: Platform | None) -> str:
    return "" if platform is None else platform.name


def _parse_feed(document: Document, wanted: Platform) -> Snapshot:
    """Read a feed in the format that it is in. Hosts change it behind an address, and bookmarks name the wrong one."""
    try:
        return wanted.parse(document)
    except ParseError as error:
        others = (PLATFORMS[name] for name in FEED_FORMATS if name != wanted.name)
        real = next((other for other in others if other.recognize(document)), None)
        if real is None:
            raise
        failure = error
    try:
        return real.parse(document)
    except ParseError as error:
        raise error from failure


def _unknown(document: Document) -> ParseError:
    """What an unclaimed document looks like."""
    try:
        if is_feed(document):
            feed = read_feed(document)
            return ParseError(ParseReason.SHAPE, f"a feed that no platform reads: {feed.format}")
        value = load_json(document)
    except ParseError as error:
        return error
    if not isinstance(value, dict):
        return ParseError(ParseReason.SHAPE, f"JSON, but {_described(value)} where an object was expected")
    keys = ", ".join(text(key, 40) for key in list(value)[:_SHOWN_KEYS])
    return ParseError(ParseReason.SHAPE, f"JSON that no platform claims; its keys: {keys or 'none'}")


def _described(value: object) -> str:
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "nothing (null)" if value is None else "a single value"
