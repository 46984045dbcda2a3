"""Oracle Cloud Infrastructure, <https://ocistatus.oraclecloud.com>, its government clouds, and NetSuite.

Documented at <https://docs.oracle.com/en-us/iaas/Content/General/Concepts/statuspage-api.htm> (checked 2026-11). Until
2022 the page was an Atlassian Statuspage; what it serves now only has the same addresses:

- `/api/v2/components.json` is a report for each region and service, with the numbers of the incidents on it;
- `/api/v2/incident-summary.rss` has titles, texts and phases, an item for each incident and region or service;
- `/api/v2/status.json` is the roll-up, as Statuspage writes it. NetSuite has nothing else.

Quirks: one incident stands in many cells, and in several items of the feed; a feed item is joined to it by the OCID in
its guid or link. The moment of the roll-up has no zone and is in UTC. `summary.json` and `incidents.json` are 404.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
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
    PageFacts,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    fold_word,
    ident,
    items,
    load_json,
    moment,
    split_url,
    text,
    title,
)
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import named_document, origin
from statuswire.platforms.vendors.oracle_feed import is_our_feed, read_oracle_feed
from statuswire.platforms.words import IMPACT_ORDER

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "oracle"
RSS: Final = "application/rss+xml"

LEVELS: Final[dict[str, Status]] = {
    "normalperformance": Status.OPERATIONAL,
    "informational": Status.OPERATIONAL,
    "servicedisruption": Status.PARTIAL_OUTAGE,
    "servicedown": Status.MAJOR_OUTAGE,
}

LEVEL_IMPACTS: Final[dict[str, Impact]] = {
    "normalperformance": Impact.NONE,
    "informational": Impact.MINOR,
    "servicedisruption": Impact.MAJOR,
    "servicedown": Impact.CRITICAL,
}
"""Of an incident that has no severity of its own, by the cell it stands in."""

SEVERITIES: Final[dict[str, Impact]] = {
    "none": Impact.NONE,
    "informational": Impact.MINOR,
    "minor": Impact.MINOR,
    "major": Impact.MAJOR,
    "critical": Impact.CRITICAL,
}

INDICATORS: Final[dict[str, Status]] = {
    "none": Status.OPERATIONAL,
    "minor": Status.DEGRADED,
    "major": Status.PARTIAL_OUTAGE,
    "critical": Status.MAJOR_OUTAGE,
    "maintenance": Status.MAINTENANCE,
}

# --- what is polled ----------------------------------------------------------------------------------------------

_DOCUMENTS: Final[tuple[tuple[str, FeedSpec], ...]] = (
    ("/components.json", FeedSpec("", Role.STATE)),
    ("/components_v2.json", FeedSpec("", Role.STATE)),
    ("/status.json", FeedSpec("", Role.STATE)),
    (".rss", FeedSpec("", Role.ENTRIES, accept=RSS)),
)
_ROLL_UP_ONLY: Final = frozenset({"status.netsuite.com"})
_PACE: Final = timedelta(minutes=2)
"""The report is large, and no faster."""


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The report and the feed, with the roll-up where they cannot be read; or the one document that is named."""
    named = named_document(page_url, _DOCUMENTS)
    base, address = origin(page_url), split_url(page_url)
    if named or not base:
        return named
    if address and address.hostname in _ROLL_UP_ONLY:
        return (FeedSpec(f"{base}/api/v2/status.json"),)
    return (
        FeedSpec(f"{base}/api/v2/components.json", every=_PACE),
        FeedSpec(f"{base}/api/v2/incident-summary.rss", Role.ENTRIES, accept=RSS),
        FeedSpec(f"{base}/api/v2/status.json", tier=1),
    )


# --- documents ---------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Read any of the documents, told by content. Raises ParseError."""
    page = PageFacts(name=None, url=origin(document.url) or None)
    if Sight(document).is_markup:
        return read_oracle_feed(NAME, page, document)
    fields = as_mapping(load_json(document))
    if isinstance(fields.get("regionHealthReports"), list):
        return _read_report(fields, page)
    if "indicator" in as_mapping(fields.get("status")):
        return _read_roll_up(fields, page)
    raise ParseError(ParseReason.SHAPE, "neither the health report of Oracle Cloud nor its roll-up")


def _read_roll_up(fields: Fields, page: PageFacts) -> Snapshot:
    problems: list[Problem] = []
    status, told = as_mapping(fields.get("status")), as_mapping(fields.get("page"))
    level = choose(status.get("indicator"), INDICATORS, Status.UNKNOWN, "status.indicator", problems)
    facts = replace(
        page, name=title(told.get("name")) or None, status=level, status_text=title(status.get("description"))
    )
    return Snapshot(NAME, facts, as_of=moment(told.get("updated_at"), "UTC"), problems=tuple(problems))


def _read_report(fields: Fields, page: PageFacts) -> Snapshot:
    report = _Report()
    listed = fields.get("regionHealthReports")
    for place, region in items(listed, "regions", report.problems):
        report.add_region(region, f"regions[{place}]")
    is_all = bool(report.components) and report.is_whole and is_whole(listed, "regions", report.problems)
    return Snapshot(
        platform=NAME,
        page=page,
        covers=frozenset({Cover.COMPONENTS, Cover.OPEN_INCIDENTS}) if is_all else frozenset(),
        components=tuple(report.components.values()),
        incidents=tuple(report.incidents.values()),
        problems=tuple(report.problems),
    )


_CELL_KEYS: Final = ("serviceCanonicalName", "serviceName", "serviceStatus")


def _quiet_cell(region: str, place: int, service: object, name: object, word: object) -> Component | None:
    """The row of a cell without incidents, as nearly all of some five thousand are; None for one to look at closely."""
    if isinstance(service, str) and isinstance(name, str) and isinstance(word, str):
        return _remembered_cell(region, place, service, name, word)
    return None


@lru_cache(maxsize=16_384)
def _remembered_cell(region: str, place: int, service: str, name: str, word: str) -> Component | None:
    key, level = ident(service), LEVELS.get(fold_word(word))
    if not key or level is None:
        return None
    return Component(f"{region}/{key}", title(name) or key, region, level, text(word, 60), position=place)


class _Report:
    """The cells of the report, and each incident once, with all the cells it stands in."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.components: dict[str, Component] = {}
        self.incidents: dict[str, Incident] = {}
        self.is_whole = True

    def add_region(self, fields: Fields, where: str) -> None:
        region = ident(fields.get("regionCanonicalName")) or ident(fields.get("regionId"))
        if not region:
            self._skip(where, "a region without a name")
            return
        place = f"{where}.services"
        listed = fields.get("serviceHealthReports")
        for index, service in items(listed, place, self.problems):
            self._add_cell(service, region, f"{place}[{index}]")
        self.is_whole = self.is_whole and isinstance(listed, list)

    def _skip(self, where: str, reason: str) -> None:
        self.problems.append(Problem(where, reason))
        self.is_whole = False

    def _add_cell(self, fields: Fields, region: str, where: str) -> None:
        if not fields.get("incidents"):
            quiet = _quiet_cell(region, len(self.components), *map(fields.get, _CELL_KEYS))
            if quiet is not None:
                self.components[quiet.id] = quiet
                return
        service = ident(fields.get("serviceCanonicalName")) or ident(fields.get("serviceId"))
        if not service:
            self._skip(where, "a service without a name")
            return
        word, name = fields.get("serviceStatus"), title(fields.get("serviceName")) or service
        level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.serviceStatus", self.problems)
        key = f"{region}/{service}"
        self.components[key] = Component(key, name, region, level, text(word, 60), position=len(self.components))
        if fields.get("incidents"):
            cell = AffectedComponent(key, name, region, level)
            for index, held in items(fields["incidents"], f"{where}.incidents", self.problems):
                self._add_incident(held, cell, word, f"{where}.incidents[{index}]")

    def _add_incident(self, fields: Fields, cell: AffectedComponent, word: object, where: str) -> None:
        own_id = ident(fields.get("incidentId"))
        if not own_id:
            self._skip(where, "an incident without id")
            return
        severity = fields.get("severity")
        impact = choose(severity, SEVERITIES, Impact.UNKNOWN, f"{where}.severity", self.problems)
        if not severity:
            impact = choose(word, LEVEL_IMPACTS, Impact.UNKNOWN, where, [])
        known = self.incidents.get(own_id)
        if known is None:
            self.incidents[own_id] = _incident(own_id, impact, text(severity, 60), cell)
            return
        worse = max(known.impact, impact, key=IMPACT_ORDER.index)
        self.incidents[own_id] = replace(known, impact=worse, components=(*(known.components or ()), cell))


def _incident(own_id: str, impact: Impact, raw_impact: str, cell: AffectedComponent) -> Incident:
    """As far as the report knows it: title, texts and phases are in the feed."""
    return Incident(
        id=own_id, title="", phase=Phase.INVESTIGATING, impact=impact, components=(cell,), raw_impact=raw_impact
    )


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """The report of the regions, or a feed with the numbers of Oracle's incidents; the roll-up is like Statuspage's."""
    if sight.is_markup:
        return sight.feed is not None and is_our_feed(sight.feed)
    return isinstance(sight.fields.get("regionHealthReports"), list)


PLATFORM = Platform(
    name=NAME,
    title="Oracle Cloud Infrastructure",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("ocistatus.oraclecloud.com", "gov.ocistatus.com", "status.netsuite.com"),
    probes=("/api/v2/components.json",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=False,
        identity="the OCID of the incident, in feeds that in guid or link; a component is region and service",
        absence="an incident in no cell of the report is over; a cell that is no longer there is gone; the feed covers "
        "nothing",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
