"""What one document tells of a story at once is one message, by its newest event; nothing of it is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statuswire.engine.planner import Rules
from statuswire.model import EventType, Mode, Quiet, Route, VerdictKind
from tests.engine.happening import CHANNEL, Telling

CREATED, UPDATED = EventType.INCIDENT_CREATED, EventType.INCIDENT_UPDATED
RESOLVED, REOPENED = EventType.INCIDENT_RESOLVED, EventType.INCIDENT_REOPENED

ROUTE = Route("ops", ("ops",))
RULES = Rules(routes=(ROUTE,), channels=CHANNEL, storm=None, correlate=None)


@pytest.fixture
def telling() -> Iterator[Telling]:
    with closing(Telling(RULES)) as made:
        yield made


def told(telling: Telling) -> list[tuple[int, ...]]:
    return [one.event_ids for one in telling.deliveries]


def test_an_incident_first_seen_with_several_updates_is_one_message(telling: Telling) -> None:
    first, *_ = telling.learns("acme", CREATED, UPDATED, UPDATED)

    assert told(telling) == [(1, 2, 3)]
    assert telling.verdict(first).kind is VerdictKind.FOLDED


def test_updates_of_one_document_are_one_message_in_the_middle_too(telling: Telling) -> None:
    telling.learns("acme", CREATED)
    telling.learns("acme", UPDATED, UPDATED)

    assert told(telling) == [(1,), (2, 3)]


def test_one_that_began_and_ended_between_two_looks_is_told(telling: Telling) -> None:
    telling.learns("acme", CREATED, UPDATED, RESOLVED)

    (message,) = telling.deliveries
    assert (message.event_ids, message.is_last) == ((1, 2, 3), True)


def test_what_comes_in_documents_of_its_own_is_told_by_itself(telling: Telling) -> None:
    for kind in (CREATED, UPDATED, RESOLVED):
        telling.learns("acme", kind)

    assert told(telling) == [(1,), (2,), (3,)]


def test_a_plain_route_tells_each_by_itself() -> None:
    plain = replace(ROUTE, quiet=Quiet(gathers=False))
    with closing(Telling(replace(RULES, routes=(plain,)))) as telling:
        telling.learns("acme", CREATED, UPDATED, RESOLVED)

        assert told(telling) == [(1,), (2,), (3,)]


def test_first_and_last_are_told_of_what_came_at_once() -> None:
    brief = replace(ROUTE, quiet=Quiet(mode=Mode.FIRST_AND_LAST))
    with closing(Telling(replace(RULES, routes=(brief,)))) as telling:
        telling.learns("acme", CREATED, UPDATED)
        telling.learns("acme", UPDATED, UPDATED)
        telling.learns("acme", RESOLVED)

        assert told(telling) == [(1, 2), (5,)]


DOCUMENTS = st.lists(
    st.tuples(
        st.sampled_from(["acme", "beta"]),
        st.lists(st.sampled_from([CREATED, UPDATED, RESOLVED, REOPENED]), min_size=1, max_size=5),
    ),
    max_size=8,
)


@settings(max_examples=60, deadline=None)
@given(DOCUMENTS)
def test_every_event_is_in_a_message_exactly_as_without_gathering(
    documents: list[tuple[str, list[EventType]]],
) -> None:
    quiet = Quiet(flap=Quiet().flap * 0)
    apart = replace(quiet, gathers=False)
    with (
        closing(Telling(replace(RULES, routes=(replace(ROUTE, quiet=quiet),)))) as together,
        closing(Telling(replace(RULES, routes=(replace(ROUTE, quiet=apart),)))) as alone,
    ):
        for page, kinds in documents:
            together.learns(page, *kinds)
            alone.learns(page, *kinds)

        assert sorted(id_ for some in told(together) for id_ in some) == sorted(
            id_ for some in told(alone) for id_ in some
        )
        assert len(together.deliveries) <= len(alone.deliveries)
