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
from typing import Final, NamedTuple

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
from statuswire.platforms.parts import Part, load_parts, opened
from statuswire.platforms.reading import as_mapping, choose, ident, item_parts, text, title
from statuswire.platforms.remembering import remembered
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
    fields = as_mapping(load_parts(document))
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
    listed = opened(fields.get(name))
    return isinstance(listed, list) and (not listed or any(key in as_mapping(row) for row in listed))


class _Row(NamedTuple):
    """What decides where a row belongs: its id (empty where it has none), that of its parent, and its name."""

    id: str
    parent: str
    name: str
    is_group: bool


def _leaves(listed: object, problems: list[Problem]) -> tuple[Component, ...]:
    """The rows without others below them, in the group of their product."""
    rows: dict[str, tuple[int, Part | Fields, _Row]] = {}
    for place, part in item_parts(listed, "components", problems):
        row = _row(part, "", problems)
        if row.id:
            rows.setdefault(row.id, (place, part, row))
        else:
            problems.append(Problem(f"components[{place}]", "a component without id"))
    parents = {row.parent for _, _, row in rows.values()}
    names = {own_id: row.name for own_id, (_, _, row) in rows.items()}
    return tuple(
        _component(part, f"components[{place}]", problems, names.get(row.parent) or row.parent or None, place)
        for own_id, (place, part, row) in rows.items()
        if own_id not in parents and not row.is_group
    )


@remembered
def _row(fields: Fields, where: str, problems: list[Problem]) -> _Row:
    own_id, parent = ident(fields.get("id")), ident(fields.get("parentId"))
    return _Row(own_id, parent, title(fields.get("name")), fields.get("type") == "group")


@remembered
def _component(fields: Fields, where: str, problems: list[Problem], group: str | None, place: int) -> Component:
    own_id, word = ident(fields.get("id")), fields.get("status")
    level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", problems)
    return Component(own_id, title(fields.get("name")) or own_id, group, level, text(word, 60), position=place)


def _incidents(listed: object, problems: list[Problem]) -> tuple[Incident, ...]:
    told = _incident.each(listed, "incidents", problems).found
    return tuple({incident.id: incident for incident in told}.values())


@remembered
def _incident(fields: Fields, where: str, problems: list[Problem]) -> Incident | None:
    own_id = ident(fields.get("incidentId"))
    if not own_id:
        problems.append(Problem(where, "an incident without id"))
        return None
    return Incident(
        id=own_id,
        title=title(fields.get("title")),
        phase=choose(fields.get("status"), PHASE_WORDS, Phase.UNKNOWN, f"{where}.status", problems),
        impact=choose(fields.get("impact"), IMPACTS, Impact.UNKNOWN, f"{where}.impact", problems),
        url=HOME,
        raw_phase=text(fields.get("status"), 60),
        raw_impact=text(fields.get("impact"), 60),
    )


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
