"""The wheel gives everything back, in order, in the tick it is due in and never before."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from statuswire.engine.wheel import NOWHERE, TICK_S, Wheel


@dataclass(eq=False)
class Item:
    due: float = 0.0
    tick: int = NOWHERE


def test_an_item_comes_out_in_its_tick_and_not_before() -> None:
    wheel: Wheel[Item] = Wheel(0.0)
    item = Item()
    wheel.put(item, 1.1)

    assert wheel.next_at() == 1.25
    assert wheel.take_due(1.24) == []
    assert wheel.take_due(1.25) == [item]
    assert item.tick == NOWHERE
    assert wheel.next_at() is None


def test_everything_of_one_tick_leaves_in_one_burst() -> None:
    wheel: Wheel[Item] = Wheel(0.0)
    items = [Item() for _ in range(5)]
    for number, item in enumerate(items):
        wheel.put(item, 1.01 + number * 0.04)

    assert wheel.take_due(1.25) == items


def test_moving_an_item_leaves_nothing_behind() -> None:
    wheel: Wheel[Item] = Wheel(0.0)
    item = Item()
    for due in (5.0, 2.0, 5.0, 9.0, 5.0):
        wheel.put(item, due)

    assert wheel.take_due(4.0) == []
    assert wheel.take_due(100.0) == [item]


def test_a_dropped_item_does_not_come_out() -> None:
    wheel: Wheel[Item] = Wheel(0.0)
    item = Item()
    wheel.put(item, 1.0)
    wheel.drop(item)

    assert wheel.take_due(10.0) == []


def test_what_is_put_into_the_past_comes_with_the_next_tick() -> None:
    wheel: Wheel[Item] = Wheel(0.0)
    wheel.take_due(100.0)
    item = Item()
    wheel.put(item, 3.0)

    assert wheel.take_due(100.0) == []
    assert wheel.take_due(100.25) == [item]


@given(st.lists(st.floats(0, 90_000), max_size=60), st.lists(st.floats(0.01, 9_000), min_size=1, max_size=40))
def test_every_item_comes_out_once_at_the_first_look_after_it_is_due(dues: list[float], steps: list[float]) -> None:
    wheel: Wheel[Item] = Wheel(0.0)
    waiting = {id(item): item for item in (Item(due) for due in dues)}
    for item in waiting.values():
        wheel.put(item, item.due)

    now = 0.0
    for step in (*steps, 100_000.0):
        now += step
        for item in wheel.take_due(now):
            assert item.due <= now
            del waiting[id(item)]
        assert all(item.due > now - TICK_S for item in waiting.values())
    assert not waiting
