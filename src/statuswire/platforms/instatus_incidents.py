"""The incidents and maintenances of Instatus, which have one shape in three spellings.

    summary.json   id?, name, started | start + duration, status, impact, url, updatedAt
    webhooks       id, name, status, impact, backfilled, created_at, updated_at, resolved_at, url, duration,
                   incident_updates | maintenance_updates: [{id, body, status, created_at, updated_at}]
    web pages      id, name, started | start + duration, resolved, status, impact, components, createdAt, updatedAt,
                   updates: [{id, message, messageHtml, status, started, createdAt, updatedAt}]

`duration` of a maintenance is minutes, as a number or a text; that of an incident on a web page, seconds, is not read.
In the oldest documents moments are written as JavaScript does, and the id is only in `url`. On new web pages each text
is an object of languages. Checked 2026-11.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from statuswire.fingerprint import digest
from statuswire.model import AffectedComponent, Component, Impact, Incident, IncidentUpdate, Kind, Problem
from statuswire.platforms.derived import oldest_first
from statuswire.platforms.instatus_terms import (
    IMPACTS,
    Fields,
    aliases_of,
    id_in_link,
    level_of,
    link_of,
    made_at,
    phase_of,
)
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    flag,
    fold_word,
    ident,
    items,
    moment,
    normalise_url,
    plain,
    text,
    title,
)
from statuswire.platforms.remembering import remembered

_UPDATE_LISTS: Final = ("updates", "incident_updates", "maintenance_updates")
_STARTED: Final = ("started", "start")
_CREATED: Final = ("created_at", "createdAt")
_CHANGED: Final = ("updated_at", "updatedAt")
_RESOLVED: Final = ("resolved_at", "resolved")
_SHOWN: Final = ("started", "created_at", "createdAt")
_LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds an incident: the zone of moments without one, and the components by id."""

    problems: list[Problem]
    zone: str | None = None
    components: Mapping[str, Component] = field(default_factory=dict)


@remembered
def listed_incident(
    fields: Fields,
    where: str,
    problems: list[Problem],
    kind: Kind,
    zone: str | None,
    components: Mapping[str, Component],
) -> Incident | None:
    """One bad item never hides the others."""
    return read_incident(fields, where, kind, Setting(problems, zone, components))


def read_incident(fields: Fields, where: str, kind: Kind, setting: Setting) -> Incident | None:
    """One incident or maintenance; None, and a Problem, where nothing identifies it."""
    url = link_of(fields.get("url"))
    began = first_moment(fields, _STARTED, setting.zone)
    created = first_moment(fields, _CREATED, setting.zone)
    name = said(fields.get("name"))
    incident_id = ident(fields.get("id")) or id_in_link(url) or _derived_id(url, name, created or began)
    if not incident_id:
        setting.problems.append(Problem(where, "an incident without id, link and name"))
        return None
    is_planned = kind is Kind.MAINTENANCE
    raw_phase, raw_impact = text(fields.get("status"), 200), text(fields.get("impact"), 200)
    impact = choose(raw_impact, IMPACTS, Impact.UNKNOWN, f"{where}.impact", setting.problems)
    return Incident(
        id=incident_id,
        title=name or incident_id,
        kind=kind,
        phase=phase_of(raw_phase, kind, f"{where}.status", setting.problems),
        impact=Impact.MAINTENANCE if is_planned else impact,
        url=url,
        created_at=created or made_at(incident_id) or (None if is_planned else began),
        started_at=None if is_planned else began,
        resolved_at=first_moment(fields, _RESOLVED, setting.zone),
        updated_at=first_moment(fields, _CHANGED, setting.zone),
        scheduled_for=began if is_planned else None,
        scheduled_until=_end(began, fields.get("duration")) if is_planned else None,
        components=_affected(fields.get("components"), f"{where}.components", setting),
        updates=_updates(fields, where, kind, setting),
        aliases=aliases_of(url, incident_id),
        backfilled=flag(fields.get("backfilled")),
        raw_phase=raw_phase,
        raw_impact=raw_impact,
    )


def said(value: object) -> str:
    """A name, which new pages give as an object of languages; that of the page's own language is `default`."""
    return title(as_mapping(value).get("default")) if isinstance(value, dict) else title(value)


def first_moment(fields: Fields, names: tuple[str, ...], zone: str | None) -> datetime | None:
    """The moment under the first of several names that has one."""
    return next((at for name in names if (at := moment(fields.get(name), zone))), None)


def _derived_id(url: str, name: str, at: datetime | None) -> str:
    """The same id from every copy of a body that has none of its own; empty where nothing tells it apart."""
    if not url and not name:
        return ""
    return "d-" + digest("incident", *((normalise_url(url),) if url else (name, at.isoformat() if at else "")))[:16]


def _end(begins: datetime | None, duration: object) -> datetime | None:
    """The end of a window of so many minutes."""
    minutes = text(duration, 20)
    if begins is None or not minutes.isdecimal():
        return None
    length = timedelta(minutes=int(minutes[:9]))
    return begins + length if length <= _LONGEST else None


# --- updates and components ------------------------------------------------------------------------------------


def _updates(fields: Fields, where: str, kind: Kind, setting: Setting) -> tuple[IncidentUpdate, ...]:
    """All updates, oldest first; documents list them in either order."""
    name = next((name for name in _UPDATE_LISTS if isinstance(fields.get(name), list)), "")
    place = f"{where}.{name}"
    read = [
        _update(row, f"{place}[{index}]", kind, setting)
        for index, row in items(fields.get(name) if name else None, place, setting.problems)
    ]
    return oldest_first(read[::-1] if _is_newest_first(read) else read)


def _is_newest_first(updates: list[IncidentUpdate]) -> bool:
    """By the first and the last that have a moment, so that updates of one moment get the order of the others."""
    shown = [update.at for update in updates if update.at]
    return len(shown) > 1 and shown[0] > shown[-1]


def _update(row: Fields, where: str, kind: Kind, setting: Setting) -> IncidentUpdate:
    word = text(row.get("status"), 200)
    body, raw = plain(_message(row))
    return IncidentUpdate(
        id=ident(row.get("id")),
        phase=phase_of(word, kind, f"{where}.status", setting.problems),
        text=body,
        at=first_moment(row, _SHOWN, setting.zone),
        updated_at=first_moment(row, _CHANGED, setting.zone),
        raw=raw,
        raw_phase=word,
    )


def _message(row: Fields) -> str:
    """`body` of a hook, `message` of a page; only its HTML where there is nothing else."""
    for name in ("body", "message", "messageHtml"):
        value = row.get(name)
        written = text(as_mapping(value).get("default")) if isinstance(value, dict) else text(value)
        if written:
            return written
    return ""


def _affected(listed: object, where: str, setting: Setting) -> tuple[AffectedComponent, ...] | None:
    """The components that an incident names; None where the document does not speak of them."""
    if not isinstance(listed, list):
        return None
    found = []
    for index, row in items(listed, where, setting.problems):
        row_id, word = ident(row.get("id")), row.get("status")
        known = setting.components.get(row_id)
        name = known.name if known else said(row.get("name"))
        if row_id or name:
            stated = level_of(word, f"{where}[{index}].status", setting.problems)
            status = stated if fold_word(text(word, 200)) or known is None else known.status
            found.append(AffectedComponent(row_id, name, known.group if known else None, status))
    return tuple(found)
