"""Vultr's own status page, <https://status.vultr.com>, by `/alerts.json`; not documented.

    {"service_alerts": [{"id": "...", "region": "ewr", "subject": "...", "status": "ongoing", "start_date": "...",
      "updated_at": "...", "entries": [{"updated_at": "...", "message": "..."}]}]}

Known from working clients, checked 2026-11. Quirks: outages and maintenances are mixed, and told apart by their subject
alone; no alert says how bad it is, so that a region with an outage is at least degraded; clients in data centres may
meet a challenge (403). `/status.json` is not polled: its shape is not confirmed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
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
    Kind,
    PageFacts,
    Phase,
    Problem,
    Snapshot,
    Status,
)
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.derived import is_whole, oldest_first
from statuswire.platforms.parts import is_list, load_parts
from statuswire.platforms.reading import as_mapping, choose, ident, items, moment, plain, text, title
from statuswire.platforms.remembering import Now, remembered
from statuswire.platforms.sight import Sight
from statuswire.platforms.vendors.addresses import origin, path_of
from statuswire.platforms.vendors.rows import worst_rows

__all__ = ["NAME", "PLATFORM", "feeds", "parse", "recognize"]

Fields = Mapping[str, object]

NAME: Final = "vultr"
HOME: Final = "https://status.vultr.com"

PHASES: Final[dict[str, Phase]] = {"ongoing": Phase.INVESTIGATING, "resolved": Phase.RESOLVED}
_PLANNED: Final = re.compile(r"\b(?:maintenance|scheduled|planned)\b", re.IGNORECASE)


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """The alerts."""
    base = origin(page_url)
    url = page_url if path_of(page_url).endswith("/alerts.json") else f"{base}/alerts.json"
    return (FeedSpec(url),) if base else ()


def parse(document: Document) -> Snapshot:
    """Read the alerts. Raises ParseError."""
    listed = as_mapping(load_parts(document)).get("service_alerts")
    if not is_list(listed):
        raise ParseError(ParseReason.SHAPE, "not the alerts of Vultr: no service_alerts")
    problems: list[Problem] = []
    told = _alert.each(listed, "service_alerts", problems, Now(document.served_at)).found
    found = {incident.id: incident for incident in told}
    covers = {Cover.OPEN_INCIDENTS, Cover.OPEN_MAINTENANCES, Cover.TROUBLED}
    rows = (_row(one) for incident in found.values() for one in incident.components or ())
    return Snapshot(
        platform=NAME,
        page=PageFacts(name="Vultr", url=HOME),
        covers=frozenset(covers) if is_whole(listed, "service_alerts", problems) else frozenset(),
        components=worst_rows(row for row in rows if row.status is not Status.OPERATIONAL),
        incidents=tuple(found.values()),
        problems=tuple(problems),
    )


def _row(one: AffectedComponent) -> Component:
    return Component(one.id, one.name, status=one.status)


@remembered
def _alert(fields: Fields, where: str, problems: list[Problem], now: Now) -> Incident | None:
    own_id = ident(fields.get("id"))
    if not own_id:
        problems.append(Problem(where, "an alert without id"))
        return None
    subject, started = title(fields.get("subject")), moment(fields.get("start_date"))
    is_planned = _PLANNED.search(subject) is not None
    stated = choose(fields.get("status"), PHASES, Phase.UNKNOWN, f"{where}.status", problems)
    phase = _planned_phase(stated, started, now) if is_planned else stated
    updated = moment(fields.get("updated_at"))
    return Incident(
        id=own_id,
        title=subject,
        kind=Kind.MAINTENANCE if is_planned else Kind.INCIDENT,
        phase=phase,
        impact=Impact.MAINTENANCE if is_planned else Impact.UNKNOWN,
        url=HOME,
        created_at=None if is_planned else started,
        started_at=None if is_planned else started,
        resolved_at=updated if phase.is_closed else None,
        updated_at=updated,
        scheduled_for=started if is_planned else None,
        components=_affected(fields, phase),
        updates=_entries(fields.get("entries"), f"{where}.entries", phase, problems),
        raw_phase=text(fields.get("status"), 60),
    )


def _planned_phase(stated: Phase, started: datetime | None, now: Now) -> Phase:
    if stated is Phase.RESOLVED:
        return Phase.COMPLETED
    if stated is Phase.UNKNOWN:
        return stated
    return Phase.SCHEDULED if started is not None and now.is_before(started) else Phase.IN_PROGRESS


_LEVELS: Final = {
    Phase.INVESTIGATING: Status.DEGRADED,
    Phase.IN_PROGRESS: Status.MAINTENANCE,
    Phase.UNKNOWN: Status.UNKNOWN,
}


def _affected(fields: Fields, phase: Phase) -> tuple[AffectedComponent, ...] | None:
    region = title(fields.get("region"), 60)
    level = _LEVELS.get(phase, Status.OPERATIONAL)
    return (AffectedComponent(region, region, status=level),) if region else None


def _entries(listed: object, where: str, phase: Phase, problems: list[Problem]) -> tuple[IncidentUpdate, ...]:
    """The newest has led to the phase; the words of the others stand for themselves."""
    told = []
    for _, fields in items(listed, where, problems):
        words, raw = plain(text(fields.get("message")))
        told.append(IncidentUpdate("", None, words, moment(fields.get("updated_at")), raw=raw))
    updates = oldest_first(told)
    if not updates:
        return ()
    last = updates[-1]
    return (*updates[:-1], IncidentUpdate(last.id, phase, last.text, last.at, raw=last.raw))


def recognize(sight: Sight) -> bool:
    """The list has a name of its own."""
    return not sight.is_markup and isinstance(sight.fields.get("service_alerts"), list)


PLATFORM = Platform(
    name=NAME,
    title="Vultr",
    feeds=feeds,
    parse=parse,
    recognize=recognize,
    hosts=("status.vultr.com",),
    probes=("/alerts.json",),
    coverage=Coverage(
        components=True,
        incidents=True,
        updates=True,
        maintenances=True,
        identity="the id of the alert; a component is a region",
        absence="an alert that is no longer listed is over; a region that no running alert names is well",
        confidence=Confidence.MEDIUM,
        checked="2026-11",
    ),
)
