"""Evernote, <https://status.evernote.com>: a blog whose newest post says how things are; no other source.

    <div class="post"><h3>[ok] Service restored</h3>...</div>

Known from a working client (checked 2026-11): the title begins with `[ok]` when all is well and with `[!]` when it is
not; that client takes every other title for a maintenance, which here is unknown unless it names one. Posts have no
ids, so they are not told as incidents.
"""

from __future__ import annotations

import re
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, FeedSpec, Snapshot, Status
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.reading import load_html, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin
from statuswire.platforms.vendors.sole import sole_component

__all__ = ["LEVELS", "NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "evernote"
HOME: Final = "https://status.evernote.com"

LEVELS: Final[dict[str, Status]] = {
    "[ok]": Status.OPERATIONAL,
    "[!]": Status.MAJOR_OUTAGE,
    "maintenance": Status.MAINTENANCE,
}
_MARK: Final = re.compile(r"\[[^\[\]]{1,20}\]")
_MAINTENANCE: Final = re.compile(r"\bmaintenance\b", re.IGNORECASE)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The page."""
    base = origin(page_url)
    return (FeedSpec(f"{base}/", accept="text/html"),) if base else ()


def parse(document: Document) -> Snapshot:
    """Read the newest post. Raises ParseError where there is none."""
    posts = load_html(document).find_class("post")
    heading = next((one for post in posts[:1] for one in post.iter("h3")), None)
    said = title(heading.text_content(), 200) if heading is not None else ""
    if not said:
        raise ParseError(ParseReason.HTML, "a web page without the posts of Evernote")
    return sole_component(NAME, "Evernote", HOME, _word(said), LEVELS, said)


def _word(said: str) -> str:
    """The mark before a title; without one, whether it names a maintenance, else the whole title."""
    mark = _MARK.match(said)
    if mark:
        return mark[0]
    return "maintenance" if _MAINTENANCE.search(said) else said


def recognize(sight: Sight) -> bool:
    """A post with a mark, on a page of their name."""
    if "Evernote" not in sight.page or 'class="post' not in sight.page:
        return False
    return "[ok]" in sight.page or "[!]" in sight.page


PLATFORM: Final = Platform(
    name=NAME,
    title="Evernote",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.evernote.com",),
    coverage=Coverage(
        components=True,
        identity="there is one component",
        confidence=Confidence.LOW,
    ),
)
