"""The rules that hold whatever order, repetition or delay documents arrive in, over generated provider histories."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from statuswire.model import EventType, Source

from .histories import STYLES, Provider
from .memory import Memory
from .rules import (
    check_every_rule,
    each_update_is_told_at_most_once,
    every_update_since_the_first_sight_is_told,
    live,
    the_components_are_the_truth,
    the_deleted_is_closed,
    the_incidents_are_the_truth,
)
from .views import SnapshotViews, documents

histories = st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 40), st.sampled_from(STYLES))


def check(history: tuple[int, int, str]) -> None:
    provider, arriving = documents(*history)
    memory = live(arriving)
    check_every_rule(provider, arriving, memory)
    the_deleted_is_closed(provider, memory)
    the_components_are_the_truth(provider, memory)


@settings(max_examples=400)
@given(histories)
@example((12533, 5, "stamped"))
@example((14620, 1, "stamped"))
@example((3_879_877_491, 1, "unstamped"))
@example((30869, 25, "unstamped"))
@example((100000, 7, "unstamped"))
def test_every_update_is_told_once_and_the_state_is_the_truth(history: tuple[int, int, str]) -> None:
    check(history)


@pytest.mark.nightly
@settings(max_examples=10_000)
@given(histories)
def test_ten_thousand_histories(history: tuple[int, int, str]) -> None:
    check(history)


@settings(max_examples=100)
@given(histories)
def test_the_same_document_twice_tells_nothing(history: tuple[int, int, str]) -> None:
    _, arriving = documents(*history)
    memory = Memory()

    for delivery in arriving:
        memory.take(delivery)
        _, again = memory.take(delivery)

        assert again == []


@example((27_402, 11, "unstamped"))
@settings(max_examples=100)
@given(histories)
def test_a_stale_document_changes_no_phase_and_no_component(history: tuple[int, int, str]) -> None:
    _, arriving = documents(*history)
    memory = Memory()
    for delivery in arriving:
        memory.take(delivery)
    before = memory.known

    for delivery in arriving[:-4]:
        _, events = memory.take(delivery)

        assert [event for event in events if event.update is None] == []
        assert [(one.id, one.phase) for one in memory.known.incidents] == [
            (one.id, one.phase) for one in before.incidents
        ]
        assert [(one.id, one.status) for one in memory.known.components] == [
            (one.id, one.status) for one in before.components
        ]


@settings(max_examples=100)
@given(histories, st.randoms(use_true_random=True))
def test_the_order_of_items_is_irrelevant(history: tuple[int, int, str], random: Random) -> None:
    _, arriving = documents(*history)
    ordered, shuffled = Memory(), Memory()

    for delivery in arriving:
        snapshot = delivery.snapshot
        mixed = replace(
            snapshot,
            incidents=tuple(random.sample(snapshot.incidents, len(snapshot.incidents))),
            components=tuple(random.sample(snapshot.components, len(snapshot.components))),
        )
        _, events = ordered.take(delivery)
        _, others = shuffled.take(replace(delivery, snapshot=mixed))

        assert {event.key for event in events} == {event.key for event in others}


@settings(max_examples=100)
@given(histories)
def test_a_first_sight_tells_what_is_open_and_nothing_else(history: tuple[int, int, str]) -> None:
    _, arriving = documents(*history)
    first = arriving[0]
    memory = Memory()

    _, events = memory.take(first)

    open_now = {one.id for one in first.snapshot.incidents if not _closed_in(one)}
    assert {event.incident.id for event in events if event.incident} == open_now
    assert all(event.incident for event in events)


@settings(max_examples=100)
@given(histories)
@example((0, 10, "stamped"))
def test_a_failed_reading_is_no_document_and_so_changes_nothing(history: tuple[int, int, str]) -> None:
    """Leaving out any of the documents in the middle may delay news but loses and invents nothing."""
    provider, arriving = documents(*history)
    kept = [*arriving[:1], *arriving[1:-4:2], *arriving[-4:]]

    memory = live(kept)

    each_update_is_told_at_most_once(memory)
    every_update_since_the_first_sight_is_told(provider, kept, memory)
    the_incidents_are_the_truth(provider, memory)
    the_deleted_is_closed(provider, memory)
    the_components_are_the_truth(provider, memory)


def _closed_in(incident: object) -> bool:
    phase = incident.phase or incident.updates[-1].phase
    return bool(phase.is_closed)


def test_a_hook_a_feed_and_a_document_about_one_update_are_one_event() -> None:
    provider = Provider(Random(1), "stamped")
    memory = Memory()
    views = SnapshotViews(provider)
    memory.take(views.state())
    incident = provider.create()

    for delivery in (views.hook(incident), views.feed(), views.state(), views.history()):
        memory.take(delivery)

    assert [event.type for event in memory.events if event.incident] == [EventType.INCIDENT_CREATED]
    assert memory.events[0].source is Source.HOOK


def test_what_is_missing_from_a_newer_list_is_closed_by_inference_when_history_is_silent() -> None:
    provider = Provider(Random(1), "stamped")
    memory = Memory()
    views = SnapshotViews(provider)
    incident = provider.create()
    memory.take(views.state())
    provider.now += timedelta(minutes=10)
    provider.updated_at = provider.now
    incident.is_deleted = True

    outcome, events = memory.take(views.state())

    assert outcome.wants_history
    assert [(event.type, event.source) for event in events if event.incident] == [
        (EventType.INCIDENT_RESOLVED, Source.INFER)
    ]
