"""Channels, deliveries and correlations."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from statuswire.model import DeliveryState, MessageKind
from statuswire.web.api.shapes.base import Listed, ProviderName, Shape, Slug, Stamp


class Channel(Shape):
    """Its settings are not shown: they hold secrets."""

    name: str = Field(examples=["ops"])
    kind: str = Field(examples=["slack"])
    state: Literal["ok", "failing", "disabled", "unused"]
    disabled_at: Stamp | None
    reason: str = Field(examples=[""])
    failures: int = Field(examples=[0])
    failing_since: Stamp | None
    next_at: Stamp | None
    last_ok_at: Stamp | None
    waiting: int = Field(examples=[0])


class Channels(Listed[Channel]):
    pass


class Delivery(Shape):
    id: int = Field(examples=[812])
    message_id: str = Field(examples=["msg_2k7d"])
    channel: str = Field(examples=["ops"])
    route: str = Field(examples=["ops"])
    kind: MessageKind
    state: DeliveryState
    what: str = Field(examples=["Acme Relay: Slow API"])
    events: list[int] = Field(examples=[[812]])
    attempts: int = Field(examples=[1])
    created_at: Stamp | None
    next_at: Stamp | None
    ended_at: Stamp | None
    last_error: str = Field(examples=[""])


class Deliveries(Listed[Delivery]):
    pass


class CorrelationMember(Shape):
    page: Slug
    name: ProviderName
    story: str = Field(examples=["acme/incident/w2x4y6z8b1c3"])
    """Its key: the page, and the incident or component that it is about."""
    event: int = Field(examples=[812])
    at: Stamp


class Correlation(Shape):
    id: str = Field(examples=["c_9f3a"])
    route: str = Field(examples=["ops"])
    shared: list[str] = Field(examples=[["cloudflare"]])
    """What all of them name."""
    pages: list[str] = Field(examples=[["acme", "brook"]])
    began_at: Stamp
    updated_at: Stamp
    members: list[CorrelationMember]
    evidence: list[str] = Field(
        examples=[["2 pages within 3 min name cloudflare", "Acme names cloudflare in its words"]]
    )
    """Why they are one, a sentence each."""


class Correlations(Listed[Correlation]):
    pass


class TestReply(Shape):
    status: int = Field(examples=[200])


class TestOutcome(Shape):
    channel: str = Field(examples=["ops"])
    kind: str = Field(examples=["slack"])
    outcome: Literal["delivered", "refused", "not_sent"]
    reason: str = Field(examples=[""])
    replies: list[TestReply]
