"""RingCentral's own status page, <https://status.ringcentral.com>, by `/status.json`; not documented.

    [{"category": "Core Services", "service": "Calling", "region": "Americas", "level": "Good", "alerts": []}]

Known from working clients, checked 2026-11: some 75 rows, one for each service in a region. Quirks: alerts that are not
empty are open incidents, but their shape was seen nowhere: each is read by `id`, `title` or `name`, and a text; one
without an id is known by its row and its title.
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
    Incident,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole, worst_impact
from statuswire.platforms.reading import as_mapping, choose, ident, items, load_json, text, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.vendors.merging import together
from statuswire.platforms.vendors.rows import worst_rows

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "ringcentral"
HOME: Final = "https://status.ringcentral.com"

LEVELS: Final[dict[str, Status]] = {
    "good": Status.OPERATIONAL,
    "informational": Status.OPERATIONAL,
    "minor": Status.DEGRADED,
    "major": Status.PARTIAL_OUTAGE,
    "critical": Status.MAJOR_OUTAGE,
}


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The rows."""
    base = origin(page_url)
    url = page_url if path_of(page_url).endswith(".json") else f"{base}/status.json"
    return (FeedSpec(url),) if base else ()


def parse(document: Document) -> Snapshot:
    """Read the rows. Raises ParseError."""
    loaded = load_json(document)
    if not isinstance(loaded, list) or not any(_is_row(as_mapping(row)) for row in loaded):
        raise ParseError(ParseReason.SHAPE, "not the rows of RingCentral: no services with a level")
    problems: list[Problem] = []
    rows: list[Component] = []
    incidents: dict[str, Incident] = {}
    for place, fields in items(loaded, "services", problems):
        row = _row(fields, place, problems)
        if row is None:
            problems.append(Problem(f"services[{place}]", "a row without service"))
            continue
        rows.append(row)
        for incident in _alerts(fields.get("alerts"), row, f"services[{place}].alerts", problems):
            incidents[incident.id] = together(incidents.get(incident.id), incident)
    is_all = is_whole(loaded, "services", problems) and is_whole(loaded, "services.alerts", problems)
    return Snapshot(
        platform=NAME,
        page=PageFacts(name="RingCentral", url=HOME),
        covers=frozenset({Cover.COMPONENTS, Cover.OPEN_INCIDENTS}) if is_all else frozenset(),
        components=worst_rows(rows),
        incidents=tuple(incidents.values()),
        problems=tuple(problems),
    )


def _is_row(fields: Fields) -> bool:
    return fields.keys() >= {"service", "region", "level"}


def _row(fields: Fields, place: int, problems: list[Problem]) -> Component | None:
    service, region = title(fields.get("service")), title(fields.get("region"))
    if not service:
        return None
    word = fields.get("level")
    level = choose(word, LEVELS, Status.UNKNOWN, f"services[{place}].level", problems)
    own_id = f"{region}/{service}" if region else service
    return Component(own_id, service, region or None, level, text(word, 60), position=place)


def _alerts(listed: object, row: Component, where: str, problems: list[Problem]) -> list[Incident]:
    """What is open in one row; an alert that is only a text has it for its title."""
    found = []
    for place, alert in enumerate(listed[:100] if isinstance(listed, list) else ()):
        fields = as_mapping(alert)
        name = title(fields.get("title")) or title(fields.get("name")) or title(alert, 200)
        own_id = ident(fields.get("id")) or (f"{row.id}/{name}" if name else "")
        if not own_id:
            problems.append(Problem(f"{where}[{place}]", "an alert without id and title"))
            continue
        found.append(
            Incident(
                id=own_id,
                title=name or f"{row.name}: {row.raw_status}",
                phase=Phase.INVESTIGATING,
                impact=worst_impact([row.status]),
                url=HOME,
                components=(AffectedComponent(row.id, row.name, row.group, row.status),),
                raw_impact=row.raw_status,
            )
        )
    return found


def recognize(sight: Sight) -> bool:
    """Rows of a service in a region with alerts."""
    listed = None if sight.is_markup else sight.json
    first = as_mapping(listed[0]) if isinstance(listed, list) and listed else {}
    return first.keys() >= {"category", "service", "region", "level", "alerts"}


PLATFORM = Platform(
    name=NAME,
    title="RingCentral",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.ringcentral.com",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=False,
        maintenances=False,
        identity="the id of the alert, else its row and title; a component is a service in a region",
        absence="an alert that is no longer listed is over; a row that is no longer listed is gone",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
