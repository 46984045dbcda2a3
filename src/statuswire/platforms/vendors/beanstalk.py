"""Beanstalk, <https://status.beanstalkapp.com>: a web page of dated notes, each with a word; no other source.

    <div id="updates"><article><span class="status">ok</span>...</article>...</div>

Known from a working client (checked 2026-11). The newest note stands first, and its word is how things are: `ok`,
`pending`, `maintenance`, `problem`. Notes have no ids, so they are not told as incidents.
"""

from __future__ import annotations

from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, FeedSpec, Snapshot, Status
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.reading import load_html, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin
from statuswire.platforms.vendors.sole import sole_component

__all__ = ["LEVELS", "NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "beanstalk"
HOME: Final = "https://status.beanstalkapp.com"

LEVELS: Final[dict[str, Status]] = {
    "ok": Status.OPERATIONAL,
    "pending": Status.OPERATIONAL,
    "maintenance": Status.MAINTENANCE,
    "problem": Status.MAJOR_OUTAGE,
}


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The page."""
    base = origin(page_url)
    return (FeedSpec(f"{base}/", accept="text/html"),) if base else ()


def parse(document: Document) -> Snapshot:
    """Read the newest note. Raises ParseError where there is none."""
    notes = next((one for one in load_html(document).iter("div", "section") if one.get("id") == "updates"), None)
    newest = next(notes.iter("article"), None) if notes is not None else None
    if newest is None:
        raise ParseError(ParseReason.HTML, "a web page without the notes of Beanstalk")
    words = [title(one.text_content(), 60) for one in newest.find_class("status")]
    if not words or not words[0]:
        raise ParseError(ParseReason.HTML, "the newest note of Beanstalk has no word for how things are")
    return sole_component(NAME, "Beanstalk", HOME, words[0], LEVELS, " ".join(map(str, newest.itertext())))


def recognize(sight: Sight) -> bool:
    """Their notes on a page of their name; the markup alone may be anybody's."""
    return 'id="updates"' in sight.page and 'class="status' in sight.page and "Beanstalk" in sight.page


PLATFORM: Final = Platform(
    name=NAME,
    title="Beanstalk",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.beanstalkapp.com",),
    coverage=Coverage(
        components=True,
        identity="there is one component",
        confidence=Confidence.LOW,
    ),
)
