"""The rules of reconciling hold for what platforms read out of their own documents, feeds and hooks."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.histories import TOKEN, arrivals
from tests.core.memory import Delivery
from tests.core.rules import (
    check_every_rule,
    component_events_form_a_chain,
    live,
    the_components_are_the_truth,
    the_deleted_is_closed,
    the_last_event_says_where_an_incident_stands,
)

from .base import WordedProvider, Writer, WrittenViews
from .found import WRITERS

seeds = st.integers(0, 2**32 - 1)
lengths = st.integers(1, 40)


def name(writer: Writer) -> str:
    return writer.platform.name


def tokens_shown(arriving: Sequence[Delivery]) -> frozenset[str]:
    """The updates that any of the documents ever showed."""
    incidents = [one for delivery in arriving for one in delivery.snapshot.incidents]
    return frozenset(token for one in incidents for update in one.updates for token in TOKEN.findall(update.text))


def check(writer: Writer, seed: int, steps: int) -> None:
    style = writer.styles[seed % len(writer.styles)]
    provider = WordedProvider(writer, Random(seed), style)
    arriving: Sequence[Delivery] = arrivals(provider, WrittenViews(writer, provider), steps)
    memory = live(arriving)
    if not writer.has_incidents:
        component_events_form_a_chain(memory)
        the_last_event_says_where_an_incident_stands(memory)
        the_components_are_the_truth(provider, memory)
        return
    shown = None if writer.shows_every_update else tokens_shown(arriving)
    check_every_rule(provider, arriving, memory, writer.incident_id, shown)
    if writer.shows_deletions:
        the_deleted_is_closed(provider, memory, writer.incident_id)
    if writer.shows_components:
        the_components_are_the_truth(provider, memory)


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
