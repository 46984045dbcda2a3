"""One incident with everything that is known of it."""

from __future__ import annotations

from pydantic import Field

from statuswire.model import EventType, Impact, Phase, Source
from statuswire.web.api.shapes.base import Shape, Stamp
from statuswire.web.api.shapes.events import RouteVerdict
from statuswire.web.api.shapes.incidents import Affected, Incident, IncidentUpdate, Said
from statuswire.web.api.shapes.rules import Mark
from statuswire.web.api.shapes.telling import Delivery


class Wording(Said):
    seen_at: Stamp | None
    """When we met it; null: it was stored silently."""


class UpdateAccount(IncidentUpdate):
    seen_at: Stamp | None
    edited: bool = Field(examples=[False])
    versions: list[Wording]
    """Its wordings as we met them, the present one last."""


class Reach(Shape):
    """From when on it had this impact and named these components."""

    seen_at: Stamp
    phase: Phase
    impact: Impact
    components: list[Affected]


class TellingAccount(Shape):
    id: int = Field(examples=[812])
    type: EventType
    seen_at: Stamp
    source: Source
    verdicts: list[RouteVerdict]


class Ours(Shape):
    """What came of an incident here."""

    first_told_at: Stamp | None
    """When the first message about it had left."""
    events: list[TellingAccount]
    deliveries: list[Delivery]
    marks: list[Mark]
    """Those that hold now."""


class IncidentAccount(Incident):
    updates: list[UpdateAccount]  # type: ignore[assignment]  # each has more to it
    first_seen_at: Stamp | None
    reach: list[Reach]
    ours: Ours | None
    """Null for those who may not view what is told."""
