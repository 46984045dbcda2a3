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
from statuswire.platforms.parts import is_list, load_parts
from statuswire.platforms.reading import as_mapping, choose, ident, item_parts, text, title
from statuswire.platforms.remembering import remembered
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
    fields = as_mapping(load_parts(document))
    if "overall" not in fields or not is_list(fields.get("datacenters")):
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
    for place, part in item_parts(listed, "datacenters", problems):
        row = _place(part, f"datacenters[{place}]", problems, place)
        if row is not None:
            rows[row.id] = row
    return tuple(rows.values())


@remembered
def _place(fields: dict[str, object], where: str, problems: list[Problem], place: int) -> Component | None:
    name, word = title(fields.get("name")), fields.get("status")
    if not name:
        problems.append(Problem(where, "a datacenter without name"))
        return None
    level = choose(word, COMPONENT_WORDS, Status.UNKNOWN, f"{where}.status", problems)
    return Component(name, name, None, level, text(word, 60), position=place)


def _incidents(listed: object, problems: list[Problem]) -> tuple[Incident, ...]:
    told = _incident.each(listed, "incidents", problems).found
    return tuple({incident.id: incident for incident in told}.values())


@remembered
def _incident(fields: dict[str, object], where: str, problems: list[Problem]) -> Incident | None:
    own_id, word = ident(fields.get("id")), fields.get("status")
    if not own_id:
        problems.append(Problem(where, "an incident without id"))
        return None
    phase = choose(word, PHASE_WORDS, Phase.UNKNOWN, f"{where}.status", problems)
    return Incident(own_id, title(fields.get("title")), phase=phase, url=HOME, raw_phase=text(word, 60))


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
