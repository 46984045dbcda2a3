"""What all schemas are made of, and the problem document."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from statuswire.described import Described

Stamp = Annotated[str, Field(examples=["2026-05-04T10:22:31Z"], json_schema_extra={"format": "date-time"})]
Slug = Annotated[str, Field(examples=["acme"])]
ProviderName = Annotated[str, Field(examples=["Acme Relay"])]
PageUrl = Annotated[str, Field(examples=["https://status.acme-relay.example"])]
FeedUrl = Annotated[str, Field(examples=["https://status.acme-relay.example/api/v2/summary.json"])]
ComponentId = Annotated[str, Field(examples=["k3m9s8d1f2gh"])]
GroupName = Annotated[str | None, Field(examples=["Europe"])]
IncidentId = Annotated[str, Field(examples=["w2x4y6z8b1c3"])]
Title = Annotated[str, Field(examples=["Slow API"])]
Author = Annotated[str, Field(examples=["ann"])]
Mode = Annotated[str, Field(examples=["event-based (webhooks + polling)"])]
Version = Annotated[str, Field(examples=["0.1.0"])]
Cursor = Annotated[str | None, Field(examples=[None], description="For `after`; null: that was all.")]

Item = TypeVar("Item")


class Shape(Described):
    """What an answer, or a part of one, holds."""


class Listed(Shape, Generic[Item]):
    items: list[Item]
    next: Cursor


class WrongPart(Shape):
    where: str = Field(examples=["query.limit"])
    what: str = Field(examples=["input should be less than or equal to 1000"])


class Problem(Shape):
    """RFC 9457. `code` is stable."""

    type: Literal["about:blank"]
    title: str = Field(examples=["Wrong parameter"])
    status: int = Field(examples=[400])
    detail: str = Field(examples=["query.limit input should be less than or equal to 1000."])
    code: str = Field(examples=["bad_parameter"])
    known: list[str] = Field(default=[], examples=[[]])
    """What would be right."""
    errors: list[WrongPart] = Field(default=[])
