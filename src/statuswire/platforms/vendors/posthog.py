"""PostHog's own status page, <https://www.posthogstatus.com>, not documented; known from a working client, 2026-11.

`/api/status` is one object with all there is:

    {"overall_status", "component_groups": [{"name", "components": [{"id", "name", "status"}]}],
     "standalone_components": [...], "active_maintenances": [...],
     "active_incidents": [{"id", "name", "status", "affected_components": [{"component_id"}]}]}

Quirks: ids may be numbers; no texts, no times; words are those of Statuspage. What stands in a maintenance was never
seen: it is read like an incident.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Document,
    FeedSpec,
    Impact,
    Incident,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole, worst_impact
from statuswire.platforms.parts import is_list, load_parts, object_of
from statuswire.platforms.reading import as_mapping, choose, ident, item_parts, items, normalise_url, text, title
from statuswire.platforms.remembering import remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import named_document, origin
from statuswire.platforms.words import COMPONENT_WORDS, PHASE_WORDS

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "posthog"
HOME: Final = "https://www.posthogstatus.com"

_DOCUMENTS: Final = (("/api/status", FeedSpec("", Role.STATE)),)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The one document there is."""
    base = origin(page_url)
    return named_document(page_url, _DOCUMENTS) or ((FeedSpec(f"{base}/api/status"),) if base else ())


def parse(document: Document) -> Snapshot:
    """Read the document. Raises ParseError."""
    fields = as_mapping(load_parts(document))
    if not is_list(fields.get("component_groups")) and not is_list(fields.get("active_incidents")):
        raise ParseError(ParseReason.SHAPE, "not the state of PostHog: neither components nor incidents")
    problems: list[Problem] = []
    rows = _components(fields, problems)
    incidents = _listed(fields, "active_incidents", Kind.INCIDENT, rows, problems)
    planned = _listed(fields, "active_maintenances", Kind.MAINTENANCE, rows, problems)
    return Snapshot(
        platform=NAME,
        page=_page(fields, problems),
        covers=_covers(fields, rows, problems),
        components=tuple(rows.values()),
        incidents=(*incidents, *planned),
        problems=tuple(problems),
    )


def _page(fields: Fields, problems: list[Problem]) -> PageFacts:
    """A missing roll-up is unknown, not fine."""
    word = fields.get("overall_status")
    level = choose(word, COMPONENT_WORDS, Status.UNKNOWN, "overall_status", problems)
    return PageFacts(name="PostHog", url=HOME, status=level)


def _covers(fields: Fields, rows: Mapping[str, Component], problems: list[Problem]) -> frozenset[Cover]:
    covers = set()
    is_all = is_whole(fields.get("component_groups"), "component_groups", problems)
    if is_all and rows and not any(one.where.rpartition(".")[2].startswith("components") for one in problems):
        covers.add(Cover.COMPONENTS)
    if is_whole(fields.get("active_incidents"), "active_incidents", problems):
        covers.add(Cover.OPEN_INCIDENTS)
    if is_whole(fields.get("active_maintenances"), "active_maintenances", problems):
        covers.add(Cover.OPEN_MAINTENANCES)
    return frozenset(covers)


# --- components --------------------------------------------------------------------------------------------------


def _components(fields: Fields, problems: list[Problem]) -> dict[str, Component]:
    """By id, those of the groups first."""
    found: dict[str, Component] = {}
    for place, part in item_parts(fields.get("component_groups"), "component_groups", problems):
        group = object_of(part)
        where = f"component_groups[{place}].components"
        _add(found, group.get("components"), title(group.get("name")) or None, where, problems)
    _add(found, fields.get("standalone_components"), None, "standalone.components", problems)
    return found


def _add(found: dict[str, Component], listed: object, group: str | None, where: str, problems: list[Problem]) -> None:
    for place, part in item_parts(listed, where, problems):
        row = _row(part, f"{where}[{place}]", problems, group, len(found))
        if row is not None:
            found.setdefault(row.id, row)


@remembered
def _row(row: Fields, where: str, problems: list[Problem], group: str | None, position: int) -> Component | None:
    own_id = ident(row.get("id"))
    if not own_id:
        problems.append(Problem(where, "a component without id"))
        return None
    word = row.get("status")
    level = choose(word, COMPONENT_WORDS, Status.UNKNOWN, f"{where}.status", problems)
    return Component(own_id, title(row.get("name")) or own_id, group, level, text(word, 60), position=position)


# --- incidents and maintenances ----------------------------------------------------------------------------------

_OPEN: Final = {Kind.INCIDENT: Phase.INVESTIGATING, Kind.MAINTENANCE: Phase.IN_PROGRESS}
_PREFIX: Final = {Kind.INCIDENT: "", Kind.MAINTENANCE: "maintenance/"}
"""The two may be numbered apart."""


def _listed(
    fields: Fields, name: str, kind: Kind, rows: Mapping[str, Component], problems: list[Problem]
) -> tuple[Incident, ...]:
    return _incident.each(fields.get(name), name, problems, kind, rows).found


@remembered
def _incident(
    row: Fields, where: str, problems: list[Problem], kind: Kind, rows: Mapping[str, Component]
) -> Incident | None:
    own_id = ident(row.get("id"))
    if not own_id:
        problems.append(Problem(where, "an incident without id"))
        return None
    word = row.get("status")
    affected = _affected(row, rows, where, problems)
    url = f"{HOME}/incidents/{own_id}"
    is_planned = kind is Kind.MAINTENANCE
    return Incident(
        id=f"{_PREFIX[kind]}{own_id}",
        title=title(row.get("name")),
        kind=kind,
        phase=choose(word, PHASE_WORDS, Phase.UNKNOWN, f"{where}.status", problems) if word else _OPEN[kind],
        impact=Impact.MAINTENANCE if is_planned else worst_impact(one.status for one in affected),
        url=HOME if is_planned else url,
        components=affected,
        aliases=() if is_planned else (normalise_url(url),),
        raw_phase=text(word, 60),
    )


def _affected(
    row: Fields, rows: Mapping[str, Component], where: str, problems: list[Problem]
) -> tuple[AffectedComponent, ...]:
    found = []
    place = f"{where}.affected_components"
    for _, told in items(row.get("affected_components"), place, problems):
        known = rows.get(ident(told.get("component_id")))
        if known is not None:
            found.append(AffectedComponent(known.id, known.name, known.group, known.status))
    return tuple(found)


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """The four lists have names that nobody else has together."""
    if sight.is_markup:
        return False
    return sight.fields.keys() >= {"component_groups", "standalone_components", "active_incidents"}


PLATFORM = Platform(
    name=NAME,
    title="PostHog",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("posthogstatus.com",),
    probes=("/api/status",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=False,
        maintenances=True,
        identity="the incident's id; a component has an id too",
        absence="all that is open and every component is listed: what is missing is over, or gone",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
