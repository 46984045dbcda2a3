"""PostHog's own page: components, and what is open, without texts and times. Shape as a client knows it (2026-11)."""

from __future__ import annotations

import msgspec

from statuswire.model import Component, Kind, Phase, Status
from statuswire.platforms.vendors import posthog
from tests.core.histories import Provider, TrueIncident
from tests.writers.base import Writer
from tests.writers.sayings import no_update, number, number_text, on_or_over

HOME = "https://www.posthogstatus.com"
WORDS = {
    Status.OPERATIONAL: "operational",
    Status.DEGRADED: "degraded_performance",
    Status.PARTIAL_OUTAGE: "partial_outage",
    Status.MAJOR_OUTAGE: "major_outage",
    Status.MAINTENANCE: "under_maintenance",
}


def write(provider: Provider, url: str) -> bytes | None:
    """`/api/status`: one component stands in no group."""
    parts = [_component(one) for one in provider.components.values()]
    going_on = [one for one in provider.alive() if one.is_open]
    return msgspec.json.encode(
        {
            "overall_status": "operational",
            "component_groups": [{"name": "US Cloud", "components": parts[:-1]}],
            "standalone_components": parts[-1:],
            "active_incidents": [_incident(one) for one in going_on if one.kind is Kind.INCIDENT],
            "active_maintenances": [_incident(one) for one in going_on if one.kind is Kind.MAINTENANCE],
        }
    )


def incident_id(one: TrueIncident) -> str:
    """The two kinds may be numbered apart."""
    return f"maintenance/{number(one)}" if one.kind is Kind.MAINTENANCE else number_text(one)


def phase(phase: Phase, number: int) -> Phase:
    """What leaves the page is over, however; while it is there it has a word."""
    is_told = phase in (Phase.IDENTIFIED, Phase.MONITORING, Phase.VERIFYING)
    return phase if is_told else on_or_over(phase, number)


def _component(one: Component) -> dict[str, object]:
    return {"id": int(one.id), "name": one.name, "status": WORDS[one.status]}


def _incident(one: TrueIncident) -> dict[str, object]:
    affected = [{"component_id": int(part)} for part in one.components]
    return {"id": number(one), "name": one.title, "status": one.phase.value, "affected_components": affected}


WRITER = Writer(
    platform=posthog.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=str,
    phase=phase,
    page_url=HOME,
    styles=("stamped", "untidy"),
    levels=tuple(WORDS),
    shown=no_update,
)
