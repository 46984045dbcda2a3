"""incident.io's imitation of the Statuspage API (`/api/v2/*.json`) and its widget API (`/api/v1/summary`).

The imitation is incomplete (captured documents and public clients, checked 2026-11):

- `summary.json` shows at most 25 components and leaves empty lists out; `components.json` has all components;
- `incidents.json` has `components: []` on each incident and updates without text; their ids are the native ones, so
  the text joins from the native list or from a feed;
- `page.updated_at`, shared by all components, is when the page's configuration was last published. It does not move
  with incidents (a document of 2026-10-09 carries 2026-09-29), so it dates neither the Snapshot nor a component;
- pages of several regions answer `components: []` everywhere, whatever their state.

The widget API is documented (docs.incident.io), must be switched on by the page's owner, and gives the latest message
of what is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Component,
    Cover,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from statuswire.platforms.incidentio_terms import (
    NAME,
    incident_url,
    is_ulid,
    kind_of,
    phase_of,
    status_of,
    worst_impact,
)
from statuswire.platforms.parts import is_list, is_object
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    ident,
    items,
    moment,
    plain,
    text,
    title,
    ulid_time,
    url_path_tail,
)
from statuswire.platforms.remembering import Each, remembered
from statuswire.platforms.words import IMPACT_WORDS

INDICATORS: dict[str, Status] = {
    "none": Status.OPERATIONAL,
    "minor": Status.DEGRADED,
    "major": Status.PARTIAL_OUTAGE,
    "critical": Status.MAJOR_OUTAGE,
    "maintenance": Status.MAINTENANCE,
}
"""Roll-up of the page, in Statuspage's words."""

_COMPAT_LISTS: tuple[tuple[str, Cover], ...] = (
    ("incidents", Cover.OPEN_INCIDENTS),
    ("scheduled_maintenances", Cover.OPEN_MAINTENANCES),
)


@dataclass(frozen=True, slots=True)
class _WidgetList:
    key: str
    cover: Cover
    phase: Phase | None
    kind: Kind


_WIDGET_LISTS: tuple[_WidgetList, ...] = (
    _WidgetList("ongoing_incidents", Cover.OPEN_INCIDENTS, None, Kind.INCIDENT),
    _WidgetList("in_progress_maintenances", Cover.OPEN_MAINTENANCES, Phase.IN_PROGRESS, Kind.MAINTENANCE),
    _WidgetList("scheduled_maintenances", Cover.OPEN_MAINTENANCES, Phase.SCHEDULED, Kind.MAINTENANCE),
)


# --- /api/v2 ---------------------------------------------------------------------------------------------------


def is_compat(body: Mapping[str, object]) -> bool:
    """True for the imitated shape with a page id that only incident.io gives."""
    return is_ulid(as_mapping(body.get("page")).get("id")) and looks_like_statuspage(body)


def looks_like_statuspage(body: Mapping[str, object]) -> bool:
    keys = ("status", "components", "incidents", "scheduled_maintenances", "incident")
    return is_object(body.get("page")) and any(key in body for key in keys)


def read_compat(body: Mapping[str, object]) -> Snapshot:
    """Whichever of the `/api/v2` documents it is. Raises ParseError for a page that is Statuspage's own."""
    problems: list[Problem] = []
    page = _page(body, problems)
    components = _components(body.get("components"), "components", problems)
    incidents, covers = _listed_incidents(body, page.url or "", problems)
    return Snapshot(
        platform=NAME,
        page=page,
        covers=covers if _is_summary(body) else _covered_components(body, components),
        components=components.found,
        incidents=incidents,
        problems=tuple(problems),
    )


def _is_summary(body: Mapping[str, object]) -> bool:
    return is_object(body.get("status")) and "components" in body


def _covered_components(body: Mapping[str, object], components: Each[Component]) -> frozenset[Cover]:
    """`components.json` shows them all, unless it shows none."""
    is_whole = bool(components.found) and components.is_whole
    return frozenset({Cover.COMPONENTS}) if is_whole and "status" not in body else frozenset()


def _page(body: Mapping[str, object], problems: list[Problem]) -> PageFacts:
    page = as_mapping(body.get("page"))
    page_id = ident(page.get("id"))
    if page_id and not is_ulid(page_id):
        raise ParseError(ParseReason.SHAPE, f"page id {page_id[:40]!r} is not one of incident.io", where="page.id")
    roll_up = as_mapping(body.get("status"))
    word = roll_up.get("indicator")
    return PageFacts(
        id=page_id or None,
        name=title(page.get("name")) or None,
        url=text(page.get("url")).rstrip("/") or None,
        time_zone=text(page.get("time_zone")) or None,
        status=choose(word, INDICATORS, Status.UNKNOWN, "status.indicator", problems) if roll_up else None,
        status_text=text(roll_up.get("description")),
    )


@remembered
def _components(listed: object, place: str, problems: list[Problem]) -> Each[Component]:
    found: dict[str, Component] = {}
    for index, item in items(listed, place, problems):
        where = f"{place}[{index}]"
        component_id = ident(item.get("id"))
        if not component_id:
            problems.append(Problem(where, "a component without an id"))
        elif item.get("group") is not True:
            found[component_id] = Component(
                id=component_id,
                name=title(item.get("name")) or component_id,
                group=text(item.get("group_name")) or None,
                status=status_of(item.get("status"), f"{where}.status", problems),
                raw_status=text(item.get("status")),
                position=index,
            )
    return Each(tuple(found.values()), isinstance(listed, list) and len(found) == len(listed))


def _listed_incidents(
    body: Mapping[str, object], page_url: str, problems: list[Problem]
) -> tuple[tuple[Incident, ...], frozenset[Cover]]:
    """The incidents, and what the lists would cover in a summary: a list that is there and wholly readable, or one
    that is left out while the page says that nothing is wrong."""
    found: dict[str, Incident] = {}
    covers = set()
    is_calm = as_mapping(body.get("status")).get("indicator") == "none"
    for key, cover in _COMPAT_LISTS:
        told = _listed.each(body.get(key), key, problems, page_url, key)
        found |= {incident.id: incident for incident in told.found}
        if told.is_whole or (is_calm and body.get(key) is None):
            covers.add(cover)
    single = as_mapping(body.get("incident"))
    if ident(single.get("id")):
        incident = _incident(single, page_url, "incident", "incident", problems)
        found[incident.id] = incident
    return tuple(found.values()), frozenset(covers)


@remembered
def _listed(
    item: Mapping[str, object], where: str, problems: list[Problem], page_url: str, key: str
) -> Incident | None:
    incident = _incident(item, page_url, key, where, problems)
    return incident if incident.id else None


def _incident(item: Mapping[str, object], page_url: str, key: str, where: str, problems: list[Problem]) -> Incident:
    incident_id, aliases = _identity(item, where, problems)
    phase = phase_of(item.get("status"), f"{where}.status", problems)
    is_maintenance = key == "scheduled_maintenances" or kind_of(phase) is Kind.MAINTENANCE
    impact = choose(item.get("impact"), IMPACT_WORDS, Impact.UNKNOWN, f"{where}.impact", problems)
    return Incident(
        id=incident_id,
        title=title(item.get("name")),
        kind=Kind.MAINTENANCE if is_maintenance else Kind.INCIDENT,
        phase=phase,
        impact=Impact.MAINTENANCE if is_maintenance else impact,
        url=text(item.get("shortlink")) or incident_url(page_url, incident_id),
        created_at=moment(item.get("created_at")) or ulid_time(incident_id),
        started_at=moment(item.get("started_at")),
        resolved_at=moment(item.get("resolved_at")),
        updated_at=moment(item.get("updated_at")),
        scheduled_for=moment(item.get("scheduled_for")),
        scheduled_until=moment(item.get("scheduled_until")),
        components=_affected(item.get("components"), where, problems),
        updates=_updates(item, where, problems),
        aliases=aliases,
        raw_phase=text(item.get("status")),
        raw_impact=text(item.get("impact")),
    )


def _identity(item: Mapping[str, object], where: str, problems: list[Problem]) -> tuple[str, tuple[str, ...]]:
    """The id by which native documents and feeds know the incident: the one in its address, where that is given."""
    own = ident(item.get("id"))
    public = url_path_tail(text(item.get("shortlink")))
    if not own:
        problems.append(Problem(where, "an incident without an id"))
    if own and is_ulid(public) and public != own:
        return public, (own,)
    return own, ()


def _updates(item: Mapping[str, object], where: str, problems: list[Problem]) -> tuple[IncidentUpdate, ...]:
    """Oldest first. Most have an id, a phase and a time but no text."""
    updates = []
    for index, one in items(item.get("incident_updates"), f"{where}.incident_updates", problems):
        update_id = ident(one.get("id"))
        said, raw = plain(text(one.get("body")))
        updates.append(
            IncidentUpdate(
                id=update_id,
                phase=phase_of(one.get("status"), f"{where}.incident_updates[{index}].status", problems),
                text=said,
                at=moment(one.get("display_at")) or moment(one.get("created_at")) or ulid_time(update_id),
                updated_at=moment(one.get("updated_at")),
                raw=raw,
                raw_phase=text(one.get("status")),
            )
        )
    return tuple(_oldest_first(updates))


def _oldest_first(updates: list[IncidentUpdate]) -> list[IncidentUpdate]:
    """Listed newest first; one without a time keeps its place in that order."""
    updates.reverse()
    if all(update.at for update in updates):
        updates.sort(key=lambda update: (str(update.at), update.id))
    return updates


def _affected(listed: object, where: str, problems: list[Problem]) -> tuple[AffectedComponent, ...] | None:
    """None for an empty list too: it is empty on every incident, whatever is affected."""
    found = []
    for index, item in items(listed, f"{where}.components", problems):
        word = item.get("current_status") or item.get("status")
        status = status_of(word, f"{where}.components[{index}].status", problems)
        component = AffectedComponent(
            ident(item.get("id")), title(item.get("name")), text(item.get("group_name")) or None, status
        )
        if component.name:
            found.append(component)
    return tuple(found) or None


# --- /api/v1/summary -------------------------------------------------------------------------------------------


def is_widget(body: Mapping[str, object]) -> bool:
    """True for the widget API's shape: its two keys of the page's own and at least one of its lists."""
    lists = any(is_list(body.get(entry.key)) for entry in _WIDGET_LISTS)
    return lists and ("page_title" in body or "page_url" in body) and "page" not in body


def read_widget(body: Mapping[str, object]) -> Snapshot:
    """What is open and what is planned; nothing of components that are well."""
    problems: list[Problem] = []
    covers: set[Cover] = set()
    spoiled: set[Cover] = set()
    incidents: dict[str, Incident] = {}
    for entry in _WIDGET_LISTS:
        told = _widget_listed.each(body.get(entry.key), entry.key, problems, entry, text(body.get("page_url")))
        incidents |= {one.id: one for one in told.found if one.id not in incidents}
        (covers if told.is_whole else spoiled).add(entry.cover)
    page_url = text(body.get("page_url")).rstrip("/")
    return Snapshot(
        platform=NAME,
        page=PageFacts(name=title(body.get("page_title")) or None, url=page_url or None),
        covers=frozenset(covers - spoiled),
        incidents=tuple(incidents.values()),
        problems=tuple(problems),
    )


@remembered
def _widget_listed(
    item: Mapping[str, object], where: str, problems: list[Problem], entry: _WidgetList, page_url: str
) -> Incident | None:
    if ident(item.get("id")):
        return _widget_incident(item, entry, page_url, where, problems)
    problems.append(Problem(where, "an incident without an id"))
    return None


def _widget_incident(
    item: Mapping[str, object], entry: _WidgetList, page_url: str, where: str, problems: list[Problem]
) -> Incident:
    incident_id = ident(item.get("id"))
    phase = phase_of(item.get("status"), f"{where}.status", problems) or entry.phase
    level = status_of(item.get("current_worst_impact"), f"{where}.current_worst_impact", problems)
    is_maintenance = entry.kind is Kind.MAINTENANCE
    update = _widget_update(item, phase)
    return Incident(
        id=incident_id,
        title=title(item.get("name")),
        kind=entry.kind,
        phase=phase,
        impact=Impact.MAINTENANCE if is_maintenance else worst_impact([level]),
        url=text(item.get("url")) or incident_url(page_url, incident_id),
        created_at=ulid_time(incident_id),
        started_at=moment(item.get("started_at")),
        updated_at=update.at if update else None,
        scheduled_for=moment(item.get("starts_at") or item.get("started_at")) if is_maintenance else None,
        scheduled_until=moment(item.get("ends_at") or item.get("scheduled_end_at")) if is_maintenance else None,
        components=_widget_components(item.get("affected_components"), where, problems),
        updates=(update,) if update else (),
        raw_phase=text(item.get("status")),
        raw_impact=text(item.get("current_worst_impact")),
    )


def _widget_update(item: Mapping[str, object], phase: Phase | None) -> IncidentUpdate | None:
    """The latest message, which has no id here. Older answers put it into an object of its own."""
    latest = as_mapping(item.get("last_update"))
    said, raw = plain(text(item.get("last_update_message")) or text(latest.get("message")))
    at = moment(item.get("last_update_at") or latest.get("updated_at"))
    if not said and at is None:
        return None
    return IncidentUpdate(id="", phase=phase, text=said, at=at, raw=raw, raw_phase=text(item.get("status")))


def _widget_components(listed: object, where: str, problems: list[Problem]) -> tuple[AffectedComponent, ...] | None:
    """Objects, or in older answers only names."""
    if not isinstance(listed, list):
        return None
    if listed and all(isinstance(name, str) for name in listed):
        return tuple(AffectedComponent("", title(name)) for name in listed if title(name))
    return _affected(listed, where, problems) or ()
