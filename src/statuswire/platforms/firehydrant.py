"""FireHydrant status pages: the document that a page is drawn from, its feed, and the account's webhooks.

Documentation: <https://docs.firehydrant.com> (checked 2026-11), which has no public JSON, feed or webhook of visitors;
`/data/payload.json` and `/data/rss.xml` of a page are known from a working client (`firehydrant_payload`). The
account's webhooks describe internal incidents and are signed (`fh-signature`, HMAC-SHA256 in hexadecimal); their shape
was never seen, so any incident in one is read as the generic reader reads it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, FeedSpec, Snapshot
from statuswire.platforms import generic
from statuswire.platforms.addresses import base_of, path_of, root_of
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feed_links import advertised_feed, feed_spec
from statuswire.platforms.feeds import is_feed, read_feed
from statuswire.platforms.firehydrant_payload import is_payload, read_payload
from statuswire.platforms.reading import as_mapping, load_json
from statuswire.platforms.sight import Sight

NAME: Final = "firehydrant"
DOMAIN: Final = "firehydrant.page"
PAYLOAD: Final = "/data/payload.json"
RSS: Final = "/data/rss.xml"
_ENDINGS: Final = (".rss", ".atom", ".xml", "/feed", "/rss", "/atom")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The page's document, with its feed (`page_id` is the one that it advertises) where that cannot be read; or the
    one of them that `page_url` itself is."""
    base, root = base_of(page_url), root_of(page_url)
    if base and path_of(page_url).endswith(_ENDINGS):
        return (feed_spec(page_url),)
    if not base or path_of(page_url).endswith(PAYLOAD):
        return (FeedSpec(page_url),) if base else ()
    advertised = page_id if page_id and base_of(page_id) else f"{root}{RSS}"
    return (FeedSpec(f"{root}{PAYLOAD}"), replace(feed_spec(advertised), tier=1))


def page_id(document: Document) -> str | None:
    """The address of the feed that a page of FireHydrant advertises."""
    is_own = "firehydrant" in Sight(document).page.lower()
    return advertised_feed(document) if is_own else None


def parse(document: Document) -> Snapshot:
    """The page's document, or its feed. Raises ParseError."""
    if is_feed(document):
        return feed_snapshot(NAME, read_feed(document), document)
    fields = as_mapping(load_json(document))
    if not is_payload(fields):
        raise ParseError(ParseReason.SHAPE, "not a page of FireHydrant: no components, conditions and incidents")
    return read_payload(NAME, fields, document)


def recognize(sight: Sight) -> bool:
    """The page's document; feeds prove nothing."""
    return not sight.is_markup and is_payload(sight.fields)


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
    recognize=recognize,
    hosts=(DOMAIN,),
    marks=(DOMAIN,),
    probes=(PAYLOAD,),
    page_id=page_id,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the id of the incident, in feeds that of the entry; hooks have ids of the organisation's own",
        absence="the document has the whole history: what is missing from it was deleted; of the feed nothing",
        confidence=Confidence.MEDIUM,
    ),
)
