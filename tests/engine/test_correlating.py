"""Several pages told as one story by the real planner: in one thread, with evidence, and nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statuswire.core.collecting import StormRule
from statuswire.engine.planner import Rules
from statuswire.model import EventType, Impact, MessageKind, Quiet, QuietHours, Route
from statuswire.store import queries
from tests.engine.happening import CHANNEL, START, Telling

MINUTE = timedelta(minutes=1)
ROUTE = Route("ops", ("ops",))
RULES = Rules(routes=(ROUTE,), channels=CHANNEL, storm=None)
OFF = replace(RULES, correlate=None)
FROM_AWS = "Our provider AWS has trouble."


@pytest.fixture
def telling() -> Iterator[Telling]:
    made = Telling(RULES)
    yield made
    made.close()


def three_pages(telling: Telling) -> None:
    for page in ("acme", "beta", "core"):
        telling.happens(page, text=FROM_AWS)
        telling.wait(MINUTE)


def test_the_third_page_is_told_as_one_story_that_lists_them_all(telling: Telling) -> None:
    three_pages(telling)

    *alone, together = telling.deliveries
    assert [one.kind for one in alone] == [MessageKind.EVENT, MessageKind.EVENT]
    assert (together.kind, together.event_ids) == (MessageKind.STORY, (1, 2, 3))
    assert together.thread.startswith("correlation/")
    assert together.evidence[0] == "3 pages within 2 min name AWS"


def test_the_verdict_says_with_how_many_it_is_told(telling: Telling) -> None:
    telling.happens("acme", text=FROM_AWS)
    telling.happens("beta", text=FROM_AWS)
    third = telling.happens("core", text=FROM_AWS)

    assert telling.verdict(third).reason == "told with 2 other pages"


def test_members_told_before_keep_their_threads_and_later_ones_join(telling: Telling) -> None:
    three_pages(telling)
    telling.happens("acme", EventType.INCIDENT_UPDATED)
    telling.happens("core", EventType.INCIDENT_UPDATED)
    telling.happens("delta", text=FROM_AWS)

    first, _, together, of_first, of_third, later = telling.deliveries
    assert of_first.thread == first.thread == "acme/incident/i1"
    assert of_third.thread == together.thread == later.thread
    assert (later.kind, later.event_ids) == (MessageKind.STORY, (6,))


def test_the_shared_thread_ends_with_the_last_of_its_stories(telling: Telling) -> None:
    three_pages(telling)
    telling.happens("delta", text=FROM_AWS)

    telling.happens("core", EventType.INCIDENT_RESOLVED)
    telling.happens("delta", EventType.INCIDENT_RESOLVED)

    assert [one.is_last for one in telling.deliveries[-2:]] == [False, True]


def test_a_harmless_incident_is_no_evidence(telling: Telling) -> None:
    for page in ("acme", "beta", "core"):
        telling.happens(page, text=FROM_AWS, impact=Impact.NONE)

    assert {one.kind for one in telling.deliveries} == {MessageKind.EVENT}


def test_what_is_shown_later_is_kept(telling: Telling) -> None:
    three_pages(telling)

    (one,) = telling.store.read(lambda tx: queries.correlations(tx, START))
    assert (one.route, one.pages, one.shared) == ("ops", ("acme", "beta", "core"), ("AWS",))


def test_what_is_held_counts_when_it_is_told() -> None:
    held = replace(ROUTE, quiet=Quiet(hold=5 * MINUTE))
    with closing(Telling(replace(RULES, routes=(held,)))) as telling:
        three_pages(telling)
        for _ in range(10):
            telling.wait(MINUTE)

        assert [one.kind for one in telling.deliveries] == [MessageKind.EVENT, MessageKind.EVENT, MessageKind.STORY]


def test_quiet_hours_tell_them_together_anyway() -> None:
    night = QuietHours(time(0), time(23), ZoneInfo("UTC"))
    with closing(Telling(replace(RULES, routes=(replace(ROUTE, quiet=Quiet(quiet_hours=night)),)))) as telling:
        three_pages(telling)
        telling.wait(timedelta(hours=14))

        (digest,) = telling.deliveries
        assert (digest.kind, digest.event_ids) == (MessageKind.DIGEST, (1, 2, 3))


def test_a_storm_of_one_provider_is_a_digest_that_leaves_none_out() -> None:
    with closing(Telling(replace(RULES, storm=StormRule(pages=5)))) as telling:
        pages = [f"page-{number}" for number in range(20)]
        ids = {telling.happens(page, text=FROM_AWS).id for page in pages}
        telling.wait(2 * MINUTE)

        told = {id_ for one in telling.deliveries for id_ in one.event_ids}
        assert told == ids
        assert len(telling.deliveries) == 6


def test_what_another_route_told_alone_is_not_told_again_on_the_same_channel() -> None:
    for_one_page = Route("one", ("ops",), replace(ROUTE.filter, pages=("core",)))
    with closing(Telling(replace(RULES, routes=(for_one_page, ROUTE)))) as telling:
        three_pages(telling)

        assert len(telling.deliveries) == 3


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["acme", "beta", "core", "delta"]),
        st.sampled_from(["i1", "i2"]),
        st.sampled_from([EventType.INCIDENT_CREATED, EventType.INCIDENT_UPDATED, EventType.INCIDENT_RESOLVED]),
        st.sampled_from(["Errors.", FROM_AWS, "Frankfurt is slow.", "AWS in Frankfurt."]),
        st.sampled_from([Impact.NONE, Impact.MINOR, Impact.CRITICAL]),
        st.integers(0, 15),
    ),
    max_size=25,
)


def played(rules: Rules, steps: list[tuple[str, str, EventType, str, Impact, int]]) -> Telling:
    telling = Telling(rules)
    for page, id_, type_, text, impact, minutes in steps:
        telling.happens(page, type_, id_=id_, text=text, impact=impact)
        telling.wait(minutes * MINUTE)
    for _ in range(12):
        telling.wait(MINUTE)
    return telling


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_correlation_loses_no_event_and_adds_no_message(
    steps: list[tuple[str, str, EventType, str, Impact, int]],
) -> None:
    with closing(played(RULES, steps)) as together, closing(played(OFF, steps)) as alone:
        newest = [one.event_ids[-1] for one in together.deliveries]

        assert newest == [one.event_ids[-1] for one in alone.deliveries]
        assert {one.kind for one in alone.deliveries} <= {MessageKind.EVENT}
        assert not any(one.evidence or one.thread.startswith("correlation/") for one in alone.deliveries)
