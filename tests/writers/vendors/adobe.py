"""Adobe's own page: the events of forty days as objects keyed by id, their texts by token, and the names of products.

Shapes as clients know them (checked 2026-11): an event has products, a product its history, by second.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from statuswire.model import Component, Kind, Phase, Status
from statuswire.platforms.vendors import adobe
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order, window
from tests.writers.sayings import hit_at, seconds

WORDS = {
    Phase.INVESTIGATING: "Opened",
    Phase.IDENTIFIED: "Updated",
    Phase.RESOLVED: "Closed",
    Phase.SCHEDULED: "Scheduled",
    Phase.IN_PROGRESS: "Started",
    Phase.COMPLETED: "Completed",
    Phase.CANCELLED: "Canceled",
}
SEVERITIES = {Kind.INCIDENT: "Minor", Kind.MAINTENANCE: "Maintenance"}
CLOUDS = {"c1": {"id": "c1", "name": "Creative Cloud"}}


def component_id(number: int) -> str:
    return str(500 + number)


def write(provider: Provider, url: str) -> bytes | None:
    """`StatusEvents` and `SnowServiceRegistry`."""
    if url.endswith("/SnowServiceRegistry"):
        return msgspec.json.encode(_registry(provider.components.values()))
    told = {kind: [one for one in provider.alive() if one.kind is kind] for kind in Kind}
    return msgspec.json.encode(
        {
            "incidentEvent": {
                "incidents": {one.id: _incident(one, provider) for one in told[Kind.INCIDENT]},
                "messages": _messages(told[Kind.INCIDENT]),
            },
            "maintenanceEvent": {
                "maintenance": {one.id: _maintenance(one, provider) for one in told[Kind.MAINTENANCE]},
                "messages": _messages(told[Kind.MAINTENANCE]),
            },
        }
    )


def phase(phase: Phase, _: int) -> Phase:
    if phase is Phase.POSTMORTEM:
        return Phase.RESOLVED
    others = {Phase.MONITORING: Phase.IDENTIFIED, Phase.VERIFYING: Phase.IN_PROGRESS}
    return others.get(phase, phase)


def _registry(parts: Iterable[Component]) -> dict[str, object]:
    products = {one.id: {"id": one.id, "name": one.name} for one in parts}
    return {"clouds": {"c1": {**CLOUDS["c1"], "cloudProducts": list(products)}}, "products": products, "services": {}}


def _messages(told: Iterable[TrueIncident]) -> dict[str, object]:
    texts: dict[str, object] = {}
    for one in told:
        texts[f"t{one.id}"] = {"textMessage": one.title}
        texts |= {update.token: {"textMessage": update.text} for update in one.updates}
    return {"en": texts}


def _incident(one: TrueIncident, provider: Provider) -> dict[str, object]:
    ended = None if one.is_open else seconds(in_order(one)[-1].at)
    times = {"startedOn": seconds(one.created_at), "completedOn": ended}
    return {"id": one.id, **times, "clouds": CLOUDS, "products": _products(one, provider)}


def _maintenance(one: TrueIncident, provider: Provider) -> dict[str, object]:
    state = {"status": WORDS[one.phase], "scheduledDate": seconds(window(one)[0])}
    return {"id": one.id, **state, "clouds": CLOUDS, "products": _products(one, provider)}


def _products(one: TrueIncident, provider: Provider) -> dict[str, object]:
    history = {str(seconds(update.at)): _entry(one, update) for update in reversed(in_order(one))}
    parts = [provider.components[part] for part in one.components]
    return {part.id: {"id": part.id, "name": part.name, "history": history} for part in parts}


def _entry(one: TrueIncident, update: TrueUpdate) -> dict[str, str]:
    tokens = {"titleToken": f"t{one.id}", "messageToken": update.token}
    return {"id": update.token[1:], "status": WORDS[update.phase], "severity": SEVERITIES[one.kind], **tokens}


def _hit(one: TrueIncident) -> list[str]:
    """A plan moves no product before its time."""
    return [] if one.phase is Phase.SCHEDULED else one.components


WRITER = Writer(
    platform=adobe.PLATFORM,
    write=write,
    component_id=component_id,
    phase=phase,
    page_url=adobe.HOME,
    styles=("stamped", "untidy"),
    level=hit_at({Kind.INCIDENT: Status.DEGRADED, Kind.MAINTENANCE: Status.MAINTENANCE}, _hit),
    has_unplaced=False,
    shows_components=False,
    shows_troubled=True,
)
