"""What incidents and pages look like in JSON: the same words as in events (`wire.py`), which stay the model."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime

from statuswire.channels import wording
from statuswire.engine.accounts import IncidentAccount, Reach, UpdateAccount
from statuswire.engine.overview import Overview, PageLook, last_update_at, message
from statuswire.model import AffectedComponent, Kind, KnownIncident, KnownUpdate, PageRef
from statuswire.wire import timestamp

Body = dict[str, object]


def incident_body(page: PageRef, incident: KnownIncident) -> Body:
    """An incident or maintenance with its page and its updates, oldest first."""
    body: Body = {
        "id": incident.id,
        "page": ref_body(page),
        "title": incident.title,
        "kind": incident.kind.value,
        "phase": incident.phase.value,
        "impact": incident.impact.value,
        "url": incident.url,
        "started_at": optional(incident.started_at or incident.created_at),
        "resolved_at": optional(incident.resolved_at),
        "updated_at": timestamp(last_update_at(incident)),
        "components": [_component(component) for component in incident.components],
        "updates": [_update(update) for update in incident.updates],
    }
    if incident.kind is Kind.MAINTENANCE:
        body["scheduled_for"] = optional(incident.scheduled_for)
        body["scheduled_until"] = optional(incident.scheduled_until)
    return body


def account_body(one: IncidentAccount) -> Body:
    """The same incident with the wordings that its updates had, and when it became as bad as it was."""
    return incident_body(one.page.ref, one.incident) | {
        "first_seen_at": optional(one.first_seen_at),
        "updates": [_told_update(update) for update in one.updates],
        "reach": [_reach(reach) for reach in one.reach],
    }


def _told_update(one: UpdateAccount) -> Body:
    versions = [
        {
            "phase": version.phase.value if version.phase else None,
            "text": version.text,
            "at": timestamp(version.at),
            "seen_at": optional(version.seen_at),
        }
        for version in one.versions
    ]
    seen_at = {"seen_at": optional(one.update.seen_at), "edited": one.is_edited}
    return _update(one.update) | seen_at | {"versions": versions}


def _reach(one: Reach) -> Body:
    return {
        "seen_at": timestamp(one.seen_at),
        "phase": one.phase.value,
        "impact": one.impact.value,
        "components": [_component(component) for component in one.components],
    }


def ref_body(page: PageRef) -> Body:
    return {"slug": page.slug, "name": page.name, "url": page.url}


def status_body(overview: Overview, now: datetime) -> Body:
    """The latest state in one object, with the names that receivers of flat status heartbeats know."""
    last = overview.last[1] if overview.last else None
    last_at = last_update_at(last) if last else None
    return {
        "state": overview.level.value,
        "status_label": wording.STATUS_LABELS[overview.level],
        "message": message(overview),
        "timestamp": timestamp(now),
        "last_incident_title": last.title if last else None,
        "last_incident_time": format_datetime(last_at, usegmt=True) if last_at else None,
        "last_incident_at": optional(last_at),
        "last_incident_page": overview.last[0].slug if overview.last else None,
        "impacted_components": list(overview.impacted),
        "pages": [page_body(look, now) for look in overview.pages],
    }


def page_body(look: PageLook, now: datetime) -> Body:
    """One page of `/status`: `state` is unknown while it cannot be read or nobody reads it, `last_known` what it said
    before."""
    flag = look.flag(now)
    return {
        "slug": look.page.slug,
        "name": look.page.name,
        "url": look.page.url,
        "platform": look.page.platform,
        "state": look.level.value,
        "status_label": wording.STATUS_LABELS[look.level],
        "stale": look.is_stale,
        "stale_since": optional(look.stale_since),
        "overdue": look.is_overdue,
        "dropped_at": optional(look.page.dropped_at),
        "last_known": look.last_known.value if look.last_known else None,
        "flag": None if flag is None else flag.value,
        "suggested_url": look.suggested_url,
        "impacted_components": list(look.impacted),
        "open_incidents": [_open_incident(incident) for incident in look.open],
    }


def optional(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)


def _open_incident(incident: KnownIncident) -> Body:
    return {
        "id": incident.id,
        "title": incident.title,
        "kind": incident.kind.value,
        "phase": incident.phase.value,
        "impact": incident.impact.value,
        "updated_at": timestamp(last_update_at(incident)),
    }


def _component(component: AffectedComponent) -> Body:
    return {
        "id": component.id,
        "name": component.name,
        "group": component.group,
        "status": component.status.value,
    }


def _update(update: KnownUpdate) -> Body:
    return {
        "id": update.key,
        "phase": update.phase.value if update.phase else None,
        "text": update.text,
        "at": timestamp(update.at),
    }
