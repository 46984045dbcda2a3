"""Freshstatus by Freshworks: a public API with components and open incidents, by the number of the account.

Documentation: Freshdesk's guide to webhooks and two public clients of the API (checked 2026-11); answers were captured
in August 2026. Reported to be discontinued for free accounts on 31 March 2026. The page is a Next.js application whose
properties hold the account's number; a host without a page answers 200 with the words that it does not exist. The RSS
feed never says that something has ended and is not read. A leaf may be left out of the page's own roll-up.
"""

from __future__ import annotations

import re
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
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole
from statuswire.platforms.parts import Part, is_list, load_parts, object_of, whole
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    flag,
    ident,
    item_parts,
    items,
    load_json,
    moment,
    plain,
    require_mapping,
    split_url,
    text,
    title,
)
from statuswire.platforms.remembering import Now, remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.words import COMPONENT_WORDS

NAME: Final = "freshstatus"
API: Final = "https://public-api.freshstatus.io/v1"

LEVELS: Final[Mapping[str, Status]] = {
    **COMPONENT_WORDS,
    "op": Status.OPERATIONAL,
    "pd": Status.DEGRADED,
    "po": Status.PARTIAL_OUTAGE,
    "mo": Status.MAJOR_OUTAGE,
    "um": Status.MAINTENANCE,
}

_ACCOUNT: Final = re.compile(
    r'"(?:accountDetails|account)"\s*:\s*\{[^{}]{0,2000}?"(?:id|account_id)"\s*:\s*"?(\d{1,12})'
)
_ACCOUNT_ID: Final = re.compile(r'"account_?[iI]d"\s*:\s*"?(\d{1,12})')
_NOBODY: Final = "Account with the subdomain does not exist"

Fields = Mapping[str, object]


# --- addresses -------------------------------------------------------------------------------------------------------


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The API's documents of the account `page_id`; a document of the API itself is polled alone. None without id."""
    parts = split_url(page_url)
    if parts is not None and parts.hostname == "public-api.freshstatus.io":
        return (FeedSpec(page_url),)
    if not page_id or not page_id.isdecimal():
        return ()
    return (
        FeedSpec(f"{API}/public-components/?account_id={page_id}"),
        FeedSpec(f"{API}/public-incidents/?account_id={page_id}&end_time__isempty=true"),
        FeedSpec(f"{API}/public-incidents/?account_id={page_id}", Role.HISTORY),
    )


def page_id(document: Document) -> str | None:
    """The account's number in the properties of the page for people."""
    page = Sight(document).page
    if "freshstatus" not in page or _NOBODY in page:
        return None
    found = _ACCOUNT.search(page) or _ACCOUNT_ID.search(page)
    return found[1] if found else None


# --- documents -------------------------------------------------------------------------------------------------------


def parse(document: Document) -> Snapshot:
    """Components, incidents, or one incident. Raises ParseError."""
    fields = require_mapping(load_parts(document), "the document")
    problems: list[Problem] = []
    if _is_incident(fields):
        alone = require_mapping(load_json(document), "the document")
        return Snapshot(NAME, incidents=_read_alone(alone, "incident", document, problems), problems=tuple(problems))
    if not is_list(fields.get("results")):
        raise ParseError(ParseReason.SHAPE, "no results: not a document of Freshstatus")
    rows = list(item_parts(fields["results"], "results", problems))
    if any(_is_incident(object_of(row)) for _, row in rows) or "public-incidents" in document.url:
        return _incidents(fields, rows, document, problems)
    return _components(fields, [(place, as_mapping(row)) for place, row in rows], problems)


def _is_incident(fields: Fields) -> bool:
    return "title" in fields and ("start_time" in fields or "scheduled_start_time" in fields)


def _components(fields: Fields, rows: list[tuple[int, dict[str, object]]], problems: list[Problem]) -> Snapshot:
    leaves = [leaf for place, row in rows for leaf in _leaves(row, None, f"results[{place}]", problems)]
    found = {one.id: one for one, _ in leaves}
    counted = [one.status for one, is_counted in leaves if is_counted]
    is_complete = is_whole(fields.get("results"), "results", problems) and not whole(fields.get("next"))
    return Snapshot(
        NAME,
        page=PageFacts(status=_worst(counted)),
        covers=frozenset({Cover.COMPONENTS}) if is_complete else frozenset(),
        components=tuple(found.values()),
        problems=tuple(problems),
    )


def _leaves(
    row: Fields, group: str | None, where: str, problems: list[Problem], depth: int = 0
) -> Iterator[tuple[Component, bool]]:
    """Components below a row with whether they count for the page; a row that has some is their group."""
    name = title(row.get("name"))
    children = list(items(row.get("components"), f"{where}.components", problems))
    if children and depth < 20:
        inner = f"{group} / {name}" if group and name else name or group
        for place, child in children:
            yield from _leaves(child, inner, f"{where}.components[{place}]", problems, depth + 1)
        return
    component_id = ident(row.get("id"))
    if not component_id or not name:
        problems.append(Problem(where, "a component without id or name"))
        return
    level = choose(row.get("status"), LEVELS, Status.UNKNOWN, f"{where}.status", problems)
    is_ignored = flag(as_mapping(row.get("display_options")).get("ignore_overall_status"))
    yield Component(component_id, name, group, level, text(row.get("status"), 200)), not is_ignored


_LEVELS_BY_WEIGHT: Final = (
    Status.MAJOR_OUTAGE,
    Status.PARTIAL_OUTAGE,
    Status.DEGRADED,
    Status.MAINTENANCE,
    Status.OPERATIONAL,
)


def _worst(levels: list[Status]) -> Status | None:
    return next((level for level in _LEVELS_BY_WEIGHT if level in levels), None)


def _incidents(
    fields: Fields, rows: list[tuple[int, Part | dict[str, object]]], document: Document, problems: list[Problem]
) -> Snapshot:
    now = Now(document.received_at)
    read = tuple(one for place, row in rows for one in _read(row, f"results[{place}]", problems, now))
    is_open_list = "end_time__isempty=true" in document.url and not whole(fields.get("next"))
    is_complete = is_open_list and is_whole(fields.get("results"), "results", problems) and len(read) == len(rows)
    covers = {Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES} if is_complete else set()
    return Snapshot(NAME, covers=frozenset(covers), incidents=read, problems=tuple(problems))


def _read_alone(row: Fields, where: str, document: Document, problems: list[Problem]) -> tuple[Incident, ...]:
    return _read(row, where, problems, Now(document.received_at))


@remembered
def _read(row: Fields, where: str, problems: list[Problem], now: Now) -> tuple[Incident, ...]:
    incident_id = ident(row.get("id"))
    if not incident_id:
        problems.append(Problem(where, "an incident without id"))
        return ()
    is_planned = flag(row.get("is_planned"))
    began, ended = moment(row.get("start_time")), moment(row.get("end_time"))
    planned = moment(row.get("scheduled_start_time")), moment(row.get("scheduled_end_time"))
    phase = _phase(is_planned, planned[0] or began, ended, now)
    words, raw = plain(text(row.get("description")))
    shown_at = began if began and now.has_come(began) else None
    updates = (IncidentUpdate("description", None, words, shown_at, raw=raw),) if words else ()
    return (
        Incident(
            incident_id,
            title(row.get("title")) or "Incident",
            Kind.MAINTENANCE if is_planned else Kind.INCIDENT,
            phase,
            started_at=began or planned[0],
            resolved_at=ended,
            updated_at=moment(row.get("updated_at")),
            scheduled_for=planned[0] if is_planned else None,
            scheduled_until=planned[1] if is_planned else None,
            components=_affected(row.get("affected_components"), f"{where}.affected_components", problems),
            updates=updates,
        ),
    )


def _phase(is_planned: bool, begins: datetime | None, ended: datetime | None, now: Now) -> Phase:
    """There are no phases: what has an end is over, what is planned goes by the clock."""
    if not is_planned:
        return Phase.INVESTIGATING if ended is None else Phase.RESOLVED
    if ended is not None:
        return Phase.COMPLETED
    return Phase.SCHEDULED if begins is not None and now.is_before(begins) else Phase.IN_PROGRESS


def _affected(listed: object, where: str, problems: list[Problem]) -> tuple[AffectedComponent, ...] | None:
    """By the component's number, plain or as an object; names stand in the list of components only."""
    if listed is None:
        return None
    found = []
    for _, row in items(listed, where, problems):
        inner = as_mapping(row.get("component"))
        number = ident(inner.get("id")) or ident(row.get("component")) or ident(row.get("id"))
        name = title(inner.get("name")) or title(row.get("name"))
        if number or name:
            found.append(AffectedComponent(number, name))
    return tuple(found)


def parse_hook(document: Document) -> Snapshot:
    """What visitors' webhooks send: the affected services, and the incident where its fields are there.

    The whole shape was never seen; the page is polled after it. Raises ParseError.
    """
    fields = require_mapping(load_json(document), "the body")
    event = as_mapping(fields.get("event_data")) or fields
    row = as_mapping(event.get("incident")) or event
    problems: list[Problem] = []
    if not ident(row.get("id")) or not title(row.get("title")):
        if "event_data" not in fields:
            raise ParseError(ParseReason.SHAPE, "no event_data: not a webhook of Freshstatus")
        return Snapshot(NAME, problems=(Problem("event_data", "no incident with id and title"),))
    return Snapshot(NAME, incidents=_read_alone(row, "event_data", document, problems), problems=tuple(problems))


def recognize(sight: Sight) -> bool:
    """A list of the API, by what its rows hold, or the body of a webhook."""
    if "event_data" in sight.fields and "affected_services" in as_mapping(sight.fields["event_data"]):
        return True
    results = sight.fields.get("results")
    if not isinstance(results, list) or "next" not in sight.fields:
        return False
    rows = [as_mapping(row) for row in results[:5]]
    return bool(rows) and all("is_planned" in row or "display_options" in row for row in rows)


PLATFORM: Final = Platform(
    name=NAME,
    title="Freshstatus",
    feeds=feeds,
    parse=parse,
    parse_hook=parse_hook,
    recognize=recognize,
    hosts=("freshstatus.io",),
    marks=("cdn.freshstatus.io",),
    page_id=page_id,
    coverage=Coverage(
        components=True,
        incidents=True,
        maintenances=True,
        identity="the incident's number; its description is the only update",
        absence="what is missing from the open list is over; a component missing from the list is gone",
        confidence=Confidence.MEDIUM,
    ),
)
