"""PlayStation Network, <https://status.playstation.com>, by the documents of its regions; not documented.

`/data/statuses/region/<REGION>.json`, in capitals: `SCEA` (Americas), `SCEE` (Europe, others), `SCEJA` (Asia, Japan).
Known from working clients of 2026, checked 2026-11; other spellings of the region are not found.

    {"regionName": "SCEE", "status": [], "countries": [{"countryCode": "XX", "status": [], "services": [
      {"serviceName": "Store", "status": [{"statusId": "1", "statusType": "Degraded"}]}]}]}

Quirks: an empty list of statuses means that all is well. A status has neither text nor time nor end, and the list of a
region says nothing of the others: statuses are told as the levels of services, and not as incidents that nobody ends.
What is listed for a country or a whole region counts for all its services.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Component, Document, FeedSpec, PageFacts, Problem, Snapshot, Status
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.reading import as_mapping, choose, items, load_json, text, title
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.vendors.rows import worst_rows

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


def parse(document: Document) -> Snapshot:
    """Read the document of a region. Raises ParseError."""
    fields = as_mapping(load_json(document))
    region = title(fields.get("regionName"), 60)
    if not region or not isinstance(fields.get("countries"), list):
        raise ParseError(ParseReason.SHAPE, "not a region of PlayStation Network: no regionName and countries")
    problems: list[Problem] = []
    above = _level(fields.get("status"), "status", problems)
    rows = [
        row
        for place, country in items(fields["countries"], "countries", problems)
        for row in _country(country, region, above, f"countries[{place}]", problems)
    ]
    page = PageFacts(name="PlayStation Network", url=HOME)
    return Snapshot(NAME, page, components=worst_rows(rows), problems=tuple(problems))


Level = tuple[Status, str]
_WELL: Final[Level] = (Status.OPERATIONAL, "")


def _level(listed: object, where: str, problems: list[Problem]) -> Level:
    """The worst of the statuses with its word; no status is none, and no list is unknown."""
    if not isinstance(listed, list):
        problems.append(Problem(where, "no list of statuses"))
        return Status.UNKNOWN, ""
    told = [_WELL]
    for place, fields in items(listed, where, problems):
        word = fields.get("statusType")
        level = Status.OPERATIONAL
        if word:
            level = choose(word, LEVELS, Status.UNKNOWN, f"{where}[{place}].statusType", problems)
        told.append((level, text(word, 60)))
    return _worst(*told)


def _worst(*levels: Level) -> Level:
    rows = [Component("", "", status=status, raw_status=word) for status, word in levels]
    worst = worst_rows(rows)[0]
    return worst.status, worst.raw_status


def _country(fields: Fields, region: str, above: Level, where: str, problems: list[Problem]) -> Iterator[Component]:
    code = title(fields.get("countryCode"), 60)
    if not code or not isinstance(fields.get("services"), list):
        problems.append(Problem(where, "a country without code or services"))
        return
    own = _worst(above, _level(fields.get("status", []), f"{where}.status", problems))
    for place, service in items(fields["services"], f"{where}.services", problems):
        name, at = title(service.get("serviceName")), f"{where}.services[{place}]"
        if not name:
            problems.append(Problem(at, "a service without serviceName"))
            continue
        status, word = _worst(own, _level(service.get("status"), f"{at}.status", problems))
        yield Component(f"{region}/{code}/{name}", name, f"{region} {code}", status, word, position=place)


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
        identity="a service is known by region, country and name",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
