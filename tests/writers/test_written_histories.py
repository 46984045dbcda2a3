"""The rules of reconciling hold for what platforms read out of their own documents, feeds and hooks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statuswire.model import Event
from tests.core.histories import Provider, arrivals
from tests.core.memory import Delivery
from tests.core.rules import (
    check_every_rule,
    component_events_form_a_chain,
    fact,
    fact_of_phase,
    live,
    the_components_are_the_truth,
    the_deleted_is_closed,
    the_last_event_says_where_an_incident_stands,
    the_troubled_components_are_the_truth,
)

from .base import WordedProvider, Writer, WrittenViews
from .found import WRITERS

seeds = st.integers(0, 2**32 - 1)
lengths = st.integers(1, 40)


def name(writer: Writer) -> str:
    """The platform's; pytest tells several writers of one apart by their numbers."""
    return writer.platform.name


def named(writer: Writer, provider: Provider, events: Sequence[Event]) -> list[Event]:
    """The events, with its name as the text of an update that was told before its text."""
    names = {writer.update_id(update): update.token for one in provider.incidents for update in one.updates}
    return [
        replace(event, update=replace(event.update, text=names.get(event.update.id, "")))
        if event.update and not event.update.text
        else event
        for event in events
    ]


def check(writer: Writer, seed: int, steps: int) -> None:
    style = writer.styles[seed % len(writer.styles)]
    provider = WordedProvider(writer, Random(seed), style)
    arriving: Sequence[Delivery] = arrivals(provider, WrittenViews(writer, provider), steps)
    memory = live(arriving)
    memory.events = named(writer, provider, memory.events)
    if not writer.has_incidents:
        component_events_form_a_chain(memory)
        the_last_event_says_where_an_incident_stands(memory)
    else:
        fact_of = fact if writer.has_updates_apart else fact_of_phase
        check_every_rule(provider, arriving, memory, writer.incident_id, writer.shown, fact_of)
    if writer.shows_deletions:
        the_deleted_is_closed(provider, memory, writer.incident_id)
    if writer.shows_components:
        the_components_are_the_truth(provider, memory, writer.level)
    if writer.shows_troubled:
        the_troubled_components_are_the_truth(provider, memory, writer.level)


@pytest.mark.parametrize("writer", WRITERS, ids=name)
@settings(max_examples=40)
@given(seed=seeds, steps=lengths)
def test_every_update_is_told_once_and_the_state_is_the_truth(writer: Writer, seed: int, steps: int) -> None:
    check(writer, seed, steps)


@pytest.mark.nightly
@pytest.mark.parametrize("writer", WRITERS, ids=name)
@settings(max_examples=5_000)
@given(seed=seeds, steps=lengths)
def test_five_thousand_histories(writer: Writer, seed: int, steps: int) -> None:
    check(writer, seed, steps)
