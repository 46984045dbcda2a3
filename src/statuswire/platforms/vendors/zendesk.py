"""Zendesk's own status page, <https://status.zendesk.com>: JSON:API, read without an account, not documented.

Checked 2026-11 against captures of 2026-05 and working clients.

- `/api/ssp/incidents.json` has the incidents of the last days with the services they hit; `as_of_date` is for the past;
- `/api/ssp/services.json` has the names of the services, without a word of how they are;
- `/api/incidents/active`, in the same shape, has what is open, and is asked where the first cannot be read.

All take `?subdomain=<tenant>`: where the address that is watched has it, only what is of that tenant is asked for.

Quirks: `status` goes stale, so that an incident is open exactly as long as it has no `resolvedAt`; ids are texts in one
place and numbers in the other; services that were given up stay listed; there are no texts, no maintenances, and no
Statuspage under `/api/v2`, although lists say so; unknown paths answer 200 with HTML. In captures a service is named
beside its number, and neither `outage` nor `degradation` is given.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
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
    flag,
    ident,
    items,
    load_json,
    moment,
    normalise_url,
    split_url,
    text,
    title,
)
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import named_document, origin
from statuswire.platforms.vendors.rows import worst_rows
from statuswire.platforms.words import IMPACT_WORDS, PHASE_WORDS

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "zendesk"
HOME: Final = "https://status.zendesk.com"

IMPACTS: Final = {word: IMPACT_WORDS[word] for word in ("none", "minor", "major", "critical")}
PHASES: Final = {word: PHASE_WORDS[word] for word in ("investigating", "identified", "monitoring", "resolved")}

LEVELS: Final[dict[Impact, Status]] = {
    Impact.NONE: Status.OPERATIONAL,
    Impact.MINOR: Status.DEGRADED,
    Impact.MAJOR: Status.PARTIAL_OUTAGE,
    Impact.CRITICAL: Status.MAJOR_OUTAGE,
}
"""Of the services of an open incident where neither `outage` nor `degradation` is given anywhere."""

# --- what is polled ----------------------------------------------------------------------------------------------

_DOCUMENTS: Final[tuple[tuple[str, FeedSpec], ...]] = (
    ("/incidents.json", FeedSpec("", Role.STATE)),
    ("/incidents/active", FeedSpec("", Role.STATE)),
    ("/services.json", FeedSpec("", Role.ENTRIES, every=timedelta(days=1))),
)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The incidents and the names of the services, of one tenant where the address names it; or the one document that
    is named."""
    named = named_document(page_url, _DOCUMENTS)
    base, address = origin(page_url), split_url(page_url)
    if named or address is None or not base:
        return named
    tenant = f"?{address.query}" if address.query.startswith("subdomain=") else ""
    return (
        FeedSpec(f"{base}/api/ssp/incidents.json{tenant}"),
        FeedSpec(f"{base}/api/ssp/services.json{tenant}", Role.ENTRIES, every=timedelta(days=1)),
        FeedSpec(f"{base}/api/incidents/active{tenant}", tier=1),
    )


# --- documents ---------------------------------------------------------------------------------------------------

_PAGE: Final = PageFacts(name="Zendesk", url=HOME)


def parse(document: Document) -> Snapshot:
    """Read incidents or services, told by their types. Raises ParseError."""
    fields = as_mapping(load_json(document))
    listed = fields.get("data")
    if not isinstance(listed, list):
        raise ParseError(ParseReason.SHAPE, "not a document of Zendesk's page: no list of data")
    path = document.url.partition("?")[0].rstrip("/")
    problems: list[Problem] = []
    if path.endswith("/services.json") or _types(listed) == {"service"}:
        return Snapshot(NAME, _PAGE, components=_services(listed, problems), problems=tuple(problems))
    if listed and "incident" not in _types(listed):
        raise ParseError(ParseReason.SHAPE, "JSON:API, but neither incidents nor services of Zendesk")
    return _read_incidents(fields, problems, is_active=path.endswith("/active"))


def _types(listed: list[object]) -> set[str]:
    return {text(as_mapping(row).get("type"), 40) for row in listed}


def _services(listed: object, problems: list[Problem]) -> tuple[Component, ...]:
    """The services by name, without those that were given up."""
    rows: dict[str, Component] = {}
    for place, fields in items(listed, "data", problems):
        own_id, held = ident(fields.get("id")), as_mapping(fields.get("attributes"))
        if not own_id:
            problems.append(Problem(f"data[{place}]", "a service without id"))
        elif not flag(held.get("deprecated")):
            rows[own_id] = Component(own_id, title(held.get("name")), position=place, lacks_status=True)
    return tuple(rows.values())


def _read_incidents(fields: Fields, problems: list[Problem], *, is_active: bool) -> Snapshot:
    """An empty list of the last days proves nothing; one of what is open does."""
    listed = fields.get("data")
    included = _included(fields.get("included"), problems)
    read = [
        one
        for place, row in items(listed, "data", problems)
        if (one := _incident(row, included, f"data[{place}]", problems)) is not None
    ]
    is_all = (is_active or bool(read)) and is_whole(listed, "data", problems)
    is_all = is_all and not any(problem.where.startswith("included") for problem in problems)
    return Snapshot(
        platform=NAME,
        page=_PAGE,
        covers=frozenset({Cover.OPEN_INCIDENTS, Cover.TROUBLED}) if is_all else frozenset(),
        components=worst_rows(_row(one) for incident in read for one in incident.components or ()),
        incidents=tuple(read),
        problems=tuple(problems),
    )


def _row(one: AffectedComponent) -> Component:
    return Component(one.id, one.name if one.name != one.id else "", status=one.status)


def _included(listed: object, problems: list[Problem]) -> dict[str, Fields]:
    """The services of the incidents by the id of the relation."""
    found: dict[str, Fields] = {}
    for place, row in items(listed, "included", problems):
        own_id, held = ident(row.get("id")), as_mapping(row.get("attributes"))
        if row.get("type") != "incidentService":
            continue
        if own_id and ident(held.get("serviceId")):
            found[own_id] = held
        else:
            problems.append(Problem(f"included[{place}]", "a relation without ids"))
    return found


def _incident(row: Fields, included: Mapping[str, Fields], where: str, problems: list[Problem]) -> Incident | None:
    own_id, held = ident(row.get("id")), as_mapping(row.get("attributes"))
    if not own_id or not held:
        problems.append(Problem(where, "an incident without id or attributes"))
        return None
    place = f"{where}.attributes"
    impact = choose(held.get("impact"), IMPACTS, Impact.UNKNOWN, f"{place}.impact", problems)
    is_open = not held.get("resolvedAt")
    started = moment(held.get("startedAt"))
    url = f"{HOME}/incidents/{own_id}"
    return Incident(
        id=own_id,
        title=title(held.get("name")),
        phase=_phase(held.get("status"), f"{place}.status", problems) if is_open else Phase.RESOLVED,
        impact=impact,
        url=url,
        created_at=started,
        started_at=started,
        resolved_at=moment(held.get("resolvedAt")),
        components=_affected(row, held, included, impact, is_open=is_open),
        aliases=(normalise_url(url),),
        raw_phase=text(held.get("status"), 60),
        raw_impact=text(held.get("impact"), 60),
    )


def _phase(word: object, where: str, problems: list[Problem]) -> Phase:
    """Of an incident that is open, whatever a stale word says."""
    phase = choose(word, PHASES, Phase.INVESTIGATING, where, problems)
    return Phase.INVESTIGATING if phase.is_closed else phase


def _affected(
    row: Fields, held: Fields, included: Mapping[str, Fields], impact: Impact, *, is_open: bool
) -> tuple[AffectedComponent, ...]:
    relation = as_mapping(as_mapping(row.get("relationships")).get("incidentServices")).get("data")
    names = [ident(as_mapping(one).get("id")) for one in relation] if isinstance(relation, list) else []
    found: dict[str, AffectedComponent] = {}
    for service in (included[name] for name in names if name in included):
        key = ident(service.get("serviceId"))
        is_hit = is_open and not service.get("resolvedAt")
        level = _level(service, held, impact) if is_hit else Status.OPERATIONAL
        found[key] = AffectedComponent(key, title(service.get("serviceName")) or key, status=level)
    return tuple(found.values())


def _level(service: Fields, incident: Fields, impact: Impact) -> Status:
    """By its own two flags, else by those of the incident, else by the impact."""
    for told in (service, incident):
        if told.keys() & {"outage", "degradation"}:
            if flag(told.get("outage")):
                return Status.MAJOR_OUTAGE
            return Status.DEGRADED if flag(told.get("degradation")) else Status.OPERATIONAL
    return LEVELS.get(impact, Status.UNKNOWN)


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """Incidents related to `incidentServices`; a bare list of services could be anybody's."""
    listed = None if sight.is_markup else sight.fields.get("data")
    if not isinstance(listed, list) or not listed:
        return False
    first = as_mapping(listed[0])
    return first.get("type") == "incident" and "incidentServices" in as_mapping(first.get("relationships"))


PLATFORM = Platform(
    name=NAME,
    title="Zendesk",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.zendesk.com",),
    probes=("/api/ssp/incidents.json",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=False,
        maintenances=False,
        identity="the number of the incident; a service has a number too",
        absence="an open incident that leaves the list is over, and each service that no open one names is well; an "
        "empty list of the last days says nothing",
        confidence=Confidence.HIGH,
        checked="2026-11",
    ),
)
