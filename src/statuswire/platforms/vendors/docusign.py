"""DocuSign's own status page, <https://health.docusign.com/status>, not documented.

Known from working clients, checked 2026-11.

- `components.json`: `{"components": [{"id", "name", "type": "group" | "product" | "site", "parentId", "status"}]}`;
- `incidents.json`: `{"incidents": [{"incidentId", "title", "status", "impact"}]}`, without times and texts.

Quirks: groups and products repeat what stands below them, so that only the leaves are rows. Many clients still ask
`status.docusign.com/api/v2/summary.json`, and `docusign.statuspage.io` has stood frozen at "operational" since 2021:
neither is read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    Component,
    Cover,
    Document,
    FeedSpec,
    Impact,
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
from statuswire.platforms.reading import as_mapping, choose, ident, items, load_json, text, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import named_document
from statuswire.platforms.words import IMPACT_WORDS, PHASE_WORDS

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "docusign"
HOME: Final = "https://health.docusign.com/status"
FOLDER: Final = "https://health.docusign.com/production/1ds/ssg/apps/health/dynamic"

LEVELS: Final[dict[str, Status]] = {
    "available": Status.OPERATIONAL,
    "performancedegradation": Status.DEGRADED,
    "servicedisruption": Status.MAJOR_OUTAGE,
}

IMPACTS: Final[dict[str, Impact]] = {
    **IMPACT_WORDS,
    "available": Impact.NONE,
    "performancedegradation": Impact.MINOR,
    "servicedisruption": Impact.MAJOR,
}

_DOCUMENTS: Final[tuple[tuple[str, FeedSpec], ...]] = (
    ("/components.json", FeedSpec("", Role.STATE)),
    ("/incidents.json", FeedSpec("", Role.ENTRIES)),
)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """Components and incidents of the one page there is; or the one document that is named."""
    named = named_document(page_url, _DOCUMENTS)
    return named or (FeedSpec(f"{FOLDER}/components.json"), FeedSpec(f"{FOLDER}/incidents.json", Role.ENTRIES))


_PAGE: Final = PageFacts(name="DocuSign", url=HOME)


def parse(document: Document) -> Snapshot:
    """Read either document, told by its list. Raises ParseError."""
    fields = as_mapping(load_json(document))
    problems: list[Problem] = []
    if _is_listed(fields, "components", "status"):
        components = _leaves(fields["components"], problems)
        is_all = bool(components) and is_whole(fields["components"], "components", problems)
        covers = frozenset({Cover.COMPONENTS}) if is_all else frozenset()
        return Snapshot(NAME, _PAGE, covers=covers, components=components, problems=tuple(problems))
    if _is_listed(fields, "incidents", "incidentId"):
        incidents = _incidents(fields["incidents"], problems)
        return Snapshot(NAME, _PAGE, incidents=incidents, problems=tuple(problems))
    raise ParseError(ParseReason.SHAPE, "neither the components nor the incidents of DocuSign")


def _is_listed(fields: Fields, name: str, key: str) -> bool:
    listed = fields.get(name)
    return isinstance(listed, list) and (not listed or any(key in as_mapping(row) for row in listed))


def _leaves(listed: object, problems: list[Problem]) -> tuple[Component, ...]:
    """The rows without others below them, in the group of their product."""
    rows: dict[str, tuple[int, dict[str, object]]] = {}
    for place, fields in items(listed, "components", problems):
        own_id = ident(fields.get("id"))
        if own_id:
            rows.setdefault(own_id, (place, fields))
        else:
            problems.append(Problem(f"components[{place}]", "a component without id"))
    parents = {ident(fields.get("parentId")) for _, fields in rows.values()}
    found = []
    for own_id, (place, fields) in rows.items():
        if own_id in parents or fields.get("type") == "group":
            continue
        word, parent = fields.get("status"), ident(fields.get("parentId"))
        above = rows.get(parent)
        found.append(
            Component(
                id=own_id,
                name=title(fields.get("name")) or own_id,
                group=(title(above[1].get("name")) if above else "") or parent or None,
                status=choose(word, LEVELS, Status.UNKNOWN, f"components[{place}].status", problems),
                raw_status=text(word, 60),
                position=place,
            )
        )
    return tuple(found)


def _incidents(listed: object, problems: list[Problem]) -> tuple[Incident, ...]:
    found: dict[str, Incident] = {}
    for place, fields in items(listed, "incidents", problems):
        where, own_id = f"incidents[{place}]", ident(fields.get("incidentId"))
        if not own_id:
            problems.append(Problem(where, "an incident without id"))
            continue
        found[own_id] = Incident(
            id=own_id,
            title=title(fields.get("title")),
            phase=choose(fields.get("status"), PHASE_WORDS, Phase.UNKNOWN, f"{where}.status", problems),
            impact=choose(fields.get("impact"), IMPACTS, Impact.UNKNOWN, f"{where}.impact", problems),
            url=HOME,
            raw_phase=text(fields.get("status"), 60),
            raw_impact=text(fields.get("impact"), 60),
        )
    return tuple(found.values())


_TYPES: Final = frozenset({"group", "product", "site"})


def recognize(sight: Sight) -> bool:
    """Rows with a parent and one of the three types, or incidents with the name of their id; never beside a page."""
    if sight.is_markup or "page" in sight.fields:
        return False
    components, incidents = sight.fields.get("components"), sight.fields.get("incidents")
    if isinstance(components, list) and components:
        first = as_mapping(components[0])
        return first.keys() >= {"id", "parentId", "status"} and first.get("type") in _TYPES
    first = as_mapping(incidents[0]) if isinstance(incidents, list) and incidents else {}
    return first.keys() >= {"incidentId", "title", "status", "impact"}


PLATFORM = Platform(
    name=NAME,
    title="DocuSign",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("health.docusign.com",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=False,
        maintenances=False,
        identity="the incident's id; a component has an id too",
        absence="a component that is no longer listed is gone; incidents end by their own word",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
