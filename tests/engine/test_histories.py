"""How something ended is read once and then settled, whatever happens meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import pytest

from statuswire.core.schedule import Due, DueReason
from statuswire.engine.histories import Histories
from statuswire.engine.hosts import Host
from statuswire.engine.ingest import Recorded
from statuswire.engine.polled import PolledFeed, PolledPage
from statuswire.engine.visit import Outcome, Visit
from statuswire.errors import StoreError, StoreReason
from statuswire.model import Feed, FeedSpec, Page, Role
from tests.fakes import FakeClock


class Settler:
    """The part of a visitor that settles; each time it waits until `may_end` is set."""

    def __init__(self) -> None:
        self.count = 0
        self.error: StoreError | None = None
        self.may_end = asyncio.Event()
        self.may_end.set()

    async def settle(self, page: Page) -> Recorded:
        self.count += 1
        await self.may_end.wait()
        if self.error is not None:
            raise self.error
        return Recorded()


class Scene:
    """A page with one history document."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.settler = Settler()
        self.placed: list[PolledFeed] = []
        self.page = PolledPage(Page(1, "acme", "Acme", "https://acme.example", "test"))
        feed = Feed(1, 1, FeedSpec("https://acme.example/history.json", Role.HISTORY))
        self.feed = PolledFeed(feed, self.page, Host("acme.example"), 0.0)
        self.page.feeds = (self.feed,)
        self.histories = Histories(self.clock, self.settler, self.place, lambda recorded: None)  # type: ignore[arg-type]  # only settles

    def place(self, polled: PolledFeed, due: Due) -> None:
        self.placed.append(polled)

    async def read(self) -> Due | None:
        """The document is read, and tells something."""
        visit = Visit(Outcome.CHANGED, Due(timedelta(0), DueReason.HISTORY))
        return await self.histories.after_visit(self.feed, visit, self.clock.monotonic())


def play(story: Callable[[Scene], Coroutine[Any, Any, None]]) -> None:
    async def told() -> None:
        await story(Scene())

    asyncio.run(told())


def test_a_wish_while_the_page_is_being_settled_is_granted_afterwards() -> None:
    async def story(scene: Scene) -> None:
        await scene.histories.want(scene.page)
        scene.settler.may_end.clear()
        reading = asyncio.create_task(scene.read())
        await scene.clock.advance(1)
        await scene.histories.want(scene.page)
        assert scene.placed == [scene.feed]

        scene.settler.may_end.set()
        assert await reading is None
        assert scene.placed == [scene.feed, scene.feed]
        await scene.clock.advance(1)
        await scene.read()

        assert scene.settler.count == 2
        assert scene.page.history_run is None

    play(story)


def test_what_could_not_be_settled_is_settled_after_the_next_wish() -> None:
    async def story(scene: Scene) -> None:
        await scene.histories.want(scene.page)
        scene.settler.error = StoreError(StoreReason.LOCKED, "locked")
        with pytest.raises(StoreError):
            await scene.read()
        scene.settler.error = None

        await scene.histories.want(scene.page)
        await scene.read()

        assert scene.settler.count == 2

    play(story)
