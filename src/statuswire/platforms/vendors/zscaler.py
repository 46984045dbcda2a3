"""Zscaler's own status pages, <https://trust.zscaler.com>, one for each cloud; not documented.

Known from working clients of 2026, checked 2026-11. A cloud is a path (`/zscaler.net/cloud-status`,
`/private.zscaler.com/incidents`); its data are `/api/cloud-status?cloud=<cloud>&requestType=core_cloud_services`.

    {"data": {"severity": [{"tid": "19", "name": "Service Degradation", "visible": "1"}],
              "category": [{"name": "...", "subCategory": [{"name": "Login", "status": true,
                "category_status": [{"severityTid": "19", "title": "Logins fail"}]}]}]}}

Quirks: the `status` of a service stays true while it is degraded, and is not read; only what is open is listed, and how
bad it is says the legend `severity`, joined by `tid`, whose numbers may change; severities that are not `visible` are
notes. Old documents have one event in the place of the list. An event without an id is known by service and title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
    IncidentUpdate,
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
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    flag,
    html_text,
    ident,
    items,
    load_json,
    moment,
    text,
    title,
)
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.vendors.merging import together
from statuswire.platforms.vendors.rows import worst_rows

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "zscaler"
HOME: Final = "https://trust.zscaler.com"
FIRST_CLOUD: Final = "zscaler.net"

SEVERITIES: Final[dict[str, tuple[Status, Impact]]] = {
    "normal": (Status.OPERATIONAL, Impact.NONE),
    "advisory": (Status.OPERATIONAL, Impact.NONE),
    "notification": (Status.OPERATIONAL, Impact.NONE),
    "informational": (Status.OPERATIONAL, Impact.NONE),
    "securityadvisory": (Status.OPERATIONAL, Impact.NONE),
    "noserviceimpact": (Status.OPERATIONAL, Impact.NONE),
    "underinvestigation": (Status.OPERATIONAL, Impact.UNKNOWN),
    "degradation": (Status.DEGRADED, Impact.MINOR),
    "servicedegradation": (Status.DEGRADED, Impact.MINOR),
    "disruption": (Status.MAJOR_OUTAGE, Impact.CRITICAL),
    "servicedisruption": (Status.MAJOR_OUTAGE, Impact.CRITICAL),
}
_UNKNOWN: Final = (Status.UNKNOWN, Impact.UNKNOWN)

_CLOUD: Final = re.compile(r"/([a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)+)(?:/|$)", re.IGNORECASE)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The data of the cloud that the address names, of `zscaler.net` where it names none; or the document itself."""
    base, path = origin(page_url), path_of(page_url)
    if not base:
        return ()
    if path.endswith("/api/cloud-status"):
        return (FeedSpec(page_url),)
    if "/rss" in path:
        return (FeedSpec(page_url, Role.ENTRIES, accept="application/rss+xml"),)
    named = _CLOUD.search(f"{path}/")
    cloud = named[1].lower() if named else FIRST_CLOUD
    return (FeedSpec(f"{base}/api/cloud-status?cloud={cloud}&requestType=core_cloud_services"),)


# --- the document ------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Read the data of a cloud, or a feed. Raises ParseError."""
    if is_feed(document):
        return feed_snapshot(NAME, read_feed(document), document)
    held = as_mapping(as_mapping(load_json(document)).get("data"))
    if not isinstance(held.get("severity"), list) or not isinstance(held.get("category"), list):
        raise ParseError(ParseReason.SHAPE, "not a cloud of Zscaler: no severity and category")
    problems: list[Problem] = []
    legend = {ident(row.get("tid")): row for _, row in items(held["severity"], "severity", problems)}
    rows: list[Component] = []
    incidents: dict[str, Incident] = {}
    for where, group, service in _services(held["category"], problems):
        row = _row(service, group, where, len(rows), problems)
        if row is None:
            continue
        told = list(_events(service.get("category_status"), row, legend, f"{where}.category_status", problems))
        rows.extend([row, *(_at_level(row, one) for one in told)])
        for incident in told:
            incidents[incident.id] = together(incidents.get(incident.id), incident)
    is_all = bool(rows) and not _has_lost(problems) and is_whole(held["category"], "category", problems)
    return Snapshot(
        platform=NAME,
        page=PageFacts(name="Zscaler", url=HOME),
        covers=frozenset({Cover.COMPONENTS, Cover.OPEN_INCIDENTS}) if is_all else frozenset(),
        components=worst_rows(rows),
        incidents=tuple(incidents.values()),
        problems=tuple(problems),
    )


def _has_lost(problems: list[Problem]) -> bool:
    """Whether something was skipped, rather than a word not known."""
    return any(not problem.where.endswith(".severityTid") for problem in problems)


def _services(listed: object, problems: list[Problem]) -> Iterator[tuple[str, str, dict[str, object]]]:
    for place, category in items(listed, "category", problems):
        where = f"category[{place}].subCategory"
        for number, service in items(category.get("subCategory"), where, problems):
            yield f"{where}[{number}]", title(category.get("name")), service


def _row(service: Fields, group: str, where: str, position: int, problems: list[Problem]) -> Component | None:
    name = html_text(title(service.get("name")))
    if not name:
        problems.append(Problem(where, "a service without name"))
        return None
    own_id = f"{group}/{name}" if group else name
    return Component(own_id, name, group or None, Status.OPERATIONAL, position=position)


def _at_level(row: Component, incident: Incident) -> Component:
    part = (incident.components or ())[0]
    return Component(row.id, row.name, row.group, part.status, incident.raw_impact, position=row.position)


def _events(
    listed: object, row: Component, legend: Mapping[str, Fields], where: str, problems: list[Problem]
) -> Iterator[Incident]:
    """What is open of one service, without notes."""
    for place, fields in items([listed] if isinstance(listed, dict) else listed, where, problems):
        at = f"{where}[{place}].severityTid"
        severity = legend.get(ident(fields.get("severityTid")))
        if severity is None:
            problems.append(Problem(at, f"unknown word {text(fields.get('severityTid'), 60)!r}"))
        level, impact = choose((severity or {}).get("name"), SEVERITIES, _UNKNOWN, at, problems)
        is_note = severity is not None and not flag(severity.get("visible", "1"))
        if is_note or (level is Status.OPERATIONAL and impact is Impact.NONE):
            continue
        yield _incident(fields, row, level, impact, title((severity or {}).get("name"), 60))


def _incident(fields: Fields, row: Component, level: Status, impact: Impact, word: str) -> Incident:
    name = html_text(title(fields.get("title"))) or f"{row.name}: {word}"
    own_id = ident(fields.get("nid")) or ident(fields.get("id")) or f"{row.id}/{name}"
    began = moment(fields.get("ri_date"))
    raw = text(fields.get("short_description"))
    words = html_text(raw)
    return Incident(
        id=own_id,
        title=name,
        phase=Phase.INVESTIGATING,
        impact=impact,
        url=HOME,
        created_at=began,
        started_at=began,
        components=(AffectedComponent(row.id, row.name, row.group, level),),
        updates=(IncidentUpdate("", Phase.INVESTIGATING, words, began, raw=raw),) if words else (),
        raw_impact=word,
    )


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """A legend of severities beside categories."""
    held = {} if sight.is_markup else as_mapping(sight.fields.get("data"))
    legend = held.get("severity")
    first = as_mapping(legend[0]) if isinstance(legend, list) and legend else {}
    return first.keys() >= {"tid", "name"} and isinstance(held.get("category"), list)


PLATFORM = Platform(
    name=NAME,
    title="Zscaler",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("trust.zscaler.com",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=False,
        identity="the id of the event, else service and title; a component is known by category and name",
        absence="an event that is no longer listed is over; a service that is no longer listed is gone",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
