"""Slack: blocks beside a colour bar, threads and edits of a bot, and the words it refuses with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pydantic import ValidationError

from statuswire.channels import CHANNELS
from statuswire.channels.base import ChannelSettings
from statuswire.channels.rendering import rendering
from statuswire.channels.slack import bodies
from statuswire.model import Delivered, EventType, Later, MessageKind, Refused, Reply
from tests.channels.events import incident_event
from tests.channels.hostile import HOSTILE
from tests.channels.messages import GOOD, RESOLVED, Talk, check, message, ok, settings, talk

BOT = settings("slack")
HOOK = CHANNELS["slack"].settings.model_validate({"url": "https://hooks.slack.example/services/T/B/x"})
STATE = {"ts": "1700000000.000100", "channel": "C0123456789"}


def refused(error: str, channel: ChannelSettings = BOT) -> Talk:
    return talk(message(), channel, "slack", ok({"ok": False, "error": error}))


def methods(heard: Talk) -> list[str]:
    return [request.url.rpartition("/")[2] for request in heard.requests]


def test_what_arrives() -> None:
    body = talk(message(), BOT, "slack").body

    (attachment,) = body["attachments"]
    words, context = attachment["blocks"]
    assert body["text"] == "Degraded - Acme Relay: API - Slow API"
    assert body["blocks"][0]["text"]["text"] == body["text"]
    assert attachment["color"] == "#9E6300"
    assert words["text"] == {"type": "plain_text", "text": "A bad deploy.", "emoji": False}
    assert context["elements"][0]["text"] == "Since: 2025-11-03 14:32 UTC · Impact: Minor · Phase: Identified"
    assert context["elements"][1]["text"] == ("<https://status.acme-relay.example/incidents/w2x4|Open the status page>")


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_of_a_provider_is_parsed(text: str) -> None:
    event = incident_event(text, title=text, components=(text,), url="https://a.example/<!channel>|x>")
    body = talk(message(event), BOT, "slack").body

    assert "<" not in body["text"] and ">" not in body["text"]
    assert (body["parse"], body["link_names"], body["mrkdwn"]) == ("none", False, False)
    parsed = [
        one["text"]
        for block in body["attachments"][0]["blocks"]
        for one in block.get("elements", [block.get("text")])
        if one["type"] == "mrkdwn"
    ]
    assert parsed == ["<https://a.example/%3C!channel%3E%7Cx%3E|Open the status page>"]


def test_a_long_headline_is_told_whole_below_its_header() -> None:
    event = incident_event(title="x" * 190)

    body = talk(message(event), BOT, "slack").body

    assert len(body["blocks"][0]["text"]["text"]) == 150
    assert body["attachments"][0]["blocks"][0]["text"]["text"].endswith("x" * 190)


def test_everything_together_stays_below_what_slack_refuses_without_documenting_it() -> None:
    for text in HOSTILE:
        rich, plain = bodies(rendering(message(incident_event(text, title=text))))
        assert len(str(rich["blocks"])) + len(str(rich["attachments"])) < 24_000
        assert len(str(plain["text"])) <= 4000


# --- threads -----------------------------------------------------------------------------------------------------


def test_the_first_message_is_remembered_by_the_names_that_slack_gives() -> None:
    heard = talk(message(), BOT, "slack")

    assert methods(heard) == ["chat.postMessage"]
    assert heard.requests[0].headers["Authorization"] == "Bearer xoxb-1-hidden"
    assert heard.outcome == Delivered(STATE)


def test_the_reply_may_be_cut_off_behind_what_is_remembered() -> None:
    long = b'{"ok":true,"channel":"C9","ts":"1.2","message":{"text":"' + b"x" * 16_000

    assert talk(message(), BOT, "slack", Reply(200, {}, long)).outcome == Delivered({"ts": "1.2", "channel": "C9"})


def test_later_messages_answer_in_the_thread() -> None:
    heard = talk(message(state=STATE), BOT, "slack")

    assert methods(heard) == ["chat.postMessage"]
    assert heard.body["thread_ts"] == STATE["ts"]
    assert heard.body["reply_broadcast"] is False
    assert heard.outcome == Delivered()


def test_an_escalation_is_seen_outside_of_the_thread_too() -> None:
    heard = talk(message(kind=MessageKind.ESCALATION, state=STATE), BOT, "slack")

    assert heard.body["reply_broadcast"] is True


def test_the_end_edits_the_first_message_and_then_answers_it() -> None:
    heard = talk(message(RESOLVED, state=STATE, is_last=True), BOT, "slack")

    assert methods(heard) == ["chat.update", "chat.postMessage"]
    edit, answer = heard.bodies
    assert (edit["ts"], answer["thread_ts"]) == (STATE["ts"], STATE["ts"])
    assert "Took: 1 h 12 min" in str(edit["attachments"])
    assert edit["attachments"][0]["color"] == "#4B6B58"
    check("slack", heard.requests)


def test_an_incident_that_opens_again_edits_the_first_message_back() -> None:
    event = replace(incident_event(), type=EventType.INCIDENT_REOPENED)

    assert methods(talk(message(event, state=STATE), BOT, "slack")) == ["chat.update", "chat.postMessage"]


def test_an_edit_that_fails_for_a_while_is_repeated_before_anything_is_posted() -> None:
    heard = talk(message(RESOLVED, state=STATE), BOT, "slack", Reply(503))

    assert methods(heard) == ["chat.update"] and isinstance(heard.outcome, Later)


@pytest.mark.parametrize("error", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_an_edit_that_is_never_allowed_does_not_keep_the_thread_from_hearing(error: str) -> None:
    heard = talk(message(RESOLVED, state=STATE), BOT, "slack", ok({"ok": False, "error": error}), GOOD["slack"])

    assert methods(heard) == ["chat.update", "chat.postMessage"] and heard.outcome == Delivered()


def test_a_thread_that_was_deleted_begins_anew() -> None:
    lost = ok({"ok": False, "error": "thread_not_found"})

    heard = talk(message(state=STATE), BOT, "slack", lost, GOOD["slack"])

    assert "thread_ts" not in heard.bodies[1] and "reply_broadcast" not in heard.bodies[1]
    assert heard.outcome == Delivered(STATE)


# --- replies -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "error", ["invalid_auth", "account_inactive", "token_revoked", "token_expired", "is_archived", "not_authed"]
)
def test_what_no_message_can_get_past_disables(error: str) -> None:
    assert refused(error).outcome == Refused(f"Slack says {error}", disables=True)


@pytest.mark.parametrize("error", ["channel_not_found", "not_in_channel", "missing_scope", "restricted_action"])
def test_where_somebody_may_let_us_in_yet_the_message_is_kept_for_three_tries(error: str) -> None:
    assert refused(error).outcome == Later(f"Slack says {error}", disables_after=3)


@pytest.mark.parametrize("error", ["ratelimited", "internal_error", "fatal_error", "service_unavailable"])
def test_what_passes_comes_later(error: str) -> None:
    assert refused(error).outcome == Later(f"Slack says {error}")


def test_slowness_is_obeyed_for_as_long_as_slack_says() -> None:
    busy = ok({"ok": False, "error": "ratelimited"}, 429, Retry_After="30")

    assert talk(message(), BOT, "slack", busy).outcome == Later("Slack says ratelimited", timedelta(seconds=30))


@pytest.mark.parametrize("error", ["msg_too_long", "msg_blocks_too_long", "invalid_blocks", "too_many_attachments"])
def test_what_is_wrong_with_the_looks_is_told_plainly(error: str) -> None:
    heard = talk(message(), BOT, "slack", ok({"ok": False, "error": error}), GOOD["slack"])

    assert heard.outcome == Delivered(STATE)
    assert heard.bodies[1]["blocks"] == [] and "A bad deploy." in heard.bodies[1]["text"]


def test_what_slack_does_not_explain_is_not_repeated() -> None:
    assert refused("as_user_not_supported").outcome == Refused("Slack says as_user_not_supported")
    assert isinstance(talk(message(), BOT, "slack", Reply(200, {}, b"<html>proxy</html>")).outcome, Later)


def test_no_error_can_write_into_our_reasons() -> None:
    heard = refused("x\x1b[2J <b>")

    assert heard.outcome == Later("Slack answers with something that is not its own")


# --- incoming webhook --------------------------------------------------------------------------------------------


def test_an_incoming_webhook_takes_the_same_body_and_remembers_nothing() -> None:
    heard = talk(message(), HOOK, "slack", Reply(200, {}, b"ok"))

    check("slack", heard.requests)
    assert heard.requests[0].url == "https://hooks.slack.example/services/T/B/x"
    assert heard.outcome == Delivered()


@pytest.mark.parametrize(
    ("status", "said", "outcome"),
    [
        (400, "user_not_found", Refused("HTTP 400: user_not_found")),
        (
            403,
            "action_prohibited",
            Later("HTTP 403: check the address and the credentials: action_prohibited", None, 3),
        ),
        (404, "no_service", Later("HTTP 404: check the address and the credentials: no_service", None, 3)),
        (
            410,
            "channel_is_archived",
            Refused("HTTP 410: the receiver says it is gone for good: channel_is_archived", True),
        ),
        (429, "rate_limited", Later("HTTP 429: rate_limited")),
        (500, "rollup_error", Later("HTTP 500: rollup_error")),
    ],
)
def test_an_incoming_webhook_answers_with_a_code_and_a_word(status: int, said: str, outcome: object) -> None:
    assert talk(message(), HOOK, "slack", Reply(status, {}, said.encode())).outcome == outcome


def test_an_incoming_webhook_that_cannot_read_the_blocks_gets_plain_text() -> None:
    heard = talk(message(), HOOK, "slack", Reply(400, {}, b"invalid_blocks"), Reply(200, {}, b"ok"))

    assert len(heard.requests) == 2 and heard.outcome == Delivered()


@pytest.mark.parametrize(
    "given", [{}, {"token": "x"}, {"token": "x", "url": "https://a.example/"}, {"token": "x", "channel": "a b"}]
)
def test_one_way_must_be_chosen_whole(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        CHANNELS["slack"].settings.model_validate(given)
