"""Mails as they are composed, threads, and what the server's answers mean."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from lxml import html
from pydantic import ValidationError

from statuswire.channels import phrasing
from statuswire.channels.email import CHANNEL, EmailSettings, compose
from statuswire.channels.email_html import DARK, DARK_GROUND, GROUND
from statuswire.model import (
    Delivered,
    EventType,
    Later,
    Mail,
    Message,
    MessageKind,
    Phase,
    Refused,
    Reply,
    Status,
    Wording,
)
from tests.channels.events import component_event, incident_event
from tests.channels.playing import ID, NOW, about, heartbeat, play

GIVEN: dict[str, Any] = {"host": "smtp.example.com", "sender": "status@example.com", "to": ["ops@example.com"]}
SETTINGS = EmailSettings.model_validate(GIVEN)
ACCEPTED = Reply(250, body=b"2.0.0 queued")


def read(message: Message, settings: EmailSettings = SETTINGS) -> EmailMessage:
    """As a mail program reads the bytes."""
    return message_from_bytes(compose(message, settings, NOW).as_bytes(), EmailMessage, policy=policy.default)


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def test_a_mail_says_first_what_is_wrong_and_where() -> None:
    mail = read(about())

    assert mail["Subject"] == "Degraded - Acme Relay: API - Slow API"
    assert part(mail, "plain").splitlines() == [
        "Degraded - Acme Relay: API - Slow API",
        "A bad deploy.",
        "Since: 2025-11-03 14:32 UTC · Impact: Minor · Phase: Identified",
        "https://status.acme-relay.example/incidents/w2x4",
    ]


def test_the_headers_say_that_a_program_writes_and_which_delivery_it_is() -> None:
    mail = read(about(), SETTINGS.model_copy(update={"to": ("ops@example.com", "boss@example.com")}))

    assert mail["From"] == "statuswire <status@example.com>"
    assert mail["To"] == "ops@example.com, boss@example.com"
    assert mail["Date"] == "Mon, 03 Nov 2025 14:33:00 +0000"
    assert mail["Message-ID"] == f"<{ID}@example.com>"
    assert (mail["Auto-Submitted"], mail["List-Id"]) == ("auto-generated", "statuswire <statuswire.example.com>")
    assert mail["In-Reply-To"] is None and mail["References"] is None


def test_the_same_message_is_the_same_mail_to_the_byte() -> None:
    assert compose(about(), SETTINGS, NOW).as_bytes() == compose(about(), SETTINGS, NOW).as_bytes()


def test_later_mails_of_a_story_answer_the_first() -> None:
    _, first = play(CHANNEL, about(), SETTINGS, ACCEPTED)
    assert first == Delivered({"message_id": f"<{ID}@example.com>"})

    later = replace(about(incident_event(phase=Phase.RESOLVED)), id="msg_later", state=first.state or {})
    mail = read(later)
    _, outcome = play(CHANNEL, later, SETTINGS, ACCEPTED)

    assert mail["Message-ID"] == "<msg_later@example.com>"
    assert mail["In-Reply-To"] == mail["References"] == f"<{ID}@example.com>"
    assert outcome == Delivered(None)


def test_o10_line_ends_in_a_title_begin_no_header() -> None:
    mail = read(about(incident_event(title="Slow\r\nBcc: eve@example.com\r\n\r\nbody", phase=Phase.RESOLVED)))

    assert mail["Bcc"] is None
    assert mail["Subject"].endswith("Slow Bcc: eve@example.com body")


def test_a_long_or_foreign_title_makes_a_short_subject_that_reads_back() -> None:
    mail = read(about(incident_event(title="Störung 事故 " * 60, components=("API", "Zahlungen"))))

    assert len(mail["Subject"]) == 200
    assert mail["Subject"].startswith("Degraded - Acme Relay: API, Zahlungen - Störung 事故")


def test_no_line_of_a_mail_is_too_long_for_smtp() -> None:
    body = compose(about(incident_event("word " * 5_000)), SETTINGS, NOW).as_bytes()

    assert body.isascii() and max(map(len, body.split(b"\r\n"))) <= 998


HOSTILE = "<script>alert(1)</script> & \"quotes\" <img src=x onerror=alert(1)> <a href='https://evil.example'>x</a>"


@pytest.mark.parametrize("where", ["title", "text", "component", "url", "wording"])
def test_what_a_provider_writes_is_shown_in_html_and_never_obeyed(where: str) -> None:
    event = incident_event(
        HOSTILE if where == "text" else "A bad deploy.",
        title=HOSTILE if where == "title" else "Slow API",
        components=(HOSTILE if where == "component" else "API",),
        url='https://a.example/"><script>alert(1)</script>' if where == "url" else "https://a.example/",
    )
    message = about(event, wording=Wording(HOSTILE, HOSTILE) if where == "wording" else None)

    tree = html.document_fromstring(part(read(message), "html"))

    assert not tree.xpath("//script | //img | //@onerror | //link | //iframe")
    assert len(tree.xpath("//a")) == 1


def test_the_html_has_one_bar_of_colour_dark_colours_and_nothing_from_elsewhere() -> None:
    text = part(read(about()), "html")

    assert text.count("border-left:4px solid #9E6300") == text.count("border-left:4px") == 1
    assert ".bar { border-color: #F0B23E !important; }" in text
    assert "prefers-color-scheme: dark" in text and 'name="color-scheme"' in text
    assert not re.search(r"<img|src=|@import|url\(", text)
    assert html.document_fromstring(text).xpath("string(//p[@class='words'])") == "A bad deploy."


def test_the_state_is_told_by_its_word_and_its_colour() -> None:
    (state,) = html.document_fromstring(part(read(about()), "html")).xpath("//h1/span")

    assert (state.text, state.get("class"), state.get("style")) == ("Degraded", "degraded", "color:#9E6300")


def test_a_line_of_the_operators_own_has_no_colour() -> None:
    tree = html.document_fromstring(part(read(about(wording=Wording("Mind - the gap", "Hm."))), "html"))

    assert tree.xpath("string(//h1)") == "Mind - the gap"
    assert not tree.xpath("//h1/span")


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = (int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("level", Status)
def test_states_can_be_read_on_light_and_dark_ground(level: Status) -> None:
    for colour, ground in ((phrasing.COLOURS[level], GROUND), (DARK[level], DARK_GROUND)):
        darker, lighter = sorted((luminance(colour), luminance(ground)))
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, colour


def test_words_keep_their_lines_where_white_space_is_not_kept_and_run_in_their_own_direction() -> None:
    text = part(read(about(incident_event("One\n\n\u05d0\u05d1"))), "html")
    (words,) = html.document_fromstring(text).xpath("//p[@class='words']")

    assert len(words.xpath("./br")) == 2
    assert words.get("dir") == "auto" and "unicode-bidi:plaintext" in words.get("style")


def test_what_has_no_blanks_is_broken_rather_than_wider_than_a_phone() -> None:
    text = part(read(about(incident_event("x" * 500, components=("y" * 60,)))), "html")
    (cell,) = html.document_fromstring(text).xpath("//td")

    assert "word-break:break-word" in cell.get("style")
    assert "table-layout:fixed" in cell.xpath("string(ancestor::table/@style)")


def test_a_digest_lists_each_event_with_its_state_and_its_link_and_no_facts_of_one() -> None:
    slow, down = incident_event(url="https://a.example/1"), component_event(new=Status.MAJOR_OUTAGE)
    mail = read(about(slow, down, kind=MessageKind.DIGEST))
    rows = html.document_fromstring(part(mail, "html")).xpath("//p")

    assert [(row.xpath("string(span)"), row.xpath("string(a/@href)")) for row in rows] == [
        ("Major outage", "https://status.acme-relay.example"),
        ("Degraded", "https://a.example/1"),
    ]
    assert "Since" not in part(mail, "plain")


def test_of_a_long_digest_the_rest_is_counted() -> None:
    events = [incident_event(title=f"Incident {number}") for number in range(phrasing.LISTED + 5)]

    rows = html.document_fromstring(part(read(about(*events, kind=MessageKind.DIGEST)), "html")).xpath("//p")

    assert len(rows) == phrasing.LISTED + 1
    assert rows[-1].text_content() == "and 5 more"


@pytest.mark.parametrize(
    "message",
    [
        heartbeat(),
        about(component_event()),
        about(incident_event(None)),
        about(incident_event(), incident_event(type_=EventType.INCIDENT_RESOLVED), kind=MessageKind.DIGEST),
    ],
    ids=["heartbeat", "component", "no text", "digest"],
)
def test_every_kind_of_message_makes_a_mail(message: Message) -> None:
    mail = read(message)

    assert mail["Subject"] and part(mail, "plain") and part(mail, "html")


# --- the conversation --------------------------------------------------------------------------------------------


def test_the_server_is_the_one_configured() -> None:
    settings = EmailSettings.model_validate(
        {**GIVEN, "security": "tls", "username": "u", "password": "secret", "allow_private": True}
    )

    (action,), _ = play(CHANNEL, about(), settings, ACCEPTED)

    assert isinstance(action, Mail)
    assert (action.host, action.port, action.security) == ("smtp.example.com", 465, "tls")
    assert (action.sender, action.recipients) == ("status@example.com", ("ops@example.com",))
    assert (action.username, action.password, action.is_private_ok) == ("u", "secret", True)
    assert "secret" not in repr(action) and "secret" not in repr(settings)


@pytest.mark.parametrize("code", [421, 450, 451, 452, 454])
def test_o10_a_code_of_the_fours_comes_back_later(code: int) -> None:
    _, outcome = play(CHANNEL, about(), SETTINGS, Reply(code, body=b"4.7.1 greylisted"))

    assert outcome == Later(f"SMTP {code}: 4.7.1 greylisted")


@pytest.mark.parametrize("code", [500, 550, 552, 554])
def test_o10_a_code_of_the_fives_is_final(code: int) -> None:
    _, outcome = play(CHANNEL, about(), SETTINGS, Reply(code, body=b"no\r\nsuch user"))

    assert outcome == Refused(f"SMTP {code}: no such user")


def test_a_wrong_password_disables_the_channel_at_the_third_in_a_row() -> None:
    _, outcome = play(CHANNEL, about(), SETTINGS, Reply(535))

    assert outcome == Later("SMTP 535 (check user name and password)", disables_after=3)


# --- settings ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"to": []},
        {"to": ["ops@example.com\r\nBcc: eve@example.com"]},
        {"to": ["Ops <ops@example.com>"]},
        {"sender": "nobody"},
        {"host": "smtp.example.com\n"},
        {"username": "u", "password": "p", "security": "none"},
        {"username": "u"},
        {"password": "p"},
        {"security": "ssl"},
    ],
)
def test_wrong_settings_are_refused_without_repeating_them(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        EmailSettings.model_validate({**GIVEN, **wrong})

    assert "eve@example.com" not in str(caught.value)
