"""Whole deliveries: a message, its channel, the edge, and a real receiver; what arrives is what the how-tos show."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from statuswire import wire
from statuswire.channels import CHANNELS
from statuswire.model import AffectedComponent, Delivered, Later, Message, Outcome, Phase, Refused, Status
from statuswire.net.send import Sender
from tests.channels import playing
from tests.channels.events import incident_event
from tests.channels.playing import NOW
from tests.fake_provider import FakeProvider, authority, reply
from tests.net.broker import PASSWORD as BROKER_PASSWORD
from tests.net.broker import USER as BROKER_USER
from tests.net.broker import broker, subscriber
from tests.net.mail_server import PASSWORD, USER, MailServer, serving
from tests.net.support import on_the_servers_loop, sending

EVENT = incident_event(affected=(AffectedComponent("k3m9", "API", None, Status.DEGRADED),))
HOW_TO = Path(__file__).resolve().parents[2] / "docs" / "how-to"


async def deliver(edge: Sender, kind: str, message: Message, /, **settings: Any) -> Outcome:
    """What a dispatcher does."""
    channel = CHANNELS[kind]
    checked = channel.settings.model_validate({"allow_private": True, **settings})
    conversation = channel.converse(message, checked, NOW)
    try:
        action = next(conversation)
        while True:
            action = conversation.send(await edge.send(action))
    except StopIteration as stop:
        outcome = stop.value
    assert isinstance(outcome, Delivered | Later | Refused)
    return outcome


def shown(name: str, language: str) -> str:
    """The first block of a language in a how-to."""
    found = re.search(rf"^```{language}\n(.*?)^```$", (HOW_TO / name).read_text(), re.MULTILINE | re.DOTALL)
    assert found, f"no {language} in {name}"
    return found[1]


@on_the_servers_loop
async def test_two_mails_of_a_story_arrive_as_one_conversation() -> None:
    async with serving(MailServer(), "starttls", needs_login=True) as server, sending() as sender:
        given = {
            "host": "127.0.0.1",
            "port": server.port,
            "sender": "status@example.com",
            "to": ["ops@example.com"],
            "username": USER,
            "password": PASSWORD,
        }

        first = await deliver(sender, "email", playing.about(EVENT), **given)
        assert isinstance(first, Delivered)
        later = replace(playing.about(incident_event(phase=Phase.RESOLVED)), id="msg_later", state=first.state or {})
        assert await deliver(sender, "email", later, **given) == Delivered()

        (_, _, one), (_, _, two) = server.got
        assert two["References"] == one["Message-ID"] and one["References"] is None
        body = one.get_body(("plain",))
        assert body is not None
        head = "".join(f"{name}: {one[name]}\n" for name in ("From", "To", "Subject", "Date", "Message-ID"))
        assert f"{head}\n{body.get_content()}".replace("\r\n", "\n") == shown("tell-email.md", "text")


@on_the_servers_loop
async def test_a_grey_list_and_a_refusal_are_told_apart() -> None:
    given = {"host": "127.0.0.1", "security": "none", "sender": "status@example.com", "to": ["ops@example.com"]}
    async with sending() as sender:
        outcomes = []
        for answer in ("451 4.7.1 later", "550 5.1.1 nobody"):
            async with serving(MailServer(to_data=answer)) as server:
                outcomes.append(await deliver(sender, "email", playing.about(EVENT), port=server.port, **given))

        assert outcomes == [Later("SMTP 451: 4.7.1 later"), Refused("SMTP 550: 5.1.1 nobody")]


@on_the_servers_loop
async def test_an_event_arrives_at_a_broker_and_the_state_stays(tmp_path: Path) -> None:
    given = {"host": "127.0.0.1", "username": BROKER_USER, "password": BROKER_PASSWORD, "tls": True}
    async with broker(tmp_path, authority()) as port, sending() as sender:
        outcome = await deliver(sender, "mqtt", playing.about(EVENT), port=port, **given)

    assert outcome == Delivered()

    async with broker(tmp_path) as port, subscriber(port) as received, sending() as sender:
        topic = "statuswire/{page}/state/{component}"
        await deliver(sender, "mqtt", playing.about(EVENT), host="127.0.0.1", port=port, tls=False, state_topic=topic)

        arrived = [await received.next(), await received.next()]
        lines = [f"{topic} {payload.decode()}" for topic, payload, _ in arrived]
        assert lines == shown("tell-mqtt.md", "text").splitlines()


@on_the_servers_loop
async def test_an_event_is_a_line_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    async with sending() as sender:
        for _ in range(2):
            assert await deliver(sender, "file", playing.about(EVENT), path=str(path)) == Delivered()

    assert path.read_text() == shown("tell-file.md", "json") * 2
    assert wire.decode_event(path.read_text().splitlines()[0]).id == 812


@on_the_servers_loop
async def test_a_program_is_run_with_the_event(tmp_path: Path) -> None:
    noted = tmp_path / "noted"
    script = tmp_path / "script"
    script.write_text(f"#!{sys.executable}\n" + shown("tell-exec.md", "python").replace("/var/tmp/noted", str(noted)))
    script.chmod(0o755)
    async with sending() as sender:
        outcome = await deliver(sender, "exec", playing.about(EVENT), command=[str(script)])

    assert outcome == Delivered()
    assert noted.read_text() == "degraded | Degraded - Acme Relay: API - Slow API | incident.updated 812\n"


@on_the_servers_loop
async def test_apprise_hands_it_on() -> None:
    async with FakeProvider() as receiver, sending() as sender:
        receiver.script("/", reply(200))

        outcome = await deliver(sender, "apprise", playing.about(EVENT), url=f"json://127.0.0.1:{receiver.port}")

        assert outcome == Delivered()
        got = json.loads(receiver.seen[0].body)
        assert f"{got['title']}\n\n{got['message']}\n" == shown("tell-apprise.md", "text")
