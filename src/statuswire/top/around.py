"""What the screens need of the application around them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from statuswire.client.aio import AsyncClient
from statuswire.client.calls import Call
from statuswire.client.shapes import Page
from statuswire.top.changes import Versions
from statuswire.top.drawing import Times
from statuswire.top.picture import Picture
from statuswire.top.stories import Story


class Clock(Protocol):
    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...


class Around(Protocol):
    """`source` says who is asked, `notice` what is to be said in the last line, `is_going` that a `g` was pressed."""

    client: AsyncClient
    clock: Clock
    source: str
    notice: str
    is_going: bool
    picture: Picture | None

    @property
    def changed(self) -> frozenset[str]:
        """The keys of what changed lately."""

    def note(self, before: Versions, after: Versions) -> None:
        """What differs is marked for a while."""

    @property
    def times(self) -> Times: ...

    @property
    def is_lost(self) -> bool:
        """Whether what is shown may be so no more."""

    def lost_words(self, read_at: datetime | None) -> str:
        """The sentence while the connection is lost, with the age of what a screen shows; else empty."""

    def open(self, target: Story | Page) -> None:
        """What a row is about."""

    def back(self) -> None: ...

    def say(self, words: str) -> None:
        """A sentence in the last line, for a while."""

    def order(self, call: Call[str]) -> None:
        """Have something done, and say what came of it."""

    def silence(self, slug: str, component: str, length: str) -> None:
        """Withhold something for so long, as it was typed."""
