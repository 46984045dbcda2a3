"""Telegram: HTML that holds nothing of the provider's, answers, edits, and 400 with its many meanings."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser

import pytest
from pydantic import ValidationError

from statuswire.channels.quoting import units
from statuswire.channels.rendering import rendering
from statuswire.channels.telegram import html
from statuswire.model import Delivered, Later, MessageKind, Refused, Reply
from tests.channels.events import incident_event
from tests.channels.hostile import HOSTILE
from tests.channels.messages import GOOD, RESOLVED, Talk, check, message, ok, settings, talk

BOT = settings("telegram")
STATE = {"message": "55", "chat": "-1001234567890"}


def no(description: str, status: int = 400, **parameters: object) -> Reply:
    body = {"ok": False, "error_code": status, "description": description, "parameters": parameters}
    return ok(body, status)


def methods(heard: Talk) -> list[str]:
    return [request.url.rpartition("/")[2] for request in heard.requests]


def test_what_arrives() -> None:
    heard = talk(message(), BOT, "telegram")

    assert heard.requests[0].url == "https://api.telegram.org/bot1:hidden/sendMessage"
    assert heard.body["text"] == (
        "<b>Degraded - Acme Relay: API - Slow API</b>\n"
        "<blockquote>A bad deploy.</blockquote>\n"
        "Since: 2025-11-03 14:32 UTC · Impact: Minor · Phase: Identified\n"
        '<a href="https://status.acme-relay.example/incidents/w2x4">Open the status page</a>'
    )
    assert heard.body["link_preview_options"] == {"is_disabled": True}
    assert heard.outcome == Delivered(STATE)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.append(tag)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_only_our_own_tags_are_left_and_the_visible_text_fits(text: str) -> None:
    event = incident_event(text, title=text, url='https://a.example/?a=1&b="><b>')
    told = html(rendering(message(event, kind=MessageKind.ESCALATION, reason=text, evidence=(text,))))

    tags = Tags()
    tags.feed(told)
    assert tags.found in (["b", "blockquote", "a"], ["b", "a"])
    assert units(unescape(re.sub(r"<[^>]*>", "", told))) <= 4096


@pytest.mark.parametrize("text", ["@username", "see (@name)", "/stop", "#tag and $AAPL"])
def test_nobody_is_pinged_by_a_name_in_a_text(text: str) -> None:
    heard = talk(
        message(incident_event(text)), BOT, "telegram", no("Bad Request: can't parse entities"), GOOD["telegram"]
    )

    assert text not in heard.bodies[0]["text"] and text not in heard.bodies[1]["text"]
    assert "\u2060" in heard.bodies[0]["text"]


def test_addresses_and_mail_addresses_are_let_be() -> None:
    text = "see https://a.example/b/c#d or ops@a.example"

    assert text in talk(message(incident_event(text)), BOT, "telegram").body["text"]


def test_later_messages_answer_the_first() -> None:
    heard = talk(message(state=STATE), BOT, "telegram")

    assert methods(heard) == ["sendMessage"]
    assert heard.body["reply_parameters"] == {"message_id": 55, "allow_sending_without_reply": True}
    assert heard.outcome == Delivered()


def test_the_end_edits_the_first_message_and_then_answers_it() -> None:
    heard = talk(message(RESOLVED, state=STATE, is_last=True), BOT, "telegram")

    assert methods(heard) == ["editMessageText", "sendMessage"]
    assert heard.bodies[0]["message_id"] == 55
    assert "Took: 1 h 12 min" in heard.bodies[0]["text"]
    check("telegram", heard.requests)


@pytest.mark.parametrize(
    "said",
    ["Bad Request: message is not modified: x", "Bad Request: message to edit not found", "message can't be edited"],
)
def test_an_edit_that_cannot_be_does_not_keep_the_chat_from_hearing(said: str) -> None:
    heard = talk(message(RESOLVED, state=STATE), BOT, "telegram", no(said), GOOD["telegram"])

    assert methods(heard) == ["editMessageText", "sendMessage"] and heard.outcome == Delivered()


def test_an_edit_that_fails_for_a_while_is_repeated_before_anything_is_posted() -> None:
    heard = talk(message(RESOLVED, state=STATE), BOT, "telegram", Reply(502))

    assert methods(heard) == ["editMessageText"] and isinstance(heard.outcome, Later)


def test_a_group_that_became_a_supergroup_is_followed() -> None:
    moved = no("Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-100777)

    heard = talk(message(state=STATE), BOT, "telegram", moved, GOOD["telegram"])

    assert heard.bodies[1]["chat_id"] == "-100777"
    assert "reply_parameters" not in heard.bodies[1]
    assert heard.outcome == Delivered()


def test_topics_and_silence_are_passed_on() -> None:
    heard = talk(message(), settings("telegram", topic=42, silent=True), "telegram")

    assert (heard.body["message_thread_id"], heard.body["disable_notification"]) == (42, True)


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (no("Too Many Requests: retry after 5", 429, retry_after=5), Later("HTTP 429", timedelta(seconds=5))),
        (ok({}, 429, Retry_After="7"), Later("HTTP 429", timedelta(seconds=7))),
        (no("Bad Request: chat not found"), Later("HTTP 400: Bad Request: chat not found", disables_after=3)),
        (
            no("Bad Request: message thread not found"),
            Later("HTTP 400: Bad Request: message thread not found", disables_after=3),
        ),
        (no("Bad Request: TOPIC_CLOSED"), Later("HTTP 400: Bad Request: TOPIC_CLOSED", disables_after=3)),
        (no("Bad Request: message text is empty"), Refused("HTTP 400: Bad Request: message text is empty")),
        (
            no("Forbidden: bot was kicked from the supergroup chat", 403),
            Later(
                "HTTP 403: check the address and the credentials: Forbidden: bot was kicked from the supergroup chat",
                disables_after=3,
            ),
        ),
        (no("Unauthorized", 401), Later("HTTP 401: check the address and the credentials: Unauthorized", None, 3)),
        (Reply(200, {}, b"<html>"), Later("Telegram answers with something that is not its own")),
    ],
)
def test_replies(reply: Reply, outcome: object) -> None:
    assert talk(message(), BOT, "telegram", reply).outcome == outcome


def test_the_reply_may_be_cut_off_behind_what_is_remembered() -> None:
    long = b'{"ok":true,"result":{"message_id":9,"chat":{"id":-5,"title":"x"},"text":"' + b"\\u00e4" * 3000

    assert talk(message(), BOT, "telegram", Reply(200, {}, long)).outcome == Delivered({"message": "9", "chat": "-5"})


def test_a_chat_may_be_a_number_or_a_public_name() -> None:
    assert talk(message(), settings("telegram", chat=-100123), "telegram").body["chat_id"] == "-100123"
    assert talk(message(), settings("telegram", chat="@ops_room"), "telegram").body["chat_id"] == "@ops_room"
    with pytest.raises(ValidationError):
        settings("telegram", chat="ops room")
