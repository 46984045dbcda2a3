"""The notices of Sorry: incidents (`unplanned`), maintenances (`planned`) and announcements (`general`).

    {"id", "type", "subject", "synopsis", "state", "timeline_state": "future" | "present" | "past_recent" |
     "past_distant", "begins_at", "ends_at", "began_at", "ended_at", "url", "created_at", "updated_at",
     "components": [...], "latest_update": {...}, "updates": [{"id", "state", "content", "created_at", "link"}]}

A list has `latest_update`, a single notice `components` and `updates`; the link of an update ends in `#update-<id>`.
Checked 2026-11.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from statuswire.model import AffectedComponent, Impact, Incident, IncidentUpdate, Kind, Phase, Problem, Status
from statuswire.platforms.addresses import web_url
from statuswire.platforms.derived import oldest_first, worst_impact
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
from statuswire.platforms.remembering import remembered
from statuswire.platforms.sorry_terms import LEVELS, PHASES, Fields

TYPES: Final[dict[str, Kind]] = {"planned": Kind.MAINTENANCE, "unplanned": Kind.INCIDENT, "general": Kind.INCIDENT}

_PAST: Final = frozenset({"past_recent", "past_distant"})
_UPDATE_MARK: Final = re.compile(r"#update-(\d{1,20})$")


def is_current(fields: Fields) -> bool:
    """Whether a notice is to come, goes on, or has ended within the last week."""
    return text(fields.get("timeline_state")) != "past_distant"


@remembered
def read_notice(fields: Fields, here: str, problems: list[Problem]) -> Incident | None:
    if notice_id := ident(fields.get("id")):
        return _notice(notice_id, fields, here, problems)
    problems.append(Problem(here, "a notice without id"))
    return None


def _notice(notice_id: str, fields: Fields, here: str, problems: list[Problem]) -> Incident:
    kind = choose(fields.get("type"), TYPES, Kind.INCIDENT, f"{here}.type", problems)
    url = web_url(fields.get("url")) or web_url(fields.get("link"))
    affected = _affected(fields, here, problems)
    is_planned = kind is Kind.MAINTENANCE
    return Incident(
        id=notice_id,
        title=title(fields.get("subject")),
        kind=kind,
        phase=_phase(fields, here, problems),
        impact=_impact(fields, kind, affected or ()),
        url=url,
        created_at=moment(fields.get("created_at")),
        started_at=moment(fields.get("began_at")),
        resolved_at=moment(fields.get("ended_at")),
        updated_at=moment(fields.get("updated_at")),
        scheduled_for=moment(fields.get("begins_at")) if is_planned else None,
        scheduled_until=moment(fields.get("ends_at")) if is_planned else None,
        components=affected,
        updates=_updates(fields, here, problems),
        aliases=(normalise_url(url),) if url else (),
        raw_phase=text(fields.get("state"), 200),
    )


def _phase(fields: Fields, here: str, problems: list[Problem]) -> Phase | None:
    """The state; of an announcement, which has none, no more than that its time is over."""
    state = fields.get("state")
    if state:
        return choose(state, PHASES, Phase.UNKNOWN, f"{here}.state", problems)
    is_over = text(fields.get("timeline_state")) in _PAST or moment(fields.get("ended_at")) is not None
    return Phase.RESOLVED if is_over else None


def _impact(fields: Fields, kind: Kind, affected: Sequence[AffectedComponent]) -> Impact:
    """None is sent. What is unplanned is minor unless a component is worse than degraded; an announcement is none."""
    if kind is Kind.MAINTENANCE:
        return Impact.MAINTENANCE
    if text(fields.get("type")) == "general":
        return Impact.NONE
    worst = worst_impact(row.status for row in affected)
    return worst if worst in (Impact.MAJOR, Impact.CRITICAL) else Impact.MINOR


def _affected(fields: Fields, here: str, problems: list[Problem]) -> tuple[AffectedComponent, ...] | None:
    listed = fields.get("components")
    if not isinstance(listed, list):
        return None
    where = f"{here}.components"
    return tuple(
        AffectedComponent(
            ident(row.get("id")),
            title(row.get("name")),
            None,
            choose(row.get("state"), LEVELS, Status.UNKNOWN, f"{where}[{place}].state", problems),
        )
        for place, row in items(listed, where, problems)
        if row.get("id") or row.get("name")
    )


def _updates(fields: Fields, here: str, problems: list[Problem]) -> tuple[IncidentUpdate, ...]:
    listed = fields.get("updates")
    if isinstance(listed, list):
        rows = list(items(listed, f"{here}.updates", problems))
        return oldest_first(_update(row, f"{here}.updates[{place}]", problems) for place, row in reversed(rows))
    latest = as_mapping(fields.get("latest_update"))
    if latest:
        return (_update(latest, f"{here}.latest_update", problems),)
    said, raw = plain(text(fields.get("synopsis")))
    return (IncidentUpdate("", None, said, moment(fields.get("created_at")), raw=raw),) if said else ()


def _update(fields: Fields, here: str, problems: list[Problem]) -> IncidentUpdate:
    state = text(fields.get("state"), 200)
    said, raw = plain(text(fields.get("content")))
    return IncidentUpdate(
        id=ident(fields.get("id")) or _id_in_link(fields),
        phase=choose(state, PHASES, Phase.UNKNOWN, f"{here}.state", problems) if state else None,
        text=said,
        at=moment(fields.get("created_at")),
        updated_at=moment(fields.get("updated_at")),
        raw=raw,
        raw_phase=state,
    )


def _id_in_link(fields: Fields) -> str:
    mark = _UPDATE_MARK.search(text(fields.get("link")) or text(fields.get("url")))
    return mark[1] if mark else ""
