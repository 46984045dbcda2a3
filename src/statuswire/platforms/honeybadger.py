"""Honeybadger's public status pages: a list of sites with a colour each.

From a public client of 2026 (checked 2026-11); no documentation was found. A site is
`<div class="site">`, its level the end of a class `color-bar-<word>`, its id the end of the link `/sites/<id>`. A feed
`/incidents.atom` exists and is often empty.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from lxml.html import HtmlElement

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Cover, Document, FeedSpec, PageFacts, Problem, Role, Snapshot, Status
from statuswire.platforms.addresses import base_of, root_of, single_feed
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feed_links import ACCEPT
from statuswire.platforms.feeds import is_feed, read_feed
from statuswire.platforms.reading import choose, load_html, title
from statuswire.platforms.sight import Sight

NAME: Final = "honeybadger"
ATOM: Final = "/incidents.atom"
_KINDS: Final = ((ATOM, FeedSpec("", Role.ENTRIES, accept=ACCEPT)),)

LEVELS: Final[Mapping[str, Status]] = {
    "up": Status.OPERATIONAL,
    "operational": Status.OPERATIONAL,
    "degraded": Status.DEGRADED,
    "partial": Status.DEGRADED,
    "down": Status.MAJOR_OUTAGE,
    "outage": Status.MAJOR_OUTAGE,
    "maintenance": Status.MAINTENANCE,
}

_BAR: Final = re.compile(r"(?<!\S)color-bar-([a-z]{1,40})")
_ACCENT: Final = re.compile(r'All systems are\s+<span class="([a-z]{1,40})-accent">', re.IGNORECASE)
_SITE: Final = re.compile(r"/sites/([^/?#]{1,100})$")


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The page and its feed; the feed alone where `page_url` names it, none for what is no address."""
    alone, base, root = single_feed(page_url, _KINDS), base_of(page_url), root_of(page_url)
    if alone or not base:
        return alone
    page = FeedSpec(f"{base}/" if base == root else base, accept="text/html")
    return (page, FeedSpec(f"{root}{ATOM}", Role.ENTRIES, accept=ACCEPT))


def parse(document: Document) -> Snapshot:
    """The sites of the page, or its feed. Raises ParseError."""
    if is_feed(document):
        return feed_snapshot(NAME, read_feed(document), document)
    root = load_html(document)
    problems: list[Problem] = []
    sites = [_site(site, f"sites[{place}]", problems) for place, site in enumerate(root.find_class("site"))]
    components = {one.id: one for one in sites if one}
    if not components:
        raise ParseError(ParseReason.HTML, "a web page without the sites of a Honeybadger page")
    overall = _ACCENT.search(Sight(document).page)
    return Snapshot(
        NAME,
        page=PageFacts(status=LEVELS.get(overall[1].lower()) if overall else None),
        covers=frozenset({Cover.COMPONENTS}) if all(sites) else frozenset(),
        components=tuple(components.values()),
        problems=tuple(problems),
    )


def _site(site: HtmlElement, where: str, problems: list[Problem]) -> Component | None:
    links = ((_SITE.search(str(link.get("href", ""))), link) for link in site.iter("a"))
    own_id, name = next(((found[1], title(link.text_content())) for found, link in links if found), ("", ""))
    if not own_id or not name:
        problems.append(Problem(where, "a site without a link and a name"))
        return None
    classes = (str(bar.get("class", ""))[:500] for bar in site.iter("div"))
    word = next((found[1] for one in classes if (found := _BAR.search(one))), "")
    return Component(own_id, name, None, choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", problems), word)


def recognize(sight: Sight) -> bool:
    return 'class="site"' in sight.page and "color-bar-" in sight.page and 'href="/sites/' in sight.page


PLATFORM: Final = Platform(
    name=NAME,
    title="Honeybadger",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    marks=('class="color-bar-',),
    coverage=Coverage(
        components=True,
        incidents=True,
        identity="the id of a site in its link; incidents as in the feed",
        absence="a site that is missing from the page is gone",
        confidence=Confidence.LOW,
    ),
)
