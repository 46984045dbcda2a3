"""Events, and what the routes made of them."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from statuswire.model import EventType, Phase, Source, Status
from statuswire.web.api.shapes.base import FeedUrl, Listed, Shape, Stamp
from statuswire.web.api.shapes.incidents import Affected, Course, IncidentUpdate
from statuswire.web.api.shapes.pages import PageName, StoryId


class EventPage(PageName):
    model_config = ConfigDict(populate_by_name=True)
    was: Status | None = Field(default=None, alias="from")
    to: Status | None = None


class EventIncident(Course, StoryId):
    components: list[Affected]
    scheduled_for: Stamp | None = None
    scheduled_until: Stamp | None = None


class EventUpdate(IncidentUpdate):
    phase: Phase


class EventComponent(Affected):
    was: str | None = Field(default=None, alias="from")
    """A status, or a name where it was renamed; like `to`."""
    to: str | None = None


class EventFeed(Shape):
    url: FeedUrl
    reason: str = Field(examples=["timeout"])


class Event(Shape):
    """What does not apply to an event is left out."""

    id: int = Field(examples=[812])
    type: EventType
    at: Stamp
    """The provider's moment."""
    seen_at: Stamp
    """Ours."""
    lag_s: float = Field(examples=[2.1])
    source: Source
    page: EventPage
    incident: EventIncident | None = None
    update: EventUpdate | None = None
    component: EventComponent | None = None
    feed: EventFeed | None = None
    event_name: str | None = Field(default=None, examples=["public_incident.incident_created_v2"])


class Events(Listed[Event]):
    pass


class RouteVerdict(Shape):
    route: str = Field(examples=["pager"])
    verdict: str = Field(examples=["told"])
    """`told`, `held`, `suppressed`, `folded`, `not meant` or `not looked at`."""
    reason: str = Field(examples=["new incident"])
    at: Stamp | None


class Verdicts(Shape):
    event: Event
    verdicts: list[RouteVerdict]
