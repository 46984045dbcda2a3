"""Uptime and reports."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from statuswire.web.api.shapes.base import Listed, Shape, Slug, Stamp
from statuswire.web.api.shapes.pages import ComponentName


class Tally(Shape):
    """How some time was spent, in minutes but for the first two."""

    uptime: float | None = Field(examples=[99.98])
    """In percent of what is known; null where nothing is."""
    observed: float = Field(examples=[1.0])
    """The part of the time of which the level is known, 0 to 1."""
    major_outage_min: float = Field(examples=[0.0])
    """Counts as down."""
    partial_outage_min: float = Field(examples=[31.0])
    """Counts as down by 30 %."""
    degraded_min: float = Field(examples=[12.0])
    maintenance_min: float = Field(examples=[0.0])
    unobserved_min: float = Field(examples=[0.0])


class Period(Tally):
    first: str = Field(examples=["2026-05-01"], json_schema_extra={"format": "date"})
    """The day, or the first day of the month."""


class UptimeComponent(ComponentName):
    pass


class Uptime(Shape):
    page: Slug
    component: UptimeComponent | None
    """Null: the page as a whole."""
    by: Literal["component", "page", "incidents"]
    """Whose word it goes by: what was said of it itself, or the incidents that name it."""
    whole: Tally
    periods: list[Period]
    """Those at the ends may be cut short."""


class Uptimes(Listed[Uptime]):
    pass


class ReportRows(Shape):
    name: str = Field(examples=["incidents"])
    since: Stamp
    until: Stamp
    rows: list[dict[str, str | float | None]] = Field(
        examples=[[{"page": "acme", "incidents": 3, "open": 1, "resolve_median_s": 4080.0}]]
    )
    """All with the same names; those of each report are in its reference."""
