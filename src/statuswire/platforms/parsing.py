"""Which platform a document is of, and what it says.

A document is judged by what is in it, never by its address or its content type: half of all hosts answer 200 with
something else. Platforms with shapes of their own are asked before the feed formats, which anybody may use.
"""

from __future__ import annotations

from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, DocumentKind, FeedSpec, Snapshot
from statuswire.platforms import OWN, PLATFORMS
from statuswire.platforms.base import Platform
from statuswire.platforms.reading import load_json, text
from statuswire.platforms.sight import Sight

_SHOWN_KEYS: Final = 12


def recognise(document: Document) -> Platform | None:
    """The platform whose document this is beyond doubt, by content; None where nobody claims it. Never raises."""
    sight = Sight(document)
    return next((platform for platform in PLATFORMS.values() if platform.recognize(sight)), None)


def parse(document: Document, platform: str | None = None) -> Snapshot:
    """Read a document, as that of the named platform or of the one that its content shows.

    A webhook body that no platform with webhooks claims is read for any incident in it: one that looks like a document
    of a page may still be somebody's own. Raises ParseError, which says what the document looks like where it is none
    of ours.
    """
    found = recognise(document) if platform is None else _named(platform)
    if document.kind is DocumentKind.HOOK:
        is_unclaimed = platform is None and (found is None or found.parse_hook is None)
        return parse_hook(document, OWN if found is None or is_unclaimed else found.name)
    if found is None:
        raise _unknown(document)
    return found.parse(document)


def more(document: Document, platform: str) -> tuple[FeedSpec, ...]:
    """Documents that this one, which was read, only points to; none where the platform has no such."""
    return PLATFORMS[platform].more(document) if platform in PLATFORMS else ()


def parse_hook(document: Document, platform: str) -> Snapshot:
    """Read a webhook body as the named platform sends it. Raises ParseError."""
    found = _named(platform)
    if found.parse_hook is None:
        raise ParseError(ParseReason.SHAPE, f"{found.title} sends no webhooks")
    return found.parse_hook(document)


def _named(platform: str) -> Platform:
    if platform not in PLATFORMS:
        known = ", ".join(PLATFORMS)
        raise ParseError(ParseReason.SHAPE, f"no platform is called {platform[:40]!r}; there are {known}")
    return PLATFORMS[platform]


def _unknown(document: Document) -> ParseError:
    """What an unclaimed document looks like."""
    try:
        value = load_json(document)
    except ParseError as error:
        return error
    if isinstance(value, dict):
        keys = ", ".join(text(key, 40) for key in list(value)[:_SHOWN_KEYS])
        return ParseError(ParseReason.SHAPE, f"JSON that no platform claims; its keys: {keys or 'none'}")
    if isinstance(value, list):
        return ParseError(ParseReason.SHAPE, f"JSON that no platform claims: a list of {len(value)}")
    return ParseError(ParseReason.SHAPE, "JSON that no platform claims: a single value or null")
