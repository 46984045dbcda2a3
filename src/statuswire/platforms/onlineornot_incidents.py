"""The incidents and components of OnlineOrNot, which its API writes with underscores and its page in camel case.

    {"id", "title", "status", "impact", "started", "ended", "created_at", "updated_at",
     "latest_update": {"id", "status", "date_happened"},
     "scheduled_maintenance": {"start_date", "duration_minutes"},
     "updates": [{"status", "description", "dateHappened", "createdAt", "updatedAt"}]}

The incidents of the open API have no status at all: they are active. The page's updates have no ids. Checked 2026-11.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from statuswire.fingerprint import digest
from statuswire.model import (
    AffectedComponent,
    Component,
    Impact,
    Incident,
    IncidentUpdate,
    Kind,
    Phase,
    Problem,
    Status,
)
from statuswire.platforms.derived import oldest_first
from statuswire.platforms.reading import (
    as_mapping,
    choose,
    ident,
    items,
    moment,
    normalise_url,
    plain,
    text,
    title,
)
from statuswire.platforms.remembering import Now, remembered
from statuswire.platforms.words import COMPONENT_WORDS, IMPACT_WORDS, PHASE_WORDS

LEVELS: Final[dict[str, Status]] = {
    **COMPONENT_WORDS,
    "operational": Status.OPERATIONAL,
    "noimpact": Status.OPERATIONAL,
    "degradedperformance": Status.DEGRADED,
    "partialoutage": Status.PARTIAL_OUTAGE,
    "majoroutage": Status.MAJOR_OUTAGE,
    "undermaintenance": Status.MAINTENANCE,
}

IMPACTS: Final[dict[str, Impact]] = {
    **IMPACT_WORDS,
    "noimpact": Impact.NONE,
    "degradedperformance": Impact.MINOR,
    "partialoutage": Impact.MAJOR,
    "majoroutage": Impact.CRITICAL,
    "undermaintenance": Impact.MAINTENANCE,
}

_LONGEST_MINUTES: Final = 60 * 24 * 366

Fields = dict[str, object]


@dataclass(frozen=True, slots=True)
class Setting:
    """What surrounds the incidents: the document's moment, the page's address, and where to name problems."""

    now: Now
    page_url: str
    problems: list[Problem]


def first_of(fields: Fields, *names: str) -> object:
    """The first of several spellings that has a value."""
    return next((fields[name] for name in names if fields.get(name) is not None), None)


# --- components --------------------------------------------------------------------------------------------------


def read_components(listed: object, where: str, groups: dict[str, str], problems: list[Problem]) -> Iterator[Component]:
    """By their ids, or by name where there are names only."""
    for place, fields in items(listed, where, problems):
        name = title(first_of(fields, "name", "componentName"))
        component_id = ident(first_of(fields, "id", "componentId")) or name
        if not component_id:
            problems.append(Problem(f"{where}[{place}]", "a component without id and name"))
            continue
        word = first_of(fields, "status", "componentStatus")
        yield Component(
            id=component_id,
            name=name,
            group=groups.get(ident(first_of(fields, "group_id", "componentGroup"))),
            status=choose(word, LEVELS, Status.UNKNOWN, f"{where}[{place}].status", problems),
            raw_status=text(word, 200),
            position=place,
        )


# --- incidents ---------------------------------------------------------------------------------------------------


def read_incidents(listed: object, where: str, setting: Setting, kind: Kind = Kind.INCIDENT) -> tuple[Incident, ...]:
    return _listed.each(listed, where, setting.problems, setting.now, setting.page_url, kind).found


@remembered
def _listed(fields: Fields, here: str, problems: list[Problem], now: Now, page_url: str, kind: Kind) -> Incident | None:
    incident = _incident(fields, here, Setting(now, page_url, problems), kind)
    if incident.id:
        return incident
    problems.append(Problem(here, "an incident without id and title"))
    return None


def _incident(fields: Fields, here: str, setting: Setting, kind: Kind) -> Incident:
    planned = as_mapping(first_of(fields, "scheduled_maintenance", "scheduledMaintenance"))
    starts, until = _window({**fields, **planned})
    ended = moment(fields.get("ended"))
    name = title(first_of(fields, "title", "name"))
    own_id = ident(first_of(fields, "id", "incidentId"))
    updates = _updates(fields, here, setting.problems)
    word = text(fields.get("status"), 200) or (updates[-1].raw_phase if updates else "")
    impact = text(fields.get("impact"), 200)
    means = choose(impact, IMPACTS, Impact.UNKNOWN, f"{here}.impact", setting.problems)
    is_planned = kind is Kind.MAINTENANCE or bool(planned) or means is Impact.MAINTENANCE
    url = f"{setting.page_url}/incidents/{own_id}" if own_id and setting.page_url else ""
    return Incident(
        id=own_id or _derived_id(name, starts),
        title=name,
        kind=Kind.MAINTENANCE if is_planned else Kind.INCIDENT,
        phase=_phase(word, (starts, until), ended, here, setting, is_planned=is_planned),
        impact=Impact.MAINTENANCE if is_planned else means,
        url=url,
        created_at=moment(first_of(fields, "created_at", "createdAt")),
        started_at=None if is_planned else starts,
        resolved_at=ended,
        updated_at=moment(first_of(fields, "updated_at", "updatedAt")) if word else None,
        scheduled_for=starts if is_planned else None,
        scheduled_until=until if is_planned else None,
        components=_affected(fields, here, setting.problems),
        updates=updates,
        aliases=(normalise_url(url),) if url else (),
        raw_phase=word,
        raw_impact=impact,
    )


def _derived_id(name: str, starts: datetime | None) -> str:
    minute = starts.isoformat()[:16] if starts else ""
    return "d-" + digest("onlineornot", name, minute)[:16] if name else ""


def _window(fields: Fields) -> tuple[datetime | None, datetime | None]:
    """When it began or is to begin, and when it is to end."""
    starts = moment(first_of(fields, "start_date", "startDate", "started"))
    minutes = first_of(fields, "duration_minutes", "durationMinutes")
    if starts is None or not isinstance(minutes, int) or isinstance(minutes, bool):
        return starts, None
    if not 0 <= minutes <= _LONGEST_MINUTES:
        return starts, None
    return starts, starts + timedelta(minutes=minutes)


def _phase(
    word: str,
    window: tuple[datetime | None, datetime | None],
    ended: datetime | None,
    here: str,
    setting: Setting,
    *,
    is_planned: bool,
) -> Phase:
    """That its end has come; else the word; without one the clock says how far a maintenance is, and an incident is
    active."""
    over = Phase.COMPLETED if is_planned else Phase.RESOLVED
    if ended is not None and setting.now.has_come(ended):
        return over
    if word:
        told = choose(word, PHASE_WORDS, Phase.UNKNOWN, f"{here}.status", setting.problems)
        return over if told is Phase.RESOLVED else told
    starts, until = window
    if not is_planned:
        return Phase.INVESTIGATING
    if until is not None and setting.now.has_come(until):
        return over
    return Phase.SCHEDULED if starts is not None and setting.now.is_before(starts) else Phase.IN_PROGRESS


def _affected(fields: Fields, here: str, problems: list[Problem]) -> tuple[AffectedComponent, ...] | None:
    listed = fields.get("components")
    if not isinstance(listed, list):
        return None
    rows = read_components(listed, f"{here}.components", {}, problems)
    return tuple(AffectedComponent(row.id, row.name, None, row.status) for row in rows)


def _updates(fields: Fields, here: str, problems: list[Problem]) -> tuple[IncidentUpdate, ...]:
    """The listed ones, which stand newest first, or the latest one alone."""
    latest = first_of(fields, "latest_update", "latestUpdate")
    listed = fields.get("updates", [latest] if isinstance(latest, dict) else None)
    where = f"{here}.updates"
    rows = list(items(listed, where, problems))
    return oldest_first(_update(row, f"{where}[{place}]", problems) for place, row in reversed(rows))


def _update(fields: Fields, here: str, problems: list[Problem]) -> IncidentUpdate:
    word = text(fields.get("status"), 200)
    said, raw = plain(text(fields.get("description")))
    return IncidentUpdate(
        id=ident(fields.get("id")),
        phase=choose(word, PHASE_WORDS, Phase.UNKNOWN, f"{here}.status", problems) if word else None,
        text=said,
        at=moment(first_of(fields, "date_happened", "dateHappened", "created_at", "createdAt")),
        updated_at=moment(first_of(fields, "updated_at", "updatedAt")),
        raw=raw,
        raw_phase=word,
    )
