"""Incidents and maintenances."""

from __future__ import annotations

from pydantic import Field

from statuswire.model import Phase, Status
from statuswire.web.api.shapes.base import Listed, Shape, Stamp
from statuswire.web.api.shapes.pages import ComponentName, PageName, Story, StoryId


class Affected(ComponentName):
    status: Status


class UpdateId(Shape):
    id: str = Field(examples=["u2"])


class Said(Shape):
    phase: Phase | None
    text: str = Field(examples=["A bad deploy."])
    at: Stamp


class IncidentUpdate(Said, UpdateId):
    pass


class Course(Story):
    url: str = Field(examples=["https://status.acme-relay.example/incidents/w2x4y6z8b1c3"])
    started_at: Stamp | None
    resolved_at: Stamp | None


class StoryPage(StoryId):
    page: PageName


class Incident(Course, StoryPage):
    updated_at: Stamp
    components: list[Affected]
    updates: list[IncidentUpdate]
    """Oldest first."""
    scheduled_for: Stamp | None = None
    """Of maintenances alone, like the next."""
    scheduled_until: Stamp | None = None


class Incidents(Listed[Incident]):
    pass
