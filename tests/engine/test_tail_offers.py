"""What other processes have recorded, told without reading the log where that cannot be wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from statuswire.engine.tail import LOOK_AT_SHARED_S, LOOK_EVERY_S, Tail
from statuswire.model import Event
from statuswire.store import queries
from tests.engine.test_tail import Ears, Log, run
from tests.peers.scene import until


def kept(log: Log, first: int, last: int) -> list[Event]:
    """Events as the log has them."""
    found = log.store.read(lambda tx: queries.events_after(tx, 0, 10_000))
    return [event for event in found if first <= event.id <= last]


class Counted:
    """A store that counts how often it is read."""

    def __init__(self, log: Log) -> None:
        self.reads = 0
        self.dialect = log.store.dialect
        self._store = log.store

    def read(self, work: object) -> object:
        self.reads += 1
        return self._store.read(work)  # type: ignore[arg-type]


def test_what_goes_on_from_the_place_is_told_at_once_and_not_read() -> None:
    log, ears = Log(), Ears()

    async def scene() -> None:
        store = Counted(log)
        tail = Tail(store, log.clock)  # type: ignore[arg-type]
        await tail.follow(ears)
        before = store.reads
        log.append(3)
        assert tail.offer(kept(log, 1, 2)) == "taken"
        assert ears.ids == [1, 2] and store.reads == before
        assert await tail.tell_new() == 1

    run(scene)

    assert ears.ids == [1, 2, 3]


def test_what_leaves_a_gap_is_not_told_and_the_log_is_read_instead() -> None:
    log, ears = Log(), Ears()

    async def scene() -> None:
        tail = Tail(log.store, log.clock)
        await tail.follow(ears)
        running = asyncio.create_task(tail.run())
        await log.clock.advance(0)
        log.append(4)
        assert tail.offer(kept(log, 3, 4)) == "gap"
        assert ears.ids == []
        await until(lambda: len(ears.ids) == 4)  # without a step of the clock: the look is not what brings them
        running.cancel()

    run(scene)

    assert ears.ids == [1, 2, 3, 4]


def test_what_was_told_already_is_not_told_again() -> None:
    log, ears = Log(), Ears()

    async def scene() -> None:
        tail = Tail(log.store, log.clock)
        await tail.follow(ears)
        log.append(2)
        await tail.tell_new()
        assert tail.offer(kept(log, 1, 2)) == "known"
        log.append(1)
        assert tail.offer(kept(log, 1, 3)) == "taken"

    run(scene)

    assert ears.ids == [1, 2, 3]


def test_while_one_listener_is_behind_the_log_is_read() -> None:
    log, early, late = Log(), Ears(), Ears()

    async def scene() -> None:
        tail = Tail(log.store, log.clock)
        await tail.follow(early)
        log.append(1)
        await tail.follow(late)
        log.append(1)
        assert tail.offer(kept(log, 2, 2)) == "gap"
        assert (early.ids, late.ids) == ([], [])
        await tail.tell_new()

    run(scene)

    assert (early.ids, late.ids) == ([1, 2], [2])


def test_nobody_to_tell_is_no_gap() -> None:
    log = Log()
    log.append(1)

    assert Tail(log.store, log.clock).offer(kept(log, 1, 1)) == "known"


def test_what_is_offered_while_the_log_is_being_read_is_told_once() -> None:
    log, ears = Log(), Ears()

    async def scene() -> None:
        tail = Tail(log.store, log.clock)
        await tail.follow(ears)
        log.append(3)
        reading = asyncio.create_task(tail.tell_new())
        await asyncio.sleep(0)
        assert tail.offer(kept(log, 1, 2)) == "taken"
        await reading

    run(scene)

    assert ears.ids == [1, 2, 3]


def test_a_log_that_others_write_to_is_looked_at_more_often() -> None:
    log = Log()
    shared = Counted(log)
    shared.dialect = replace(log.store.dialect, is_shared=True)

    looks = [Tail(store, log.clock)._look_every_s for store in (log.store, shared)]  # type: ignore[arg-type]

    assert looks == [LOOK_EVERY_S, LOOK_AT_SHARED_S]


FRAMES = st.lists(st.tuples(st.integers(1, 12), st.integers(1, 5), st.booleans()), max_size=20)


@given(FRAMES)
def test_whatever_is_offered_in_whatever_order_everything_is_told_once_and_in_order(
    frames: Sequence[tuple[int, int, bool]],
) -> None:
    """Frames from any place and of any length, lost, repeated or swapped, with a look between some of them."""
    log, ears = Log(), Ears()

    async def scene() -> None:
        tail = Tail(log.store, log.clock)
        await tail.follow(ears)
        log.append(15)
        for first, length, looks in frames:
            tail.offer(kept(log, first, first + length - 1))
            if looks:
                await tail.tell_new()
        await tail.tell_new()

    run(scene)
    log.store.close()

    assert ears.ids == list(range(1, 16))
