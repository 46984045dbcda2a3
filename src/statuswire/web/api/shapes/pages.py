"""Pages and components."""

from __future__ import annotations

from pydantic import Field

from statuswire.model import Impact, Kind, Phase, Status
from statuswire.web.api.shapes.base import (
    ComponentId,
    GroupName,
    IncidentId,
    Listed,
    PageUrl,
    ProviderName,
    Shape,
    Slug,
    Stamp,
    Title,
)


class PageName(Shape):
    slug: Slug
    name: ProviderName
    url: PageUrl


class StoryId(Shape):
    """The last of the bases, so that it comes first: fields stand in the order of the bases from the last one on."""

    id: IncidentId


class Story(Shape):
    title: Title
    kind: Kind
    phase: Phase
    impact: Impact


class OpenIncident(Story, StoryId):
    updated_at: Stamp


class PageStatus(PageName):
    platform: str = Field(examples=["statuspage"])
    """Empty while it is not recognised."""
    state: Status
    """Unknown while the page cannot be read, or nobody reads it."""
    status_label: str = Field(examples=["DEGRADED"])
    stale: bool = Field(examples=[False])
    stale_since: Stamp | None
    """When it was last read well."""
    overdue: bool = Field(examples=[False])
    """Stale because nobody reads it: its polls have been due for long."""
    dropped_at: Stamp | None
    """Since when it is not watched any more; what is known of it is kept."""
    last_known: Status | None
    """What it said before it could not be read."""
    flag: str | None = Field(examples=[None])
    suggested_url: str | None = Field(examples=[None])
    impacted_components: list[str] = Field(examples=[["API"]])
    open_incidents: list[OpenIncident]


class Page(PageStatus):
    tags: list[str] = Field(examples=[["critical-path"]])
    category: str | None = Field(examples=["communication"])
    origin: str = Field(examples=["config"])
    """Where it comes from: `config` (read-only here), `own` (kept in the database), `hook` and so on."""
    components: dict[Status, int] = Field(examples=[{"operational": 11, "degraded": 1}])
    """How many stand at each status."""


class Pages(Listed[Page]):
    pass


class ComponentName(Shape):
    id: ComponentId
    name: str = Field(examples=["API"])
    group: GroupName


class Component(ComponentName):
    status: Status
    since: Stamp | None
    """When the status began, as far as we were told; null where that is not known any more."""
    updated_at: Stamp | None


class PageComponent(Component):
    page: PageName


class Components(Listed[PageComponent]):
    pass


class ComponentGroup(Shape):
    group: GroupName
    """Null: those in no group."""
    components: list[Component]


class ComponentTree(Shape):
    page: PageName
    groups: list[ComponentGroup]
