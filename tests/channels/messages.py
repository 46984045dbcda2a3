"""Messages of an invented page, and conversations played through with made-up replies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from statuswire.channels import CHANNELS
from statuswire.channels.base import ChannelSettings
from statuswire.model import (
    Event,
    EventType,
    Message,
    MessageKind,
    Outcome,
    PageRef,
    Phase,
    Reply,
    Request,
    Standing,
)
from tests.channels.events import AT, component_event, incident_event

SCHEMAS = Path(__file__).with_name("schemas")
NOW = AT + timedelta(seconds=5)
OTHER = PageRef("brook", "Brook Pay", "https://status.brook-pay.example")

SETTINGS: Mapping[str, Mapping[str, object]] = {
    "webhook": {"url": "https://receiver.example/hidden"},
    "slack": {"token": "xoxb-1-hidden", "channel": "C0123456789"},
    "discord": {"url": "https://discord.example/api/webhooks/1/hidden"},
    "teams": {"url": "https://workflows.example/triggers/hidden"},
    "telegram": {"token": "1:hidden", "chat": "-1001234567890"},
    "ntfy": {"topic": "hidden-topic"},
    "pagerduty": {"key": "0123456789abcdef0123456789abcdef"},
    "opsgenie": {"key": "hidden-key"},
    "alertmanager": {"url": "https://alerts.example/hidden"},
}
"""The least that each kind needs."""

KINDS = tuple(SETTINGS)

RESOLVED = replace(
    incident_event("All is well again.", phase=Phase.RESOLVED, type_=EventType.INCIDENT_RESOLVED),
    at=AT + timedelta(minutes=72),
)

STANDING = Standing(
    state="operational",
    label="ACTIVE",
    message="All systems operational.",
    at=AT,
    last_title="Slow API",
    last_at=AT - timedelta(days=1),
)


def message(*events: Event, kind: MessageKind = MessageKind.EVENT, **parts: Any) -> Message:
    """A message about a slow API unless told otherwise."""
    told = events or (incident_event(),)
    return Message("msg_abc", kind, told, **{"thread": "thread-1", "opened_at": AT, **parts})


MESSAGES: Mapping[MessageKind, Message] = {
    MessageKind.EVENT: message(),
    MessageKind.DIGEST: message(incident_event(), component_event(), kind=MessageKind.DIGEST),
    MessageKind.STORY: message(
        incident_event(), incident_event(page=OTHER), kind=MessageKind.STORY, evidence=("both name eu-west-1",)
    ),
    MessageKind.ESCALATION: message(kind=MessageKind.ESCALATION, reason="open for 30 min"),
    MessageKind.TEST: message(kind=MessageKind.TEST),
}
"""One of each kind that every channel tells people."""

HEARTBEAT = Message("msg_beat", MessageKind.HEARTBEAT, standing=STANDING)


def settings(kind: str, **further: object) -> ChannelSettings:
    return CHANNELS[kind].settings.model_validate({**SETTINGS[kind], **further})


def ok(body: object = None, status: int = 200, **headers: str) -> Reply:
    return Reply(status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(body).encode())


@dataclass(frozen=True)
class Talk:
    """What a conversation asked for and came to."""

    requests: list[Request]
    outcome: Outcome

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.body) for request in self.requests]

    @property
    def body(self) -> Any:
        """That of the only request."""
        (body,) = self.bodies
        return body


def talk(told: Message, channel: ChannelSettings, kind: str, *replies: Reply) -> Talk:
    """Play the conversation; the last reply answers all further requests."""
    conversation = CHANNELS[kind].converse(told, channel, NOW)
    answers = list(replies or (GOOD[kind],))
    requests: list[Request] = []
    try:
        action = next(conversation)
        while True:
            assert isinstance(action, Request)
            requests.append(action)
            action = conversation.send(answers.pop(0) if len(answers) > 1 else answers[0])
    except StopIteration as end:
        return Talk(requests, end.value)


GOOD: Mapping[str, Reply] = {
    "webhook": ok(status=204),
    "slack": ok({"ok": True, "channel": "C0123456789", "ts": "1700000000.000100", "message": {"text": "..."}}),
    "discord": ok({"id": "777", "channel_id": "888", "content": "..."}),
    "teams": Reply(202),
    "telegram": ok({"ok": True, "result": {"message_id": 55, "chat": {"id": -1001234567890}}}),
    "ntfy": ok({"id": "x", "event": "message"}),
    "pagerduty": ok({"status": "success", "message": "Event processed", "dedup_key": "thread-1"}, 202),
    "opsgenie": ok({"result": "Request will be processed", "requestId": "r"}, 202),
    "alertmanager": Reply(200),
}
"""What each receiver answers when all is well."""


@cache
def schema(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text(encoding="utf-8")))


def schema_of(kind: str, request: Request) -> str:
    """The schema that a request's body must follow."""
    if kind == "opsgenie":
        word = request.url.partition("?")[0].rpartition("/")[2]
        return {"alerts": "opsgenie_create", "priority": "opsgenie_priority"}.get(word, "opsgenie_action")
    return kind


def check(kind: str, requests: list[Request]) -> None:
    """Fail unless every body follows the vendor's schema."""
    for request in requests:
        schema(schema_of(kind, request)).validate(json.loads(request.body))
