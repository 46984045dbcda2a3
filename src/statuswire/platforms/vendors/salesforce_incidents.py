"""Incidents, maintenances and general messages of Salesforce Trust.

    {"id": 20009999, "message": {"rootCause": null, "actionPlan": null, "pathToResolution": null},
     "additionalInformation": "...", "status": "Active", "isCore": true, "createdAt", "updatedAt",
     "instanceKeys": ["EU99"], "serviceKeys": ["coreService"],
     "IncidentImpacts": [{"type": "serviceDisruption", "severity": "major", "startTime", "endTime": null}],
     "IncidentEvents": [{"id", "createdAt", "message", "type"?}]}      in no order to rely on

A maintenance has `MaintenanceImpacts`, `MaintenanceEvents`, `plannedStartTime`, `plannedEndTime`, `name` and
`message.maintenanceType`; a message `subject`, `body`, `startDate` and `InformationalMessageUpdates`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from statuswire.model import AffectedComponent, Impact, Incident, IncidentUpdate, Kind, Phase, Problem, Status
from statuswire.platforms.derived import oldest_first
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
from statuswire.platforms.remembering import Now
from statuswire.platforms.words import IMPACT_ORDER, PHASE_WORDS

Fields = Mapping[str, object]

PAGE_URL: Final = "https://status.salesforce.com"

SEVERITIES: Final[dict[str, Impact]] = {
    "minor": Impact.MINOR,
    "major": Impact.MAJOR,
    "critical": Impact.CRITICAL,
}
_SLOW: Final = "performancedegradation"
"""Impact types that begin so are never worse than major, and their instances never worse than degraded."""

LEVELS: Final[dict[Impact, tuple[Status, Status]]] = {
    Impact.MINOR: (Status.DEGRADED, Status.DEGRADED),
    Impact.MAJOR: (Status.PARTIAL_OUTAGE, Status.MAJOR_OUTAGE),
    Impact.CRITICAL: (Status.MAJOR_OUTAGE, Status.MAJOR_OUTAGE),
}
"""Of an instance named by an open incident beside and in the core service; as the words of instances say it."""

EVENT_PHASES: Final[dict[str, Phase]] = {
    **PHASE_WORDS,
    "investigation": Phase.INVESTIGATING,
    "repair": Phase.IDENTIFIED,
    "resolution": Phase.RESOLVED,
    "inprogress": Phase.IDENTIFIED,
}
_BY_PLACE: Final = (Phase.INVESTIGATING, Phase.IDENTIFIED)

STATES: Final[dict[str, bool]] = {"active": True, "resolved": False}
"""Whether an incident goes on."""

MAINTENANCE_STATES: Final[dict[str, Phase]] = {
    "resolved": Phase.COMPLETED,
    "completed": Phase.COMPLETED,
    "canceled": Phase.CANCELLED,
    "cancelled": Phase.CANCELLED,
    "scheduled": Phase.SCHEDULED,
    "active": Phase.SCHEDULED,
    "inprogress": Phase.SCHEDULED,
}
"""What has not ended is as far as the planned times tell."""

MESSAGE_STATES: Final[dict[str, Phase]] = {**PHASE_WORDS, "active": Phase.INVESTIGATING, "inactive": Phase.RESOLVED}

_PARTS: Final = ("actionPlan", "pathToResolution", "rootCause")
"""Of `message`: texts that are filled in as the incident goes on."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`now` is when the document was served: maintenances say where they stand by their times alone."""

    now: Now
    problems: list[Problem] = field(default_factory=list)


# --- incidents ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Impacts:
    """`impact` is the worst of those that go on, of all where none does."""

    impact: Impact
    types: tuple[str, ...]
    starts: datetime | None
    ends: datetime | None
    has_open: bool
    is_slow: bool


def read_incident(fields: Fields, where: str, setting: Setting) -> Incident | None:
    """None, and named, where nothing identifies it."""
    own_id = ident(fields.get("id"))
    if not own_id:
        setting.problems.append(Problem(where, "an incident without id"))
        return None
    hit = _impacts(fields.get("IncidentImpacts"), f"{where}.IncidentImpacts", setting)
    word = fields.get("status")
    is_open = choose(word, STATES, hit.has_open or hit.ends is None, f"{where}.status", setting.problems)
    updates = _updates(fields, "IncidentEvents", EVENT_PHASES, where, setting)
    if not is_open:
        updates = _closed(updates)
    updates = _with_parts(updates, fields, is_open=is_open)
    updated, keys = moment(fields.get("updatedAt")), _keys(fields.get("instanceKeys"))
    url = f"{PAGE_URL}/incidents/{own_id}"
    return Incident(
        id=own_id,
        title=_title(hit.types, keys),
        phase=_phase(updates, is_open=is_open),
        impact=hit.impact,
        url=url,
        created_at=moment(fields.get("createdAt")),
        started_at=hit.starts or moment(fields.get("createdAt")),
        resolved_at=None if is_open else hit.ends or updated,
        updated_at=updated,
        components=_affected(fields, keys, hit, is_open=is_open),
        updates=updates,
        aliases=(normalise_url(url),),
        raw_phase=text(word, 60),
        raw_impact=", ".join(hit.types)[:200],
    )


def _impacts(listed: object, where: str, setting: Setting) -> _Impacts:
    rows = list(items(listed, where, setting.problems))
    going_on = [row for row in rows if not row[1].get("endTime")] or rows
    types = tuple(dict.fromkeys(text(row.get("type"), 100) for _, row in going_on if row.get("type")))
    starts = [at for _, row in rows if (at := moment(row.get("startTime")))]
    ends = [at for _, row in rows if (at := moment(row.get("endTime")))]
    worst = [_impact(row, f"{where}[{place}]", setting) for place, row in going_on]
    return _Impacts(
        impact=max(worst, key=IMPACT_ORDER.index, default=Impact.UNKNOWN),
        types=types,
        starts=min(starts, default=None),
        ends=max(ends, default=None),
        has_open=any(not row.get("endTime") for _, row in rows),
        is_slow=bool(types) and all(fold_word(name).startswith(_SLOW) for name in types),
    )


def _impact(row: Fields, where: str, setting: Setting) -> Impact:
    impact = choose(row.get("severity"), SEVERITIES, Impact.UNKNOWN, f"{where}.severity", setting.problems)
    is_slow = fold_word(text(row.get("type"), 100)).startswith(_SLOW)
    return Impact.MAJOR if is_slow and impact is Impact.CRITICAL else impact


def _phase(updates: Sequence[IncidentUpdate], *, is_open: bool) -> Phase:
    newest = next((one.phase for one in reversed(updates) if one.phase not in (None, Phase.UNKNOWN)), None)
    if is_open:
        return newest if newest and not newest.is_closed else Phase.INVESTIGATING
    return Phase.POSTMORTEM if newest is Phase.POSTMORTEM else Phase.RESOLVED


def _affected(fields: Fields, keys: Sequence[str], hit: _Impacts, *, is_open: bool) -> tuple[AffectedComponent, ...]:
    """The instances; where none is named, the services."""
    level = Status.OPERATIONAL
    if is_open:
        level = LEVELS.get(hit.impact, (Status.UNKNOWN,) * 2)[flag(fields.get("isCore"))]
        level = Status.DEGRADED if hit.is_slow and level is not Status.UNKNOWN else level
    if keys:
        return tuple(AffectedComponent(key, key, status=level) for key in keys)
    services = _keys(fields.get("serviceKeys"))
    return tuple(AffectedComponent("", _spaced(name), status=level) for name in services)


def _keys(listed: object) -> tuple[str, ...]:
    names = (ident(key) for key in listed) if isinstance(listed, list) else ()
    return tuple(dict.fromkeys(name for name in names if name))


_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SHOWN_KEYS: Final = 3


def _spaced(name: str) -> str:
    """`performanceDegradation` as `Performance degradation`."""
    return title(_HUMP.sub(" ", name).replace("_", " ").capitalize())


def _title(types: Sequence[str], keys: Sequence[str]) -> str:
    """What and where: the document has no title."""
    what = ", ".join(_spaced(name) for name in types[:_SHOWN_KEYS]) or "Incident"
    shown = ", ".join(keys[:_SHOWN_KEYS])
    rest = f" and {len(keys) - _SHOWN_KEYS} more" if len(keys) > _SHOWN_KEYS else ""
    return title(f"{what}: {shown}{rest}" if shown else what)


# --- updates -----------------------------------------------------------------------------------------------------


def _updates(
    fields: Fields, name: str, phases: Mapping[str, Phase], where: str, setting: Setting
) -> tuple[IncidentUpdate, ...]:
    """What was said of it, oldest first: what stands beside it, then its events."""
    place = f"{where}.{name}"
    events = [
        _event(row, f"{place}[{index}]", phases, setting)
        for index, row in items(fields.get(name), place, setting.problems)
    ]
    updates = []
    for index, one in enumerate(oldest_first(one for one in events if one.text or one.id)):
        updates.append(one if one.phase else replace(one, phase=_BY_PLACE[min(index, 1)]))
    words, raw = plain(text(fields.get("additionalInformation")))
    if words:
        created = moment(fields.get("createdAt"))
        updates.insert(0, IncidentUpdate("additionalInformation", Phase.INVESTIGATING, words, created, raw=raw))
    return oldest_first(updates)


def _event(row: Fields, where: str, phases: Mapping[str, Phase], setting: Setting) -> IncidentUpdate:
    words, raw = plain(text(row.get("message")) or text(row.get("body")))
    word = row.get("type")
    return IncidentUpdate(
        id=ident(row.get("id")),
        phase=choose(word, phases, Phase.UNKNOWN, f"{where}.type", setting.problems) if word else None,
        text=words,
        at=moment(row.get("createdAt")),
        updated_at=moment(row.get("updatedAt")),
        raw=raw,
        raw_phase=text(word, 60),
    )


def _closed(updates: Sequence[IncidentUpdate]) -> tuple[IncidentUpdate, ...]:
    """The last one of what is over has ended it, unless one says so itself."""
    if not updates or any(one.phase and one.phase.is_closed for one in updates):
        return tuple(updates)
    return (*updates[:-1], replace(updates[-1], phase=Phase.RESOLVED))


def _with_parts(updates: Sequence[IncidentUpdate], fields: Fields, *, is_open: bool) -> tuple[IncidentUpdate, ...]:
    """With the texts of `message`. The root cause of what is over is its postmortem."""
    held = as_mapping(fields.get("message"))
    at = moment(fields.get("updatedAt"))
    found = list(updates)
    for name in _PARTS:
        words, raw = plain(text(held.get(name)))
        if words:
            is_report = name == "rootCause" and not is_open
            found.append(IncidentUpdate(name, Phase.POSTMORTEM if is_report else None, words, at, raw=raw))
    return oldest_first(found)


# --- maintenances ------------------------------------------------------------------------------------------------

_MAINTENANCE_PHASES: Final[dict[str, Phase]] = {
    **PHASE_WORDS,
    "started": Phase.IN_PROGRESS,
    "resolved": Phase.COMPLETED,
    "investigating": Phase.IN_PROGRESS,
    "monitoring": Phase.VERIFYING,
}


def read_maintenance(fields: Fields, where: str, setting: Setting) -> Incident | None:
    """None, and named, where nothing identifies it."""
    own_id = ident(fields.get("id"))
    if not own_id:
        setting.problems.append(Problem(where, "a maintenance without id"))
        return None
    starts, ends = _window(fields, where, setting)
    phase = _planned_phase(fields, starts, ends, where, setting)
    updates = _planned_updates(fields, where, setting)
    url = f"{PAGE_URL}/maintenances/{own_id}"
    keys = _keys(fields.get("instanceKeys"))
    level = Status.MAINTENANCE if phase is Phase.IN_PROGRESS else Status.OPERATIONAL
    kind_text = text(as_mapping(fields.get("message")).get("maintenanceType"), 100)
    return Incident(
        id=f"maintenance/{own_id}",
        title=title(fields.get("name")) or _title((kind_text or "maintenance",), keys),
        kind=Kind.MAINTENANCE,
        phase=phase,
        impact=Impact.MAINTENANCE,
        url=url,
        created_at=moment(fields.get("createdAt")),
        resolved_at=ends if phase is Phase.COMPLETED else None,
        updated_at=moment(fields.get("updatedAt")),
        scheduled_for=starts,
        scheduled_until=ends,
        components=tuple(AffectedComponent(key, key, status=level) for key in keys),
        updates=updates,
        aliases=(normalise_url(url),),
        raw_phase=text(fields.get("status"), 60),
        raw_impact=kind_text,
    )


def _window(fields: Fields, where: str, setting: Setting) -> tuple[datetime | None, datetime | None]:
    """As planned, else from the first to the last moment of its impacts."""
    hit = _impacts(fields.get("MaintenanceImpacts"), f"{where}.MaintenanceImpacts", setting)
    starts = moment(fields.get("plannedStartTime")) or hit.starts
    ends = moment(fields.get("plannedEndTime")) or hit.ends
    return starts, ends if ends and (starts is None or ends >= starts) else None


def _planned_phase(
    fields: Fields, starts: datetime | None, ends: datetime | None, where: str, setting: Setting
) -> Phase:
    stated = choose(fields.get("status"), MAINTENANCE_STATES, Phase.SCHEDULED, f"{where}.status", setting.problems)
    if stated.is_closed:
        return stated
    if ends and setting.now.has_come(ends):
        return Phase.COMPLETED
    return Phase.IN_PROGRESS if starts and setting.now.has_come(starts) else Phase.SCHEDULED


def _planned_updates(fields: Fields, where: str, setting: Setting) -> tuple[IncidentUpdate, ...]:
    """An event without a type of its own leaves the phase as it is: the times tell it."""
    place = f"{where}.MaintenanceEvents"
    events = [
        _event(row, f"{place}[{index}]", _MAINTENANCE_PHASES, setting)
        for index, row in items(fields.get("MaintenanceEvents"), place, setting.problems)
    ]
    words, raw = plain(text(fields.get("additionalInformation")))
    if words:
        created = moment(fields.get("createdAt"))
        events.append(IncidentUpdate("additionalInformation", Phase.SCHEDULED, words, created, raw=raw))
    return oldest_first(one for one in events if one.text or one.id)


# --- general messages --------------------------------------------------------------------------------------------


def read_message(fields: Fields, where: str, setting: Setting) -> Incident | None:
    """A notice to all; None for one that is not shown, and, named, for one that nothing identifies."""
    own_id = ident(fields.get("id"))
    if not own_id:
        setting.problems.append(Problem(where, "a message without id"))
        return None
    if "isVisible" in fields and not flag(fields["isVisible"]):
        return None
    phase = choose(fields.get("status"), MESSAGE_STATES, Phase.UNKNOWN, f"{where}.status", setting.problems)
    begun = moment(fields.get("startDate")) or moment(fields.get("createdAt"))
    url = f"{PAGE_URL}/generalmessages/{own_id}"
    return Incident(
        id=f"message/{own_id}",
        title=title(fields.get("subject")),
        phase=phase,
        impact=Impact.NONE,
        url=url,
        created_at=begun,
        started_at=begun,
        updated_at=moment(fields.get("updatedAt")),
        components=(),
        updates=_message_updates(fields, begun, where, setting),
        aliases=(normalise_url(url),),
        raw_phase=text(fields.get("status"), 60),
    )


def _message_updates(
    fields: Fields, begun: datetime | None, where: str, setting: Setting
) -> tuple[IncidentUpdate, ...]:
    place = f"{where}.InformationalMessageUpdates"
    words, raw = plain(text(fields.get("body")))
    first = [IncidentUpdate("body", None, words, begun, raw=raw)] if words else []
    later = [
        _event(row, f"{place}[{index}]", MESSAGE_STATES, setting)
        for index, row in items(fields.get("InformationalMessageUpdates"), place, setting.problems)
    ]
    return oldest_first((*first, *(one for one in later if one.text or one.id)))
