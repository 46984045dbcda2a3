"""Algolia's own status page, <https://status.algolia.com>.

The Monitoring API is documented at <https://www.algolia.com/doc/rest-api/monitoring/>; the rest is known from working
clients (checked 2026-11).

- `/1/status`: `{"status": {"c99-eu": "operational"}}`, one level for each cluster; `/1/status/<clusters>` only those;
- `/3/public/availability`: `{<key>: {"type", "name", "uptime_days": [{"status"}]}}`, the last day is today;
- `/3/public/incidents`: `[{"id", "name" or "title", "resolved_at", "current_severity"}]`;
- `/1/incidents`: `{"incidents": {"c99-eu": [{"t": <ms>, "v": {"title", "status"}}]}}`, the same told per cluster and
  without ids, and `/2/status/service/all/period/current`, a roll-up: both are read, but not polled.

Quirks: words are written with `_` in one version and `-` in the other; `/api/v2/` answers 200 with HTML. Clusters and
services stand in different documents, so that neither is the list of all components.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
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
from statuswire.platforms.derived import worst_impact
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    ident,
    items,
    load_json,
    moment,
    normalise_url,
    text,
    title,
)
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import named_document, origin, path_of
from statuswire.platforms.words import COMPONENT_WORDS, IMPACT_WORDS

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "algolia"
HOME: Final = "https://status.algolia.com"
CLUSTERS: Final = "Clusters"

_WORDS: Final = ("operational", "degradedperformance", "partialoutage", "majoroutage")
LEVELS: Final = {word: COMPONENT_WORDS[word] for word in _WORDS}
IMPACTS: Final = {word: IMPACT_WORDS[word] for word in _WORDS}

# --- what is polled ----------------------------------------------------------------------------------------------

_DOCUMENTS: Final[tuple[tuple[str, FeedSpec], ...]] = (
    ("/public/availability", FeedSpec("", Role.STATE)),
    ("/public/incidents", FeedSpec("", Role.ENTRIES)),
    ("/1/incidents", FeedSpec("", Role.ENTRIES)),
    ("/period/current", FeedSpec("", Role.STATE)),
)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """Clusters, services and incidents; or the one document that is named, such as that of a few clusters."""
    named = named_document(page_url, _DOCUMENTS)
    base, path = origin(page_url), path_of(page_url)
    if named or not base:
        return named
    if path.endswith("/1/status") or "/1/status/" in path:
        return (FeedSpec(page_url),)
    return (
        FeedSpec(f"{base}/1/status"),
        FeedSpec(f"{base}/3/public/availability"),
        FeedSpec(f"{base}/3/public/incidents", Role.ENTRIES),
    )


# --- documents ---------------------------------------------------------------------------------------------------

_PAGE: Final = PageFacts(name="Algolia", url=HOME)


def parse(document: Document) -> Snapshot:
    """Read any of the documents, told by their keys. Raises ParseError."""
    loaded = load_json(document)
    problems: list[Problem] = []
    if isinstance(loaded, list):
        return Snapshot(NAME, _PAGE, incidents=_incidents(loaded, problems), problems=tuple(problems))
    fields = as_mapping(loaded)
    if isinstance(fields.get("status"), dict):
        components = _clusters(as_mapping(fields["status"]), problems)
        return Snapshot(NAME, _PAGE, components=components, problems=tuple(problems))
    if isinstance(fields.get("incidents"), dict):
        incidents = _cluster_incidents(as_mapping(fields["incidents"]), problems)
        return Snapshot(NAME, _PAGE, incidents=incidents, problems=tuple(problems))
    if "status" in as_mapping(fields.get("global")):
        word = as_mapping(fields["global"])["status"]
        level = choose(word, LEVELS, Status.UNKNOWN, "global.status", problems)
        page = PageFacts(name="Algolia", url=HOME, status=level)
        return Snapshot(NAME, page, problems=tuple(problems))
    if any("uptime_days" in as_mapping(row) for row in fields.values()):
        return Snapshot(NAME, _PAGE, components=_services(fields, problems), problems=tuple(problems))
    raise ParseError(ParseReason.SHAPE, "not a document of Algolia's page")


def _clusters(listed: Fields, problems: list[Problem]) -> tuple[Component, ...]:
    rows = []
    for place, (key, word) in enumerate(listed.items()):
        name = title(key)
        if name:
            level = choose(word, LEVELS, Status.UNKNOWN, f"status.{name[:40]}", problems)
            rows.append(Component(f"cluster/{name}", name, CLUSTERS, level, text(word, 60), position=place))
    return tuple(rows)


def _services(fields: Fields, problems: list[Problem]) -> tuple[Component, ...]:
    """Each service as it is on the last of its days."""
    rows: dict[str, Component] = {}
    for place, (key, value) in enumerate(fields.items()):
        row, where = as_mapping(value), title(key)[:40] or f"service[{place}]"
        own_id = ident(row.get("type")) or ident(key)
        days = row.get("uptime_days")
        if not isinstance(days, list) or not own_id:
            problems.append(Problem(where, "a service without days"))
            continue
        word = as_mapping(days[-1]).get("status") if days else None
        level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", problems)
        name = title(row.get("name")) or own_id
        rows[own_id] = Component(own_id, name, None, level, text(word, 60), position=place)
    return tuple(rows.values())


def _incidents(listed: list[object], problems: list[Problem]) -> tuple[Incident, ...]:
    """Raises ParseError where nothing in the list is an incident."""
    found: dict[str, Incident] = {}
    for place, fields in items(listed, "incidents", problems):
        where, own_id = f"incidents[{place}]", ident(fields.get("id"))
        if not own_id or "resolved_at" not in fields:
            problems.append(Problem(where, "an incident without id or end"))
            continue
        word, ended = fields.get("current_severity"), fields.get("resolved_at")
        url = f"{HOME}/incidents/{own_id}"
        found[own_id] = Incident(
            id=own_id,
            title=title(fields.get("name")) or title(fields.get("title")),
            phase=Phase.RESOLVED if ended else Phase.INVESTIGATING,
            impact=_impact(word, f"{where}.current_severity", problems),
            url=url,
            resolved_at=moment(ended),
            aliases=(normalise_url(url),),
            raw_impact=text(word, 60),
        )
    if listed and not found:
        raise ParseError(ParseReason.SHAPE, "a list, but none of its items is an incident of Algolia")
    return tuple(found.values())


def _impact(word: object, where: str, problems: list[Problem]) -> Impact:
    """What is well again does not tell how bad it was."""
    impact = choose(word, IMPACTS, Impact.UNKNOWN, where, problems)
    return Impact.UNKNOWN if impact is Impact.NONE else impact


def _cluster_incidents(listed: Fields, problems: list[Problem]) -> tuple[Incident, ...]:
    """The incidents of each cluster, known by it and their moment; a level of `operational` has ended it."""
    found: dict[str, Incident] = {}
    for key, rows in listed.items():
        name = title(key)
        for place, fields in items(rows, f"incidents.{name[:40]}", problems):
            where, at = f"incidents.{name[:40]}[{place}]", moment(fields.get("t"))
            told = as_mapping(fields.get("v"))
            if at is None or not told or not name:
                problems.append(Problem(where, "an incident without a time"))
                continue
            word = told.get("status")
            level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.status", problems)
            is_over = level is Status.OPERATIONAL
            own_id = f"cluster/{name}/{int(at.timestamp())}"
            found[own_id] = Incident(
                id=own_id,
                title=title(told.get("title")),
                phase=Phase.RESOLVED if is_over else Phase.INVESTIGATING,
                impact=worst_impact([level]),
                url=HOME,
                created_at=at,
                started_at=at,
                components=(AffectedComponent(f"cluster/{name}", name, CLUSTERS, level),),
                raw_impact=text(word, 60),
            )
    return tuple(found.values())


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """Days of uptime under keys, incidents with a present severity, clusters by name, or incidents under them."""
    if sight.is_markup:
        return False
    if isinstance(sight.json, list):
        first = as_mapping(sight.json[0]) if sight.json else {}
        return first.keys() >= {"id", "resolved_at", "current_severity"}
    fields = sight.fields
    if len(fields) == 1:
        (value,) = fields.values()
        rows = as_mapping(value)
        if "status" in fields:
            return bool(rows) and all(_is_cluster(key, word) for key, word in rows.items())
        if "incidents" in fields:
            return any(as_mapping(one).keys() >= {"t", "v"} for row in rows.values() for one in _first(row))
    first = as_mapping(next(iter(fields.values()), None))
    return first.keys() >= {"type", "name", "uptime_days"}


def _is_cluster(key: str, word: object) -> bool:
    return isinstance(word, str) and "-" in key and word.replace("-", "").replace("_", "") in LEVELS


def _first(listed: object) -> list[object]:
    return listed[:1] if isinstance(listed, list) else []


PLATFORM = Platform(
    name=NAME,
    title="Algolia",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.algolia.com",),
    probes=("/3/public/availability",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=False,
        maintenances=False,
        identity="the incident's id; a cluster is known by its name, a service by its type",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
