"""Webhooks: signed bodies that another statuswire reads, and the three flat ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import ValidationError

from statuswire import signing
from statuswire.channels import CHANNELS
from statuswire.channels.webhook import WebhookSettings
from statuswire.errors import ParseError
from statuswire.model import (
    Delivered,
    Document,
    DocumentKind,
    EventType,
    Later,
    Message,
    MessageKind,
    PageFacts,
    Phase,
    Reply,
    Request,
    Snapshot,
    Status,
)
from statuswire.platforms.statuswire import parse
from statuswire.wire import to_mapping
from tests.channels.events import AT, component_event, feed_event, incident_event, page_event
from tests.channels.hostile import HOSTILE
from tests.channels.messages import HEARTBEAT, MESSAGES, NOW, STANDING, Talk, check, message, ok, settings, talk

SECRET = "whsec_c3RhdHVzd2lyZSBkZW1vIHNlY3JldCAwMQ=="
NEXT = "whsec_c3RhdHVzd2lyZSBkZW1vIHNlY3JldCAwMg=="


def sent(told: Message, **further: object) -> Talk:
    return talk(told, settings("webhook", **further), "webhook")


def lowered(request: Request) -> Mapping[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def heard(request: Request) -> Snapshot:
    """What another statuswire makes of it."""
    return parse(Document(request.body, NOW, kind=DocumentKind.HOOK))


def test_an_event_is_one_body_of_the_public_shape() -> None:
    event = incident_event()

    body = sent(message(event)).body

    assert body == {"type": "incident.updated", "timestamp": "2025-11-03T14:32:00Z", "data": to_mapping(event)}


def test_the_id_stays_over_retries_while_the_time_moves() -> None:
    later = NOW + timedelta(minutes=5)

    requests = [next(CHANNELS["webhook"].converse(message(), settings("webhook"), now)) for now in (NOW, later)]

    first, second = (request.headers for request in requests if isinstance(request, Request))
    assert first["webhook-id"] == second["webhook-id"] == "msg_abc"
    assert int(second["webhook-timestamp"]) - int(first["webhook-timestamp"]) == 300


@pytest.mark.parametrize("known", [SECRET, NEXT])
def test_while_keys_change_a_receiver_may_know_either(known: str) -> None:
    request = sent(message(), secret=SECRET, secrets=[NEXT]).requests[0]

    verified = signing.verify(request.body, lowered(request), [known], NOW)

    assert (verified.scheme, verified.message_id) == (signing.Scheme.STANDARD, "msg_abc")


def test_without_a_secret_the_id_is_sent_all_the_same() -> None:
    headers = lowered(sent(message()).requests[0])

    assert headers["webhook-id"] == "msg_abc"
    assert "webhook-signature" not in headers


@pytest.mark.parametrize("secret", ["", "not base64!", "whsec_"])
def test_a_secret_that_cannot_sign_is_refused_when_configured(secret: str) -> None:
    with pytest.raises(ValidationError) as caught:
        settings("webhook", secret=secret)

    assert not secret or secret not in str(caught.value).replace("with or without whsec_", "")


def test_headers_are_sent_and_ours_cannot_be_overwritten() -> None:
    request = sent(message(), headers={"Authorization": "Bearer x"}).requests[0]

    assert request.headers["Authorization"] == "Bearer x"
    for name, value in [("Host", "a"), ("Webhook-Id", "a"), ("content-type", "a"), ("a b", "c"), ("X", "a\r\nY: b")]:
        with pytest.raises(ValidationError):
            settings("webhook", headers={name: value})


def test_several_events_are_told_to_programs_one_by_one() -> None:
    first, second = replace(incident_event(), id=5), replace(component_event(), id=6)

    told = sent(message(first, second, kind=MessageKind.DIGEST, reason="digest"))

    assert [body["data"]["id"] for body in told.bodies] == [5, 6]
    assert [request.headers["webhook-id"] for request in told.requests] == ["msg_abc.5", "msg_abc.6"]
    assert told.bodies[0]["data"]["message"] == {"kind": "digest", "reason": "digest"}


def test_what_is_not_taken_ends_the_conversation_and_is_repeated_whole() -> None:
    told = message(incident_event(), component_event(), kind=MessageKind.DIGEST)

    busy = talk(told, settings("webhook"), "webhook", ok(), Reply(503))

    assert len(busy.requests) == 2 and isinstance(busy.outcome, Later)


@pytest.mark.parametrize(
    "event", [incident_event(), component_event(), page_event(), incident_event(phase=Phase.RESOLVED)]
)
@pytest.mark.parametrize("kind", [MessageKind.EVENT, MessageKind.ESCALATION, MessageKind.STORY])
def test_another_statuswire_reads_what_was_told(event: object, kind: MessageKind) -> None:
    request = sent(message(event, kind=kind, reason="why")).requests[0]  # type: ignore[arg-type]

    snapshot = heard(request)

    assert snapshot.page is not None and snapshot.page.id == "acme"
    if snapshot.incidents:
        (incident,) = snapshot.incidents
        assert (incident.id, incident.title) == ("w2x4", "Slow API")
        assert incident.updates and incident.updates[0].id == "u2"


def test_another_statuswire_takes_a_trial_for_a_trial_and_a_heartbeat_for_nothing() -> None:
    trial = heard(sent(MESSAGES[MessageKind.TEST]).requests[0])
    beat = heard(sent(HEARTBEAT).requests[0])

    assert [incident.title for incident in trial.incidents or ()] == ["Test event"]
    assert trial.page is not None and trial.page.id is None
    assert not beat.incidents and not beat.components
    assert (beat.page, beat.event_name) == (PageFacts(), "heartbeat")


def test_a_heartbeat_of_the_standard_style_tells_the_state() -> None:
    body = sent(HEARTBEAT).body

    check("webhook", sent(HEARTBEAT).requests)
    assert body["type"] == "heartbeat"
    assert body["data"]["state"] == "operational"
    assert body["data"]["last_incident_at"] == "2025-11-02T14:32:00Z"


# --- flat --------------------------------------------------------------------------------------------------------


def test_the_flat_heartbeat_is_to_the_letter() -> None:
    assert sent(HEARTBEAT, style="flat").body == {
        "event": "status.heartbeat",
        "state": "operational",
        "status_label": "ACTIVE",
        "timestamp": "2025-11-03 14:32:00",
        "last_incident_title": "Slow API",
        "last_incident_time": "Sun, 02 Nov 2025 14:32:00 GMT",
        "message": "All systems operational.",
        "impacted_components": [],
    }


def test_a_flat_heartbeat_without_any_incident_has_its_keys_all_the_same() -> None:
    body = sent(replace(HEARTBEAT, standing=replace(STANDING, last_title="", last_at=None)), style="flat").body

    assert (body["last_incident_title"], body["last_incident_time"]) == ("", "")


def test_the_flat_incident_is_to_the_letter() -> None:
    event = incident_event(title="Elevated errors", components=("GPTs", "Chat Completions"), phase=Phase.INVESTIGATING)

    assert sent(message(event), style="flat").body == {
        "event": "incident.update",
        "incident_title": "Elevated errors",
        "components": ["GPTs", "Chat Completions"],
        "phase": "Investigating",
    }


def test_the_flat_change_is_to_the_letter() -> None:
    assert sent(message(page_event()), style="flat").body == {
        "event": "status.change",
        "from": "operational",
        "to": "degraded",
        "timestamp": "2025-11-03 14:32:00",
        "message": "Acme Relay: Degraded (was operational)",
    }


@pytest.mark.parametrize("event", [component_event(), feed_event(EventType.FEED_FAILING)])
def test_of_all_else_the_flat_style_says_nothing(event: object) -> None:
    told = sent(message(event), style="flat")  # type: ignore[arg-type]

    assert told.requests == [] and told.outcome == Delivered()


def test_another_statuswire_reads_the_flat_bodies_too() -> None:
    incident = heard(sent(message(), style="flat").requests[0])
    change = heard(sent(message(page_event()), style="flat").requests[0])
    beat = heard(sent(HEARTBEAT, style="flat").requests[0])

    assert [one.title for one in incident.incidents or ()] == ["Slow API"]
    assert change.page is not None and change.page.status is Status.DEGRADED
    assert beat.page is not None and beat.page.status is Status.OPERATIONAL and beat.as_of == AT


def test_flat_bodies_are_signed_as_small_receivers_know_it() -> None:
    request = sent(message(), style="flat", secret="any text").requests[0]

    assert signing.verify(request.body, lowered(request), ["any text"], NOW).scheme is signing.Scheme.HEX


@pytest.mark.parametrize("style", ["standard", "flat"])
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_texts_stay_inside_their_strings(style: str, text: str) -> None:
    clean = text.replace("\ud800", "")

    request = sent(message(incident_event(clean, title=clean)), style=style).requests[0]

    assert set(json.loads(request.body)) == (
        {"type", "timestamp", "data"} if style == "standard" else {"event", "incident_title", "components", "phase"}
    )
    try:
        heard(request)
    except ParseError:
        assert style == "flat" and not clean.strip()


def test_the_heartbeat_is_a_length_of_time_as_people_write_it() -> None:
    channel = settings("webhook", heartbeat="60s")

    assert isinstance(channel, WebhookSettings) and channel.heartbeat == timedelta(minutes=1)
    with pytest.raises(ValidationError):
        settings("webhook", heartbeat="1s")
