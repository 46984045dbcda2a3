"""What figures over a time need of an event: how something turned into something else, and when. Pure.

An `Event` is one, and so is what is read of it where there are tens of thousands (`wire.Brief`).
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from statuswire.model import EventPage, EventType, Source


class Part(Protocol):
    """A component, and what it turned from and to, in the words of events."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def group(self) -> str | None: ...
    @property
    def old(self) -> str | None: ...
    @property
    def new(self) -> str | None: ...


class FeedWord(Protocol):
    @property
    def url(self) -> str: ...


class Turn(Protocol):
    @property
    def type(self) -> EventType: ...
    @property
    def at(self) -> datetime: ...
    @property
    def seen_at(self) -> datetime: ...
    @property
    def source(self) -> Source: ...
    @property
    def component(self) -> Part | None: ...
    @property
    def page_change(self) -> EventPage | None: ...
    @property
    def feed(self) -> FeedWord | None: ...
