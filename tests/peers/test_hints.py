"""Hints on their way out: at once, then at most every 100 ms, by the first way that takes them."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from itertools import pairwise

import pytest

from statuswire.peers.base import Board, Topic
from statuswire.peers.hints import GAP_S, Hints, Pending
from statuswire.peers.together import NOBODY
from tests.fakes import FakeClock
from tests.peers.scene import play, running

LOG, INBOX = Topic.LOG, Topic.INBOX


class PaperWay:
    """A way that writes down what it is given, with the time; `is_open` is whether it takes anything."""

    def __init__(self, name: str, clock: FakeClock) -> None:
        self.name = name
        self.is_hearing = self.is_open = True
        self.sent: list[tuple[float, tuple[Topic, ...]]] = []
        self._clock = clock

    async def send(self, topics: Collection[Topic]) -> bool:
        if self.is_open:
            self.sent.append((round(self._clock.monotonic(), 3), tuple(topics)))
        return self.is_open

    async def run(self) -> None:
        await asyncio.Event().wait()


def test_the_first_hint_goes_at_once_and_what_follows_goes_as_one_at_the_end_of_the_gap() -> None:
    clock = FakeClock()
    way = PaperWay("paper", clock)
    hints = Hints(clock, Board(), [way])  # type: ignore[arg-type]

    async def scene() -> None:
        async with running(hints.run()):
            for _ in range(10):
                hints.hint(LOG)
                await clock.advance(0.01)
            hints.hint(INBOX)
            await clock.advance(1.0)
            hints.hint(LOG)
            await clock.advance(0.0)

    play(scene)

    assert way.sent == [(0.0, (LOG,)), (0.1, (LOG, INBOX)), (1.1, (LOG,))]


def test_a_way_that_is_closed_leaves_the_hints_to_the_next_and_takes_them_again_later() -> None:
    clock = FakeClock()
    first, second = PaperWay("first", clock), PaperWay("second", clock)
    hints = Hints(clock, Board(), [first, second])  # type: ignore[arg-type]

    async def scene() -> None:
        async with running(hints.run()):
            for is_open in (True, False, True):
                first.is_open = is_open
                hints.hint(LOG)
                await clock.advance(1.0)
            first.is_open = second.is_open = False
            hints.hint(LOG)
            await clock.advance(1.0)

    play(scene)

    assert [at for at, _ in first.sent] == [0.0, 2.0]
    assert [at for at, _ in second.sent] == [1.0]
    assert hints.counts == {"first": 2, "second": 1, "none": 1}


def test_no_topic_goes_more_often_than_the_gap_whatever_is_hinted() -> None:
    pending, sent = Pending(), list[float]()

    for number in range(1000):
        now = number * 0.003
        pending.add(LOG)
        sent += [now for _ in pending.take(now)]

    assert all(later - earlier >= GAP_S - 1e-9 for earlier, later in pairwise(sent))
    assert len(sent) >= 3.0 / (GAP_S + 0.003) - 1


def test_one_process_alone_has_nobody_to_hint_at() -> None:
    NOBODY.hint(LOG)
    NOBODY.told([])

    assert NOBODY.is_alone and NOBODY.counts() is None and NOBODY.buckets is None
    assert dict(NOBODY.account()) == {}


def test_a_listener_that_fails_keeps_nobody_else_from_hearing(caplog: pytest.LogCaptureFixture) -> None:
    board, heard = Board(), list[str]()
    board.listen(LOG, lambda: 1 / 0)
    board.listen(LOG, lambda: heard.append("log"))

    assert board.hear("log") and not board.hear("weather")
    assert heard == ["log"] and "listener failed" in caplog.text
