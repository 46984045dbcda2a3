"""Discord: an embed, edits, posts of a forum, and waits in two units."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from statuswire.channels.discord import bodies, escape
from statuswire.channels.quoting import units
from statuswire.channels.rendering import rendering
from statuswire.model import Delivered, Later, MessageKind, Refused, Reply
from tests.channels.events import incident_event
from tests.channels.hostile import HOSTILE
from tests.channels.messages import GOOD, RESOLVED, check, message, ok, settings, talk

PLAIN = settings("discord")
STATE = {"message": "777"}


def test_what_arrives() -> None:
    heard = talk(message(), PLAIN, "discord")

    (embed,) = heard.body["embeds"]
    assert heard.requests[0].url == "https://discord.example/api/webhooks/1/hidden?wait=true"
    assert heard.body["content"] == "Degraded - Acme Relay: API - Slow API"
    assert embed == {
        "title": "Slow API",
        "url": "https://status.acme-relay.example/incidents/w2x4",
        "description": "A bad deploy.",
        "color": 0x9E6300,
        "fields": [
            {"name": "Since", "value": "2025-11-03 14:32 UTC", "inline": True},
            {"name": "Impact", "value": "Minor", "inline": True},
            {"name": "Phase", "value": "Identified", "inline": True},
        ],
    }
    assert heard.outcome == Delivered(STATE)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("@everyone <@1> <#2> <t:3:R>", "\\@everyone \\<\\@1> \\<#2> \\<t\\:3:R>"),
        ("[a](https://b.example)", "\\[a\\](https\\://b.example)"),
        ("**a** __b__ ~~c~~ `d` ||e||", "\\*\\*a\\*\\* \\_\\_b\\_\\_ \\~\\~c\\~\\~ \\`d\\` \\|\\|e\\|\\|"),
        ("# a\n> b\n- c\n1. d\n-# e", "\\# a\n\\> b\n\\- c\n1\\. d\n\\-# e"),
        ("back\\slash, 1. and - and #: fine", "back\\\\slash, 1. and - and #: fine"),
        (":tada:", "\\:tada:"),
    ],
)
def test_markdown_is_shown_and_not_obeyed(text: str, written: str) -> None:
    assert escape(text) == written


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_no_text_of_a_provider_is_markdown_or_reaches_anybody(text: str) -> None:
    event = incident_event(text, title=text, components=(text,))

    for body in bodies(rendering(message(event))):
        told = [body["content"]]
        for embed in body["embeds"]:  # type: ignore[attr-defined]
            told += [embed.get("title", ""), embed.get("description", ""), *(one["value"] for one in embed["fields"])]
        assert body["allowed_mentions"] == {"parse": []}
        assert not [one for one in told if re.search(r"(?<!\\)(?:\\\\)*[*_~`|\[\]<@]", str(one).replace("\\\\", ""))]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_limits_hold_in_the_units_of_discord_and_over_all_parts(text: str) -> None:
    told = message(incident_event(text, title=text), reason=text, evidence=(text,), kind=MessageKind.ESCALATION)

    rich, plain = bodies(rendering(told))

    (embed,) = rich["embeds"]  # type: ignore[misc]
    parts = [embed["title"], embed.get("description", "")]
    parts += [part for one in embed["fields"] for part in (one["name"], one["value"])]
    assert sum(units(part) for part in parts) <= 6000
    assert units(embed.get("description", "")) <= 4096
    assert max(units(str(rich["content"])), units(str(plain["content"]))) <= 2000


def test_later_messages_edit_the_first() -> None:
    heard = talk(message(RESOLVED, state=STATE, is_last=True), PLAIN, "discord")

    (request,) = heard.requests
    assert (request.method, request.url) == (
        "PATCH",
        "https://discord.example/api/webhooks/1/hidden/messages/777",
    )
    assert {"name": "Took", "value": "1 h 12 min", "inline": True} in heard.body["embeds"][0]["fields"]
    assert heard.body["allowed_mentions"] == {"parse": []}
    assert heard.outcome == Delivered()


def test_where_configured_they_are_posted_as_well() -> None:
    heard = talk(message(state=STATE), settings("discord", updates="both"), "discord")

    assert [request.method for request in heard.requests] == ["PATCH", "POST"]
    assert heard.outcome == Delivered()


def test_an_escalation_is_posted_because_an_edit_reaches_nobody() -> None:
    heard = talk(message(kind=MessageKind.ESCALATION, state=STATE), PLAIN, "discord")

    assert [request.method for request in heard.requests] == ["POST"] and heard.outcome == Delivered()


def test_a_first_message_that_was_deleted_is_posted_anew() -> None:
    gone = ok({"message": "Unknown Message", "code": 10008}, 404)

    heard = talk(message(state={"message": "1"}), PLAIN, "discord", gone, GOOD["discord"])

    assert [request.method for request in heard.requests] == ["PATCH", "POST"]
    assert heard.outcome == Delivered(STATE)


def test_a_webhook_that_was_deleted_is_never_used_again() -> None:
    gone = ok({"message": "Unknown Webhook", "code": 10015}, 404)

    heard = talk(message(state=STATE), PLAIN, "discord", gone)

    assert len(heard.requests) == 1
    assert isinstance(heard.outcome, Refused) and heard.outcome.disables


def test_in_a_forum_each_incident_is_a_post() -> None:
    forum = settings("discord", forum=True, updates="both")

    first = talk(message(), forum, "discord")
    later = talk(message(state={"message": "777", "thread": "888"}), forum, "discord")

    assert first.body["thread_name"] == "Slow API"
    assert first.outcome == Delivered({"message": "777", "thread": "888"})
    assert [parse_qs(urlsplit(request.url).query).get("thread_id") for request in later.requests] == [["888"], ["888"]]
    assert not any("thread_name" in body for body in later.bodies)
    check("discord", first.requests + later.requests)


NO_THREAD = ok({"message": "Unknown Channel", "code": 10003}, 404)


def test_a_post_of_the_forum_that_was_deleted_is_made_anew() -> None:
    forum = settings("discord", forum=True)
    made = ok({"id": "778", "channel_id": "889"})

    heard = talk(message(state={"message": "777", "thread": "888"}), forum, "discord", NO_THREAD, NO_THREAD, made)

    assert [request.method for request in heard.requests] == ["PATCH", "POST", "POST"]
    assert heard.bodies[-1]["thread_name"] == "Slow API" and "thread_id" not in heard.requests[-1].url
    assert heard.outcome == Delivered({"message": "778", "thread": "889"})


def test_so_it_is_for_an_escalation_which_edits_nothing() -> None:
    forum, told = settings("discord", forum=True), message(state={"message": "777", "thread": "888"})
    made = ok({"id": "778", "channel_id": "889"})

    heard = talk(replace(told, kind=MessageKind.ESCALATION), forum, "discord", NO_THREAD, made)

    assert [request.method for request in heard.requests] == ["POST", "POST"]
    assert heard.outcome == Delivered({"message": "778", "thread": "889"})


def test_a_thread_of_ones_own_that_is_gone_is_for_the_operator_to_mend() -> None:
    for state in ({}, {"message": "777", "thread": "42"}):
        outcome = talk(message(state=state), settings("discord", thread="42"), "discord", NO_THREAD).outcome

        assert isinstance(outcome, Later) and outcome.disables_after == 3


def test_a_thread_of_ones_own_is_kept_to() -> None:
    heard = talk(message(), settings("discord", thread="42"), "discord")

    assert heard.requests[0].url.endswith("?wait=true&thread_id=42")
    assert heard.outcome == Delivered({"message": "777", "thread": "42"})


@pytest.mark.parametrize(
    ("asked", "header", "wait_s"),
    [
        (1.5, "", 1.5),
        (64.57, "65", 65),
        (1500, "", 1.5),
        (64570, "65", 65),
        (900, "", 900),
        (0.001, "", 1),
        (1e12, "", 21_600),
        (-3, "", None),
        ("soon", "", None),
        (True, "", None),
    ],
)
def test_o2_a_wait_may_come_in_seconds_or_in_milliseconds(asked: object, header: str, wait_s: float | None) -> None:
    headers = {"Retry-After": header} if header else {}
    reply = Reply(429, headers, ok({"message": "You are being rate limited.", "retry_after": asked}).body)

    outcome = talk(message(), PLAIN, "discord", reply).outcome

    assert outcome == Later("HTTP 429", None if wait_s is None else timedelta(seconds=wait_s))


def test_a_form_that_discord_does_not_like_is_told_plainly() -> None:
    bad = ok({"message": "Invalid Form Body", "code": 50035}, 400)

    heard = talk(message(), PLAIN, "discord", bad, GOOD["discord"])

    assert heard.bodies[1]["embeds"] == [] and "A bad deploy." in heard.bodies[1]["content"]
    assert talk(message(), PLAIN, "discord", bad).outcome == Refused("HTTP 400: Invalid Form Body")
