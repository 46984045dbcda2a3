"""Pagers: whatever opens there is closed, what is over before anybody was paged pages nobody, and a storm is one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from statuswire.channels.rendering import is_over
from statuswire.core.collecting import StormRule
from statuswire.core.routing import at_least
from statuswire.engine.noting import message_of
from statuswire.engine.planner import KnownChannel
from statuswire.model import (
    DeliveryState,
    Digest,
    Escalation,
    Event,
    EventType,
    Filter,
    Impact,
    MessageKind,
    Quiet,
    QuietHours,
    Route,
    Status,
)
from tests.core.happenings import happenings
from tests.core.told import component_event, incident_event
from tests.engine.desk import Desk, rules

HOURLY = Quiet(digest=Digest(timedelta(hours=1)))
NIGHT = Quiet(quiet_hours=QuietHours(time(9), time(12), ZoneInfo("UTC")))
OVER = "it was over before anybody was paged"
STORM = "part of a storm, which ends with the last of it"
PAGES = StormRule().pages


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk(rules(Route("hourly", ("pager",), quiet=HOURLY)))
    yield made
    made.close()


def with_routes(desk: Desk, *routes: Route, **fields: object) -> Desk:
    desk.rules = rules(*routes, **fields)
    desk.again()
    return desk


def other(word: str = "incident.created", number: int = 2) -> Event:
    return incident_event(word, incident=f"i{number}", title=f"t{number}")


# --- what waits --------------------------------------------------------------------------------------------------


def test_what_waited_is_told_story_by_story(desk: Desk) -> None:
    desk.tell(incident_event(), other(), incident_event("incident.updated"))
    desk.pass_time(hours=1)

    told = [(one.kind, one.thread, one.event_ids) for one in desk.deliveries("pager")]
    assert told == [
        (MessageKind.EVENT, "acme/incident/i2", (2,)),
        (MessageKind.EVENT, "acme/incident/i1", (3,)),
    ]
    assert desk.verdicts(1) == [("hourly", "folded", "told with a later one")]
    assert desk.verdicts(3) == [("hourly", "told", "")]


@pytest.mark.parametrize("quiet", [HOURLY, NIGHT])
def test_what_began_and_ended_while_it_waited_pages_nobody(desk: Desk, quiet: Quiet) -> None:
    with_routes(desk, Route("r", ("pager",), quiet=quiet))
    desk.tell(incident_event())
    desk.tell(incident_event("incident.updated"))

    desk.tell(incident_event("incident.resolved"))
    desk.pass_time(hours=5)

    assert desk.deliveries("pager") == []
    assert [desk.verdicts(id_) for id_ in (1, 2, 3)] == [[("r", "suppressed", OVER)]] * 3
    dropped = desk.deliveries("pager", DeliveryState.DROPPED)
    assert [one.event_ids for one in dropped] == [(1,), (2,)]


def test_an_end_does_not_wait_where_the_beginning_was_told(desk: Desk) -> None:
    desk.tell(incident_event())
    desk.pass_time(hours=1)
    desk.tell(incident_event("incident.updated"))

    desk.tell(incident_event("incident.resolved"))

    first, last = desk.deliveries("pager")
    assert (first.event_ids, last.event_ids, last.is_last) == ((1,), (2, 3), True)
    assert first.thread == last.thread
    assert desk.verdicts(2) == [("hourly", "folded", "told with a later one")]
    assert desk.pass_time(hours=2) == 0


def test_what_comes_back_and_goes_again_while_it_waits_pages_nobody_anew(desk: Desk) -> None:
    desk.tell(incident_event())
    desk.pass_time(hours=1)
    desk.tell(incident_event("incident.resolved"))
    desk.pass_time(minutes=15)
    desk.tell(incident_event("incident.reopened"))
    desk.tell(incident_event("incident.resolved"))
    desk.pass_time(hours=2)

    assert desk.told("pager") == [(1,), (2,)]
    assert desk.verdicts(4) == [("hourly", "suppressed", OVER)]


def test_another_channel_of_the_route_gets_its_digest_all_the_same(desk: Desk) -> None:
    with_routes(desk, Route("both", ("pager", "ops"), quiet=HOURLY))
    desk.tell(incident_event(), other(), incident_event("incident.resolved"))
    assert desk.verdicts(1) == [("both", "held", "told together, until 2026-05-04 11:00 UTC")]

    desk.pass_time(hours=1)

    assert desk.told("pager") == [(2,)]
    assert desk.told("ops") == [(2, 3)]
    assert desk.verdicts(3) == [("both", "told", "")]


def test_a_fact_by_itself_is_told_by_itself(desk: Desk) -> None:
    with_routes(desk, Route("r", ("pager",), Filter(types=("*",)), HOURLY))
    desk.tell(component_event(Status.OPERATIONAL, type_=EventType.COMPONENT_RENAMED), incident_event())
    desk.pass_time(hours=1)

    assert desk.told("pager") == [(1,), (2,)]


# --- more people --------------------------------------------------------------------------------------------------


def test_who_was_told_that_it_goes_on_is_told_that_it_ended(desk: Desk) -> None:
    escalating = Quiet(escalation=Escalation(timedelta(minutes=10), ("pager",)))
    with_routes(desk, Route("r", ("ops",), quiet=escalating))
    desk.tell(incident_event())
    desk.pass_time(minutes=10)

    desk.tell(incident_event("incident.resolved"))

    escalation, end = desk.deliveries("pager")
    assert (escalation.kind, escalation.thread) == (MessageKind.ESCALATION, end.thread)
    assert (end.event_ids, end.is_last) == ((2,), True)
    assert desk.told() == [(1,), (2,)]


def test_the_next_time_nobody_more_is_told_the_end_of_what_did_not_last(desk: Desk) -> None:
    escalating = Quiet(escalation=Escalation(timedelta(minutes=10), ("pager",)))
    with_routes(desk, Route("r", ("ops",), quiet=escalating))
    desk.tell(incident_event())
    desk.pass_time(minutes=10)
    desk.tell(incident_event("incident.resolved"))
    desk.pass_time(hours=1)
    desk.tell(incident_event("incident.reopened"))
    desk.tell(incident_event("incident.resolved"))

    assert len(desk.deliveries("pager")) == 2
    assert len(desk.deliveries()) == 4


def test_what_was_escalated_while_its_beginning_waited_is_closed(desk: Desk) -> None:
    quiet = Quiet(digest=HOURLY.digest, escalation=Escalation(timedelta(minutes=10), ("pager",)))
    with_routes(desk, Route("r", ("pager",), quiet=quiet))
    desk.tell(incident_event())
    desk.pass_time(minutes=10)
    desk.tell(incident_event("incident.resolved"))

    escalation, end = desk.deliveries("pager")
    assert escalation.kind is MessageKind.ESCALATION
    assert end.is_last


# --- storms -------------------------------------------------------------------------------------------------------


def storm_of(desk: Desk, pages: int, word: str = "incident.created", first: int = 0) -> list[Event]:
    numbers = range(first, first + pages)
    return desk.tell(*(incident_event(word, page=f"p{one}", title=f"t{one}") for one in numbers))


@pytest.fixture
def paging(desk: Desk) -> Desk:
    return with_routes(desk, Route("r", ("pager",)))


def test_O14_a_thousand_pages_in_a_minute_page_once_and_end_with_the_last_of_them(paging: Desk) -> None:
    storm_of(paging, 1_000)
    paging.pass_time(minutes=1)

    *single, storm = paging.deliveries("pager")
    assert len(single) == PAGES
    assert (storm.kind, len(storm.event_ids), storm.is_last) == (MessageKind.STORY, 1_000 - PAGES, False)
    assert storm.thread.startswith("storm:pager:")

    storm_of(paging, 999, "incident.resolved")
    assert len(paging.deliveries("pager")) == PAGES + 1 + PAGES, "each of the first ends by itself"
    assert paging.verdicts(1_500) == [("r", "folded", STORM)]

    storm_of(paging, 1, "incident.resolved", 999)
    last = paging.deliveries("pager")[-1]
    assert (last.thread, last.is_last, last.is_shared) == (storm.thread, True, True)
    assert paging.verdicts(2_000) == [("r", "told", "")]


def test_a_destination_that_groups_by_itself_is_told_every_story_alone(paging: Desk) -> None:
    grouping = {"pager": KnownChannel("alertmanager", is_pager=True, groups=True)}
    paging.rules = replace(paging.rules, channels=grouping)
    paging.again()

    storm_of(paging, 30)
    storm_of(paging, 30, "incident.resolved")

    told = paging.deliveries("pager")
    assert [one.kind for one in told] == [MessageKind.EVENT] * 60
    assert sum(one.is_last for one in told) == 30


def test_tags_and_category_of_its_page_go_with_a_message(paging: Desk) -> None:
    paging.rules = replace(paging.rules, tags={"acme": ("pay", "core")}, categories={"acme": "payments"})
    paging.again()

    paging.tell(incident_event(), incident_event(page="brook"))

    told = [(one.tags, one.category) for one in paging.deliveries("pager")]
    assert told == [(("pay", "core"), "payments"), ((), "")]


def test_O14_what_is_over_within_the_storm_pages_nobody(paging: Desk) -> None:
    storm_of(paging, 30)
    storm_of(paging, 15, "incident.resolved", 15)
    paging.pass_time(minutes=1)

    messages = paging.deliveries("pager")
    assert len(messages) == 15, "no storm is left: five pages are bad, each for itself"
    assert {one.kind for one in messages} == {MessageKind.EVENT}
    assert paging.verdicts(20) == [("r", "suppressed", OVER)]


def test_O14_updates_in_a_storm_are_not_told_and_what_comes_again_is_new(paging: Desk) -> None:
    storm_of(paging, 30)
    paging.pass_time(minutes=1)
    before = len(paging.deliveries("pager"))

    (update,) = storm_of(paging, 1, "incident.updated", 20)
    storm_of(paging, 1, "incident.resolved", 20)
    assert paging.verdicts(update.id) == [("r", "folded", STORM)]
    assert len(paging.deliveries("pager")) == before

    paging.pass_time(hours=1)
    storm_of(paging, 1, "incident.reopened", 20)
    assert paging.deliveries("pager")[-1].thread == "p20/incident/i1"


def test_O14_a_storm_survives_a_restart(paging: Desk) -> None:
    storm_of(paging, 30)
    paging.pass_time(minutes=1)
    paging.again()
    storm_of(paging, 20, "incident.resolved", 10)

    assert paging.deliveries("pager")[-1].is_last


def test_O14_the_end_of_quiet_hours_is_a_storm_where_as_many_pages_are_bad(paging: Desk) -> None:
    with_routes(paging, Route("r", ("pager",), quiet=NIGHT))
    storm_of(paging, 30)
    paging.pass_time(hours=2)

    (storm,) = paging.deliveries("pager")
    assert (storm.kind, len(storm.event_ids)) == (MessageKind.STORY, 30)
    storm_of(paging, 30, "incident.resolved")
    assert paging.deliveries("pager")[-1].is_last


def test_O14_without_storm_control_each_stays_one(paging: Desk) -> None:
    with_routes(paging, Route("r", ("pager",)), storm=None)

    storm_of(paging, 50)

    assert len(paging.deliveries("pager")) == 50


# --- whatever opens is closed -------------------------------------------------------------------------------------


def left_open(desk: Desk) -> list[str]:
    """The threads that the pager still has open after all messages."""
    is_open: dict[str, bool] = {}
    for one in desk.deliveries("pager"):
        message = desk.store.read(partial(message_of, one=one))
        is_open[one.thread] = not is_over(message)
    return [thread for thread, still in is_open.items() if still]


quiets = st.builds(
    Quiet,
    hold=st.sampled_from([timedelta(0), timedelta(minutes=5)]),
    digest=st.sampled_from([None, Digest(timedelta(hours=1)), Digest(timedelta(hours=4))]),
    quiet_hours=st.sampled_from([None, NIGHT.quiet_hours]),
    escalation=st.sampled_from([None, Escalation(timedelta(minutes=5), ("pager",))]),
    groups_titles=st.just(False),
)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 2**32 - 1),
    st.integers(1, 40),
    quiets,
    st.sampled_from([Filter(), Filter(impacts=at_least(Impact.MAJOR))]),
)
def test_whatever_opens_at_a_pager_is_closed(seed: int, steps: int, quiet: Quiet, wanted: Filter) -> None:
    desk = Desk(rules(Route("r", ("pager",), wanted, quiet), Route("ops", ("ops",))))
    log = [one.event for one in happenings(seed, steps)]
    for number, event in enumerate(log):
        desk.tell(event)
        following = log[number + 1].at if number + 1 < len(log) else event.at
        desk.pass_time(seconds=(following - event.at).total_seconds())
    desk.pass_time(days=2)

    assert left_open(desk) == []
    desk.close()
