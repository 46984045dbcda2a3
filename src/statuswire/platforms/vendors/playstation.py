"""PlayStation Network, <https://status.playstation.com>, by the documents of its regions; not documented.

`/data/statuses/region/<REGION>.json`, in capitals: `SCEA` (Americas), `SCEE` (Europe, others), `SCEJA` (Asia, Japan).
Known from working clients of 2026, checked 2026-11; other spellings of the region are not found.

    {"regionName": "SCEE", "status": [], "countries": [{"countryCode": "XX", "status": [], "services": [
      {"serviceName": "Store", "status": [{"statusId": "1", "statusType": "Degraded"}]}]}]}

Quirks: an empty list of statuses means that all is well. A status has neither text nor time nor end, only an id under
which several places may name it; what a region no longer lists is over there, and says nothing of the others. What is
listed for a country or a whole region counts for all its services. A status without an id is the level of its services
and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
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
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.reading import as_mapping, choose, ident, items, load_json, text, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.vendors.merging import together
from statuswire.platforms.vendors.rows import worst_rows
from statuswire.platforms.words import STATUS_IMPACT

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "playstation"
HOME: Final = "https://status.playstation.com"
REGIONS: Final = ("SCEA", "SCEE", "SCEJA")

LEVELS: Final[dict[str, Status]] = {
    "ok": Status.OPERATIONAL,
    "degraded": Status.DEGRADED,
    "outage": Status.MAJOR_OUTAGE,
    "maintenance": Status.MAINTENANCE,
}


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """All regions; or the one that is named."""
    base = origin(page_url)
    if path_of(page_url).endswith(".json"):
        return (FeedSpec(page_url),)
    return tuple(FeedSpec(f"{base}/data/statuses/region/{region}.json") for region in REGIONS) if base else ()


@dataclass(slots=True)
class _Told:
    """What a region says, as it is read: its incidents by id, and what was wrong with it."""

    region: str
    incidents: dict[str, Incident] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


_COVERED: Final = frozenset({Cover.COMPONENTS, Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES})


def parse(document: Document) -> Snapshot:
    """Read the document of a region. Raises ParseError."""
    fields = as_mapping(load_json(document))
    region = title(fields.get("regionName"), 60)
    if not region or not isinstance(fields.get("countries"), list):
        raise ParseError(ParseReason.SHAPE, "not a region of PlayStation Network: no regionName and countries")
    told = _Told(region)
    above = _statuses(fields.get("status"), "status", told)
    rows = [
        row
        for place, country in items(fields["countries"], "countries", told.problems)
        for row in _country(country, above, f"countries[{place}]", told)
    ]
    return Snapshot(
        NAME,
        page=PageFacts(name="PlayStation Network", url=HOME),
        covers=_COVERED if _is_all_read(rows, fields, told.problems) else frozenset(),
        components=worst_rows(rows),
        incidents=tuple(told.incidents.values()),
        problems=tuple(told.problems),
        within=f"{region}/",
    )


def _is_all_read(rows: list[Component], fields: Fields, problems: list[Problem]) -> bool:
    """Whether nothing was skipped: what is wrong may be a status or a service whose absence would say that it ended."""
    is_odd = any(not problem.where.endswith(".statusType") for problem in problems)
    return bool(rows) and not is_odd and is_whole(fields["countries"], "countries", problems)


@dataclass(frozen=True, slots=True)
class _Listed:
    """One status of a list: its level, the provider's word for it, and its id, empty where it has none."""

    level: Status
    word: str
    id: str = ""


_WELL: Final = (_Listed(Status.OPERATIONAL, ""),)


def _statuses(listed: object, where: str, told: _Told) -> tuple[_Listed, ...]:
    """The statuses of a place; none is well, and no list is unknown."""
    if not isinstance(listed, list):
        told.problems.append(Problem(where, "no list of statuses"))
        return (_Listed(Status.UNKNOWN, ""),)
    found = (_status(one, f"{where}[{place}]", told) for place, one in items(listed, where, told.problems))
    return (*_WELL, *found)


def _status(fields: Fields, where: str, told: _Told) -> _Listed:
    word, level = fields.get("statusType"), Status.OPERATIONAL
    if word:
        level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.statusType", told.problems)
    return _Listed(level, text(word, 60), ident(fields.get("statusId")))


def _worst(statuses: tuple[_Listed, ...]) -> _Listed:
    rows = [Component("", "", status=one.level, raw_status=one.word) for one in statuses]
    worst = worst_rows(rows)[0]
    return _Listed(worst.status, worst.raw_status)


def _country(fields: Fields, above: tuple[_Listed, ...], where: str, told: _Told) -> Iterator[Component]:
    code = title(fields.get("countryCode"), 60)
    if not code or not isinstance(fields.get("services"), list):
        told.problems.append(Problem(where, "a country without code or services"))
        return
    own = (*above, *_statuses(fields.get("status", []), f"{where}.status", told))
    for place, service in items(fields["services"], f"{where}.services", told.problems):
        name, at = title(service.get("serviceName")), f"{where}.services[{place}]"
        if not name:
            told.problems.append(Problem(at, "a service without serviceName"))
            continue
        statuses = (*own, *_statuses(service.get("status"), f"{at}.status", told))
        level = _worst(statuses)
        group = f"{told.region} {code}"
        row = Component(f"{told.region}/{code}/{name}", name, group, level.level, level.word, position=place)
        _name_incidents(row, statuses, told)
        yield row


def _name_incidents(row: Component, statuses: tuple[_Listed, ...], told: _Told) -> None:
    """Each status with an id that is not well is an incident, of all the services that are listed with it."""
    for one in statuses:
        if one.id and one.level is not Status.OPERATIONAL:
            incident = _incident(one, row, told.region)
            told.incidents[incident.id] = together(told.incidents.get(incident.id), incident)


_PHASES: Final = {Status.MAINTENANCE: Phase.IN_PROGRESS, Status.UNKNOWN: Phase.UNKNOWN}


def _incident(one: _Listed, row: Component, region: str) -> Incident:
    """It has no title: the word and the region are shown as one."""
    return Incident(
        id=f"{region}/{one.id}",
        title=f"{region}: {one.word}",
        kind=Kind.MAINTENANCE if one.level is Status.MAINTENANCE else Kind.INCIDENT,
        phase=_PHASES.get(one.level, Phase.INVESTIGATING),
        impact=STATUS_IMPACT.get(one.level, Impact.UNKNOWN),
        url=HOME,
        components=(AffectedComponent(row.id, row.name, row.group, one.level),),
        raw_phase=one.word,
        raw_impact=one.word,
    )


def recognize(sight: Sight) -> bool:
    """A region with its countries."""
    return not sight.is_markup and sight.fields.keys() >= {"regionName", "countries", "status"}


PLATFORM = Platform(
    name=NAME,
    title="PlayStation Network",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.playstation.com",),
    probes=("/data/statuses/region/SCEA.json",),
    coverage=Coverage(
        components=True,
        incidents=True,
        maintenances=True,
        identity="the region and the id of the status; a service is known by region, country and name",
        absence="what a region no longer lists is over or gone there, and says nothing of the others",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
