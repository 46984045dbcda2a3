"""The feed that a page for people advertises, for products whose feeds have no fixed address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from statuswire.model import Document, FeedSpec, Role
from statuswire.platforms.addresses import beside
from statuswire.platforms.plaintext import unescape
from statuswire.platforms.sight import Sight

ACCEPT: Final = "application/atom+xml, application/rss+xml, application/xml;q=0.9"

_LINK: Final = re.compile(r"<link\b[^<>]{1,600}>", re.IGNORECASE)
_TYPE: Final = re.compile(r"""\btype\s*=\s*["']?application/(?:atom|rss)\+xml""", re.IGNORECASE)
_ALTERNATE: Final = re.compile(r"""\brel\s*=\s*["']?alternate\b""", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"""\bhref\s*=\s*["']([^"'<>]{1,500})["']""", re.IGNORECASE)


def advertised_feed(document: Document) -> str | None:
    """The first feed of the page on its own host, as a whole address; None where it advertises none."""
    return next(_addresses(document), None)


def _addresses(document: Document) -> Iterator[str]:
    for link in _LINK.finditer(Sight(document).page):
        found = _ADDRESS.search(link[0])
        if found and _TYPE.search(link[0]) and _ALTERNATE.search(link[0]):
            address = beside(document.url, unescape(found[1]))
            if address:
                yield address


def feed_spec(address: str) -> FeedSpec:
    """Entries, read like those of any feed."""
    return FeedSpec(address, Role.ENTRIES, accept=ACCEPT)
