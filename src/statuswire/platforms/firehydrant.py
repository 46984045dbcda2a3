"""FireHydrant status pages: the feed that a page advertises, and the account's webhooks about incidents.

Documentation: <https://docs.firehydrant.com> (checked 2026-11). No public JSON, feed or webhook of visitors is
documented. The account's webhooks describe internal incidents and are signed (`fh-signature`, HMAC-SHA256 in
hexadecimal); their shape was never seen, so any incident in one is read as the generic reader reads it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, FeedSpec, Snapshot
from statuswire.platforms import generic
from statuswire.platforms.addresses import base_of, path_of
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feed_links import advertised_feed, feed_spec
from statuswire.platforms.feeds import read_feed
from statuswire.platforms.reading import load_json
from statuswire.platforms.sight import Sight

NAME: Final = "firehydrant"
DOMAIN: Final = "firehydrant.page"
_ENDINGS: Final = (".rss", ".atom", ".xml", "/feed", "/rss", "/atom")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The feed `page_id` that the page advertises, or the feed that `page_url` names; nothing without one."""
    if base_of(page_url) and path_of(page_url).endswith(_ENDINGS):
        return (feed_spec(page_url),)
    return (feed_spec(page_id),) if page_id and base_of(page_url) and base_of(page_id) else ()


def page_id(document: Document) -> str | None:
    """The address of the feed that a page of FireHydrant advertises."""
    is_own = "firehydrant" in Sight(document).page.lower()
    return advertised_feed(document) if is_own else None


def parse(document: Document) -> Snapshot:
    """The feed. Raises ParseError."""
    return feed_snapshot(NAME, read_feed(document), document)


def parse_hook(document: Document) -> Snapshot:
    """Any incident in the body. Raises ParseError where there is none."""
    value = load_json(document)
    if not isinstance(value, dict):
        raise ParseError(ParseReason.SHAPE, "no object: not a webhook of FireHydrant")
    return replace(generic.read(value, NAME), covers=frozenset())


PLATFORM: Final = Platform(
    name=NAME,
    title="FireHydrant",
    feeds=feeds,
    parse=parse,
    parse_hook=parse_hook,
    hosts=(DOMAIN,),
    marks=(DOMAIN,),
    page_id=page_id,
    coverage=Coverage(
        incidents=True,
        updates=True,
        identity="that of the feed; hooks have ids of the organisation's own",
        absence="nothing",
        confidence=Confidence.LOW,
    ),
)
