"""Sorry: the lists of components and of notices with their latest updates, each notice with all of them, the roll-up.

A notice that was removed is missing from a list whose absences say nothing. Shapes from the page's own description of
its API and from working clients (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Kind, Phase, Status
from statuswire.platforms import sorry
from tests.core.histories import Provider, TrueIncident, TrueUpdate

from .base import PAGE_URL, Writer
from .markup import in_order, lived_window, stamp

API = f"{PAGE_URL}/api/v1"
LEVELS = {Status.OPERATIONAL: "operational", Status.DEGRADED: "degraded"}
WORDS = {
    Phase.MONITORING: "recovering",
    Phase.IN_PROGRESS: "underway",
    Phase.COMPLETED: "complete",
}
NEAREST = {Phase.VERIFYING: Phase.IN_PROGRESS, Phase.POSTMORTEM: Phase.RESOLVED}


def write(provider: Provider, url: str) -> bytes | None:
    """One of the lists, each whole on one page, or one notice."""
    if url == f"{API}/components":
        rows = [_component(one) for one in provider.components.values()]
        return msgspec.json.encode({"components": rows, "meta": _meta(len(rows))})
    if url == f"{API}/notices":
        notices = [{**_notice(one), "latest_update": _update(in_order(one)[-1])} for one in reversed(provider.alive())]
        return msgspec.json.encode({"notices": notices, "meta": _meta(len(notices))})
    if url == f"{API}/status":
        return msgspec.json.encode({"page": _page(provider)})
    for one in provider.alive():
        if url == f"{API}/notices/{incident_id(one)}":
            return msgspec.json.encode({"notice": {**_notice(one), **_story(provider, one)}})
    return None


def incident_id(one: TrueIncident) -> str:
    return str(int(one.id[:-1]) + 55_012)


def component_id(number: int) -> str:
    return str(number + 902)


def phase(phase: Phase, _: int) -> Phase:
    return NEAREST.get(phase, phase)


def _meta(total: int) -> dict[str, object]:
    return {"count": 25, "total_count": total, "next_page": None}


def _page(provider: Provider) -> dict[str, object]:
    worst = max((one.status for one in provider.components.values()), key=list(LEVELS).index)
    return {"id": 4711, "name": "Acme Relay", "state": LEVELS[worst], "state_text": "", "url": f"{PAGE_URL}/"}


def _component(one: Component) -> dict[str, object]:
    row = {"id": int(one.id), "name": one.name, "description": "", "state": LEVELS[one.status]}
    return {**row, "parent_id": None, "position": one.position, "links": {"children": {"href": "", "count": 0}}}


def _notice(one: TrueIncident) -> dict[str, object]:
    body: dict[str, object] = {
        "id": int(incident_id(one)),
        "type": "planned" if one.kind is Kind.MAINTENANCE else "unplanned",
        "timeline_state": "present" if one.is_open else "past_recent",
        "state": _word(one.phase),
        "subject": one.title,
        "synopsis": in_order(one)[-1].text,
        "url": f"{PAGE_URL}/notices/k3x9q-{incident_id(one)}",
        "began_at": stamp(one.created_at),
        "ended_at": None if one.is_open else stamp(in_order(one)[-1].at),
        "created_at": stamp(one.created_at),
        "updated_at": stamp(one.updated_at),
    }
    if one.kind is Kind.MAINTENANCE:
        begins, ends = lived_window(one)
        began = None if one.phase is Phase.SCHEDULED else stamp(begins)
        timeline = {"timeline_state": "future"} if one.phase is Phase.SCHEDULED else {}
        body |= {"begins_at": stamp(begins), "ends_at": stamp(ends), "began_at": began, **timeline}
    return body


def _story(provider: Provider, one: TrueIncident) -> dict[str, object]:
    rows = [provider.components[id_] for id_ in one.components]
    return {
        "components": [{"id": int(row.id), "name": row.name, "state": LEVELS[row.status]} for row in rows],
        "updates": [_update(update) for update in reversed(in_order(one))],
    }


def _update(update: TrueUpdate) -> dict[str, object]:
    return {
        "id": int(update.token[1:]),
        "state": _word(update.phase),
        "content": update.text,
        "created_at": stamp(update.at),
        "updated_at": stamp(update.edited_at),
    }


def _word(phase: Phase) -> str:
    return WORDS.get(phase, phase.value)


WRITER = Writer(
    platform=sorry.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=component_id,
    phase=phase,
    levels=tuple(LEVELS),
    most_incidents=10,
    shows_deletions=False,
)
