"""Signals of our own side."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from statuswire.core.blame import Blame, Ground
from statuswire.model import SignalSource
from statuswire.web.api.shapes.base import IncidentId, Listed, Shape, Slug, Stamp, Title


class Admission(Shape):
    """The first incident that is about it."""

    id: IncidentId
    title: Title
    told_at: Stamp
    """When the provider put it up."""
    ahead_s: float = Field(examples=[420.0])
    """By how many seconds the signal came before that; below zero it came after."""


class Signal(Shape):
    id: int = Field(examples=[12])
    page: Slug
    component: str = Field(examples=["API"])
    """Empty: the page as a whole."""
    source: SignalSource
    state: Literal["firing", "resolved", "lapsed"]
    """Lapsed: it was not heard of any more."""
    title: str = Field(examples=["Checkout fails"])
    url: str = Field(examples=["https://grafana.example.com/d/checkout"])
    began_at: Stamp
    ended_at: Stamp | None
    admitted: Admission | None
    """Null as long as no incident of the provider is about it."""


class Signals(Listed[Signal]):
    pass


class BlameReason(Shape):
    ground: Ground
    sentence: str = Field(examples=["Acme Relay says that all is well."])


class PageSignals(Shape):
    page: Slug
    verdict: Blame
    """Whose fault it is, as far as that can be told now."""
    reasons: list[BlameReason]
    since: Stamp
    """So far back the signals go."""
    items: list[Signal]
    """The latest begun first."""


class SignalAddress(Shape):
    page: str = Field(examples=["acme"])
    """Empty: the address of all pages."""
    path: str = Field(examples=["/signals/k3m9s8d1f2ghk3m9s8d1f2gh"])
    url: str = Field(examples=["http://127.0.0.1:8000/signals/k3m9s8d1f2ghk3m9s8d1f2gh"])
    """For your own monitoring. Whoever knows it is believed."""


class SignalAddresses(Listed[SignalAddress]):
    pass
