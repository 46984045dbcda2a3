"""What all chats, pagers and webhooks have in common: schemas, limits, hostile texts, replies, secrets."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as settings_of_hypothesis
from hypothesis import strategies as st
from pydantic import ValidationError

from statuswire.channels import CHANNELS
from statuswire.model import Delivered, EventType, Later, Message, MessageKind, PageRef, Refused, Reply, Wording
from tests.channels.events import component_event, feed_event, incident_event, page_event
from tests.channels.hostile import HOSTILE
from tests.channels.messages import GOOD, HEARTBEAT, KINDS, MESSAGES, RESOLVED, SETTINGS, check, message, settings, talk

PEOPLE = tuple(kind for kind in KINDS if kind != "webhook")
FORMATTED = tuple(kind for kind in PEOPLE if kind not in ("pagerduty", "alertmanager"))
"""Those with a plain form to fall back to; what goes to the others is plain already, and may never be sent again."""


def hostile_message(text: str) -> Message:
    page = PageRef("acme", text[:500], "https://status.acme-relay.example")
    event = incident_event(text, title=text, components=(text, "API"), page=page, url="javascript:alert(1)")
    return message(event, event, kind=MessageKind.ESCALATION, reason=text, evidence=(text,))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("told", MESSAGES.values(), ids=MESSAGES.keys())
def test_every_kind_of_message_follows_the_schema_of_its_receiver(kind: str, told: Message) -> None:
    heard = talk(told, settings(kind), kind)

    assert heard.requests and isinstance(heard.outcome, Delivered)
    check(kind, heard.requests)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "event",
    [
        RESOLVED,
        component_event(),
        component_event(type_=EventType.COMPONENT_REMOVED),
        page_event(),
        feed_event(EventType.FEED_FAILING),
        incident_event(None, components=(), title=""),
    ],
    ids=["resolved", "component", "removed", "page", "feed", "bare"],
)
def test_every_kind_of_event_follows_the_schema_of_its_receiver(kind: str, event: object) -> None:
    heard = talk(message(event), settings(kind), kind)  # type: ignore[arg-type]

    assert isinstance(heard.outcome, Delivered)
    check(kind, heard.requests)


@pytest.mark.parametrize("kind", PEOPLE)
def test_a_heartbeat_is_nothing_for_people(kind: str) -> None:
    assert talk(HEARTBEAT, settings(kind), kind).requests == []


@pytest.mark.parametrize("kind", PEOPLE)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_of_a_provider_breaks_the_schema_or_the_limits(kind: str, text: str) -> None:
    first = talk(hostile_message(text), settings(kind), kind)
    later = talk(replace(hostile_message(text), state=_state(kind)), settings(kind), kind)

    check(kind, first.requests + later.requests)


@pytest.mark.parametrize("kind", PEOPLE)
@settings_of_hypothesis(max_examples=25, deadline=None)
@given(text=st.text(max_size=400))
def test_nor_does_any_other_text(kind: str, text: str) -> None:
    check(kind, talk(hostile_message(text), settings(kind), kind).requests)


@pytest.mark.parametrize("kind", FORMATTED)
@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_the_plain_form_keeps_the_limits_too(kind: str, text: str) -> None:
    heard = talk(hostile_message(text), settings(kind), kind, _unformatted(kind), GOOD[kind])

    assert isinstance(heard.outcome, Delivered)
    check(kind, heard.requests)


@pytest.mark.parametrize("kind", PEOPLE)
def test_a_template_of_the_user_takes_the_place_of_title_and_body(kind: str) -> None:
    told = replace(message(), wording=Wording("My title", "My <body> & more"))

    heard = talk(told, settings(kind), kind)

    text = b"".join(request.body for request in heard.requests).decode()
    assert "My title" in text and "A bad deploy." not in text
    check(kind, heard.requests)


@pytest.mark.parametrize("kind", FORMATTED)
def test_what_cannot_be_formatted_is_told_as_plain_text_and_never_given_up(kind: str) -> None:
    heard = talk(message(), settings(kind), kind, _unformatted(kind), GOOD[kind])

    assert isinstance(heard.outcome, Delivered)
    assert len(heard.requests) == 2
    assert "Slow API" in heard.requests[1].body.decode()
    assert len(heard.requests[1].body) < len(heard.requests[0].body)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "header", "wait"),
    [
        (429, "30", timedelta(seconds=30)),
        (429, "Mon, 03 Nov 2025 14:33:05 GMT", timedelta(minutes=1)),
        (429, "", None),
        (429, "-5", timedelta(seconds=1)),
        (429, "99999999", timedelta(hours=6)),
        (503, "7", timedelta(seconds=7)),
        (500, "", None),
        (502, "", None),
        (504, "", None),
        (408, "", None),
    ],
)
def test_o2_who_is_overrun_is_asked_again_when_it_wishes(
    kind: str, status: int, header: str, wait: timedelta | None
) -> None:
    heard = talk(message(), settings(kind), kind, Reply(status, {"Retry-After": header}, b"busy"))

    assert isinstance(heard.outcome, Later)
    assert heard.outcome.after == wait
    assert len(heard.requests) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("status", "disables"),
    [(410, True), (400, False), (422, False), (302, False), (308, False)],
)
def test_o3_and_o5_what_can_never_work_is_not_tried_again(kind: str, status: int, disables: bool) -> None:
    heard = talk(message(), settings(kind), kind, Reply(status, {"Location": "http://127.0.0.1/"}, b""))

    assert isinstance(heard.outcome, Refused)
    assert heard.outcome.disables is disables
    assert all("127.0.0.1" not in request.url for request in heard.requests)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [401, 403, 404])
def test_o3_what_an_operator_can_mend_is_tried_three_times(kind: str, status: int) -> None:
    outcome = talk(message(), settings(kind), kind, Reply(status)).outcome

    assert isinstance(outcome, Later) and outcome.disables_after == 3


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "body", [b"<html>", b"\xff\xfe", b"[1, 2", b'{"ok": 1, "retry_after": "x"', b"null", b"[" * 9000]
)
def test_a_reply_of_rubbish_is_read_without_a_stumble(kind: str, body: bytes) -> None:
    for status in (200, 400, 404, 429, 500):
        assert talk(message(), settings(kind), kind, Reply(status, {}, body)).outcome is not None


@pytest.mark.parametrize("kind", KINDS)
def test_no_secret_shows_in_settings_requests_or_complaints(kind: str) -> None:
    heard = talk(message(), settings(kind), kind, Reply(404, {}, b""))

    shown = repr(heard.requests) + repr(heard.outcome) + repr(settings(kind))
    assert "hidden" not in shown
    assert "0123456789abcdef" not in shown


@pytest.mark.parametrize("kind", KINDS)
def test_private_addresses_are_only_for_whom_the_operator_allows(kind: str) -> None:
    assert not any(request.is_private_ok for request in talk(message(), settings(kind), kind).requests)
    assert all(request.is_private_ok for request in talk(message(), settings(kind, allow_private=True), kind).requests)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "a.test",
        "ftp://a.test/",
        "https:///a.test",
        "http://a b.test",
        "https://a.test:x/",
        "//a.test",
        "http://ä.test",
    ],
)
@pytest.mark.parametrize("kind", ["webhook", "discord", "teams"])
def test_an_address_that_is_none_is_refused_without_being_shown(kind: str, url: str) -> None:
    with pytest.raises(ValidationError) as caught:
        settings(kind, url=url)

    assert not url or url not in str(caught.value)


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in KINDS for name in SETTINGS[kind]])
def test_what_a_kind_needs_must_be_there(kind: str, name: str) -> None:
    with pytest.raises(ValidationError):
        CHANNELS[kind].settings.model_validate({key: value for key, value in SETTINGS[kind].items() if key != name})


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_message_is_told_in_the_same_words_again(kind: str) -> None:
    first, second = (talk(message(), settings(kind), kind) for _ in range(2))

    assert [request.body for request in first.requests] == [request.body for request in second.requests]


@pytest.mark.parametrize("kind", PEOPLE)
def test_the_first_line_is_enough_on_a_lock_screen(kind: str) -> None:
    text = talk(message(), settings(kind), kind).requests[0].body.decode()

    assert "Degraded - Acme Relay: API - Slow API" in text


@pytest.mark.parametrize("kind", PEOPLE)
def test_a_trial_says_that_it_is_one(kind: str) -> None:
    text = talk(MESSAGES[MessageKind.TEST], settings(kind), kind).requests[0].body.decode()

    assert "Test - Degraded - Acme Relay: API - Slow API" in text


@pytest.mark.parametrize("kind", [kind for kind in PEOPLE if kind != "pagerduty"])
def test_the_end_says_how_long_it_took(kind: str) -> None:
    told = message(RESOLVED, is_last=True, state=_state(kind))

    bodies = [request.body.decode() for request in talk(told, settings(kind), kind).requests]

    assert any("1 h 12 min" in body and "Resolved - Acme Relay" in body for body in bodies)


def _state(kind: str) -> dict[str, str]:
    """What the first message of a thread left."""
    outcome = talk(message(), settings(kind), kind).outcome
    assert isinstance(outcome, Delivered)
    return dict(outcome.state or {})


def _unformatted(kind: str) -> Reply:
    """How a receiver says that it cannot take the looks of a message."""
    body: dict[str, object] = {
        "slack": {"ok": False, "error": "msg_too_long"},
        "telegram": {"ok": False, "error_code": 400, "description": "Bad Request: can't parse entities: x"},
    }.get(kind, {"message": "Invalid form body", "code": 50035})
    return Reply(200 if kind == "slack" else 400, {}, json.dumps(body).encode())
