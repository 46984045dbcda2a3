"""DeepL's own status page, <https://api-status.deepl.com>, by `/api/status`; not documented.

    {"overall": "operational", "incidents": [{"id", "title", "status"}], "datacenters": [{"name", "status"}]}

Seen in 2026-08 by a working client, checked 2026-11. Incidents have neither times nor texts; those that are over stay
listed as `resolved`. `/rss` tells in prose, without a state, and is asked where the first cannot be read.
"""

from __future__ import annotations

from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Component,
    Cover,
    Document,
    FeedSpec,
    Incident,
    PageFacts,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import is_feed, read_feed
from statuswire.platforms.reading import as_mapping, choose, ident, items, load_json, text, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import named_document, origin
from statuswire.platforms.words import COMPONENT_WORDS, PHASE_WORDS

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "deepl"
HOME: Final = "https://api-status.deepl.com"
RSS: Final = "application/rss+xml"

_DOCUMENTS: Final[tuple[tuple[str, FeedSpec], ...]] = (
    ("/api/status", FeedSpec("", Role.STATE)),
    ("/rss", FeedSpec("", Role.ENTRIES, accept=RSS)),
)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The state, and the feed where that cannot be read; or the one document that is named."""
    named, base = named_document(page_url, _DOCUMENTS), origin(page_url)
    if named or not base:
        return named
    return FeedSpec(f"{base}/api/status"), FeedSpec(f"{base}/rss", Role.ENTRIES, 1, RSS)


def parse(document: Document) -> Snapshot:
    """Read the state or the feed. Raises ParseError."""
    if is_feed(document):
        return feed_snapshot(NAME, read_feed(document), document)
    fields = as_mapping(load_json(document))
    if "overall" not in fields or not isinstance(fields.get("datacenters"), list):
        raise ParseError(ParseReason.SHAPE, "not the state of DeepL: no overall and datacenters")
    problems: list[Problem] = []
    level = choose(fields["overall"], COMPONENT_WORDS, Status.UNKNOWN, "overall", problems)
    components = _places(fields["datacenters"], problems)
    incidents = _incidents(fields.get("incidents"), problems)
    covers = set()
    if components and is_whole(fields["datacenters"], "datacenters", problems):
        covers.add(Cover.COMPONENTS)
    if is_whole(fields.get("incidents"), "incidents", problems):
        covers.add(Cover.OPEN_INCIDENTS)
    return Snapshot(
        platform=NAME,
        page=PageFacts(name="DeepL", url=HOME, status=level, status_text=title(fields["overall"], 60)),
        covers=frozenset(covers),
        components=components,
        incidents=incidents,
        problems=tuple(problems),
    )


def _places(listed: object, problems: list[Problem]) -> tuple[Component, ...]:
    rows: dict[str, Component] = {}
    for place, fields in items(listed, "datacenters", problems):
        name, word = title(fields.get("name")), fields.get("status")
        if not name:
            problems.append(Problem(f"datacenters[{place}]", "a datacenter without name"))
            continue
        level = choose(word, COMPONENT_WORDS, Status.UNKNOWN, f"datacenters[{place}].status", problems)
        rows[name] = Component(name, name, None, level, text(word, 60), position=place)
    return tuple(rows.values())


def _incidents(listed: object, problems: list[Problem]) -> tuple[Incident, ...]:
    found: dict[str, Incident] = {}
    for place, fields in items(listed, "incidents", problems):
        own_id, where, word = ident(fields.get("id")), f"incidents[{place}]", fields.get("status")
        if not own_id:
            problems.append(Problem(where, "an incident without id"))
            continue
        phase = choose(word, PHASE_WORDS, Phase.UNKNOWN, f"{where}.status", problems)
        found[own_id] = Incident(own_id, title(fields.get("title")), phase=phase, url=HOME, raw_phase=text(word, 60))
    return tuple(found.values())


def recognize(sight: Sight) -> bool:
    """A roll-up beside datacenters."""
    fields = {} if sight.is_markup else sight.fields
    return fields.keys() >= {"overall", "incidents", "datacenters"} and isinstance(fields["datacenters"], list)


PLATFORM = Platform(
    name=NAME,
    title="DeepL",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("api-status.deepl.com",),
    probes=("/api/status",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=False,
        maintenances=False,
        identity="the id of the incident; a component is a datacenter, known by its name",
        absence="an incident that is no longer listed is over; a datacenter that is no longer listed is gone",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
