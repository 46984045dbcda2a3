"""The webhooks that visitors of a Status.io page subscribe to: one message of an incident or a maintenance each.

    {"id", "message_id", "title", "datetime", "datetime_start", "datetime_resolve" or "datetime_end", "current_status",
     "current_state", "previous_status", "previous_state", "components": [{"_id", "name"}], "containers": [...],
     "infrastructure_affected": [{"component", "container"}], "details", "incident_url" or "maintenance_url",
     "status_page_url"}

Documented at <https://kb.status.io/notifications/webhook> (checked 2026-11). Nothing is signed. Levels and states are
words that the owner may have renamed, and only the newest message is sent: the page is polled after it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import (
    AffectedComponent,
    Document,
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
from statuswire.platforms.reading import as_mapping, choose, ident, items, moment, normalise_url, plain, text, title
from statuswire.platforms.reading import url_path_tail as tail
from statuswire.platforms.statusio_json import Fields
from statuswire.platforms.statusio_terms import IMPACT_OF_WORDS, LEVEL_WORDS, NAME, OWN_ID, PHASE_OF_WORDS, made_at

_KINDS: Final = (("incident_url", Kind.INCIDENT), ("maintenance_url", Kind.MAINTENANCE))


def is_hook_body(fields: Fields) -> bool:
    """Whether the keys are those of a webhook body."""
    return "message_id" in fields and "status_page_url" in fields and any(key in fields for key, _ in _KINDS)


def read_hook(fields: Fields, document: Document) -> Snapshot:
    """The Snapshot of one body, which covers nothing; raises ParseError where it names no incident."""
    link_key, kind = next(((key, kind) for key, kind in _KINDS if key in fields), ("", Kind.INCIDENT))
    incident_id = ident(fields.get("id"))
    if not link_key or not incident_id:
        raise ParseError(ParseReason.SHAPE, "not a Status.io webhook: no id beside an incident_url or maintenance_url")
    problems: list[Problem] = []
    zone = document.time_zone
    told_at = moment(fields.get("datetime"), zone)
    incident = _incident(incident_id, kind, _link(fields.get(link_key)), fields, told_at, zone, problems)
    return Snapshot(
        platform=NAME,
        page=_page(fields.get("status_page_url")),
        as_of=told_at,
        incidents=(incident,),
        problems=tuple(problems),
    )


def _link(value: object) -> str:
    url = text(value).strip()
    return url if url.startswith(("https://", "http://")) else ""


def _page(value: object) -> PageFacts:
    url = _link(value).rstrip("/")
    own_id = tail(url)
    return PageFacts(id=own_id if OWN_ID.fullmatch(own_id) else None, url=url or None)


def _incident(
    incident_id: str,
    kind: Kind,
    url: str,
    fields: Fields,
    told_at: datetime | None,
    zone: str | None,
    problems: list[Problem],
) -> Incident:
    word = text(fields.get("current_status"), 200)
    level = choose(word, LEVEL_WORDS, Status.UNKNOWN, "current_status", problems)
    begins = moment(fields.get("datetime_start"), zone)
    ended_at = moment(fields.get("datetime_resolve"), zone)
    is_planned = kind is Kind.MAINTENANCE
    phase = _planned_phase(level, begins, told_at) if is_planned else _phase(fields, ended_at, problems)
    components = _affected(fields, level, problems)
    body, raw = plain(text(fields.get("details")))
    raw_phase = text(fields.get("current_state"), 200)
    update = IncidentUpdate(ident(fields.get("message_id")), phase, body, told_at, raw=raw, raw_phase=raw_phase)
    return Incident(
        id=incident_id,
        title=title(fields.get("title")) or incident_id,
        kind=kind,
        phase=phase,
        impact=Impact.MAINTENANCE if is_planned else _impact(word, ended_at),
        url=url,
        created_at=made_at(incident_id) or begins,
        started_at=None if is_planned else begins,
        resolved_at=ended_at,
        updated_at=told_at,
        scheduled_for=begins if is_planned else None,
        scheduled_until=moment(fields.get("datetime_end"), zone) if is_planned else None,
        components=components,
        updates=(update,) if update.id or update.text else (),
        aliases=(normalise_url(url),) if url else (),
        raw_phase=raw_phase,
        raw_impact=word,
    )


def _phase(fields: Fields, ended_at: datetime | None, problems: list[Problem]) -> Phase | None:
    """Over when it has an end, else by the word of the state; None where there is none."""
    if ended_at is not None:
        return Phase.RESOLVED
    word = text(fields.get("current_state"), 200)
    return choose(word, PHASE_OF_WORDS, Phase.UNKNOWN, "current_state", problems) if word else None


def _planned_phase(level: Status, begins: datetime | None, told_at: datetime | None) -> Phase | None:
    """A maintenance has no state: it is planned until its start, then under way for as long as the infrastructure is in
    maintenance, and over when that is operational again."""
    if begins is None or told_at is None:
        return None
    if level is Status.OPERATIONAL and told_at >= begins:
        return Phase.COMPLETED
    return Phase.SCHEDULED if told_at < begins else Phase.IN_PROGRESS


def _impact(word: str, ended_at: datetime | None) -> Impact:
    """Of the level now; once all is operational again that says nothing of how bad it was."""
    impact = IMPACT_OF_WORDS.get("".join(word.lower().split()), Impact.UNKNOWN)
    return Impact.UNKNOWN if impact is Impact.NONE or ended_at is not None else impact


# --- components ------------------------------------------------------------------------------------------------


def _affected(fields: Fields, level: Status, problems: list[Problem]) -> tuple[AffectedComponent, ...] | None:
    """The pairs of component and container that the body lists, by the names given beside them; else the components."""
    components, containers = (_names(fields.get(key), key, problems) for key in ("components", "containers"))
    pairs = [row for _, row in items(fields.get("infrastructure_affected"), "infrastructure_affected", problems)]
    if pairs:
        return tuple(
            _pair(as_mapping(row), components, containers, level) for row in pairs if ident(row.get("component"))
        )
    if not isinstance(fields.get("components"), list):
        return None
    return tuple(AffectedComponent(row_id, name, None, level) for row_id, name in components.items())


def _pair(row: Fields, components: dict[str, str], containers: dict[str, str], level: Status) -> AffectedComponent:
    component_id, container_id = ident(row.get("component")), ident(row.get("container"))
    row_id = f"{component_id}/{container_id}" if container_id else component_id
    name = components.get(component_id) or component_id
    return AffectedComponent(row_id, name, containers.get(container_id) or None, level)


def _names(listed: object, where: str, problems: list[Problem]) -> dict[str, str]:
    return {
        row_id: title(row.get("name")) for _, row in items(listed, where, problems) if (row_id := ident(row.get("_id")))
    }
