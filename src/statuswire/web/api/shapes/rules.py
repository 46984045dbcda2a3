"""Routes, silences, marks, and what rules would have told."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from statuswire.model import Impact, MarkKind, Phase, Status
from statuswire.web.api.shapes.base import Author, IncidentId, Listed, Shape, Slug, Stamp, Title


class FilterWords(Shape):
    """Only what is asked for is there."""

    page: list[str] | None = Field(default=None, examples=[["acme"]])
    tag: list[str] | None = None
    category: list[str] | None = None
    component: list[str] | None = None
    impact: list[str] | None = None
    type: list[str] | None = None
    phase: list[str] | None = None
    source: list[str] | None = None


class QuietWords(Shape):
    hold: str = Field(examples=["3m"])
    settle: str = Field(examples=["3m"])
    flap: str = Field(examples=["10m"])
    mode: Literal["all", "first_and_last"]
    digest: str | None = Field(examples=[None])
    quiet_hours: str | None = Field(examples=["22:00-07:00"])
    escalate_after: str | None = Field(examples=[None])
    escalate_to: list[str] = Field(examples=[[]])


class Route(Shape):
    name: str = Field(examples=["pager"])
    channels: list[str] = Field(examples=[["pager"]])
    filter: FilterWords
    quiet: QuietWords
    template: str | None = Field(examples=[None])


class Routes(Listed[Route]):
    pass


class Silence(Shape):
    id: int | None = Field(examples=[3])
    """Null: it stands in the configuration file, and is ended there."""
    filter: FilterWords
    until: Stamp | None
    reason: str = Field(examples=["not used"])
    author: Author


class Silences(Listed[Silence]):
    pass


class Mark(Shape):
    page: Slug
    subject: str = Field(examples=["incident/w2x4y6z8b1c3"])
    kind: MarkKind
    impact: Impact | None
    status: Status | None
    phase: Phase | None
    at: Stamp
    until: Stamp | None
    reason: str = Field(examples=["we are on it"])
    author: Author


class Marks(Listed[Mark]):
    pass


class Withheld(Shape):
    count: int = Field(examples=[12])
    rule: str = Field(examples=["hold"])
    reason: str = Field(examples=["over before 3 min"])


class Missed(Shape):
    page: Slug
    id: IncidentId
    title: Title
    impact: Impact
    began_at: Stamp
    reason: str = Field(examples=["silenced"])


class Sent(Shape):
    channel: str = Field(examples=["ops"])
    messages: int = Field(examples=[7])
    a_week: float = Field(examples=[0.5])
    digests: int = Field(examples=[0])
    stories: int = Field(examples=[0])
    escalations: int = Field(examples=[0])


class RouteReport(Shape):
    route: str = Field(examples=["ops"])
    sent: list[Sent]
    withheld: list[Withheld]
    missed: list[Missed]
    pages: list[tuple[str, int]] = Field(examples=[[["acme", 7]]])
    """The noisiest, with how much they gave to tell; like components."""
    components: list[tuple[str, int]] = Field(examples=[[["API", 5]]])
    told: list[str] = Field(examples=[["acme/incident/w2x4y6z8b1c3"]])


class Report(Shape):
    begin: Stamp
    end: Stamp
    weeks: float = Field(examples=[12.9])
    events: int = Field(examples=[412])
    incidents: int = Field(examples=[31])
    reached: int = Field(examples=[4])
    """Incidents that got as bad as was asked for."""
    messages: int = Field(examples=[7])
    impact: Impact
    routes: list[RouteReport]


class Backtest(Shape):
    report: Report
