"""Schedules are written in batches; what could not be written is not forgotten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from datetime import timedelta
from typing import Any

import pytest

from statuswire.engine.bookkeeping import BATCH, Bookkeeping
from statuswire.engine.hosts import Host
from statuswire.engine.polled import PolledFeed, PolledPage, Stage
from statuswire.errors import StoreError, StoreReason
from statuswire.model import Feed, FeedSpec, Page
from statuswire.store.base import Queue, Work
from tests.fakes import FakeClock


class HeldStore:
    """Takes works and leaves their ends to the test."""

    def __init__(self) -> None:
        self.works: list[Future[None]] = []

    def submit(self, work: Work[None], *, queue: Queue = Queue.MAIN, reclaims: bool = False) -> Future[None]:
        self.works.append(Future())
        return self.works[-1]

    async def taken(self, count: int) -> None:
        """Until so many works were taken."""
        for _ in range(100):
            if len(self.works) == count:
                return
            await asyncio.sleep(0)
        raise AssertionError(f"{len(self.works)} works, not {count}")

    def end(self, error: Exception | None = None) -> None:
        """The last work taken is committed, or fails."""
        if error is None:
            self.works[-1].set_result(None)
        else:
            self.works[-1].set_exception(error)


def polled_feed(number: int = 1) -> PolledFeed:
    page = PolledPage(Page(number, f"p{number}", f"P{number}", "https://acme.example", "test"))
    feed = Feed(number, number, FeedSpec("https://acme.example/summary.json"))
    polled = PolledFeed(feed, page, Host("acme.example"), 0.0)
    page.feeds = (polled,)
    return polled


def play(scene: Callable[[Bookkeeping, HeldStore], Coroutine[Any, Any, None]]) -> None:
    async def story() -> None:
        store = HeldStore()
        books = Bookkeeping(store, FakeClock(), timedelta(seconds=60))  # type: ignore[arg-type]  # half a store is enough
        await scene(books, store)

    asyncio.run(story())


async def begin(books: Bookkeeping) -> asyncio.Task[int]:
    """Start saving, until the store has the first work."""
    saving = asyncio.create_task(books.save())
    await asyncio.sleep(0)
    return saving


FULL = StoreError(StoreReason.FULL, "the disk is full")


def test_P4_what_the_store_refused_is_written_with_the_next_saving() -> None:
    async def scene(books: Bookkeeping, store: HeldStore) -> None:
        polled = polled_feed()
        polled.is_unsaved = True
        books.note(polled)
        saving = await begin(books)
        store.end(FULL)
        with pytest.raises(StoreError):
            await saving
        assert polled.is_unsaved

        again = await begin(books)
        store.end()

        assert await again == 1
        assert not polled.is_unsaved

    play(scene)


def test_a_saving_that_is_cancelled_forgets_nothing() -> None:
    async def scene(books: Bookkeeping, store: HeldStore) -> None:
        polled = polled_feed()
        polled.is_unsaved = True
        books.note(polled)
        saving = await begin(books)
        saving.cancel()
        await asyncio.wait({saving})
        assert store.works[0].cancelled()
        assert polled.is_unsaved

        again = await begin(books)
        store.end()

        assert await again == 1

    play(scene)


def test_what_changes_while_it_is_being_written_is_written_once_more() -> None:
    async def scene(books: Bookkeeping, store: HeldStore) -> None:
        polled = polled_feed()
        books.note(polled)
        saving = await begin(books)
        books.note(polled)
        store.end()
        await store.taken(2)
        store.end()

        assert await saving == 2

    play(scene)


def test_a_page_that_is_removed_while_its_saving_fails_is_not_written_later() -> None:
    async def scene(books: Bookkeeping, store: HeldStore) -> None:
        polled = polled_feed()
        books.note(polled)
        saving = await begin(books)
        polled.page.is_removed = True
        books.forget(polled)
        store.end(FULL)
        with pytest.raises(StoreError):
            await saving

        assert await books.save() == 0

    play(scene)


def test_a_failure_after_the_first_batch_keeps_the_rest() -> None:
    async def scene(books: Bookkeeping, store: HeldStore) -> None:
        for number in range(BATCH + 1):
            books.note(polled_feed(number))
        saving = await begin(books)
        store.end()
        await store.taken(2)
        store.end(FULL)
        with pytest.raises(StoreError):
            await saving

        again = await begin(books)
        store.end()

        assert await again == 1

    play(scene)


def test_the_row_of_a_feed_that_is_being_polled_is_left_to_the_poll() -> None:
    async def scene(books: Bookkeeping, store: HeldStore) -> None:
        polled = polled_feed()
        polled.is_unsaved = True
        polled.stage = Stage.BUSY
        books.note(polled)
        saving = await begin(books)
        store.end()

        assert await saving == 1
        assert polled.is_unsaved

    play(scene)


def test_P14_a_bug_in_saving_is_told_and_costs_nothing_but_that_saving(caplog: pytest.LogCaptureFixture) -> None:
    async def scene(books: Bookkeeping, store: HeldStore) -> None:
        books.note(polled_feed())
        books.save_when_due(60.0)
        await asyncio.sleep(0)
        store.end(ZeroDivisionError("nobody foresaw this"))
        closing = asyncio.create_task(books.close())
        await store.taken(2)
        store.end()
        await closing

    play(scene)
    assert [record.exc_info is not None for record in caplog.records] == [True]
