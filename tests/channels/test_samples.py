"""Every kind of channel has a how-to, and the sample in it is what arrives. Those of chats, pagers and webhooks are
compared in `test_channel_docs`."""

from __future__ import annotations

import re

import pytest
import yaml

from statuswire.channels import CHANNELS
from statuswire.channels.apprise import AppriseSettings
from statuswire.channels.console import ConsoleSettings
from statuswire.channels.email import EmailSettings, compose
from statuswire.channels.exec import environment
from statuswire.channels.file import FileSettings
from statuswire.channels.mqtt import MqttSettings
from statuswire.model import AffectedComponent, Announcement, Line, Publication, Status
from tests.channels.events import incident_event
from tests.channels.playing import NOW, about, play
from tests.test_docs import DOCS, EVENT, FENCE

SLOW = incident_event(affected=(AffectedComponent("k3m9", "API", None, Status.DEGRADED),))


def how_to(kind: str) -> str:
    return (DOCS / "how-to" / f"tell-{kind}.md").read_text(encoding="utf-8")


def sample(kind: str, language: str = "text") -> str:
    """The first block of that language in the how-to of a kind."""
    return next(one["body"] for one in FENCE.finditer(how_to(kind)) if one["language"] == language).rstrip("\n")


@pytest.mark.parametrize("kind", CHANNELS)
def test_every_kind_has_a_how_to_with_an_example_that_the_contents_list(kind: str) -> None:
    given = next(iter(yaml.safe_load(sample(kind, "yaml"))["channels"].values()))

    assert given["kind"] == kind
    assert f"how-to/tell-{kind}.md" in (DOCS / "README.md").read_text(encoding="utf-8")


def test_the_sample_of_the_console_is_what_is_printed() -> None:
    (line,), _ = play(CHANNELS["console"], about(EVENT), ConsoleSettings(format="provider"))

    assert isinstance(line, Line) and line.text == sample("console")


def test_the_sample_of_a_file_is_the_line_to_the_letter() -> None:
    (line,), _ = play(CHANNELS["file"], about(SLOW), FileSettings(path="/var/log/events.jsonl"))

    assert isinstance(line, Line) and line.text == sample("file", "json")


def test_the_sample_of_mqtt_is_what_is_published() -> None:
    settings = MqttSettings(host="broker.example.com", state_topic="statuswire/{page}/state/{component}")
    actions, _ = play(CHANNELS["mqtt"], about(SLOW), settings)

    published = [f"{one.topic} {one.payload.decode()}" for one in actions if isinstance(one, Publication)]
    assert published == sample("mqtt").splitlines()


def test_the_sample_of_a_mail_is_what_arrives() -> None:
    given = {"host": "smtp.example.com", "sender": "status@example.com", "to": ["ops@example.com"]}
    mail = compose(about(SLOW), EmailSettings.model_validate(given), NOW)
    head, _, text = sample("email").partition("\n\n")
    plain = mail.get_body(("plain",))

    assert plain is not None and plain.get_content().strip() == text
    assert [line.split(": ", 1) for line in head.splitlines()] == [
        [name, mail[name]] for name in ("From", "To", "Subject", "Date", "Message-ID")
    ]


def test_the_sample_of_a_program_is_what_the_one_of_the_how_to_writes() -> None:
    variables = environment(about(SLOW))

    told = f"{variables['STATUSWIRE_LEVEL']} | {variables['STATUSWIRE_TITLE']} | {SLOW.type} {SLOW.id}"
    assert told == sample("exec")


def test_the_sample_of_apprise_is_title_and_text() -> None:
    (action,), _ = play(CHANNELS["apprise"], about(SLOW), AppriseSettings.model_validate({"url": "mailto://a"}))

    assert isinstance(action, Announcement)
    assert f"{action.title}\n\n{action.body}" == sample("apprise")


def test_pictures_are_small_and_say_in_words_what_they_show() -> None:
    pictures = re.findall(r"!\[([^\]]+)\]\((\.\./images/[^)]+)\)", how_to("email"))

    assert pictures
    for words, path in pictures:
        assert len(words) > 40
        assert (DOCS / "how-to" / path).stat().st_size < 80_000
