"""OnlineOrNot: hosted status pages (OpenRouter's until 2026), on `*.onlineornot.com` and custom domains.

The API is described at <https://developers.onlineornot.com>; all of it wants a key but for one document. Known from
there, from working clients, archived pages and captured feeds, checked 2026-11:

- `https://api.onlineornot.com/v1/status_pages/<slug>/summary`: components, active incidents, planned maintenances. The
  slug is the subdomain or the custom domain of the page;
- `/incidents.rss` on the page's own host: the incidents with their updates, in the markup of Atlassian Statuspage,
  whose channel description it copies too. Links lack the scheme, entries have no guid, words are in capitals;
- the page for people has all of it inside.

Quirks: captured components have ids, though the description of others has names only: then the name is the id. An
active incident has no phase in the summary: the feed tells it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Cover, Document, FeedSpec, Incident, Kind, PageFacts, Problem, Role, Snapshot, Status
from statuswire.platforms.addresses import base_of, host_of, is_host_of, root_of, single_feed
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import Entry, is_feed, read_feed
from statuswire.platforms.markup import split_updates
from statuswire.platforms.onlineornot_incidents import LEVELS, Fields, Setting, read_components, read_incidents
from statuswire.platforms.onlineornot_page import NAME, is_page, page_facts, read_page
from statuswire.platforms.parts import load_parts, opened, whole
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    fold_word,
    ident,
    normalise_url,
    require_mapping,
    text,
    title,
    url_path_tail,
)
from statuswire.platforms.remembering import Now, known_again
from statuswire.platforms.sight import Sight

API: Final = "https://api.onlineornot.com/v1/status_pages"
_RSS: Final = "application/rss+xml"
_SINGLE: Final = (
    ("/summary", FeedSpec("")),
    (".rss", FeedSpec("", Role.ENTRIES, accept=_RSS)),
)
_SLUG: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,252}")

PAGE_LEVELS: Final[dict[str, Status]] = {
    **LEVELS,
    "allsystemsoperational": Status.OPERATIONAL,
    "partialsystemoutage": Status.PARTIAL_OUTAGE,
}
"""The roll-up: a word, or a sentence of which these two were seen."""


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The summary and the feed, with the page for people where those cannot be read (`page_id` is the subdomain)."""
    single = single_feed(page_url, _SINGLE)
    root, host = root_of(page_url), host_of(page_url)
    if single or not root:
        return single
    own = host.partition(".")[0] if is_host_of(host, "onlineornot.com") else host
    slug = page_id or own
    if not _SLUG.fullmatch(slug):
        return ()
    return (
        FeedSpec(f"{API}/{slug}/summary"),
        FeedSpec(f"{root}/incidents.rss", Role.ENTRIES, accept=_RSS, every=timedelta(minutes=5)),
        FeedSpec(base_of(page_url), tier=1, accept="text/html"),
    )


# --- documents ---------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Read any document of the platform: the summary, the feed, or the page for people. Raises ParseError."""
    if is_feed(document):
        return _read_feed(document)
    if Sight(document).is_markup:
        return read_page(document)
    fields = require_mapping(load_parts(document), "")
    if fields.get("success") is False:
        raise ParseError(ParseReason.ERROR_BODY, f"an error instead of the document: {_words(fields)}")
    result = require_mapping(opened(fields.get("result")), "result")
    if not result.keys() & {"components", "active_incidents"}:
        raise ParseError(ParseReason.SHAPE, "not OnlineOrNot's summary: no components and no active incidents")
    return _read_summary(result, document)


def _words(fields: Fields) -> str:
    listed = whole(fields.get("errors"))
    rows = listed if isinstance(listed, list) else []
    return "; ".join(filter(None, (text(as_mapping(row).get("message")) or text(row) for row in rows)))[:200]


def _read_summary(result: Fields, document: Document) -> Snapshot:
    problems: list[Problem] = []
    page = _page(result, problems)
    setting = Setting(Now(document.served_at), page.url or "", problems)
    components = tuple(read_components(result.get("components"), "components", {}, problems))
    active = tuple(read_incidents(result.get("active_incidents"), "active_incidents", setting))
    listed = result.get("scheduled_maintenance")
    planned = tuple(read_incidents(listed, "scheduled_maintenance", setting, Kind.MAINTENANCE))
    return Snapshot(
        platform=NAME,
        page=page,
        covers=frozenset(_covers(result, bool(components), problems)),
        components=components,
        incidents=(*active, *planned),
        problems=tuple(problems),
    )


def _covers(result: Fields, has_components: bool, problems: list[Problem]) -> Iterator[Cover]:
    if has_components and is_whole(result.get("components"), "components", problems):
        yield Cover.COMPONENTS
    if is_whole(result.get("active_incidents"), "active_incidents", problems):
        yield Cover.OPEN_INCIDENTS
    if is_whole(result.get("scheduled_maintenance"), "scheduled_maintenance", problems):
        yield Cover.OPEN_MAINTENANCES


def _page(result: Fields, problems: list[Problem]) -> PageFacts:
    told, row = whole(result.get("status")), as_mapping(result.get("status_page"))
    facts = page_facts({**row, "customDomain": row.get("custom_domain")})
    if isinstance(told, dict):
        sentence = title(told.get("description"))
        return replace(facts, status=PAGE_LEVELS.get(fold_word(sentence)), status_text=sentence)
    status = choose(told, PAGE_LEVELS, Status.UNKNOWN, "result.status", problems) if told else None
    return replace(facts, status=status)


# --- the feed ----------------------------------------------------------------------------------------------------

_OWN_LINK: Final = re.compile(r"/incidents/([A-Za-z0-9_-]{6,32})/?$")


def _read_feed(document: Document) -> Snapshot:
    """The incidents of the feed, each by the id at the end of its link, as in the summary."""
    snapshot = feed_snapshot(NAME, read_feed(document), document)
    name = (snapshot.page.name or "").removesuffix(" - Incidents")
    incidents = tuple(_by_link(incident) for incident in snapshot.incidents)
    return replace(snapshot, page=replace(snapshot.page, name=name or None), incidents=incidents)


@known_again
def _by_link(incident: Incident) -> Incident:
    link = incident.url or incident.id
    own_id = url_path_tail(link) if _OWN_LINK.search(link) else incident.id
    aliases = dict.fromkeys((normalise_url(link), *incident.aliases))
    return replace(incident, id=own_id, aliases=tuple(name for name in aliases if name and name != own_id))


def _is_own_entry(entry: Entry) -> bool:
    """Statuspage's markup, but with words in capitals under a code that has capitals too."""
    code = _OWN_LINK.search(entry.link or entry.id)
    if code is None or code[1] == code[1].lower():
        return False
    updates = split_updates(entry.html, entry.published)
    return bool(updates) and all(update.label == update.label.upper() for update in updates)


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """The summary in its envelope, a page with the data inside, or a feed with capitals."""
    if sight.feed is not None:
        return any(_is_own_entry(entry) for entry in sight.feed.entries[:5])
    if sight.is_markup:
        return is_page(sight.page)
    result = as_mapping(sight.fields.get("result"))
    return "success" in sight.fields and "active_incidents" in result and "components" in result


def page_id(document: Document) -> str | None:
    """The subdomain, out of the summary or the page for people."""
    sight = Sight(document)
    if is_page(sight.page):
        try:
            return read_page(document).page.id
        except ParseError:
            return None
    row = as_mapping(as_mapping(sight.fields.get("result")).get("status_page"))
    return ident(row.get("subdomain")) or None


PLATFORM: Final = Platform(
    name=NAME,
    title="OnlineOrNot",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("onlineornot.com",),
    marks=("onlineornot",),
    probes=("/incidents.rss",),
    page_id=page_id,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the code of the incident, which is the end of its link in the feed; updates are told by time and "
        "text; components have codes, or only names",
        absence="what is missing from the summary is over; the feed covers nothing",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
