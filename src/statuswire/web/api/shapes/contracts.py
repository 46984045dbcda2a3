"""Contracts and their statements."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from statuswire.web.api.shapes.base import IncidentId, Listed, Shape, Slug, Stamp, Title

Sha256 = Annotated[str, Field(examples=["5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"])]
Percent = Annotated[float, Field(examples=[99.7801])]
Minutes = Annotated[float, Field(examples=[38.0])]


class ExcludedHours(Shape):
    from_: str = Field(alias="from", examples=["02:00"])
    to: str = Field(examples=["04:00"])
    days: list[int] = Field(examples=[[6]])
    """On which they begin, 0 is Monday; every day when empty."""
    reason: str = Field(examples=["weekly window"])


class ExcludedDates(Shape):
    since: Stamp
    until: Stamp
    reason: str = Field(examples=["force majeure"])


class CreditTier(Shape):
    below: Percent
    credit: float = Field(examples=[10.0])


class Contract(Shape):
    """As the configuration has it."""

    name: str = Field(examples=["payments-api"])
    page: Slug
    components: list[str] = Field(examples=[["API", "Checkout / *"]])
    """Globs; none: the page as a whole."""
    objective: float = Field(examples=[99.9])
    """In percent."""
    window: str = Field(examples=["month"])
    zone: str = Field(examples=["Europe/Berlin"])
    weights: dict[str, float] = Field(examples=[{"major_outage": 1.0, "partial_outage": 0.5}])
    """Which part of the time at a level counts as down."""
    notice_s: float | None = Field(examples=[259200.0])
    """Maintenance that was announced so long before does not count; null: all of it does."""
    hours: list[ExcludedHours]
    dates: list[ExcludedDates]
    excluded_counts_as: Literal["nothing", "up"]
    """Whether what does not count is taken out of the window, or stays in it as time that was up."""
    credits: list[CreditTier]


class ResultOfTime(Shape):
    best: Percent
    """In percent, rounded down: if all that is not known was up."""
    seen: float | None = Field(examples=[99.78])
    """Of the time of which it is known how it counts; null where there is none."""
    worst: float = Field(examples=[99.7353])
    """If all that is not known was at the worst."""
    unknown_min: Minutes
    """What counts and is not known, or not over."""
    down_least_min: Minutes
    down_most_min: Minutes


class Fulfilment(ResultOfTime):
    """A contract and what came of it in one window."""

    contract: Contract
    month: str = Field(examples=["2026-10"])
    since: Stamp
    until: Stamp
    made_at: Stamp
    is_final: bool
    """Whether the window is over."""
    breach: Literal["yes", "no", "undecided"]
    """Undecided: what is not known would decide it."""
    credit_least: float = Field(examples=[10.0])
    """In percent of the fee."""
    credit_most: float = Field(examples=[10.0])
    notes: list[str] = Field(examples=[[]])


class Contracts(Listed[Fulfilment]):
    pass


class StateTime(Shape):
    state: str = Field(examples=["major_outage"])
    minutes: Minutes
    excluded_min: Minutes
    weight: float = Field(examples=[1.0])
    down_min: Minutes
    """What of it counts as down for certain."""


class ReckonedStep(Shape):
    name: str = Field(examples=["Objective"])
    how: str = Field(examples=["at most 44.58 of 44,580 min down"])
    result: str = Field(examples=["99.9 %"])


class ComponentResult(ResultOfTime):
    name: str = Field(examples=["API"])
    """Empty: the page as a whole."""
    by: str | None = Field(examples=["component"])
    """Whose word it goes by; null: the page has no such component."""


class TimeSpan(Shape):
    since: Stamp
    until: Stamp
    minutes: Minutes


class IncidentBehind(TimeSpan):
    """The part of it within the window."""

    id: IncidentId
    title: Title
    url: str = Field(examples=["https://status.acme-relay.example/incidents/w2x4y6z8b1c3"])
    impact: str = Field(examples=["critical"])
    phase: str = Field(examples=["resolved"])
    documents: list[Sha256]


class JudgedMaintenance(Shape):
    id: IncidentId
    title: Title
    announced_at: Stamp | None
    first_seen_at: Stamp | None
    planned_from: Stamp | None
    planned_until: Stamp | None
    ran: TimeSpan | None
    excluded: TimeSpan | None
    finding: Literal["exempt", "no_rule", "never_ran", "no_plan", "too_late", "outside"]


class ExcludedTime(TimeSpan):
    by: Literal["dates", "hours", "maintenance"]
    reason: str = Field(examples=["New switches"])


class Document(Shape):
    """One receipt of a document that is kept."""

    sha256: Sha256
    bytes: int = Field(examples=[2048])
    url: str = Field(examples=["https://status.acme-relay.example/api/v2/summary.json"])
    """Empty for what was pushed."""
    source: str = Field(examples=["poll"])
    received_at: Stamp
    served_at: Stamp
    """When the provider made it, as far as its answer said."""
    why: Literal["event", "change", "first", "last", "latest"]
    is_withheld: bool
    """It held a secret of ours: its digest alone is kept."""


class ContractStatement(Fulfilment):
    states: list[StateTime]
    """They add up to the window."""
    steps: list[ReckonedStep]
    components: list[ComponentResult]
    incidents: list[IncidentBehind]
    maintenances: list[JudgedMaintenance]
    excluded: list[ExcludedTime]
    opening: list[Document]
    """The last one of each address before the window."""
    documents: list[Document]
