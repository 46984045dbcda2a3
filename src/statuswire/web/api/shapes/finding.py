"""The catalog, and what is found at an address."""

from __future__ import annotations

from pydantic import Field

from statuswire.model import Impact, Kind, Phase, Role, Status
from statuswire.web.api.shapes.base import (
    FeedUrl,
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
from statuswire.web.api.shapes.incidents import Affected


class Provider(Shape):
    slug: Slug
    name: ProviderName
    page_url: PageUrl
    platform: str = Field(examples=["statuspage"])
    feed_url: str = Field(examples=[""])
    category: str = Field(examples=["communication"])
    homepage: str = Field(examples=["https://acme-relay.example"])
    aliases: list[str] = Field(examples=[["relay"]])


class Catalog(Listed[Provider]):
    pass


class SeenComponent(Affected):
    pass


class SeenIncident(Shape):
    id: IncidentId
    title: Title
    kind: Kind
    phase: Phase | None
    impact: Impact
    url: str = Field(examples=[""])
    components: list[str] = Field(examples=[["API"]])


class Evidence(Shape):
    source: FeedUrl
    finding: str = Field(examples=["reads as Atlassian Statuspage"])


class SeenFeed(Shape):
    url: FeedUrl
    role: Role
    tier: int = Field(examples=[0])
    read: bool = Field(examples=[True])


class SeenGroup(Shape):
    group: GroupName
    components: list[SeenComponent]


class SeenProblem(Shape):
    where: str = Field(examples=["components[3]"])
    reason: str = Field(examples=["no name"])


class Detection(Shape):
    """`platform` null: nothing was recognised, and `doubts` say why."""

    slug: Slug
    name: ProviderName
    url: PageUrl
    platform: str | None = Field(examples=["statuspage"])
    status: Status
    looked_at: Stamp
    not_operational: list[SeenComponent]
    open_incidents: list[SeenIncident]
    doubts: list[str] = Field(examples=[[]])
    is_experimental: bool = Field(examples=[False])
    requests: int = Field(examples=[2])
    evidence: list[Evidence]
    feeds: list[SeenFeed]
    components: list[SeenGroup]
    problems: list[SeenProblem]
