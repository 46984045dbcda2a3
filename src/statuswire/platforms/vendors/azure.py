"""Microsoft Azure: <https://azure.status.microsoft/en-us/status>. Only broad incidents are shown there.

Known from captures of 2026-08, of which one is empty and genuine and one made by hand, and from working clients;
checked 2026-11. There is no documentation.

- The feed at `rssfeed.azure.status.microsoft` is the canonical one: it has an item for each active incident, rewritten
  in place, and none on a quiet day. `azure.status.microsoft` serves a copy of which absence is not believed. The older
  hosts are routed by geography, and one of them kept serving an empty feed through an outage: they are not polled.
- The page for people has tables of services by region, read where neither feed can be.

Quirks: dates end in ` Z`; `pubDate` does not move with the text, so that each wording is an update of the moment when
it was served, unless the text names one; `channel/link` is the host that answered; categories are services and regions
mixed. There are no levels: presence is an incident of major impact. Phases are read from the title's mark and the usual
phrases of the text; the text alone never ends an incident, its removal or the title does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.fingerprint import digest
from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Document,
    FeedSpec,
    Impact,
    Incident,
    IncidentUpdate,
    PageFacts,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.feed_titles import read_heading
from statuswire.platforms.feeds import Entry, FeedDocument, is_feed, read_feed
from statuswire.platforms.reading import fold_word, load_html, moment, plain, split_url
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.azure_grid import TABLE, pair_id, read_grid
from statuswire.platforms.vendors.azure_regions import is_global, is_region
from statuswire.platforms.vendors.rows import worst_rows

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "azure"
PAGE_URL: Final = "https://azure.status.microsoft/en-us/status"
CANONICAL: Final = "rssfeed.azure.status.microsoft"
FEED: Final = f"https://{CANONICAL}/en-us/status/feed/"
COPY: Final = "https://azure.status.microsoft/en-us/status/feed/"
_RSS: Final = "application/rss+xml"
_OWN_HOST: Final = "azure.status.microsoft"

# --- what is polled ----------------------------------------------------------------------------------------------


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The canonical feed, its copy, then the tables, each where the one before cannot be read; or the feed named."""
    address = split_url(page_url)
    if address and address.path.rstrip("/").endswith("/feed"):
        is_canonical = address.hostname == CANONICAL
        return (FeedSpec(page_url, Role.STATE if is_canonical else Role.ENTRIES, 0, _RSS),)
    return (
        FeedSpec(FEED, Role.STATE, 0, _RSS),
        FeedSpec(COPY, Role.ENTRIES, 1, _RSS),
        FeedSpec(PAGE_URL, Role.STATE, 2, "text/html"),
    )


def parse(document: Document) -> Snapshot:
    """Read a feed or the page for people, told by content. Raises ParseError."""
    if is_feed(document) or not Sight(document).is_markup:
        return _read_feed(read_feed(document), document)
    problems: list[Problem] = []
    components = read_grid(load_html(document), problems)
    covers = frozenset({Cover.COMPONENTS})
    return Snapshot(NAME, _PAGE, covers=covers, components=components, problems=tuple(problems))


_PAGE: Final = PageFacts(name="Microsoft Azure", url=PAGE_URL)

# --- the feed ----------------------------------------------------------------------------------------------------


def is_our_feed(feed: FeedDocument) -> bool:
    return feed.format == "rss" and fold_word(feed.title) == "azurestatus"


def _read_feed(feed: FeedDocument, document: Document) -> Snapshot:
    """Only a feed that names itself is believed to be empty."""
    if not is_our_feed(feed):
        raise ParseError(ParseReason.SHAPE, "a feed, but not that of Azure's status page")
    read = [_incident(entry, document.served_at) for entry in feed.entries]
    rows = (row for incident in read if not _is_over(incident) for row in _rows(incident))
    address = split_url(document.url)
    is_believed = not document.url or (address is not None and address.hostname == CANONICAL)
    is_whole = is_believed and all("." in problem.where for problem in feed.problems)  # else an item was left out
    return Snapshot(
        platform=NAME,
        page=_PAGE,
        covers=frozenset({Cover.OPEN_INCIDENTS, Cover.TROUBLED}) if is_whole else frozenset(),
        components=worst_rows(rows),
        incidents=_once(read),
        problems=feed.problems,
    )


def _once(read: Sequence[Incident]) -> tuple[Incident, ...]:
    return tuple({incident.id: incident for incident in reversed(read)}.values())[::-1]


def _incident(entry: Entry, served_at: datetime) -> Incident:
    heading = read_heading(entry.title)
    words, raw = plain(entry.html)
    is_over = fold_word(heading.raw) in _OVER
    phase = Phase.RESOLVED if is_over else _phase_of_text(words, heading.phase)
    impact = Impact.MINOR if _MINOR.search(entry.title) else Impact.MAJOR
    at = _named_time(words) or served_at
    wording = IncidentUpdate(
        f"{entry.id}/{digest('azure', words)[:12]}", phase, words, at, raw=raw, raw_phase=heading.raw
    )
    return Incident(
        id=entry.id,
        title=heading.title,
        phase=phase,
        impact=impact,
        url=_own_link(entry.link),
        created_at=entry.published,
        started_at=entry.published,
        components=_affected(entry.categories, _LEVELS[impact], is_over=is_over),
        updates=(wording,),
        raw_phase=heading.raw,
    )


def _own_link(link: str) -> str:
    """The item's own address, never that of the host that happened to answer."""
    address = split_url(link)
    return link if address is not None and address.hostname == _OWN_HOST else PAGE_URL


# --- words -------------------------------------------------------------------------------------------------------

_OVER: Final = frozenset({"resolved", "mitigated"})
"""Marks of a title. "Mitigated" is how Azure calls the end."""

_MINOR: Final = re.compile(r"\b(?:advisory|intermittent\w*)\b", re.IGNORECASE)
_LEVELS: Final = {Impact.MAJOR: Status.PARTIAL_OUTAGE, Impact.MINOR: Status.DEGRADED}

_PHASES: Final[tuple[tuple[re.Pattern[str], Phase], ...]] = (
    (
        re.compile(
            r"\bmitigation (?:has been |was |is )?(?:now )?(?:applied|complete)|\bsigns of recovery|\bmonitoring\b"
            r"|\b(?:has been|have been|is|are) (?:now )?(?:fully )?(?:mitigated|resolved)\b",
            re.IGNORECASE,
        ),
        Phase.MONITORING,
    ),
    (re.compile(r"\bidentified\b|\broot cause (?:is|was|has been)\b", re.IGNORECASE), Phase.IDENTIFIED),
)
"""The usual phrases of the texts, the latest phase first."""

_HYPOTHETICAL: Final = re.compile(r"\b(?:not|once|when|until|if|unless|before|will)\b", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"[.!?\n]")


def _phase_of_text(words: str, stated: Phase | None) -> Phase:
    """By the title's mark where it has one, else by the sentences that say what is, and not what may become."""
    if stated is not None:
        return stated
    sentences = [one for one in _SENTENCE_END.split(words) if not _HYPOTHETICAL.search(one)]
    found = (phase for phrase, phase in _PHASES if any(phrase.search(one) for one in sentences))
    return next(found, Phase.INVESTIGATING)


_WHEN: Final = re.compile(r"\blast updated at (\d{1,2}:\d{2}) UTC on (\d{1,2} [A-Za-z]{3,9} \d{4})", re.IGNORECASE)


def _named_time(words: str) -> datetime | None:
    """`This message was last updated at 16:49 UTC on 23 July 2026`"""
    found = _WHEN.search(words)
    return moment(f"{found[2]} {found[1]} UTC") if found else None


# --- components --------------------------------------------------------------------------------------------------


def _affected(categories: Sequence[str], level: Status, *, is_over: bool) -> tuple[AffectedComponent, ...] | None:
    """Each service in each region that the categories name; None where there are no categories."""
    names = [name for name in categories if not is_global(name)]
    if not categories:
        return None
    regions = [name for name in names if is_region(name)]
    services = [name for name in names if not is_region(name)]
    shown = Status.OPERATIONAL if is_over else level
    if not services:
        return tuple(AffectedComponent(region, region, None, shown) for region in dict.fromkeys(regions))
    places: list[str | None] = [*regions] or [None]
    pairs = [(service, region) for region in places for service in services]
    return tuple(AffectedComponent(pair_id(*pair), pair[0], pair[1], shown) for pair in dict.fromkeys(pairs))


def _is_over(incident: Incident) -> bool:
    return incident.phase is Phase.RESOLVED


def _rows(incident: Incident) -> tuple[Component, ...]:
    return tuple(Component(one.id, one.name, one.group, one.status) for one in incident.components or ())


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """The feed by its name, the page by its tables."""
    if sight.feed is not None:
        return is_our_feed(sight.feed)
    return TABLE in sight.page and "data-zone-name" in sight.page


PLATFORM = Platform(
    name=NAME,
    title="Microsoft Azure",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("azure.status.microsoft", "status.azure.com"),
    marks=(TABLE,),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=False,
        identity="the guid of the item; each wording of its text is an update; a component is a service and a region",
        absence="the canonical feed has all active incidents: what is gone from it has ended, and each service that it "
        "does not name is well; its copy covers nothing",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
