"""A timing wheel: what is due goes into the tick it is due in, and whole ticks come out.

Ticks of 250 ms let due polls of different hosts leave in bursts, which costs a fifth of the CPU of one timer each and
at most a quarter of a second of delay. The wheel is a mapping from tick number to list plus a heap of the numbers in
use, so that putting and taking cost the same for a second and for a day ahead, and an item costs one pointer.
"""

from __future__ import annotations

import heapq
import math
from typing import Generic, Protocol, TypeVar

TICK_S = 0.25
NOWHERE = -1


class Placeable(Protocol):
    """What can stand in a wheel: it carries its own place, `NOWHERE` when it has none."""

    tick: int


T = TypeVar("T", bound=Placeable)


class Wheel(Generic[T]):
    """Items by the tick in which they are due. An item has one place: the last one it was put to.

    Times are monotonic seconds. Not safe for threads: it belongs to one event loop.
    """

    __slots__ = ("_buckets", "_taken", "_ticks", "tick_s")

    def __init__(self, now: float, tick_s: float = TICK_S) -> None:
        self.tick_s = tick_s
        self._buckets: dict[int, tuple[int, list[T]]] = {}
        self._ticks: list[int] = []
        self._taken = math.floor(now / tick_s)

    def put(self, item: T, due: float) -> None:
        """Place `item` in the first tick that is not before `due` and was not taken yet; moves it if it had a place."""
        tick = math.ceil(due / self.tick_s)
        if tick <= self._taken:
            tick = self._taken + 1
        if item.tick == tick:
            return
        bucket = self._buckets.get(tick)
        if bucket is None:
            bucket = self._buckets[tick] = tick, []
            heapq.heappush(self._ticks, tick)
        item.tick = bucket[0]  # the very number, which all items of the tick have once in memory
        bucket[1].append(item)

    def drop(self, item: T) -> None:
        """Take `item` out; its pointer is left behind until that tick comes."""
        item.tick = NOWHERE

    def next_at(self) -> float | None:
        """When the next tick in use is; None when nothing is placed."""
        return self._ticks[0] * self.tick_s if self._ticks else None

    def take_due(self, now: float) -> list[T]:
        """Everything due by `now`, earliest first; taken items have no place any more."""
        self._taken = max(self._taken, math.floor(now / self.tick_s))
        due: list[T] = []
        while self._ticks and self._ticks[0] <= self._taken:
            tick = heapq.heappop(self._ticks)
            for item in self._buckets.pop(tick)[1]:
                if item.tick == tick:
                    item.tick = NOWHERE
                    due.append(item)
        return due
