"""Alertmanager: what is open is an alert, which is what its labels say, and is sent again until it has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from statuswire.channels import CHANNELS
from statuswire.channels.alertmanager import AT_ONCE
from statuswire.channels.alerts import MOST, SEVERITIES
from statuswire.channels.base import RENEWED
from statuswire.model import (
    AffectedComponent,
    Delivered,
    Event,
    EventType,
    Impact,
    Kind,
    Later,
    Mark,
    MarkKind,
    Message,
    MessageKind,
    PageStanding,
    Phase,
    Refused,
    Reply,
    Status,
)
from tests.channels.events import AT, component_event, feed_event, incident_event, page_event
from tests.channels.messages import HEARTBEAT, NOW, OTHER, RESOLVED, STANDING, check, message, ok, settings, talk

HERE = settings("alertmanager")
ENDS = "2025-11-03T14:47:05Z"
"""Fifteen minutes from now."""

WATCHED = replace(
    STANDING, pages=(PageStanding("acme", "Acme Relay", "https://status.acme-relay.example", "degraded", True),)
)


def alerts(told: Message, **further: object) -> list[dict[str, Any]]:
    """All that is posted of a message."""
    heard = talk(told, settings("alertmanager", **further), "alertmanager")
    check("alertmanager", heard.requests)
    return [one for body in heard.bodies for one in body]


def left(told: Message) -> dict[str, str]:
    """What a message leaves in its thread."""
    outcome = talk(told, HERE, "alertmanager").outcome
    assert isinstance(outcome, Delivered) and outcome.state is not None
    return dict(outcome.state)


def again(*states: dict[str, str]) -> Message:
    return replace(HEARTBEAT, standing=WATCHED, kept=tuple(states))


def by_component(some: Sequence[dict[str, Any]]) -> dict[str, str]:
    """When the alert of each component ends."""
    return {one["labels"].get("component", "-"): one["endsAt"] for one in some}


def affecting(*names: str, status: Status = Status.DEGRADED, **more: Any) -> Event:
    return incident_event(affected=tuple(AffectedComponent(name, name, "Europe", status) for name in names), **more)


# --- what an alert says ------------------------------------------------------------------------------------------


def test_an_incident_is_an_alert_for_each_component_that_is_not_well() -> None:
    event = affecting("API", "Web")

    first, second = alerts(message(event, tags=("pay", "core"), category="payments"))

    assert first == {
        "labels": {
            "alertname": "ProviderIncident",
            "page": "acme",
            "incident": "w2x4",
            "group": "Europe",
            "component": "API",
            "impact": "minor",
            "status": "degraded",
            "severity": "warning",
            "category": "payments",
            "tags": ",pay,core,",
        },
        "annotations": {
            "summary": "Degraded - Acme Relay: API, Web - Slow API",
            "description": "A bad deploy.\nSince: 2025-11-03 14:32 UTC · Impact: Minor · Phase: Identified\n"
            "https://status.acme-relay.example/incidents/w2x4",
            "link": "https://status.acme-relay.example/incidents/w2x4",
        },
        "startsAt": "2025-11-03T14:32:00Z",
        "endsAt": ENDS,
        "generatorURL": "https://status.acme-relay.example/incidents/w2x4",
    }
    assert second["labels"] == {**first["labels"], "component": "Web"}


def test_one_that_names_no_component_is_one_alert() -> None:
    (one,) = alerts(message(incident_event(components=())))

    assert "component" not in one["labels"] and one["labels"]["incident"] == "w2x4"


def test_of_very_many_components_the_first_are_told() -> None:
    assert len(alerts(message(affecting(*(f"c{n}" for n in range(900)))))) == MOST


@pytest.mark.parametrize(
    ("event", "labels"),
    [
        (component_event("API", group="EU"), {"alertname": "ProviderComponent", "component": "API", "group": "EU"}),
        (page_event(), {"alertname": "ProviderPage", "status": "degraded"}),
        (feed_event(EventType.FEED_FAILING), {"alertname": "ProviderUnreadable", "status": "unknown"}),
        (
            incident_event(kind=Kind.MAINTENANCE, phase=Phase.IN_PROGRESS, type_=EventType.MAINTENANCE_STARTED),
            {"alertname": "ProviderMaintenance", "severity": "info"},
        ),
    ],
    ids=["component", "page", "feed", "maintenance"],
)
def test_other_bad_states_are_alerts_too(event: Event, labels: dict[str, str]) -> None:
    (one,) = alerts(message(event))

    assert labels.items() <= one["labels"].items()


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.OPERATIONAL])
def test_the_severity_follows_the_level(status: Status) -> None:
    (one,) = alerts(message(component_event(new=status)))

    assert one["labels"]["severity"] == SEVERITIES[status]


@pytest.mark.parametrize(
    "event",
    [
        incident_event(kind=Kind.MAINTENANCE, phase=Phase.SCHEDULED, type_=EventType.MAINTENANCE_SCHEDULED),
        component_event(type_=EventType.COMPONENT_ADDED),
        feed_event(EventType.FEED_MOVED),
        RESOLVED,
    ],
    ids=["planned", "fact", "moved", "over"],
)
def test_what_is_not_open_is_no_alert(event: Event) -> None:
    assert alerts(message(event)) == []


def test_the_word_of_the_operator_counts() -> None:
    ours = Mark("acme", "w2x4", MarkKind.OVERRIDE, AT, impact=Impact.CRITICAL)

    (one,) = alerts(message(ours=ours))

    assert (one["labels"]["impact"], one["labels"]["severity"]) == ("critical", "critical")


def test_labels_of_the_operator_are_on_every_alert() -> None:
    (one,) = alerts(message(), labels={"team": "platform", "empty": ""})

    assert one["labels"]["team"] == "platform" and "empty" not in one["labels"]


@pytest.mark.parametrize("labels", [{"page": "x"}, {"a-b": "x"}, {"": "x"}, {"__name": "x"}, {"ä": "x"}])
def test_labels_that_are_ours_or_none_are_refused(labels: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        settings("alertmanager", labels=labels)


def test_an_alert_outlives_three_heartbeats() -> None:
    with pytest.raises(ValidationError, match="three times"):
        settings("alertmanager", heartbeat="10m")


def test_it_is_told_who_we_are_where_it_asks() -> None:
    heard = talk(message(), settings("alertmanager", username="me", password="p:w"), "alertmanager")

    assert heard.requests[0].headers["Authorization"] == "Basic bWU6cDp3"
    assert heard.requests[0].url == "https://alerts.example/hidden/api/v2/alerts"


# --- how alerts go on and end ------------------------------------------------------------------------------------


def test_an_end_is_sent_with_the_labels_that_began() -> None:
    begun = message()

    (one,) = alerts(replace(message(RESOLVED, is_last=True), state=left(begun)))

    assert one["labels"] == alerts(begun)[0]["labels"]
    assert (one["startsAt"], one["endsAt"]) == ("2025-11-03T14:32:00Z", "2025-11-03T14:32:05Z")
    assert one["annotations"]["summary"] == "Resolved - Acme Relay: API - Slow API"


def test_whoever_gets_worse_is_another_alert_and_the_first_has_ended() -> None:
    state = left(message(component_event(new=Status.DEGRADED)))

    old, new = alerts(replace(message(component_event(new=Status.MAJOR_OUTAGE)), state=state))

    assert (old["labels"]["status"], old["endsAt"]) == ("degraded", "2025-11-03T14:32:05Z")
    assert (new["labels"]["status"], new["endsAt"]) == ("major_outage", ENDS)


def test_a_component_that_is_well_again_ends_while_the_rest_goes_on() -> None:
    state = left(message(affecting("API", "Web")))

    sent = alerts(replace(message(affecting("Web")), state=state))

    assert by_component(sent) == {"API": "2025-11-03T14:32:05Z", "Web": ENDS}


def test_an_update_leaves_the_beginning_as_it_was() -> None:
    first = replace(message(component_event()), opened_at=AT - timedelta(hours=1))
    state = left(replace(first, events=(replace(component_event(), at=AT - timedelta(hours=1)),)))

    (one,) = alerts(replace(message(component_event()), state=state))

    assert one["startsAt"] == "2025-11-03T13:32:00Z"


def test_stories_that_share_a_thread_end_one_by_one_or_all_with_the_last() -> None:
    both = message(incident_event(), incident_event(page=OTHER), kind=MessageKind.STORY, is_shared=True)
    state = left(both)

    one_ends = alerts(replace(message(RESOLVED, is_shared=True), state=state))
    all_end = alerts(replace(message(RESOLVED, is_shared=True, is_last=True), state=state))

    assert {one["labels"]["page"]: one["endsAt"] for one in one_ends} == {
        "brook": ENDS,
        "acme": "2025-11-03T14:32:05Z",
    }
    assert {one["endsAt"] for one in all_end} == {"2025-11-03T14:32:05Z"}


def test_what_opens_again_is_open() -> None:
    ended = left(replace(message(RESOLVED), state=left(message())))
    reopened = message(incident_event(type_=EventType.INCIDENT_REOPENED), state=ended)

    assert by_component(alerts(reopened)) == {"API": ENDS}
    assert (ended["open"], left(reopened)["open"]) == ("no", "yes")


def test_a_trial_ends_by_itself_and_leaves_nothing() -> None:
    heard = talk(message(kind=MessageKind.TEST), HERE, "alertmanager")

    ((one,),) = heard.bodies
    assert one["labels"] == {"alertname": "StatuswireTest", "page": "acme", "severity": "info"}
    assert one["endsAt"] == "2025-11-03T14:37:05Z"
    assert heard.outcome == Delivered()


# --- again -------------------------------------------------------------------------------------------------------


def test_a_heartbeat_sends_what_is_open_again() -> None:
    assert alerts(again(left(message()))) == alerts(message())


def test_and_an_end_for_a_while_in_case_a_repetition_has_overtaken_it() -> None:
    ended = left(replace(message(RESOLVED), state=left(message())))
    late = replace(again(ended), standing=WATCHED)

    assert [one["endsAt"] for one in alerts(late)] == ["2025-11-03T14:32:05Z"]
    conversation = CHANNELS["alertmanager"].converse(late, HERE, NOW + RENEWED)
    with pytest.raises(StopIteration):
        next(conversation)


def test_a_page_that_is_no_longer_watched_is_not_told_again() -> None:
    assert alerts(replace(again(left(message(incident_event(page=OTHER)))), standing=WATCHED)) == []


def test_a_page_of_which_no_route_tells_any_more_is_not_told_again() -> None:
    (page,) = WATCHED.pages
    untold = replace(WATCHED, pages=(replace(page, is_told=False),))

    assert alerts(replace(again(left(message())), standing=untold)) == []


def test_very_many_go_in_several_requests_and_a_refusal_ends_them() -> None:
    states = [left(message(affecting(*(f"c{n}" for n in range(MOST))))) for _ in range(9)]

    assert [len(body) for body in talk(again(*states), HERE, "alertmanager").bodies] == [AT_ONCE, AT_ONCE, 50]
    down = talk(again(*states), HERE, "alertmanager", Reply(503))
    assert len(down.requests) == 1 and isinstance(down.outcome, Later)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (ok("start time must be before end time", 400), "HTTP 400: start time must be before end time"),
        (Reply(400, {}, b"{"), "HTTP 400"),
        (ok({"x": 1}, 400), "HTTP 400"),
    ],
)
def test_what_it_complains_of_is_the_reason(reply: Reply, expected: str) -> None:
    assert talk(message(), HERE, "alertmanager", reply).outcome == Refused(expected)
