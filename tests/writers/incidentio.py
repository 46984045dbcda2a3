"""incident.io, by the renderers of the demo: the native summary, the native list of incidents, the account's webhook;
and what is left where those cannot be had.

That is the imitation of Statuspage's API, whose updates have no texts, the feed with the last one of each incident, and
the widget, which the demo does not have (docs.incident.io, checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.demo import incidentio as renderer
from statuswire.demo.world import ulid
from statuswire.model import Impact, Phase, Status
from statuswire.platforms import incidentio
from tests.core.histories import Provider, TrueIncident, TrueUpdate, What
from tests.core.memory import START

from .base import PAGE_URL, Writer
from .markup import in_order, stamp
from .sayings import newest_update
from .worlds import part_key, world_of

LEVELS = {
    Status.OPERATIONAL: "operational",
    Status.DEGRADED: "degraded_performance",
    Status.PARTIAL_OUTAGE: "partial_outage",
    Status.MAJOR_OUTAGE: "full_outage",
}
WORST = {Impact.MINOR: "degraded_performance", Impact.MAJOR: "partial_outage", Impact.CRITICAL: "full_outage"}
NEAREST = {
    Phase.VERIFYING: Phase.IN_PROGRESS,
    Phase.CANCELLED: Phase.COMPLETED,
    Phase.POSTMORTEM: Phase.RESOLVED,
}


def write(provider: Provider, url: str) -> bytes | None:
    """One of the native documents."""
    return _document(provider, url) if "/proxy/" in url else None


def write_the_rest(provider: Provider, url: str) -> bytes | None:
    """One of the others."""
    if url == f"{PAGE_URL}/api/v1/summary":
        return msgspec.json.encode(_widget(provider))
    return None if "/proxy/" in url else _document(provider, url)


def _document(provider: Provider, url: str) -> bytes | None:
    _, body = renderer.documents(world_of(provider), PAGE_URL).get(url.removeprefix(PAGE_URL), ("", None))
    return body


def hook(provider: Provider, what: What) -> bytes | None:
    """Sent for each update that is shared, and for nothing else."""
    if isinstance(what, str) or what.is_deleted or what.is_backfilled or what.updates[-1].at != provider.now:
        return None
    return renderer.hook(world_of(provider), what.id)


def incident_id(one: TrueIncident) -> str:
    return ulid(one.id, one.created_at)


def component_id(number: int) -> str:
    return ulid(part_key(number), START)


def phase(phase: Phase, _: int) -> Phase:
    return NEAREST.get(phase, phase)


def _widget(provider: Provider) -> dict[str, object]:
    return {
        "page_title": "Acme Relay",
        "page_url": f"{PAGE_URL}/",
        "ongoing_incidents": [_shown(provider, one) for one in provider.alive() if one.is_open],
        "in_progress_maintenances": [],
        "scheduled_maintenances": [],
    }


def _shown(provider: Provider, one: TrueIncident) -> dict[str, object]:
    update = in_order(one)[-1]
    rows = [provider.components[id_] for id_ in one.components]
    return {
        "id": incident_id(one),
        "name": one.title,
        "status": one.phase.value,
        "url": f"{PAGE_URL}/incidents/{incident_id(one)}",
        "last_update_at": stamp(update.at),
        "last_update_message": update.text,
        "current_worst_impact": WORST.get(one.impact, "degraded_performance"),
        "affected_components": [
            {"id": row.id, "name": row.name, "group_name": None, "current_status": LEVELS[row.status]} for row in rows
        ],
    }


def update_id(update: TrueUpdate) -> str:
    return ulid(update.token, update.at)


NATIVE = Writer(
    platform=incidentio.PLATFORM,
    write=write,
    hook=hook,
    incident_id=incident_id,
    component_id=component_id,
    phase=phase,
)
REST = Writer(
    platform=incidentio.PLATFORM,
    write=write_the_rest,
    incident_id=incident_id,
    component_id=component_id,
    update_id=update_id,
    phase=phase,
    has_maintenances=False,
    has_edits=False,
    shown=newest_update,
)
WRITERS = (NATIVE, REST)
