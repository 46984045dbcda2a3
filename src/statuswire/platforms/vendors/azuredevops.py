"""Azure DevOps Services: <https://status.dev.azure.com/>.

The health document is documented ("Status > Health > Get", learn.microsoft.com, Azure DevOps REST reference; checked
2026-11): results are cached for a minute, and once a minute is the pace that is asked for. It has services by
geography and no incidents. The page for people embeds the same health, with numbers for words, and beside it the live
site events: title, places and times, without texts, and only while they are active (captured in 2022; the reference
tells nothing of them). So both are polled.

Quirks: `lastUpdated` moves with the cache and marks no change; the API version is a preview and changes: an address
watched by itself keeps its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
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
from statuswire.platforms.parts import is_list, load_parts
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    fold_word,
    ident,
    items,
    load_html,
    load_json,
    moment,
    require_mapping,
    split_url,
    text,
    title,
)
from statuswire.platforms.remembering import remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.words import IMPACT_ORDER, STATUS_IMPACT

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

NAME: Final = "azuredevops"
PAGE: Final = "https://status.dev.azure.com"
HEALTH: Final = "/_apis/status/health"
VERSION: Final = "7.1-preview.1"

LEVELS: Final[dict[str, Status]] = {
    "healthy": Status.OPERATIONAL,
    "advisory": Status.DEGRADED,
    "degraded": Status.PARTIAL_OUTAGE,
    "unhealthy": Status.MAJOR_OUTAGE,
    "unknown": Status.UNKNOWN,
    "notapplicable": Status.UNKNOWN,
}
NUMBERS: Final = {"4": "healthy", "3": "advisory", "2": "degraded", "1": "unhealthy", "0": "notApplicable"}
"""What the page has for the words of the document."""

_NOT_OFFERED: Final = "notapplicable"

Fields = Mapping[str, object]

# --- what is polled ----------------------------------------------------------------------------------------------


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The health and the page for people; or the health document that is named, with the version that it names."""
    address = split_url(page_url)
    if address is None or not address.netloc:
        return ()
    if address.path.endswith(HEALTH):
        return (FeedSpec(page_url, every=timedelta(minutes=1)),)
    base = f"{address.scheme}://{address.netloc}"
    return (
        FeedSpec(f"{base}{HEALTH}?api-version={VERSION}", every=timedelta(minutes=1)),
        FeedSpec(f"{base}/", Role.STATE, 0, "text/html", timedelta(minutes=5)),
    )


def parse(document: Document) -> Snapshot:
    """Read the health document or the page for people, told by content. Raises ParseError."""
    if Sight(document).is_markup:
        return _read_page(document)
    problems: list[Problem] = []
    read = _health(require_mapping(load_parts(document), "health"), problems)
    return _snapshot(read, problems)


@dataclass(frozen=True, slots=True)
class _Health:
    page: PageFacts
    components: tuple[Component, ...]
    covers: frozenset[Cover]


def _snapshot(
    read: _Health,
    problems: Sequence[Problem],
    incidents: tuple[Incident, ...] = (),
    cover: frozenset[Cover] = frozenset(),
) -> Snapshot:
    return Snapshot(
        platform=NAME,
        page=read.page,
        covers=read.covers | cover,
        components=read.components,
        incidents=incidents,
        problems=tuple(problems),
    )


# --- health ------------------------------------------------------------------------------------------------------


def _health(fields: Fields, problems: list[Problem]) -> _Health:
    """`{"status": {"health", "message"}, "services": [{"id", "geographies": [{"id", "name", "health"}]}]}`"""
    services = fields.get("services")
    if not is_list(services):
        raise ParseError(ParseReason.SHAPE, "not the health of Azure DevOps: no list of services")
    before = len(problems)
    components = tuple(row for rows in _rows.each(services, "services", problems).found for row in rows)
    is_whole = all(problem.reason.startswith("unknown word") for problem in problems[before:])
    overall = as_mapping(fields.get("status"))
    word = _word(overall.get("health"))
    level = choose(word, LEVELS, Status.UNKNOWN, "status.health", problems) if word else None
    page = PageFacts(name="Azure DevOps", url=PAGE, status=level, status_text=title(overall.get("message")))
    return _Health(page, components, frozenset({Cover.COMPONENTS}) if is_whole else frozenset())


def _word(value: object) -> str:
    """The word, also for the page's number."""
    written = text(value, 100)
    return NUMBERS.get(written, written)


@remembered
def _rows(service: Fields, where: str, problems: list[Problem]) -> list[Component]:
    """A service in each geography; without those where it does not exist."""
    name = title(service.get("id"))
    if not name:
        problems.append(Problem(where, "a service without id"))
        return []
    rows = []
    for place, geography in items(service.get("geographies"), f"{where}.geographies", problems):
        own_id, word = ident(geography.get("id")), _word(geography.get("health"))
        if not own_id:
            problems.append(Problem(f"{where}.geographies[{place}]", "a geography without id"))
        elif fold_word(word) != _NOT_OFFERED:
            level = choose(word, LEVELS, Status.UNKNOWN, f"{where}.geographies[{place}].health", problems)
            rows.append(Component(f"{name}/{own_id}", name, title(geography.get("name")) or own_id, level, word))
    return rows


# --- the page ----------------------------------------------------------------------------------------------------

_PROVIDERS: Final = "dataProviders"
_STATUS: Final = "ms.vss-status-web.public-status-data-provider"
_EVENTS: Final = "ms.vss-status-web.active-public-live-site-events-data-provider"
_DATE: Final = re.compile(r"/Date\((\d{1,16})\)/")


def _read_page(document: Document) -> Snapshot:
    script = next((one for one in load_html(document).iter("script") if one.get("id") == _PROVIDERS), None)
    if script is None:
        raise ParseError(ParseReason.HTML, "a web page, but not the status page of Azure DevOps")
    embedded = replace(document, body=(script.text or "").encode("utf-8", "replace"), headers={})
    shown = as_mapping(as_mapping(load_json(embedded)).get("data"))
    problems: list[Problem] = []
    read = _health(as_mapping(as_mapping(shown.get(_STATUS)).get("serviceStatus")), problems)
    listed = as_mapping(shown.get(_EVENTS)).get("liveSiteEvents")
    if not isinstance(listed, list):
        return _snapshot(read, problems)
    levels = {(row.name, row.group or ""): row for row in read.components}
    found = [
        _event(fields, f"liveSiteEvents[{place}]", levels, problems)
        for place, fields in items(listed, "liveSiteEvents", problems)
    ]
    incidents = tuple(one for one in found if one is not None)
    is_whole = len(incidents) == len(listed)
    return _snapshot(read, problems, incidents, frozenset({Cover.OPEN_INCIDENTS}) if is_whole else frozenset())


def _event(
    fields: Fields, where: str, levels: Mapping[tuple[str, str], Component], problems: list[Problem]
) -> Incident | None:
    """`{"id", "title", "startTime", "impact": [{"serviceId", "scopeName"}], "logs": [{"id", "creationDateTime"}]}`

    The list has active events only; what its numbers for severity and state mean is not known. The impact is that of
    the worst level of what is affected.
    """
    own_id = ident(fields.get("id"))
    if not own_id:
        problems.append(Problem(where, "an event without id"))
        return None
    affected = tuple(_affected(entry, levels) for _, entry in items(fields.get("impact"), f"{where}.impact", problems))
    updates = _updates(fields, where, problems)
    phase = Phase.IDENTIFIED if len(updates) > 1 else Phase.INVESTIGATING
    began = _moment(fields.get("startTime"))
    return Incident(
        id=own_id,
        title=title(fields.get("title")),
        phase=phase,
        impact=_impact(affected),
        url=PAGE,
        created_at=began,
        started_at=began,
        components=tuple(dict.fromkeys(one for one in affected if one.name)),
        updates=tuple(replace(one, phase=phase) if one is updates[-1] else one for one in updates),
        raw_phase=text(fields.get("state"), 40),
        raw_impact=text(fields.get("severity"), 40),
    )


def _affected(entry: Fields, levels: Mapping[tuple[str, str], Component]) -> AffectedComponent:
    name, place = title(entry.get("serviceId")), title(entry.get("scopeName"))
    row = levels.get((name, place))
    if row is None:
        return AffectedComponent(f"{name}/{place}" if place else name, name, place or None)
    return AffectedComponent(row.id, row.name, row.group, row.status)


def _impact(affected: Sequence[AffectedComponent]) -> Impact:
    levels = (STATUS_IMPACT.get(one.status, Impact.UNKNOWN) for one in affected)
    worst = max(levels, key=IMPACT_ORDER.index, default=Impact.UNKNOWN)
    return Impact.UNKNOWN if worst is Impact.NONE else worst


def _updates(fields: Fields, where: str, problems: list[Problem]) -> tuple[IncidentUpdate, ...]:
    """The entries of the log, oldest first. They carry no text here."""
    found: dict[str, IncidentUpdate] = {}
    for place, entry in items(fields.get("logs"), f"{where}.logs", problems):
        own_id, at = ident(entry.get("id")), _moment(entry.get("creationDateTime"))
        if not own_id or at is None:
            problems.append(Problem(f"{where}.logs[{place}]", "an entry without id or time"))
        else:
            edited = _moment(entry.get("lastUpdatedDateTime"))
            found[own_id] = IncidentUpdate(own_id, None, "", at, updated_at=edited)
    return tuple(sorted(found.values(), key=lambda update: update.at.timestamp() if update.at else 0.0))


def _moment(value: object) -> datetime | None:
    """`/Date(1647450876440)/`, or any other moment."""
    found = _DATE.fullmatch(value) if isinstance(value, str) else None
    return moment(int(found[1]) if found else value)


# --- recognising -------------------------------------------------------------------------------------------------


def recognize(sight: Sight) -> bool:
    """Services by geography, or the page with their provider inside."""
    if sight.is_markup:
        return _STATUS in sight.page
    services = sight.fields.get("services")
    first = as_mapping(services[0]) if isinstance(services, list) and services else {}
    return isinstance(first.get("geographies"), list) and "health" in as_mapping(sight.fields.get("status"))


PLATFORM = Platform(
    name=NAME,
    title="Azure DevOps",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.dev.azure.com",),
    marks=(_STATUS,),
    probes=(f"{HEALTH}?api-version={VERSION}",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=False,
        maintenances=False,
        identity="a component is a service in a geography; a live site event has its own id, and the entries of its "
        "log have theirs, but no texts",
        absence="both documents list all services, the page for people all active events: what is gone has ended",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
