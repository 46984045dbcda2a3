"""Yandex Cloud, <https://status.yandex.cloud>, by the API of its page; not documented.

Known from working clients, checked 2026-11. All documents below `/api`, in English with `lang=en`.

- `/services?incidents=all`: the services with their incidents, which is what is polled;
- `/incidents/<id>`: one incident with its comments, fetched for what is open;
- `/incidents?installation=all`: `{"items": [...]}`, pages of past ones, to learn how something ended.

Quirks: `startDate` and `endDate` are sometimes swapped, so that the smaller one is the start; a service has a word for
its status that nobody has listed, so that its level comes from its open incidents (1 minor, 2 unavailable); moments may
be null or empty. A comment of the type `update` says that the cause is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
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
from statuswire.platforms.derived import is_whole, oldest_first
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    flag,
    html_text,
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
from statuswire.platforms.vendors.rows import worst_rows

__all__ = ["NAME", "PLATFORM", "feeds", "more", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "yandex"
HOME: Final = "https://status.yandex.cloud"
MOST_MORE: Final = 10

STATES: Final[dict[str, Phase]] = {
    "open": Phase.INVESTIGATING,
    "resolved": Phase.RESOLVED,
    "withreport": Phase.POSTMORTEM,
}
"""Of an incident; what is open stands where its newest comment says."""
COMMENTS: Final[dict[str, Phase]] = {
    "investigation": Phase.INVESTIGATING,
    "update": Phase.IDENTIFIED,
    "resolved": Phase.RESOLVED,
}
LEVELS: Final[dict[str, tuple[Status, Impact]]] = {
    "1": (Status.DEGRADED, Impact.MINOR),
    "2": (Status.MAJOR_OUTAGE, Impact.CRITICAL),
}

# --- what is polled ----------------------------------------------------------------------------------------------

_DOCUMENTS: Final[tuple[tuple[str, FeedSpec], ...]] = (
    ("/api/services", FeedSpec("", Role.STATE)),
    ("/api/incidents", FeedSpec("", Role.ENTRIES)),
)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The services with their incidents, and past incidents to look up; or the one document that is named."""
    named, base = named_document(page_url, _DOCUMENTS), origin(page_url)
    if "/api/incidents/" in path_of(page_url):
        return (FeedSpec(page_url, Role.ENTRIES),)
    if named or not base:
        return named
    return (
        FeedSpec(f"{base}/api/services?incidents=all&lang=en"),
        FeedSpec(f"{base}/api/incidents?lang=en&installation=all", Role.HISTORY),
    )


def more(document: Document) -> tuple[FeedSpec, ...]:
    """The comments of what is open."""
    base, loaded = origin(document.url), Sight(document).json
    if not base or not isinstance(loaded, list):
        return ()
    wanted = dict.fromkeys(
        ident(fields.get("id")) for fields in _told_by_services(loaded, []) if text(fields.get("status")) == "open"
    )
    numbers = [one for one in wanted if one.isdecimal()]
    return tuple(FeedSpec(f"{base}/api/incidents/{one}?lang=en", Role.ENTRIES) for one in numbers[:MOST_MORE])


# --- documents ---------------------------------------------------------------------------------------------------

_PAGE: Final = PageFacts(name="Yandex Cloud", url=HOME)


def parse(document: Document) -> Snapshot:
    """Read services, incidents or one incident, told by their keys. Raises ParseError."""
    loaded = load_json(document)
    problems: list[Problem] = []
    if isinstance(loaded, list):
        return _read_services(loaded, problems)
    fields = as_mapping(loaded)
    listed = fields.get("items")
    if isinstance(listed, list):
        if listed and not any(_is_incident(as_mapping(one)) for one in listed):
            raise ParseError(ParseReason.SHAPE, "items, but not incidents of Yandex Cloud")
        found = _incidents((one for _, one in items(listed, "items", problems)), problems)
        return Snapshot(NAME, _PAGE, incidents=found, problems=tuple(problems))
    if _is_incident(fields):
        return Snapshot(NAME, _PAGE, incidents=_incidents(iter((fields,)), problems), problems=tuple(problems))
    raise ParseError(ParseReason.SHAPE, "neither services nor incidents of Yandex Cloud")


def _is_incident(fields: Fields) -> bool:
    return fields.keys() >= {"id", "status", "startDate"}


def _is_service(fields: Fields) -> bool:
    return fields.keys() >= {"slug", "name", "installationCode"}


def _told_by_services(loaded: object, problems: list[Problem]) -> Iterator[dict[str, object]]:
    for place, service in items(loaded, "services", problems):
        for _, fields in items(service.get("incidents"), f"services[{place}].incidents", problems):
            yield fields


def _read_services(loaded: list[object], problems: list[Problem]) -> Snapshot:
    if not any(_is_service(as_mapping(row)) for row in loaded):
        raise ParseError(ParseReason.SHAPE, "a list, but not the services of Yandex Cloud")
    rows: list[Component] = []
    for place, fields in items(loaded, "services", problems):
        row = _service(fields, place, problems)
        if row is None:
            problems.append(Problem(f"services[{place}]", "a service without slug or id"))
        else:
            rows.append(row)
    incidents = _incidents(_told_by_services(loaded, []), problems)
    is_all = is_whole(loaded, "services", problems) and not _has_lost(problems)
    has_incidents = any(isinstance(as_mapping(row).get("incidents"), list) for row in loaded)
    covers = {Cover.COMPONENTS} if is_all else set()
    if is_all and has_incidents:
        covers.add(Cover.OPEN_INCIDENTS)
    return Snapshot(NAME, _PAGE, None, frozenset(covers), worst_rows(rows), incidents, problems=tuple(problems))


def _has_lost(problems: list[Problem]) -> bool:
    return any(problem.where == "incident" for problem in problems)


def _key(service: Fields, installation: str) -> str:
    slug = ident(service.get("slug")) or ident(service.get("id"))
    return f"{installation}/{slug}" if installation and slug else slug


def _service(fields: Fields, position: int, problems: list[Problem]) -> Component | None:
    """A service in one installation, at the worst level of its open incidents."""
    installation = title(fields.get("installationCode"), 60)
    own_id = _key(fields, installation)
    if not own_id:
        return None
    levels = [
        _badness(one)[0] for _, one in items(fields.get("incidents"), "", []) if text(one.get("status"), 60) == "open"
    ]
    name = title(fields.get("fullName")) or title(fields.get("name")) or own_id
    rows = [Component(own_id, name, installation or None, level, position=position) for level in levels]
    well = Component(own_id, name, installation or None, Status.OPERATIONAL, position=position)
    worst = worst_rows([well, *rows])[0]
    return Component(own_id, name, worst.group, worst.status, text(fields.get("status"), 60), position=position)


# --- incidents ---------------------------------------------------------------------------------------------------


def _incidents(listed: Iterator[dict[str, object]], problems: list[Problem]) -> tuple[Incident, ...]:
    """Each once: several services name the same one."""
    found: dict[str, Incident] = {}
    for fields in listed:
        own_id = ident(fields.get("id"))
        if not own_id:
            problems.append(Problem("incident", "an incident without id"))
        elif own_id not in found:
            found[own_id] = _incident(fields, own_id, f"incident {own_id[:20]}", problems)
    return tuple(found.values())


def _incident(fields: Fields, own_id: str, where: str, problems: list[Problem]) -> Incident:
    comments = _comments(fields.get("comments"), f"{where}.comments", problems)
    state = choose(fields.get("status"), STATES, Phase.UNKNOWN, f"{where}.status", problems)
    phase = _open_phase(comments) if state is Phase.INVESTIGATING else state
    level, impact = _badness(fields)
    if impact is Impact.UNKNOWN and fields.get("levelId") is not None:
        problems.append(Problem(f"{where}.levelId", f"unknown word {text(fields.get('levelId'), 60)!r}"))
    started, ended = _window(fields)
    url = f"{HOME}/en/incidents/{own_id}"
    return Incident(
        id=own_id,
        title=title(fields.get("title")),
        phase=phase,
        impact=impact,
        url=url,
        created_at=moment(fields.get("createdAt")) or started,
        started_at=started,
        resolved_at=ended if phase.is_closed else None,
        updated_at=moment(fields.get("updatedAt")),
        components=_affected(fields, Status.OPERATIONAL if phase.is_closed else level),
        updates=(*comments, *_report(fields, own_id, ended)),
        aliases=(normalise_url(url),),
        raw_phase=text(fields.get("status"), 60),
        raw_impact=title(as_mapping(fields.get("level")).get("label"), 60) or ident(fields.get("levelId")),
    )


def _open_phase(comments: tuple[IncidentUpdate, ...]) -> Phase:
    """A comment that says "resolved" does not close what is still open."""
    told = [update.phase for update in comments if update.phase and not update.phase.is_closed]
    return told[-1] if told else Phase.INVESTIGATING


def _badness(fields: Fields) -> tuple[Status, Impact]:
    level = ident(fields.get("levelId")) or ident(as_mapping(fields.get("level")).get("level"))
    return LEVELS.get(level, (Status.UNKNOWN, Impact.UNKNOWN))


def _window(fields: Fields) -> tuple[datetime | None, datetime | None]:
    """Start and end in their order, however they were given."""
    first, second = moment(fields.get("startDate")), moment(fields.get("endDate"))
    return (second, first) if first and second and second < first else (first, second)


def _affected(fields: Fields, level: Status) -> tuple[AffectedComponent, ...] | None:
    if not isinstance(fields.get("services"), list):
        return None
    codes = [title(one.get("code"), 60) for _, one in items(fields.get("installations"), "", [])]
    found: dict[str, AffectedComponent] = {}
    for _, service in items(fields.get("services"), "", []):
        own = title(service.get("installationCode"), 60)
        for code in [own] if own else codes or [""]:
            key = _key(service, code)
            if key:
                found[key] = AffectedComponent(key, title(service.get("name")) or key, code or None, level)
    return tuple(found.values())


def _comments(listed: object, where: str, problems: list[Problem]) -> tuple[IncidentUpdate, ...]:
    told = []
    for place, fields in items(listed, where, problems):
        word, raw = fields.get("type"), text(fields.get("content"))
        phase = choose(word, COMMENTS, Phase.UNKNOWN, f"{where}[{place}].type", problems) if word else None
        told.append(
            IncidentUpdate(
                id=ident(fields.get("id")),
                phase=phase,
                text=html_text(raw),
                at=moment(fields.get("createdAt")),
                raw=raw,
                raw_phase=text(word, 60),
            )
        )
    return oldest_first(told)


def _report(fields: Fields, own_id: str, ended: datetime | None) -> tuple[IncidentUpdate, ...]:
    """The report, where it is published."""
    raw = text(fields.get("report"))
    if not raw or not flag(fields.get("isReportPublished")):
        return ()
    at = moment(fields.get("updatedAt")) or ended
    return (IncidentUpdate(f"{own_id}/report", Phase.POSTMORTEM, html_text(raw), at, raw=raw, raw_phase="report"),)


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """Services of an installation, or incidents with a level and zones."""
    if sight.is_markup:
        return False
    loaded = sight.json
    if isinstance(loaded, list):
        return bool(loaded) and _is_service(as_mapping(loaded[0]))
    listed = sight.fields.get("items")
    first = as_mapping(listed[0]) if isinstance(listed, list) and listed else sight.fields
    return first.keys() >= {"id", "title", "status", "levelId", "startDate", "zones"}


PLATFORM = Platform(
    name=NAME,
    title="Yandex Cloud",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.yandex.cloud",),
    probes=("/api/services?incidents=all&lang=en",),
    more=more,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=False,
        identity="the number of the incident, of the comment; a service is known by installation and slug",
        absence="an open incident that no service names is over; a service that is no longer listed is gone",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
