"""Signal, <https://status.signal.org>: one sentence on a web page, and no other source.

Known from working clients (checked 2026-11): all is well while the page says "Signal is up and running". Whatever else
it says is unknown, with the sentence kept: the words of an outage were never captured.
"""

from __future__ import annotations

import re
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, FeedSpec, Snapshot, Status
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.reading import decode, html_text, load_html, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin
from statuswire.platforms.vendors.sole import sole_component

__all__ = ["LEVELS", "NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "signal"
HOME: Final = "https://status.signal.org"

LEVELS: Final[dict[str, Status]] = {"upandrunning": Status.OPERATIONAL}
_SENTENCE: Final = re.compile(r"\bSignal (?:is|has|may|service)\b[^.!?\n]{1,200}", re.IGNORECASE)
_BEGINNING: Final = re.compile(r"^Signal is (?=up and running$)", re.IGNORECASE)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The page."""
    base = origin(page_url)
    return (FeedSpec(f"{base}/", accept="text/html"),) if base else ()


def parse(document: Document) -> Snapshot:
    """Read the sentence. Raises ParseError where the page has none about Signal."""
    load_html(document)  # raises for what is no web page, or one that stands in for it
    found = _SENTENCE.search(html_text(decode(document))[:20_000])
    if found is None:
        raise ParseError(ParseReason.HTML, "a web page without a sentence about Signal")
    said = title(found[0], 200)
    return sole_component(NAME, "Signal", HOME, _BEGINNING.sub("", said), LEVELS, said)


def recognize(sight: Sight) -> bool:
    """The sentence of a quiet day; any other is found at their host."""
    return "Signal is up and running" in sight.page


PLATFORM: Final = Platform(
    name=NAME,
    title="Signal",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.signal.org",),
    coverage=Coverage(
        components=True,
        identity="there is one component",
        confidence=Confidence.LOW,
    ),
)
