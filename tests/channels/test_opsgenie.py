"""Opsgenie: an alert by alias, notes, another priority, and its close."""

from __future__ import annotations

import pytest

from statuswire.channels.opsgenie import PRIORITIES
from statuswire.model import AffectedComponent, Delivered, Event, EventType, Later, MessageKind, Reply, Status
from tests.channels.events import component_event, feed_event, incident_event
from tests.channels.hostile import HOSTILE
from tests.channels.messages import GOOD, RESOLVED, Talk, check, message, ok, settings, talk

TEAM = settings("opsgenie", team="Platform", tags=["third-party"])
BASE = "https://api.opsgenie.com/v2/alerts"


def asked(heard: Talk) -> list[tuple[str, str]]:
    return [(request.method, request.url.removeprefix(BASE)) for request in heard.requests]


def test_what_arrives() -> None:
    heard = talk(message(), TEAM, "opsgenie")

    assert asked(heard) == [("POST", "")]
    assert heard.requests[0].headers["Authorization"] == "GenieKey hidden-key"
    assert heard.body == {
        "message": "Degraded - Acme Relay: API - Slow API",
        "alias": "thread-1",
        "source": "statuswire",
        "priority": "P3",
        "responders": [{"name": "Platform", "type": "team"}],
        "description": "Degraded - Acme Relay: API - Slow API\nA bad deploy.\n"
        "Since: 2025-11-03 14:32 UTC · Impact: Minor · Phase: Identified\n"
        "https://status.acme-relay.example/incidents/w2x4",
        "entity": "Acme Relay - API",
        "tags": ["acme", "degraded", "third-party"],
        "details": {"Since": "2025-11-03 14:32 UTC", "Impact": "Minor", "Phase": "Identified"},
    }
    assert heard.outcome == Delivered({"priority": "P3"})


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.OPERATIONAL])
def test_the_priority_follows_the_level(status: Status) -> None:
    assert talk(message(component_event(new=status)), TEAM, "opsgenie").body["priority"] == PRIORITIES[status]


def test_later_messages_are_notes() -> None:
    heard = talk(message(state={"priority": "P3"}), TEAM, "opsgenie")

    assert asked(heard) == [("POST", "/thread-1/notes?identifierType=alias")]
    assert "A bad deploy." in heard.body["note"]


def test_what_became_worse_gets_another_priority_too() -> None:
    down = incident_event(affected=(AffectedComponent("1", "API", None, Status.MAJOR_OUTAGE),))

    heard = talk(message(down, state={"priority": "P3"}), TEAM, "opsgenie")

    assert asked(heard)[1] == ("PUT", "/thread-1/priority?identifierType=alias")
    assert heard.bodies[1] == {"priority": "P1"}
    assert heard.outcome == Delivered({"priority": "P1"})
    check("opsgenie", heard.requests)


def test_the_end_closes_with_how_long_it_took() -> None:
    heard = talk(message(RESOLVED, state={"priority": "P3"}, is_last=True), TEAM, "opsgenie")

    assert asked(heard) == [("POST", "/thread-1/close?identifierType=alias")]
    assert "Took: 1 h 12 min" in heard.body["note"]


def test_a_trial_leaves_no_alert_open() -> None:
    heard = talk(message(kind=MessageKind.TEST), TEAM, "opsgenie")

    assert [url for _, url in asked(heard)] == ["", "/thread-1/close?identifierType=alias"]
    assert heard.bodies[0]["priority"] == "P5"


@pytest.mark.parametrize(
    "fact", [feed_event(EventType.FEED_MOVED), component_event(type_=EventType.COMPONENT_ADDED)], ids=["moved", "added"]
)
def test_a_fact_that_nothing_ever_ends_leaves_no_alert_open(fact: Event) -> None:
    heard = talk(message(fact), TEAM, "opsgenie")

    assert [url for _, url in asked(heard)] == ["", "/thread-1/close?identifierType=alias"]


def test_an_alias_can_neither_leave_its_place_in_the_address_nor_be_too_long() -> None:
    odd = talk(message(thread="a/../b?c#d", state={"priority": "P3"}), TEAM, "opsgenie")
    long = talk(message(thread="t" * 600), TEAM, "opsgenie")

    assert asked(odd)[0][1] == "/a%2F..%2Fb%3Fc%23d/notes?identifierType=alias"
    assert len(long.body["alias"]) <= 512


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_of_a_provider_is_html(text: str) -> None:
    event = incident_event(text, title=text, components=(text,))

    heard = talk(message(event, kind=MessageKind.ESCALATION, reason=text), TEAM, "opsgenie")

    assert b"<" not in heard.requests[0].body
    check("opsgenie", heard.requests)


def test_a_body_that_opsgenie_does_not_like_is_told_plainly() -> None:
    heard = talk(message(), TEAM, "opsgenie", ok({"message": "Request body is not processable"}, 422), GOOD["opsgenie"])

    assert set(heard.bodies[1]) == {"message", "alias", "source", "priority", "responders"}
    assert isinstance(heard.outcome, Delivered)


def test_replies_say_why() -> None:
    denied = ok({"message": "You are not authorized!", "took": 0.0}, 401)

    assert talk(message(), TEAM, "opsgenie", denied).outcome == Later(
        "HTTP 401: check the address and the credentials: You are not authorized!", disables_after=3
    )


def test_the_first_request_that_is_not_taken_ends_the_conversation() -> None:
    heard = talk(message(kind=MessageKind.TEST), TEAM, "opsgenie", Reply(503))

    assert len(heard.requests) == 1
