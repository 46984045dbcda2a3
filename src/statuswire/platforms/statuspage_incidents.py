"""The incident object of Atlassian Statuspage, which polls, hooks and imitations share.

Incidents and scheduled maintenances have one shape (<https://metastatuspage.com/api>, checked 2026-11):

    {"id", "name", "status", "impact", "created_at", "updated_at", "started_at", "resolved_at", "shortlink",
     "scheduled_for", "scheduled_until", "components": [{"id", "name", "status", "group_id"}],
     "incident_updates": [{"id", "status", "body", "display_at", "created_at", "updated_at",
                           "affected_components": null | [{"code", "name", "old_status", "new_status"}]}]}

Updates stand newest first. Nulls are as common as values, old pages lack `started_at` and `affected_components`, and
hand-made bodies lack ids and times.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

from statuswire.fingerprint import digest
from statuswire.model import (
    AffectedComponent,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    Phase,
    Problem,
)
from statuswire.platforms.parts import is_list
from statuswire.platforms.reading import choose, flag, items, normalise_url, plain, text
from statuswire.platforms.remembering import remembered
from statuswire.platforms.statuspage_terms import (
    MAINTENANCE_PHASES,
    Fields,
    is_own_id,
    read_id,
    read_level,
    read_name,
    read_phase,
    read_stamp,
)
from statuswire.platforms.words import IMPACT_WORDS, PHASE_WORDS

_EPOCH = datetime.fromtimestamp(0, UTC)


class Place(NamedTuple):
    """Where a component stands on its page: its name, and that of its group."""

    name: str
    group: str | None


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds an incident in its document: the page's address and zone, and its components by id."""

    problems: list[Problem]
    page_url: str = ""
    zone: str | None = None
    components: Mapping[str, Place] | None = None
    is_maintenance: bool = False


def read_incident(fields: Fields, where: str, setting: Setting) -> Incident | None:
    """One incident or maintenance; None, and a Problem, where nothing identifies it."""
    name = read_name(fields.get("name"))
    created_at = read_stamp(fields.get("created_at"), setting.zone)
    shortlink = text(fields.get("shortlink")).strip()
    own_id = read_id(fields.get("id"))
    incident_id = own_id or _derived_id(shortlink, name, created_at)
    if not incident_id:
        setting.problems.append(Problem(where, "an incident without id, link and name"))
        return None
    raw_phase = text(fields.get("status"))
    phase = choose(raw_phase, PHASE_WORDS, Phase.UNKNOWN, f"{where}.status", setting.problems)
    raw_impact = text(fields.get("impact_override")) or text(fields.get("impact"))
    url = _url_of(own_id, shortlink, setting.page_url)
    named = _components_of(fields.get("components"), where, setting)
    return Incident(
        id=incident_id,
        title=name,
        kind=_kind_of(fields, phase, setting),
        phase=phase if raw_phase else None,
        impact=choose(raw_impact, IMPACT_WORDS, Impact.UNKNOWN, f"{where}.impact", setting.problems),
        url=url,
        created_at=created_at,
        started_at=read_stamp(fields.get("started_at"), setting.zone),
        resolved_at=read_stamp(fields.get("resolved_at"), setting.zone),
        updated_at=read_stamp(fields.get("updated_at"), setting.zone),
        scheduled_for=read_stamp(fields.get("scheduled_for"), setting.zone),
        scheduled_until=read_stamp(fields.get("scheduled_until"), setting.zone),
        components=named,
        updates=_updates_of(fields, where, phase if raw_phase else None, named or (), setting),
        aliases=_aliases_of(url, shortlink),
        backfilled=flag(fields.get("backfilled")),
        raw_phase=raw_phase,
        raw_impact=raw_impact,
    )


def _derived_id(shortlink: str, name: str, created_at: datetime | None) -> str:
    """The same id from every copy of a body that has none of its own; empty where nothing tells it apart."""
    link = normalise_url(shortlink) if shortlink else ""
    if link:
        return "d-" + digest("incident", link)[:16]
    if not name:
        return ""
    return "d-" + digest("incident", name, created_at.isoformat() if created_at else "")[:16]


def _url_of(own_id: str, shortlink: str, page_url: str) -> str:
    if page_url and is_own_id(own_id):
        return f"{page_url}/incidents/{own_id}"
    return shortlink if shortlink.startswith(("https://", "http://")) else ""


def _aliases_of(url: str, shortlink: str) -> tuple[str, ...]:
    """Addresses under which feeds and bodies without ids know the incident."""
    known = dict.fromkeys(normalise_url(link) for link in (url, shortlink) if link)
    return tuple(alias for alias in known if alias)


def _kind_of(fields: Fields, phase: Phase, setting: Setting) -> Kind:
    """`impact: maintenance` does not decide: ordinary incidents carry it too, after an override by hand."""
    if setting.is_maintenance or fields.get("scheduled_for") or phase in MAINTENANCE_PHASES:
        return Kind.MAINTENANCE
    return Kind.INCIDENT


# --- components ------------------------------------------------------------------------------------------------


def _components_of(listed: object, where: str, setting: Setting) -> tuple[AffectedComponent, ...] | None:
    """The components an incident names, with their present level; None where the body does not speak of them."""
    if not is_list(listed):
        return None
    place = f"{where}.components"
    return tuple(
        _affected(read_id(fields.get("id")), fields, fields.get("status"), (place, index), setting)
        for index, fields in items(listed, place, setting.problems)
        if not flag(fields.get("group")) and (fields.get("id") or fields.get("name"))
    )


def _affected(
    component_id: str, fields: Fields, status: object, where: tuple[str, int], setting: Setting
) -> AffectedComponent:
    level = read_level(status, *where, setting.problems)
    known = setting.components.get(component_id) if setting.components else None
    if known is not None:
        return AffectedComponent(component_id, known.name, known.group, level)
    return AffectedComponent(component_id, read_name(fields.get("name")), None, level)


def _touched_by(
    listed: object, where: str, named: Mapping[str, str], setting: Setting
) -> tuple[AffectedComponent, ...]:
    """`affected_components` of an update: `code` is the component's id, `name` reads `Group - Name`.

    Rows without a code are prose ("No components were affected by this update.").
    """
    if not isinstance(listed, list) or not listed:
        return ()
    touched = []
    for index, fields in items(listed, where, setting.problems):
        code = read_id(fields.get("code"))
        if not code:
            continue
        read = _affected(code, fields, fields.get("new_status"), (where, index), setting)
        touched.append(_without_group_prefix(read, named.get(code, "")))
    return tuple(touched)


def _without_group_prefix(touched: AffectedComponent, name: str) -> AffectedComponent:
    """Take group and name apart with the name in the incident's own list, as both may hold ` - ` themselves."""
    if not name or touched.group is not None:
        return touched
    prefix = touched.name.removesuffix(name)
    if prefix == touched.name:
        return touched
    return replace(touched, name=name, group=prefix.removesuffix(" - ") or None)


# --- updates ---------------------------------------------------------------------------------------------------


def _updates_of(
    fields: Fields,
    where: str,
    phase: Phase | None,
    named: Sequence[AffectedComponent],
    setting: Setting,
) -> tuple[IncidentUpdate, ...]:
    by_id = {component.id: component.name for component in named if component.id}
    place = f"{where}.incident_updates"
    listed = fields.get("incident_updates")
    dated = _update.each(listed, place, setting.problems, setting.zone, setting.components, by_id).found
    updates = _oldest_first(dated)
    if updates and updates[-1].phase is None and not updates[-1].raw_phase:
        updates[-1] = replace(updates[-1], phase=phase)
    postmortem = _unlisted_postmortem(fields, updates, setting)
    return tuple(updates) if postmortem is None else (*updates, postmortem)


@remembered
def _update(
    fields: Fields,
    where: str,
    problems: list[Problem],
    zone: str | None,
    components: Mapping[str, Place] | None,
    named: Mapping[str, str],
) -> tuple[IncidentUpdate, datetime | None] | None:
    """One update, and when it was written; `named` are the names of the components that its incident lists."""
    if not any(fields.get(key) for key in ("id", "body", "status")):
        problems.append(Problem(where, "an update that says nothing"))
        return None
    raw_phase = text(fields.get("status"))
    body, raw = plain(text(fields.get("body")))
    written_at = read_stamp(fields.get("created_at"), zone)
    setting = Setting(problems, zone=zone, components=components)
    update = IncidentUpdate(
        id=read_id(fields.get("id")),
        phase=read_phase(raw_phase, f"{where}.status", problems),
        text=body,
        at=read_stamp(fields.get("display_at"), zone) or written_at,
        updated_at=read_stamp(fields.get("updated_at"), zone),
        raw=raw,
        raw_phase=raw_phase,
        components=_touched_by(fields.get("affected_components"), f"{where}.affected_components", named, setting),
    )
    return update, written_at


def _oldest_first(dated: Sequence[tuple[IncidentUpdate, datetime | None]]) -> list[IncidentUpdate]:
    """By the time shown, then the time written; documents list newest first, which decides what times do not.

    An update without a time stays beside its older neighbour.
    """
    keyed: list[tuple[datetime, datetime, IncidentUpdate]] = []
    shown = written = _EPOCH
    for update, created_at in reversed(dated):
        if update.at is not None:
            shown, written = update.at, created_at or update.at
        keyed.append((shown, written, update))
    keyed.sort(key=lambda row: row[:2])
    return [update for _, _, update in keyed]


def _unlisted_postmortem(fields: Fields, updates: Sequence[IncidentUpdate], setting: Setting) -> IncidentUpdate | None:
    """The published postmortem of a hook whose updates do not hold it."""
    published_at = read_stamp(fields.get("postmortem_published_at"), setting.zone)
    body, raw = plain(text(fields.get("postmortem_body")))
    if published_at is None or not body or flag(fields.get("postmortem_ignored")):
        return None
    if any(update.phase is Phase.POSTMORTEM for update in updates):
        return None
    return IncidentUpdate("", Phase.POSTMORTEM, body, published_at, raw=raw, raw_phase="postmortem")
