"""Uptime.com status pages: the JSON inside the page for people, and the same by the page's slug.

No public documentation was found; from public clients and captures of 2026-09 (checked 2026-11). The page carries
`createElement(StatusPageDisplayController, {"statuspage": {...}})`; `/statuspage/<slug>/ajax` answers
`{"data": {...}}` with the same object. Captures show that a maintenance of two weeks ahead may stand under
`active_incidents`, that the moment of a maintenance's update may lie in the future, and that only the latest of several
updates is shown. A document of the past has `past_incidents` and no components.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import msgspec

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
    Kind,
    PageFacts,
    Phase,
    Problem,
    Role,
    Snapshot,
    Status,
)
from statuswire.platforms.addresses import base_of, path_of, root_of, single_feed
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole, oldest_first, worst_impact
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    decode,
    fold_word,
    ident,
    items,
    load_html,
    load_json,
    moment,
    plain,
    require_mapping,
    text,
    title,
)
from statuswire.platforms.sight import Sight
from statuswire.platforms.words import UNCHANGED_WORDS

NAME: Final = "uptimecom"
MARK: Final = "StatusPageDisplayController"
_CALL: Final = re.compile(MARK + r"\s*,\s*(?=\{)")
_SLUG_PATH: Final = re.compile(r"/statuspage/([\w-]{1,100})(?:/|$)")
_AJAX: Final = (("/ajax", FeedSpec("")),)
_AHEAD: Final = timedelta(minutes=10)

LEVELS: Final[Mapping[str, Status]] = {
    "operational": Status.OPERATIONAL,
    "notification": Status.OPERATIONAL,
    "degradedperformance": Status.DEGRADED,
    "partialoutage": Status.PARTIAL_OUTAGE,
    "majoroutage": Status.MAJOR_OUTAGE,
    "undermaintenance": Status.MAINTENANCE,
}

KINDS: Final[Mapping[str, Kind]] = {
    "incident": Kind.INCIDENT,
    "notification": Kind.INCIDENT,
    "scheduledmaintenance": Kind.MAINTENANCE,
    "maintenance": Kind.MAINTENANCE,
}

PHASES: Final[Mapping[str, Phase]] = {
    "investigating": Phase.INVESTIGATING,
    "identified": Phase.IDENTIFIED,
    "monitoring": Phase.MONITORING,
    "resolved": Phase.RESOLVED,
}
_NO_PHASES: Final = UNCHANGED_WORDS | {"maintenance", "notification"}
"""A maintenance says only that it is one: its phase goes by the clock."""

_LISTS: Final = ("active_incidents", "upcoming_maintenance", "past_incidents")

Fields = Mapping[str, object]


# --- addresses -------------------------------------------------------------------------------------------------------


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The JSON by the page's slug, the page itself in reserve; without the slug the page alone."""
    alone = single_feed(page_url, _AJAX)
    base = base_of(page_url)
    if alone or not base:
        return alone
    named = _SLUG_PATH.search(path_of(page_url))
    slug = named[1] if named else page_id
    page = FeedSpec(f"{base}/" if not path_of(page_url) else base, tier=1 if slug else 0, accept="text/html")
    return (FeedSpec(f"{root_of(page_url)}/statuspage/{slug}/ajax", Role.STATE), page) if slug else (page,)


def page_id(document: Document) -> str | None:
    """The page's slug, in the page for people or in its JSON."""
    sight = Sight(document)
    page = _inside(sight.page) if MARK in sight.page else as_mapping(sight.fields.get("data"))
    slug = text(page.get("slug"), 100) if "components" in page else ""
    return slug if slug and _SLUG_PATH.fullmatch(f"/statuspage/{slug}") else None


# --- documents -------------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """The page for people, its JSON, or the document of the past. Raises ParseError."""
    page = _page_fields(document)
    if not isinstance(page.get("components"), list) and not any(isinstance(page.get(key), list) for key in _LISTS):
        raise ParseError(ParseReason.SHAPE, "neither components nor incidents: not a document of Uptime.com")
    problems: list[Problem] = []
    components = tuple(_components(page.get("components"), None, "components", problems))
    incidents: dict[str, Incident] = {}
    for key in _LISTS:
        for place, row in items(page.get(key), key, problems):
            incident = _incident(row, f"{key}[{place}]", document, problems, is_past=key == "past_incidents")
            if incident:
                incidents.setdefault(incident.id, incident)
    return Snapshot(
        NAME,
        page=_page(page, components),
        covers=_covers(page, problems),
        components=tuple({one.id: one for one in components}.values()),
        incidents=tuple(incidents.values()),
        problems=tuple(problems),
    )


def _page_fields(document: Document) -> Fields:
    if Sight(document).is_markup:
        load_html(document)  # names a challenge or an inactive page
        page = _inside(decode(document))
        if not page:
            raise ParseError(ParseReason.HTML, "a web page without the data of an Uptime.com page inside")
        return page
    fields = require_mapping(load_json(document), "the document")
    inner = as_mapping(fields.get("data")) or fields
    return as_mapping(inner.get("statuspage")) or inner


def _inside(page: str) -> Fields:
    """The object that the page was drawn from; empty where there is none."""
    call = _CALL.search(page)
    if call is None:
        return {}
    end = _end_of_object(page, call.end())
    try:
        value = msgspec.json.decode(page[call.end() : end].encode("utf-8", "replace"))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    return as_mapping(as_mapping(value).get("statuspage"))


_STEP: Final = re.compile(r'"(?:[^"\\]|\\.)*+"|[{}]', re.DOTALL)


def _end_of_object(page: str, start: int) -> int:
    """Where the object that begins at `start` ends; the end of the page where it does not."""
    depth = 0
    for step in _STEP.finditer(page, start):
        if step[0] == "{":
            depth += 1
        elif step[0] == "}":
            depth -= 1
            if depth == 0:
                return step.end()
    return len(page)


def _page(page: Fields, components: tuple[Component, ...]) -> PageFacts:
    """`global_is_operational` says only whether all is well."""
    is_well = page.get("global_is_operational") is True and bool(components)
    name = title(page.get("name")) if "components" in page else ""
    own_id = text(page.get("slug"), 100) if "components" in page else ""
    return PageFacts(id=own_id or None, name=name or None, status=Status.OPERATIONAL if is_well else None)


def _covers(page: Fields, problems: list[Problem]) -> frozenset[Cover]:
    """What is open stands in two lists, and each may hold maintenances. The past covers nothing."""
    covers: set[Cover] = set()
    told = (problem.where for problem in problems if problem.where.startswith("components"))
    if isinstance(page.get("components"), list) and all(where.endswith(".status") for where in told):
        covers.add(Cover.COMPONENTS)
    if all(is_whole(page.get(key), key, problems) for key in ("active_incidents", "upcoming_maintenance")):
        covers |= {Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES}
    return frozenset(covers)


def _components(
    listed: object, group: str | None, where: str, problems: list[Problem], depth: int = 0
) -> Iterator[Component]:
    """The leaves: what has subcomponents, or says that it is a group, is the group of those."""
    for place, row in items(listed, where, problems):
        at = f"{where}[{place}]"
        own_id, name = ident(row.get("id")), title(row.get("name"))
        if row.get("is_group") is True or row.get("subcomponents"):
            inner = " / ".join(filter(None, (group, name)))
            if depth < 10:
                yield from _components(
                    row.get("subcomponents"), inner or None, f"{at}.subcomponents", problems, depth + 1
                )
            continue
        if not own_id or not name:
            problems.append(Problem(at, "a component without id or name"))
            continue
        level = choose(row.get("status"), LEVELS, Status.UNKNOWN, f"{at}.status", problems)
        yield Component(own_id, name, group, level, text(row.get("status"), 200))


# --- incidents -------------------------------------------------------------------------------------------------------


def _incident(
    row: Fields, where: str, document: Document, problems: list[Problem], *, is_past: bool
) -> Incident | None:
    own_id = ident(row.get("id"))
    if not own_id:
        problems.append(Problem(where, "an incident without id"))
        return None
    is_upcoming = where.startswith("upcoming")
    word = row.get("incident_type")
    default = Kind.MAINTENANCE if is_upcoming else Kind.INCIDENT
    kind = choose(word, KINDS, default, f"{where}.incident_type", problems)
    begins, ends = moment(row.get("starts_at")), moment(row.get("ends_at"))
    updates = _updates(row.get("updates"), f"{where}.updates", kind, document, problems)
    said = next((one for one in reversed(updates) if one.phase), None)
    phase = said.phase if said else None
    if kind is Kind.MAINTENANCE:
        phase = _by_the_clock(phase, begins, ends, document.received_at, is_past=is_past)
    elif is_past and phase is None:
        phase = Phase.RESOLVED
    affected = _affected(row.get("affected_components"), f"{where}.affected_components", problems)
    is_over = phase is not None and phase.is_closed
    return Incident(
        own_id,
        title(row.get("name")) or "Incident",
        kind,
        phase,
        Impact.MAINTENANCE if kind is Kind.MAINTENANCE else worst_impact(one.status for one in affected or ()),
        started_at=begins if kind is Kind.INCIDENT else None,
        resolved_at=ends if is_over and ends and ends <= document.received_at else None,
        scheduled_for=begins if kind is Kind.MAINTENANCE else None,
        scheduled_until=ends if kind is Kind.MAINTENANCE else None,
        components=affected,
        updates=updates,
        raw_phase=updates[-1].raw_phase if updates else "",
        raw_impact=text(word, 200),
    )


def _by_the_clock(
    phase: Phase | None, begins: datetime | None, ends: datetime | None, now: datetime, *, is_past: bool
) -> Phase:
    if is_past or phase is Phase.RESOLVED or (ends is not None and ends <= now):
        return Phase.COMPLETED
    return Phase.SCHEDULED if begins is not None and begins > now else Phase.IN_PROGRESS


def _affected(listed: object, where: str, problems: list[Problem]) -> tuple[AffectedComponent, ...] | None:
    """With the level that the incident gives each."""
    if listed is None:
        return None
    found = []
    for place, row in items(listed, where, problems):
        level = choose(row.get("status"), LEVELS, Status.UNKNOWN, f"{where}[{place}].status", problems)
        if ident(row.get("id")) or title(row.get("name")):
            found.append(AffectedComponent(ident(row.get("id")), title(row.get("name")), None, level))
    return tuple(found)


def _updates(
    listed: object, where: str, kind: Kind, document: Document, problems: list[Problem]
) -> tuple[IncidentUpdate, ...]:
    told = []
    for place, row in items(listed, where, problems):
        word = text(row.get("incident_state"), 200)
        phase = None
        if fold_word(word) not in _NO_PHASES:
            phase = choose(word, PHASES, Phase.UNKNOWN, f"{where}[{place}].incident_state", problems)
        words, raw = plain(text(row.get("description")))
        at = moment(row.get("updated_at"))
        is_plan = at is not None and at > document.served_at + _AHEAD
        update = IncidentUpdate(ident(row.get("id")), phase, words, None if is_plan else at, raw=raw, raw_phase=word)
        told.append(replace(update, phase=Phase.COMPLETED) if _ends(phase, kind) else update)
    return oldest_first(told)


def _ends(phase: Phase | None, kind: Kind) -> bool:
    return kind is Kind.MAINTENANCE and phase is Phase.RESOLVED


# --- recognising -----------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """By the call inside the page, or by keys that nobody else has together."""
    fields = sight.fields
    if fields:
        inner = as_mapping(fields.get("data"))
        inner = as_mapping(inner.get("statuspage")) or inner
        is_past = isinstance(inner.get("past_incidents"), list) and "component_history" in inner
        return is_past or ("global_is_operational" in inner and "upcoming_maintenance" in inner)
    return MARK in sight.page and bool(_inside(sight.page))


PLATFORM: Final = Platform(
    name=NAME,
    title="Uptime.com",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("uptime.com",),
    marks=(MARK,),
    page_id=page_id,
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="numbers of incidents, updates and components; only the latest update is shown",
        absence="what is missing from both open lists is over; a component missing from the list is gone",
        confidence=Confidence.MEDIUM,
    ),
)
