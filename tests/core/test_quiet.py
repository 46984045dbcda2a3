"""How a route tells a story: at once, later or not at all, and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from statuswire.core.routing import at_least
from statuswire.model import (
    Escalation,
    EventType,
    Filter,
    Impact,
    Mark,
    MarkKind,
    MessageKind,
    Mode,
    Phase,
    Quiet,
    Silence,
    Status,
    VerdictKind,
)
from statuswire.model.rules import PLAIN_QUIET

from .told import T0, Telling, component_event, feed_event, incident_event, named, page_event

OK, BAD, DOWN = Status.OPERATIONAL, Status.DEGRADED, Status.MAJOR_OUTAGE
TOLD = ("told", "")
HELD = ("held", "may pass by itself")
UNTOLD = ("suppressed", "its beginning was not told")


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def mark(kind: MarkKind, **fields: object) -> Mark:
    return Mark("acme", "incident/i1", kind, T0, **fields)  # type: ignore[arg-type]  # fields by name


# --- the usual way ------------------------------------------------------------------------------------------


def test_an_incident_is_told_from_beginning_to_end_in_one_thread() -> None:
    route = Telling()

    verdicts = [route.meet(incident_event(f"incident.{word}")) for word in ("created", "updated", "resolved")]

    assert verdicts == [TOLD] * 3
    assert [one.is_last for one in route.tells] == [False, False, True]
    assert {one.story.thread for one in route.tells} == {"acme/incident/i1"}


@pytest.mark.parametrize("word", ["postmortem", "edited", "updated"])
def test_what_is_said_after_the_end_is_told_and_ends_nothing_again(word: str) -> None:
    route = Telling()
    route.meet(incident_event())
    route.meet(incident_event("incident.resolved"))

    assert route.meet(incident_event(f"incident.{word}", phase=Phase.RESOLVED)) == TOLD
    assert [one.is_last for one in route.tells] == [False, True, False]


def test_an_end_of_which_nothing_else_was_ever_met_is_told() -> None:
    route = Telling()

    assert route.meet(incident_event("incident.resolved")) == TOLD
    assert route.tells[0].is_last


def test_an_incident_that_goes_straight_to_its_postmortem_has_ended() -> None:
    route = Telling()
    route.meet(incident_event())

    assert route.meet(incident_event("incident.postmortem")) == TOLD
    assert route.tells[-1].is_last
    assert not route.stories["acme/incident/i1"].is_open


def test_an_end_is_told_whatever_the_filter_says_of_it() -> None:
    route = Telling(filter=Filter(impacts=at_least(Impact.MAJOR), phases=frozenset({Phase.INVESTIGATING})))
    route.meet(incident_event(impact=Impact.MAJOR))

    assert route.meet(incident_event("incident.updated", impact=Impact.MINOR)) == ("", "")
    assert route.meet(incident_event("incident.resolved", impact=Impact.NONE)) == TOLD


def test_what_the_filter_does_not_mean_has_no_verdict() -> None:
    route = Telling(filter=Filter(pages=("beta",)))

    assert route.meet(incident_event()) == ("", "")
    assert route.meet(incident_event("incident.resolved")) == ("", "")


def test_a_route_comes_in_when_the_incident_gets_bad_enough() -> None:
    route = Telling(filter=Filter(impacts=at_least(Impact.MAJOR)), quiet=Quiet(hold=minutes(5)))
    route.meet(incident_event(impact=Impact.MINOR))

    assert route.meet(incident_event("incident.updated", impact=Impact.MAJOR)) == HELD
    assert [one.event_ids for one in route.wait(minutes=5)] == [(2,)]


# --- hold and settle ------------------------------------------------------------------------------------------


def test_an_incident_that_ends_within_the_hold_is_never_told() -> None:
    route = Telling(quiet=Quiet(hold=minutes(5)))

    assert route.meet(incident_event()) == HELD
    route.wait(minutes=4)
    assert route.meet(incident_event("incident.resolved")) == ("suppressed", "it passed by itself")
    assert route.wait(hours=1) == []
    assert {one.reason for one in route.verdicts.values()} == {"it passed by itself"}


def test_an_incident_that_outlives_the_hold_is_told_once_by_its_newest_event() -> None:
    route = Telling(quiet=Quiet(hold=minutes(5)))
    route.meet(incident_event())
    assert route.meet(incident_event("incident.updated")) == HELD

    (message,) = route.wait(minutes=5)

    assert (message.event_ids, message.reason) == ((1, 2), "still so after a while")
    assert [route.verdicts[id_].kind for id_ in (1, 2)] == ["folded", "told"]
    assert route.meet(incident_event("incident.resolved")) == TOLD


def test_an_end_within_the_hold_is_heard_though_the_filter_does_not_mean_it() -> None:
    route = Telling(filter=Filter(impacts=at_least(Impact.MAJOR)), quiet=Quiet(hold=minutes(5)))
    route.meet(incident_event(impact=Impact.MAJOR))

    assert route.meet(incident_event("incident.resolved", impact=Impact.MINOR))[1] == "it passed by itself"
    assert route.wait(hours=1) == []


def test_an_end_within_the_hold_is_heard_through_a_silence() -> None:
    route = Telling(quiet=Quiet(hold=minutes(5)))
    route.meet(incident_event())
    route.silences = (Silence(Filter(), "busy", until=T0 + minutes(2)),)
    route.meet(incident_event("incident.resolved"))

    assert route.wait(hours=1) == []


def test_a_postmortem_within_the_hold_ends_it_too() -> None:
    route = Telling(quiet=Quiet(hold=minutes(5)))
    route.meet(incident_event())
    route.meet(incident_event("incident.postmortem"))

    assert route.wait(hours=1) == []


def test_planned_work_is_not_held() -> None:
    assert Telling(quiet=Quiet(hold=minutes(5))).meet(incident_event("maintenance.scheduled")) == TOLD


def test_a_component_that_blinks_is_never_told() -> None:
    route = Telling()

    assert route.meet(component_event(BAD)) == HELD
    route.wait(minutes=2)
    assert route.meet(component_event(OK, BAD)) == ("suppressed", "it passed by itself")


def test_a_component_that_stays_down_is_told_after_settling_and_so_is_its_end() -> None:
    route = Telling()
    route.meet(component_event(BAD))
    route.meet(component_event(DOWN, BAD))

    (message,) = route.wait(minutes=3)

    assert message.event_ids == (1, 2)
    assert message.impact is Impact.CRITICAL
    assert route.meet(component_event(OK, DOWN)) == TOLD


def test_a_component_that_leaves_the_page_while_it_is_down_has_ended() -> None:
    route = Telling(filter=Filter(types=("component.status_changed",)))
    route.meet(component_event(DOWN))
    route.wait(minutes=3)

    assert route.meet(component_event(DOWN, type_=EventType.COMPONENT_REMOVED)) == TOLD
    assert route.tells[-1].is_last


def test_a_renamed_component_neither_begins_nor_ends_its_story() -> None:
    route = Telling()
    route.meet(component_event(DOWN))

    assert route.meet(component_event(DOWN, type_=EventType.COMPONENT_RENAMED)) == TOLD
    assert [one.event_ids for one in route.wait(minutes=3)] == [(1,)]
    assert route.meet(component_event(OK, DOWN)) == TOLD


def test_a_moved_feed_opens_no_story() -> None:
    route = Telling()

    assert route.meet(feed_event(EventType.FEED_MOVED)) == TOLD
    assert route.stories == {}


def test_a_component_that_goes_from_well_to_well_has_no_second_end() -> None:
    route = Telling()
    route.meet(component_event(DOWN))
    route.wait(minutes=3)
    route.meet(component_event(OK, DOWN))

    assert route.meet(component_event(Status.MAINTENANCE))[0] == "suppressed"
    assert route.meet(component_event(OK, Status.MAINTENANCE))[0] == "suppressed"
    assert [one.is_last for one in route.tells] == [False, True]


def test_an_end_of_a_level_that_was_not_met_is_not_told() -> None:
    assert Telling().meet(component_event(OK, DOWN)) == ("suppressed", "nothing bad was told of it")
    assert Telling().meet(page_event(OK, DOWN)) == ("suppressed", "nothing bad was told of it")


def test_a_failing_feed_is_told_at_once_and_an_unreadable_one_when_it_stays_so() -> None:
    route = Telling()
    assert route.meet(feed_event(EventType.FEED_UNREADABLE)) == HELD
    assert route.meet(feed_event(EventType.FEED_RECOVERED))[1] == "it passed by itself"
    route.wait(hours=1)

    assert route.meet(feed_event(EventType.FEED_FAILING)) == TOLD
    assert route.meet(feed_event(EventType.FEED_RECOVERED)) == TOLD


# --- coming back ----------------------------------------------------------------------------------------------


def flapping() -> Telling:
    route = Telling()
    route.meet(incident_event())
    route.meet(incident_event("incident.resolved"))
    route.wait(minutes=5)
    return route


def test_what_comes_back_soon_and_goes_again_is_not_told_again() -> None:
    route = flapping()

    assert route.meet(incident_event("incident.reopened")) == ("held", "came back soon after its end")
    route.wait(minutes=9)
    assert route.meet(incident_event("incident.resolved")) == ("suppressed", "it came back and went again")
    assert route.meet(incident_event("incident.postmortem")) == TOLD, "the story as a whole was told"


def test_what_comes_back_soon_and_stays_is_told_and_so_is_its_end() -> None:
    route = flapping()
    route.meet(incident_event("incident.reopened"))

    (message,) = route.wait(minutes=10)

    assert message.reason == "it came back and stays"
    assert route.meet(incident_event("incident.resolved")) == TOLD
    assert [one.is_last for one in route.tells] == [False, True, False, True]


def test_what_comes_back_later_is_told_at_once() -> None:
    route = flapping()
    route.wait(minutes=6)

    assert route.meet(incident_event("incident.reopened")) == TOLD


def test_how_bad_a_story_is_begins_anew_when_it_comes_back() -> None:
    route = Telling(quiet=Quiet(flap=minutes(0)))
    route.meet(incident_event(impact=Impact.CRITICAL))
    route.meet(incident_event("incident.resolved", impact=Impact.CRITICAL))
    route.meet(incident_event("incident.reopened", impact=Impact.MINOR))

    assert route.stories["acme/incident/i1"].impact is Impact.MINOR


# --- what is left out -------------------------------------------------------------------------------------------


def test_first_and_last_leaves_out_the_middle_and_what_is_said_afterwards() -> None:
    route = Telling(quiet=Quiet(mode=Mode.FIRST_AND_LAST))

    verdicts = [
        route.meet(incident_event(f"incident.{word}")) for word in ("created", "updated", "resolved", "postmortem")
    ]

    assert verdicts == [TOLD, ("suppressed", "between first and last"), TOLD, ("suppressed", "after the last")]


def test_incidents_of_one_title_share_a_thread() -> None:
    route = Telling()
    route.meet(incident_event())
    route.meet(incident_event(incident="i2"), namesake="acme/incident/i1")

    assert {one.story.thread for one in route.tells} == {"acme/incident/i1"}


def test_a_route_that_groups_no_titles_gives_each_its_own_thread() -> None:
    route = Telling(quiet=Quiet(groups_titles=False))
    route.meet(incident_event())
    route.meet(incident_event(incident="i2"), namesake="acme/incident/i1")

    assert len({one.story.thread for one in route.tells}) == 2


def test_a_component_is_not_told_while_an_incident_tells_of_it() -> None:
    route = Telling()
    route.meet(incident_event())

    assert route.meet(component_event(DOWN), cover="acme/incident/i1")[1] == "an incident tells of it already"
    assert route.meet(component_event(OK, DOWN)) == UNTOLD


def test_a_component_that_changed_first_is_not_told_when_an_incident_names_it_meanwhile() -> None:
    route = Telling()
    route.meet(component_event(DOWN))
    route.meet(incident_event())

    assert route.wait(minutes=3, cover="acme/incident/i1") == []
    assert route.verdicts[1].reason == "an incident tells of it already"


def test_a_component_waits_for_an_incident_that_is_held_itself() -> None:
    route = Telling(quiet=Quiet(hold=minutes(10)))
    route.meet(incident_event())
    assert route.meet(component_event(DOWN), cover="acme/incident/i1") == HELD
    route.wait(minutes=6, cover="acme/incident/i1")
    route.meet(incident_event("incident.resolved"))

    (message,) = route.wait(minutes=10)

    assert message.event_ids == (2,), "the incident passed untold, and the component is still down"


def test_a_component_is_left_to_the_incident_when_that_outlives_its_hold() -> None:
    route = Telling(quiet=Quiet(hold=minutes(10)))
    route.meet(incident_event())
    route.meet(component_event(DOWN), cover="acme/incident/i1")

    told = route.wait(minutes=11, cover="acme/incident/i1")

    assert [one.event_ids for one in told] == [(1,)]
    assert route.verdicts[2].reason == "an incident tells of it already"


def test_a_component_that_stays_down_after_the_incident_that_told_of_it_is_told() -> None:
    route = Telling()
    route.meet(incident_event(components=named(DOWN)))
    route.meet(component_event(DOWN), cover="acme/incident/i1")
    route.wait(hours=2)
    route.meet(incident_event("incident.resolved", components=named(DOWN)))
    assert (route.verdicts[2].kind, route.verdicts[2].reason) == (VerdictKind.HELD, "what told of it is over")

    (message,) = route.wait(minutes=3)

    assert (message.event_ids, message.reason) == ((2,), "still so though what told of it is over")
    assert route.meet(component_event(OK, DOWN)) == TOLD


def test_a_component_that_recovers_soon_after_its_incident_is_not_told() -> None:
    route = Telling()
    route.meet(incident_event(components=named(DOWN)))
    route.meet(component_event(DOWN), cover="acme/incident/i1")
    route.meet(incident_event("incident.resolved", components=named(DOWN)))
    route.wait(minutes=2)

    assert route.meet(component_event(OK, DOWN)) == ("suppressed", "it passed with what told of it")
    assert route.wait(hours=1) == []
    assert route.verdicts[2].reason == "it passed with what told of it"


def test_a_component_that_its_incident_names_no_more_is_told_if_it_stays_down() -> None:
    route = Telling()
    route.meet(incident_event(components=named(DOWN)))
    route.meet(component_event(DOWN), cover="acme/incident/i1")
    route.meet(incident_event("incident.updated", components=named(DOWN)))
    assert route.wait(minutes=5, cover="acme/incident/i1") == []

    route.meet(incident_event("incident.updated", components=()))

    assert [one.event_ids for one in route.wait(minutes=3)] == [(2,)]


def test_a_component_is_left_to_the_next_incident_that_names_it() -> None:
    route = Telling()
    route.meet(incident_event(components=named(DOWN)))
    route.meet(component_event(DOWN), cover="acme/incident/i1")
    route.meet(incident_event(incident="i2", components=named(DOWN)))
    route.meet(incident_event("incident.resolved", components=named(DOWN)))
    assert route.wait(minutes=3, cover="acme/incident/i2") == []
    assert route.verdicts[2].reason == "an incident tells of it already"

    route.meet(incident_event("incident.resolved", incident="i2", components=named(DOWN)))

    assert [one.event_ids for one in route.wait(minutes=3)] == [(2,)]


def test_a_component_that_gets_worse_under_its_incident_is_told_by_its_newest_change() -> None:
    route = Telling()
    route.meet(incident_event())
    route.meet(component_event(BAD), cover="acme/incident/i1")
    route.meet(component_event(DOWN, BAD), cover="acme/incident/i1")
    route.meet(component_event(OK, type_=EventType.COMPONENT_RENAMED), cover="acme/incident/i1")
    route.meet(incident_event("incident.resolved"))

    assert [one.event_ids for one in route.wait(minutes=3)] == [(3,)]


def test_a_component_that_stays_down_after_the_maintenance_is_told() -> None:
    route = Telling()
    route.meet(component_event(DOWN), in_maintenance=frozenset({"c0"}))
    route.meet(incident_event("maintenance.completed", components=named(DOWN)))
    route.facts["acme/component/c0"] = type(route.facts["acme/component/c0"])(component_event(DOWN))

    assert [one.event_ids for one in route.wait(minutes=3)] == [(1,)]


def test_a_component_that_was_told_is_told_to_its_end_under_an_incident_too() -> None:
    route = Telling()
    route.meet(component_event(DOWN))
    route.wait(minutes=3)
    route.meet(incident_event())

    assert route.meet(component_event(OK, DOWN), cover="acme/incident/i1") == TOLD


def test_components_under_maintenance_are_quiet_where_the_route_wants_it() -> None:
    under = frozenset({"c0"})

    assert Telling().meet(component_event(DOWN), in_maintenance=under)[1] == "its component is under maintenance"
    quiet = Quiet(is_quiet_in_maintenance=False)
    assert Telling(quiet=quiet).meet(component_event(DOWN), in_maintenance=under) == HELD


def test_the_gate_keeps_an_incident_that_is_linked_to_everything_from_a_component_that_is_well() -> None:
    linked = named(OK, BAD, OK, OK)
    route = Telling(filter=Filter(components=("API",)))

    assert route.meet(incident_event(components=linked), component_count=4)[0] == "suppressed"
    worse = incident_event("incident.updated", components=named(DOWN, BAD, OK, OK))
    assert route.meet(worse, component_count=4) == TOLD
    assert route.meet(incident_event("incident.resolved", components=named(OK, OK, OK, OK))) == TOLD


# --- silences and marks -----------------------------------------------------------------------------------------


def silence(until: float) -> tuple[Silence, ...]:
    return (Silence(Filter(pages=("acme",)), "known trouble", until=T0 + minutes(until)),)


def test_what_begins_and_ends_in_a_silence_is_not_told() -> None:
    route = Telling(silences=silence(60))

    assert route.meet(incident_event()) == ("suppressed", "silence: known trouble")
    assert route.meet(incident_event("incident.resolved")) == ("suppressed", "silence: known trouble")


def test_what_outlives_a_silence_is_told_by_its_next_update() -> None:
    route = Telling(silences=silence(10))
    route.meet(incident_event())
    route.wait(minutes=10)

    assert route.meet(incident_event("incident.updated")) == TOLD
    assert route.meet(incident_event("incident.resolved")) == TOLD


def test_an_end_alone_is_not_told_after_a_silence() -> None:
    route = Telling(silences=silence(10))
    route.meet(incident_event())
    route.wait(minutes=10)

    assert route.meet(incident_event("incident.resolved")) == UNTOLD


def test_what_comes_back_in_a_silence_has_no_second_end() -> None:
    route = Telling()
    route.meet(incident_event())
    route.meet(incident_event("incident.resolved"))
    route.wait(minutes=30)
    route.silences = silence(60)
    route.meet(incident_event("incident.reopened"))
    route.wait(minutes=40)

    assert route.meet(incident_event("incident.resolved")) == UNTOLD


def test_what_was_told_is_told_to_its_end_through_a_silence() -> None:
    route = Telling()
    route.meet(incident_event())
    route.silences = silence(60)

    assert route.meet(incident_event("incident.updated"))[0] == "suppressed"
    assert route.meet(incident_event("incident.resolved")) == TOLD


def test_a_silence_made_during_the_hold_withholds_what_is_held() -> None:
    route = Telling(quiet=Quiet(hold=minutes(5)))
    route.meet(incident_event())
    route.silences = silence(60)

    assert route.wait(minutes=5) == []
    assert route.verdicts[1].reason == "silence: known trouble"


def test_a_snooze_withholds_all_but_the_end() -> None:
    route = Telling()
    route.meet(incident_event())
    snoozed = (mark(MarkKind.SNOOZED, reason="lunch"),)

    assert route.meet(incident_event("incident.updated"), marks=snoozed) == ("suppressed", "snoozed: lunch")
    assert route.meet(incident_event("incident.resolved"), marks=snoozed) == TOLD


def test_an_override_made_during_the_hold_takes_what_is_held_out_of_the_route() -> None:
    route = Telling(quiet=Quiet(hold=minutes(5)), filter=Filter(impacts=at_least(Impact.MAJOR)))
    route.meet(incident_event(impact=Impact.MAJOR))
    key = "acme/incident/i1"
    held = route.facts[key]
    route.facts[key] = type(held)(held.event, marks=(mark(MarkKind.OVERRIDE, impact=Impact.NONE),))

    assert route.wait(minutes=5) == []
    assert route.verdicts[1].reason == "impact none is not meant"


# --- escalation -------------------------------------------------------------------------------------------------

ESCALATION = Escalation(minutes(30), ("boss",))


def test_what_outlives_its_time_is_told_to_more_people_once() -> None:
    route = Telling(quiet=Quiet(escalation=ESCALATION))
    route.meet(incident_event())
    route.meet(incident_event("incident.updated"))

    (message,) = route.wait(hours=5)

    assert (message.kind, message.channels, message.event_ids) == (MessageKind.ESCALATION, ("boss",), (2,))


@pytest.mark.parametrize("word", ["incident.resolved", "incident.postmortem"])
def test_what_ended_in_time_is_not_escalated(word: str) -> None:
    route = Telling(quiet=Quiet(escalation=ESCALATION))
    route.meet(incident_event())
    route.meet(incident_event(word))

    assert route.wait(hours=5) == []


def test_what_somebody_acknowledged_is_not_escalated() -> None:
    route = Telling(quiet=Quiet(escalation=ESCALATION))
    route.meet(incident_event(), marks=(mark(MarkKind.ACKNOWLEDGED),))

    assert route.wait(hours=5) == []


def test_planned_work_is_not_escalated() -> None:
    route = Telling(quiet=Quiet(escalation=ESCALATION))
    route.meet(incident_event("maintenance.scheduled"))

    assert route.wait(days=9) == []


def test_what_is_held_longer_than_the_escalation_waits_is_escalated_when_it_is_told() -> None:
    route = Telling(quiet=Quiet(hold=minutes(45), escalation=ESCALATION))
    route.meet(incident_event())

    assert [one.kind for one in route.wait(minutes=45)] == [MessageKind.EVENT, MessageKind.ESCALATION]


def test_an_escalation_outlives_a_silence() -> None:
    route = Telling(quiet=Quiet(escalation=ESCALATION))
    route.meet(incident_event())
    route.silences = silence(40)

    assert route.wait(minutes=45) == []
    assert [one.kind for one in route.wait(minutes=20)] == [MessageKind.ESCALATION]


# --- the plain route ----------------------------------------------------------------------------------------------


def test_a_plain_route_tells_everything_as_it_comes() -> None:
    route = Telling(quiet=PLAIN_QUIET)
    events = [
        component_event(OK, DOWN),
        component_event(Status.MAINTENANCE),
        component_event(OK, Status.MAINTENANCE),
        component_event(DOWN),
        component_event(OK, type_=EventType.COMPONENT_RENAMED),
        component_event(OK, DOWN),
        incident_event(components=named(OK, BAD, OK, OK)),
        incident_event("incident.resolved"),
        incident_event("incident.reopened"),
        incident_event("incident.edited"),
        incident_event("incident.resolved"),
        incident_event("incident.postmortem"),
        page_event(DOWN),
        feed_event(EventType.FEED_RECOVERED),
        feed_event(EventType.FEED_UNREADABLE),
    ]

    assert [route.meet(event) for event in events] == [TOLD] * len(events)
