"""Every platform we can read, and how to tell which one a document is of.

A document is judged by what is in it, never by its address or its content type: half of all hosts answer 200 with
something else. Platforms with shapes of their own are asked before the feed formats, which anybody may use.
"""

from __future__ import annotations

from collections.abc import Mapping

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, DocumentKind, FeedSpec, Snapshot
from statuswire.platforms.base import Platform
from statuswire.platforms.reading import load_json, text
from statuswire.platforms.registry import Registry
from statuswire.platforms.sight import Sight
from statuswire.platforms.statuswire import NAME as OWN

__all__ = ["FALLBACKS", "FEED_FORMATS", "HOOKED", "PLATFORMS", "VENDORS", "more", "parse", "parse_hook", "recognise"]

_MODULES = (
    # products with documents of their own
    "statuswire",
    "incidentio",
    "openstatus",
    "rootly",
    "vendors.webex",  # before Statuspage, whose shape it imitates
    "pakyas",  # before Statuspage for the same reason
    "statuspage",
    "instatus",
    "betterstack",
    "statusio",
    "cachet",
    "uptimekuma",
    "hyperping",
    "flashduty",
    "freshstatus",
    "pagerduty",
    "site24x7",
    "datadog",
    "sorry",
    "gatus",
    "cstate",
    "upptime",
    "uptimerobot",
    "statuspal",
    "statuscast",
    "hund",
    "uptimecom",
    "oneuptime",
    "pingdom",
    "statuscake",
    "pulsetic",
    "adminlabs",
    "honeybadger",
    "firehydrant",
    "pingward",
    "statusgator",
    "onlineornot",
    "checkly",
    "cronitor",
    "squadcast",
    "statusfy",
    "githubissues",
    # vendors' own pages
    "vendors.google",
    "vendors.aws",
    "vendors.ibmcloud",
    "vendors.microsoft365",
    "vendors.azuredevops",
    "vendors.azure",
    "vendors.slack",
    "vendors.salesforce",
    "vendors.heroku",
    "vendors.meta",
    "vendors.okta",
    "vendors.auth0",
    "vendors.paypal",
    "vendors.stripe",
    "vendors.apple",
    "vendors.oracle",
    "vendors.zendesk",
    "vendors.adobe",
    "vendors.docusign",
    "vendors.algolia",
    "vendors.posthog",
    "vendors.xai",
    "vendors.hetzner",
    "vendors.vultr",
    "vendors.yandex",
    "vendors.ringcentral",
    "vendors.deepl",
    "vendors.signalwire",
    "vendors.xbox",
    "vendors.playstation",
    "vendors.riot",
    "vendors.zscaler",
    "vendors.alibaba",
    "vendors.nintendo",
    "vendors.tencent",
    "vendors.volcengine",
    "vendors.rackspace",
    "vendors.metanet",
    "vendors.wedos",
    "vendors.binance",
    "vendors.signal",
    "vendors.evernote",
    "vendors.beanstalk",
    "vendors.x",
    # formats that anybody may use
    "atom",
    "rss",
    "jsonfeed",
    "html",
    "email",
    "generic",
)
"""One line for each platform: the module below this package that has its `PLATFORM`."""


PLATFORMS: Mapping[str, Platform] = Registry(_MODULES)
"""By name, in the order in which they are asked: own shapes first, then feeds. The generic one claims nothing."""

HOOKED = frozenset(
    {
        "betterstack",
        "cachet",
        "firehydrant",
        "freshstatus",
        "generic",
        "hund",
        "incidentio",
        "instatus",
        "openstatus",
        "pingward",
        "rootly",
        "squadcast",
        "statuscast",
        "statusgator",
        "statusio",
        "statuspage",
        "statuspal",
        "statuswire",
        "upptime",
        "uptimekuma",
    }
)
"""Platforms that send webhooks, known without loading them; a test holds this equal to what they say."""

FEED_FORMATS = ("atom", "rss", "jsonfeed")
"""Platforms that are only formats: each reads a feed of any of them."""

VENDORS = frozenset(module.rpartition(".")[2] for module in _MODULES if module.startswith("vendors."))
"""Platforms that are one vendor's own page, at that vendor's hosts only."""

FALLBACKS = ("html",)
"""Readers of pages for people, for where nothing else is served."""

_SHOWN_KEYS = 12


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
