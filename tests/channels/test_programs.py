"""Kinds for programs: a file, MQTT, a program of the operator's, and Apprise."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from statuswire import wire
from statuswire.channels import CHANNELS, apprise, exec, file, mqtt
from statuswire.channels.base import ChannelSettings
from statuswire.channels.exec import ExecSettings, environment
from statuswire.channels.file import FileSettings
from statuswire.channels.mqtt import MqttSettings, escape
from statuswire.model import (
    AffectedComponent,
    Announcement,
    Command,
    Delivered,
    EventType,
    Later,
    Line,
    MessageKind,
    PageRef,
    Publication,
    Refused,
    Reply,
    Status,
)
from tests.channels.events import component_event, feed_event, incident_event, page_event
from tests.channels.playing import ID, about, heartbeat, play

BEAT = {
    "type": "heartbeat",
    "at": "2025-11-03T14:32:00Z",
    "state": "degraded",
    "label": "DEGRADED",
    "message": "Slow API",
    "impacted": ["API"],
}


def test_only_kinds_that_reach_beyond_us_need_a_word_of_the_operator() -> None:
    assert {kind: CHANNELS[kind].requires for kind in ("console", "email", "mqtt", "file", "exec", "apprise")} == {
        "console": "",
        "email": "",
        "mqtt": "",
        "file": "",
        "exec": "allow_exec",
        "apprise": "allow_apprise",
    }


# --- file --------------------------------------------------------------------------------------------------------

LOG = FileSettings(path="/var/log/events.jsonl", rotate_bytes=1000, keep=3)


def test_a_file_gets_a_line_for_each_event() -> None:
    events = incident_event(), component_event()

    (line,), outcome = play(file.CHANNEL, about(*events, kind=MessageKind.DIGEST), LOG)

    assert isinstance(line, Line)
    assert (line.path, line.rotate_bytes, line.keep) == ("/var/log/events.jsonl", 1000, 3)
    assert [json.loads(text) for text in line.text.split("\n")] == [wire.to_mapping(event) for event in events]
    assert outcome == Delivered()


def test_a_file_gets_the_sign_of_life_too() -> None:
    (line,), _ = play(file.CHANNEL, heartbeat(), LOG)

    assert isinstance(line, Line) and json.loads(line.text) == BEAT


@pytest.mark.parametrize("path", ["", "events.jsonl", "/var/log/", "/var/log/..", "/a\0b"])
def test_a_path_that_is_no_certain_file_is_refused(path: str) -> None:
    with pytest.raises(ValidationError):
        FileSettings(path=path)


# --- mqtt --------------------------------------------------------------------------------------------------------

BROKER: dict[str, Any] = {"host": "broker.example.com"}


def published(message: Any, **more: Any) -> list[Publication]:
    actions, outcome = play(mqtt.CHANNEL, message, MqttSettings.model_validate({**BROKER, **more}))
    assert outcome == Delivered()
    return [action for action in actions if isinstance(action, Publication)]


@pytest.mark.parametrize(
    "event, topic",
    [
        (incident_event(), "statuswire/acme/incident"),
        (component_event(), "statuswire/acme/component"),
        (page_event(), "statuswire/acme/page"),
        (feed_event(EventType.FEED_FAILING), "statuswire/acme/feed"),
    ],
)
def test_the_topic_tells_page_and_kind(event: Any, topic: str) -> None:
    (one,) = published(about(event))

    assert (one.topic, json.loads(one.payload), one.is_retained) == (topic, wire.to_mapping(event), False)


def test_each_event_of_a_message_is_published_oldest_first() -> None:
    events = incident_event(), component_event()

    assert [json.loads(one.payload)["type"] for one in published(about(*events, kind=MessageKind.DIGEST))] == [
        "incident.updated",
        "component.status_changed",
    ]


def test_a_heartbeat_has_a_topic_of_its_own() -> None:
    (one,) = published(heartbeat())

    assert (one.topic, json.loads(one.payload)) == ("statuswire/-/heartbeat", BEAT)


def test_broker_and_user_are_those_configured() -> None:
    plain, secure = (
        published(about(), tls=tls, username="u", password="secret", qos=0, client_id="sw", allow_private=True)[0]
        for tls in (False, True)
    )

    assert (plain.port, secure.port, plain.is_tls, secure.is_tls) == (1883, 8883, False, True)
    assert (plain.host, plain.username, plain.password) == ("broker.example.com", "u", "secret")
    assert (plain.qos, plain.client_id, plain.is_private_ok) == (0, "sw", True)


STATES = "statuswire/{page}/state/{component}"


def test_the_state_of_each_component_is_retained() -> None:
    event = incident_event(
        affected=(
            AffectedComponent("a", "API", "Europe", Status.DEGRADED),
            AffectedComponent("b", "I/O #1", None, Status.OPERATIONAL),
        )
    )

    retained = [one for one in published(about(event), state_topic=STATES) if one.is_retained]

    assert [one.topic for one in retained] == ["statuswire/acme/state/Europe - API", "statuswire/acme/state/I%2FO %231"]
    assert json.loads(retained[0].payload) == {
        "page": "acme",
        "component": "Europe - API",
        "state": "degraded",
        "at": "2025-11-03T14:32:00Z",
    }


def test_the_state_of_a_page_is_retained_too_and_of_what_is_gone_forgotten() -> None:
    page = published(about(page_event()), state_topic=STATES)[-1]
    gone = published(about(component_event(type_=EventType.COMPONENT_REMOVED)), state_topic=STATES)[-1]

    assert (page.topic, json.loads(page.payload)["state"]) == ("statuswire/acme/state/-", "degraded")
    assert (gone.topic, gone.payload, gone.is_retained) == ("statuswire/acme/state/API", b"", True)


@pytest.mark.parametrize("name", ["+", "#", "a/b/#", "$SYS", "\0", "", "  ", "%2F", "\x1b[2J", "\ud800", "事故" * 300])
def test_no_name_can_leave_its_level_of_the_topic(name: str) -> None:
    level = escape(name)

    assert level and not set(level) & set("+#/$\0\x1b") and len(level.encode()) < 2_000


def test_names_that_differ_stay_different() -> None:
    names = ["a/b", "a%2Fb", "a b", "a+b"]

    assert len({escape(name) for name in names}) == len(names)


def test_a_hostile_page_cannot_publish_elsewhere() -> None:
    event = replace(incident_event(), page=PageRef("../#", "x", ""))

    assert published(about(event))[0].topic == "statuswire/..%2F%23/incident"


@pytest.mark.parametrize("topic", ["", "a/{nobody}", "a/#", "+/b", "$SYS/a", "a/{page", "a\nb"])
def test_a_topic_that_nobody_can_publish_to_is_refused(topic: str) -> None:
    with pytest.raises(ValidationError):
        MqttSettings.model_validate({**BROKER, "topic": topic})


# --- exec --------------------------------------------------------------------------------------------------------

PROGRAM = ExecSettings(command=("/usr/local/bin/page-me", "--loud"), timeout_s=7)


def test_a_program_gets_the_events_and_the_essentials() -> None:
    (command,), outcome = play(exec.CHANNEL, about(), PROGRAM)

    assert isinstance(command, Command)
    assert (command.argv, command.timeout.total_seconds()) == (("/usr/local/bin/page-me", "--loud"), 7)
    assert command.stdin.endswith(b"}\n") and json.loads(command.stdin) == wire.to_mapping(incident_event())
    assert command.environment == {
        "STATUSWIRE_MESSAGE_ID": ID,
        "STATUSWIRE_KIND": "event",
        "STATUSWIRE_ROUTE": "",
        "STATUSWIRE_TITLE": "Degraded - Acme Relay: API - Slow API",
        "STATUSWIRE_TEXT": "A bad deploy.",
        "STATUSWIRE_LEVEL": "degraded",
        "STATUSWIRE_URL": "https://status.acme-relay.example/incidents/w2x4",
        "STATUSWIRE_TYPE": "incident.updated",
        "STATUSWIRE_EVENT_ID": "812",
        "STATUSWIRE_PAGE": "acme",
        "STATUSWIRE_PAGE_NAME": "Acme Relay",
        "STATUSWIRE_COMPONENTS": "API",
        "STATUSWIRE_INCIDENT": "w2x4",
        "STATUSWIRE_PHASE": "identified",
        "STATUSWIRE_IMPACT": "minor",
    }
    assert outcome == Delivered()


def test_a_heartbeat_has_the_same_variables() -> None:
    found = environment(heartbeat())

    assert found.keys() == environment(about()).keys()
    assert (found["STATUSWIRE_TYPE"], found["STATUSWIRE_PAGE"]) == ("heartbeat", "")


def test_variables_are_short_and_on_one_line() -> None:
    found = environment(about(incident_event("a\nb\0c\x1b[2J" + "x" * 100_000)))

    assert found["STATUSWIRE_TEXT"].startswith("a b") and len(found["STATUSWIRE_TEXT"]) <= 4_000
    assert all(value.isprintable() for value in found.values())


@pytest.mark.parametrize(
    "status, outcome",
    [
        (1, Later("exit code 1: no route")),
        (75, Later("exit code 75: no route")),
        (-9, Later("signal 9: no route")),
        (64, Refused("exit code 64: no route")),
        (78, Refused("exit code 78: no route")),
    ],
)
def test_the_exit_code_says_whether_to_try_again(status: int, outcome: Any) -> None:
    _, found = play(exec.CHANNEL, about(), PROGRAM, Reply(status, body=b"no\x1b[31m route\n"))

    assert found == outcome


@pytest.mark.parametrize("command", [[], ["page-me"], ["/bin/a", "b\0c"], "/bin/echo hello"])
def test_a_command_is_a_list_that_begins_with_a_whole_path(command: Any) -> None:
    with pytest.raises(ValidationError):
        ExecSettings.model_validate({"command": command})


# --- apprise -----------------------------------------------------------------------------------------------------


def apprise_settings(**more: Any) -> ChannelSettings:
    return apprise.CHANNEL.settings.model_validate({"url": "json://host/secret-token", **more})


def test_apprise_gets_title_text_and_level() -> None:
    (action,), outcome = play(apprise.CHANNEL, about(), apprise_settings())

    assert action == Announcement(
        "json://host/secret-token",
        "Degraded - Acme Relay: API - Slow API",
        "A bad deploy.\nSince: 2025-11-03 14:32 UTC · Impact: Minor · Phase: Identified\n"
        "https://status.acme-relay.example/incidents/w2x4",
        "warning",
    )
    assert outcome == Delivered()


def test_apprise_gets_a_body_even_where_there_is_only_a_headline() -> None:
    message = replace(heartbeat(), standing=replace(heartbeat().standing, impacted=()))  # type: ignore[type-var]

    (action,), _ = play(apprise.CHANNEL, message, apprise_settings(allow_private=True))

    assert isinstance(action, Announcement)
    assert action.body == action.title == "DEGRADED - Slow API"
    assert action.is_private_ok


def test_the_url_of_apprise_is_shown_nowhere() -> None:
    settings = apprise_settings()

    (action,), _ = play(apprise.CHANNEL, about(), settings)

    assert "secret-token" not in repr(action) + repr(settings) + settings.model_dump_json()
    with pytest.raises(ValidationError) as caught:
        apprise.CHANNEL.settings.model_validate({"url": "secret-token"})
    assert "secret-token" not in str(caught.value)
