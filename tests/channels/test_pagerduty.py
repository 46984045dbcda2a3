"""PagerDuty: trigger, acknowledge and resolve under one key."""

from __future__ import annotations

from dataclasses import replace

import pytest

from statuswire.channels.pagerduty import SEVERITIES
from statuswire.model import Delivered, Event, EventType, MessageKind, Phase, Refused, Reply, Status
from tests.channels.events import component_event, feed_event, incident_event
from tests.channels.hostile import HOSTILE
from tests.channels.messages import RESOLVED, Talk, message, ok, settings, talk

KEY = "0123456789abcdef0123456789abcdef"
SERVICE = settings("pagerduty")


def actions(heard: Talk) -> list[str]:
    return [body["event_action"] for body in heard.bodies]


def test_what_arrives() -> None:
    heard = talk(message(), SERVICE, "pagerduty")

    assert heard.requests[0].url == "https://events.pagerduty.com/v2/enqueue"
    assert heard.body == {
        "routing_key": KEY,
        "event_action": "trigger",
        "dedup_key": "thread-1",
        "client": "statuswire",
        "links": [{"href": "https://status.acme-relay.example/incidents/w2x4", "text": "Open the status page"}],
        "payload": {
            "summary": "Degraded - Acme Relay: API - Slow API",
            "source": "Acme Relay",
            "severity": "warning",
            "timestamp": "2025-11-03T14:32:00Z",
            "component": "API",
            "group": "acme",
            "class": "incident.updated",
            "custom_details": {
                "Update": "A bad deploy.",
                "Since": "2025-11-03 14:32 UTC",
                "Impact": "Minor",
                "Phase": "Identified",
            },
        },
    }


@pytest.mark.parametrize(
    "told",
    [
        message(RESOLVED),
        message(incident_event(), is_last=True),
        message(component_event(new=Status.OPERATIONAL, old=Status.MAJOR_OUTAGE)),
        message(feed_event(EventType.FEED_RECOVERED)),
    ],
    ids=["resolved", "last", "component", "feed"],
)
def test_the_end_resolves_under_the_same_key(told: object) -> None:
    heard = talk(told, SERVICE, "pagerduty")  # type: ignore[arg-type]

    assert heard.body == {"routing_key": KEY, "event_action": "resolve", "dedup_key": "thread-1"}


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.OPERATIONAL])
def test_the_severity_follows_the_level(status: Status) -> None:
    told = message(component_event(new=status))

    assert talk(told, SERVICE, "pagerduty").body["payload"]["severity"] == SEVERITIES[status]


def test_the_end_of_one_of_several_stories_in_a_thread_resolves_nothing() -> None:
    one_ends = message(RESOLVED, is_shared=True)
    all_have_ended = message(RESOLVED, is_shared=True, is_last=True)

    assert actions(talk(one_ends, SERVICE, "pagerduty")) == ["trigger"]
    assert actions(talk(all_have_ended, SERVICE, "pagerduty")) == ["resolve"]


def test_what_outlived_its_time_is_critical() -> None:
    heard = talk(message(kind=MessageKind.ESCALATION), SERVICE, "pagerduty")

    assert heard.body["payload"]["severity"] == "critical"


def test_a_fix_that_is_watched_acknowledges_only_where_the_operator_wishes() -> None:
    told = message(incident_event(phase=Phase.MONITORING))

    assert actions(talk(told, SERVICE, "pagerduty")) == ["trigger"]
    assert actions(talk(told, settings("pagerduty", acknowledge=True), "pagerduty")) == ["trigger", "acknowledge"]


def test_a_trial_leaves_no_alert_open() -> None:
    heard = talk(message(kind=MessageKind.TEST), SERVICE, "pagerduty")

    assert actions(heard) == ["trigger", "resolve"]
    assert heard.bodies[0]["payload"]["severity"] == "info"


@pytest.mark.parametrize(
    "fact", [feed_event(EventType.FEED_MOVED), component_event(type_=EventType.COMPONENT_ADDED)], ids=["moved", "added"]
)
def test_a_fact_that_nothing_ever_ends_leaves_no_alert_open(fact: Event) -> None:
    assert actions(talk(message(fact), SERVICE, "pagerduty")) == ["trigger", "resolve"]


def test_a_key_that_is_too_long_becomes_a_stable_short_one() -> None:
    long, other = (talk(message(thread="t" * 300 + end), SERVICE, "pagerduty").body["dedup_key"] for end in ("a", "b"))

    assert len(long) <= 255 and long != other
    assert long == talk(message(thread="t" * 300 + "a"), SERVICE, "pagerduty").body["dedup_key"]


def test_a_message_without_a_thread_is_an_alert_of_its_own() -> None:
    assert talk(message(thread=""), SERVICE, "pagerduty").body["dedup_key"] == "msg_abc"


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_the_whole_event_stays_below_512_kb(text: str) -> None:
    event = incident_event(text, title=text, components=tuple(f"{number} {text[:3000]}" for number in range(300)))

    heard = talk(message(event, kind=MessageKind.ESCALATION, reason=text, evidence=(text,)), SERVICE, "pagerduty")

    assert len(heard.requests[0].body) < 512_000
    assert len(heard.body["payload"]["summary"]) <= 1024


def test_400_is_never_sent_again_and_says_why() -> None:
    bad = ok({"status": "invalid event", "message": "Event object is invalid", "errors": ["'summary' is missing"]}, 400)

    heard = talk(message(), SERVICE, "pagerduty", bad)

    assert len(heard.requests) == 1
    assert heard.outcome == Refused("HTTP 400: 'summary' is missing")


def test_a_key_that_pagerduty_does_not_know_ends_the_channel() -> None:
    bad = ok({"status": "invalid event", "errors": ["Length of 'routing_key' is incorrect"]}, 400)

    assert talk(message(), SERVICE, "pagerduty", bad).outcome == Refused(
        "HTTP 400: Length of 'routing_key' is incorrect", disables=True
    )


def test_the_european_region_has_its_own_address() -> None:
    europe = settings("pagerduty", url="https://events.eu.pagerduty.com/v2/enqueue")

    assert talk(message(), europe, "pagerduty").requests[0].url == "https://events.eu.pagerduty.com/v2/enqueue"


def test_a_trial_that_is_not_taken_resolves_nothing() -> None:
    heard = talk(replace(message(), kind=MessageKind.TEST), SERVICE, "pagerduty", Reply(500))

    assert actions(heard) == ["trigger"] and not isinstance(heard.outcome, Delivered)
