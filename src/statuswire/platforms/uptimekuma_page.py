"""What an Uptime Kuma page lists: monitors by group, pinned incidents, running maintenances; and past incidents.

    /api/status-page/<slug>  {"config": {slug, title}, "incidents": [...] (version 1: "incident": {...} or null),
                              "publicGroupList": [{name, monitorList: [{id, name}]}], "maintenanceList": [...]}
    .../incident-history     {"ok", "incidents": [...], "total", "nextCursor", "hasMore"}, newest first, ten at a time

An incident is one text that is edited in place, without a list of updates: each wording is one update, told by its
text, since the stamp moves without it too. Resolving one takes it off the page, and so does unpinning it: what has left
is looked up in the history. A maintenance that comes back on a schedule is another one each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from statuswire.errors import ParseError, ParseReason
from statuswire.fingerprint import digest
from statuswire.model import (
    Component,
    Cover,
    Document,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
)
from statuswire.platforms.derived import is_whole
from statuswire.platforms.parts import is_list
from statuswire.platforms.reading import as_mapping, choose, flag, ident, items, moment, plain, text, title
from statuswire.platforms.remembering import Now, remembered
from statuswire.platforms.uptimekuma_terms import MAINTENANCE_PHASES, NAME, STYLES, at

Fields = Mapping[str, object]

_ONCE = frozenset({"manual", "single", ""})
"""Strategies of maintenances that take place once."""


def is_page(fields: Fields) -> bool:
    return "slug" in as_mapping(fields.get("config")) and is_list(fields.get("publicGroupList"))


def is_history(fields: Fields) -> bool:
    return is_list(fields.get("incidents")) and {"ok", "total", "hasMore"} <= fields.keys()


def read_page(fields: Fields, document: Document) -> Snapshot:
    """The Snapshot of the page's own document."""
    problems: list[Problem] = []
    incidents = _incident.each(_shown(fields), "incidents", problems).found
    planned = fields.get("maintenanceList")
    maintenances = _maintenance.each(planned, "maintenanceList", problems, Now(document.served_at)).found
    components = _components(fields.get("publicGroupList"), "publicGroupList", problems)
    return Snapshot(
        platform=NAME,
        page=PageFacts(name=title(as_mapping(fields.get("config")).get("title")) or None),
        covers=_covers(fields, problems),
        components=components,
        incidents=(*incidents, *maintenances),
        problems=tuple(problems),
    )


def read_history(fields: Fields) -> Snapshot:
    """The Snapshot of one page of past incidents, which covers nothing; raises ParseError where the server refused."""
    if not flag(fields.get("ok")):
        raise ParseError(ParseReason.ERROR_BODY, "the server answers `ok: false`", where="ok")
    problems: list[Problem] = []
    incidents = _incident.each(fields.get("incidents"), "incidents", problems).found
    return Snapshot(platform=NAME, incidents=incidents, problems=tuple(problems))


def _covers(fields: Fields, problems: list[Problem]) -> frozenset[Cover]:
    lists = {
        Cover.COMPONENTS: (fields.get("publicGroupList"), "publicGroupList"),
        Cover.OPEN_INCIDENTS: (_shown(fields), "incidents"),
        Cover.OPEN_MAINTENANCES: (fields.get("maintenanceList"), "maintenanceList"),
    }
    whole = {cover for cover, (listed, place) in lists.items() if is_whole(listed, place, problems)}
    if any(problem.where.startswith("publicGroupList[") for problem in problems):
        whole.discard(Cover.COMPONENTS)
    return frozenset(whole)


def _shown(fields: Fields) -> object:
    """The pinned incidents; version 1 has room for one."""
    if "incidents" in fields or "incident" not in fields:
        return fields.get("incidents")
    one = fields["incident"]
    return [] if one is None else [one]


# --- monitors --------------------------------------------------------------------------------------------------


@remembered
def _components(groups: object, where: str, problems: list[Problem]) -> tuple[Component, ...]:
    """The monitors in the order of the page; their levels stand in the other document."""
    found: dict[str, Component] = {}
    for index, group in items(groups, where, problems):
        place = f"{where}[{index}].monitorList"
        group_name = title(group.get("name")) or None
        for number, monitor in items(group.get("monitorList"), place, problems):
            monitor_id, name = ident(monitor.get("id")), title(monitor.get("name"))
            if not monitor_id or not name:
                problems.append(Problem(f"{place}[{number}]", "a monitor without id or name"))
            elif monitor_id not in found:
                found[monitor_id] = Component(monitor_id, name, group_name, position=len(found), lacks_status=True)
    return tuple(found.values())


# --- incidents -------------------------------------------------------------------------------------------------


@remembered
def _incident(row: Fields, where: str, problems: list[Problem]) -> Incident | None:
    incident_id = ident(row.get("id"))
    if not incident_id:
        problems.append(Problem(where, "an incident without id"))
        return None
    created_at = at(row.get("createdDate"))
    edited_at = at(row.get("lastUpdatedDate"))
    is_over = "active" in row and not flag(row["active"])
    style = text(row.get("style"), 100)
    return Incident(
        id=incident_id,
        title=title(row.get("title")),
        phase=Phase.RESOLVED if is_over else Phase.INVESTIGATING,
        impact=choose(style, STYLES, Impact.UNKNOWN, f"{where}.style", problems),
        created_at=created_at,
        started_at=created_at,
        resolved_at=edited_at if is_over else None,
        updated_at=edited_at or created_at,
        updates=_wording(incident_id, row.get("content"), edited_at or created_at),
        raw_impact=style,
    )


def _wording(owner: str, content: object, told_at: datetime | None) -> tuple[IncidentUpdate, ...]:
    """The one update that the present text is; none where there is no text."""
    body, raw = plain(text(content))
    return (IncidentUpdate(f"w-{digest(owner, body)[:16]}", None, body, told_at, raw=raw),) if body else ()


# --- maintenances ----------------------------------------------------------------------------------------------


@remembered
def _maintenance(row: Fields, where: str, problems: list[Problem], now: Now) -> Incident | None:
    if not ident(row.get("id")):
        problems.append(Problem(where, "a maintenance without id"))
        return None
    begins, ends = _slot(row, where, now, problems)
    own_id = f"maintenance/{ident(row.get('id'))}"
    if begins and text(row.get("strategy"), 100) not in _ONCE:
        own_id = f"{own_id}/{begins:%Y%m%dT%H%M}"
    word = text(row.get("status"), 100)
    phase = choose(word, MAINTENANCE_PHASES, Phase.UNKNOWN, f"{where}.status", problems)
    return Incident(
        id=own_id,
        title=title(row.get("title")),
        kind=Kind.MAINTENANCE,
        phase=phase if word else Phase.IN_PROGRESS,
        impact=Impact.MAINTENANCE,
        started_at=begins,
        scheduled_for=begins,
        scheduled_until=ends,
        updates=_wording(own_id, row.get("description"), begins),
        raw_phase=word,
    )


def _slot(row: Fields, where: str, now: Now, problems: list[Problem]) -> tuple[datetime | None, datetime | None]:
    """The slot that goes on or comes next, else the last one; times carry an offset, or are in the slot's own zone."""
    zone = text(row.get("timezone"), 100) or "UTC"
    slots = [
        (moment(slot.get("startDate"), zone), moment(slot.get("endDate"), zone))
        for _, slot in items(row.get("timeslotList"), f"{where}.timeslotList", problems)
    ]
    return next(
        (slot for slot in slots if slot[1] and not now.is_since(slot[1], timedelta(0))),
        slots[-1] if slots else (None, None),
    )
