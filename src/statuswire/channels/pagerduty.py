"""PagerDuty: alerts through the Events API v2, opened, acknowledged and resolved under one key for each story.

A story triggers once under its `dedup_key`; later messages trigger again, which adds to the open alert without paging
anew, and its end resolves it. Fields are plain text. Sources, checked 2026-11-29:

- github.com/PagerDuty/developer-docs, docs/events-API-v2/01-Overview.md and 02-Trigger-Events.md: the form, 1,024
  characters of a summary, 255 of a key, 512 KB of a whole event, severities `critical`, `error`, `warning`, `info`;
- replies: 202 accepted; 400 an event that is wrong and must not be sent again; 429 too many, best tried again after
  some minutes; 5xx to be tried again. What 400 complains of stands in `errors`;
- rate: adjusted by PagerDuty as it sees fit, without a published figure; two a second is our own choice.

A test opens an alert of severity `info` and resolves it at once, and so does a fact that nothing ever ends, such as a
feed that has moved.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pydantic import Field, SecretStr

from statuswire.channels import wording
from statuswire.channels.base import Channel, ChannelSettings, Conversation, read_http
from statuswire.channels.exchange import Address, Fields, Key, fields, json_request, with_reason, word
from statuswire.channels.quoting import within
from statuswire.channels.rendering import LINK_LABEL, Rendering, is_over, passes, rendering
from statuswire.channels.terminal import one_line
from statuswire.fingerprint import digest
from statuswire.model import Delivered, Message, MessageKind, Outcome, Phase, Refused, Reply, Status
from statuswire.wire import timestamp

SUMMARY: Final = 1024
KEY: Final = 255
WORDS: Final = 60_000
DETAIL: Final = 1000
"""60,000 units and a dozen shorter texts stay below 512 KB, however they are encoded."""

SEVERITIES: Final[Mapping[Status, str]] = {
    Status.MAJOR_OUTAGE: "critical",
    Status.PARTIAL_OUTAGE: "error",
    Status.DEGRADED: "warning",
    Status.UNKNOWN: "warning",
    Status.MAINTENANCE: "info",
    Status.OPERATIONAL: "info",
}


class PagerdutySettings(ChannelSettings):
    """An integration of a service or of event orchestration."""

    key: Key = Field(examples=["0123456789abcdef0123456789abcdef"])
    """The integration key (`routing_key`) of an *Events API v2* integration."""

    acknowledge: bool = Field(default=False, examples=[True])
    """Whether the alert is acknowledged while the provider says that it watches a fix, so that nobody is paged on."""

    url: Address = Field(
        default=SecretStr("https://events.pagerduty.com/v2/enqueue"),
        examples=["https://events.eu.pagerduty.com/v2/enqueue"],
    )
    """Where events are sent; the European region has an address of its own."""


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """The events of the message, one after the other; the first that is not taken ends it."""
    assert isinstance(settings, PagerdutySettings)
    outcome: Outcome = Delivered()
    for body in bodies(message, settings):
        outcome = read((yield json_request(settings.url.get_secret_value(), body, settings)), now)
        if not isinstance(outcome, Delivered):
            break
    return outcome


CHANNEL = Channel(
    kind="pagerduty",
    title="PagerDuty",
    settings=PagerdutySettings,
    converse=converse,
    rate_per_s=2.0,
    burst=20,
    threads=True,
    is_pager=True,
)


def bodies(message: Message, settings: PagerdutySettings) -> list[Fields]:
    """What is to be sent: a trigger, a trigger that is acknowledged or resolved again, a resolve, or nothing."""
    if message.kind is MessageKind.HEARTBEAT:
        return []
    trigger = _trigger(message, rendering(message), settings)
    if passes(message):
        return [trigger, _follow_up("resolve", message, settings)]
    if is_over(message):
        return [_follow_up("resolve", message, settings)]
    incident = message.event.incident
    if settings.acknowledge and incident is not None and wording.phase_of(message.event) is Phase.MONITORING:
        return [trigger, _follow_up("acknowledge", message, settings)]
    return [trigger]


def dedup_key(message: Message) -> str:
    """The thread, or a digest of one that is too long; the message itself where it has none."""
    key = message.thread or message.id
    return key if len(key) <= KEY else digest("pagerduty", key)


def _follow_up(action: str, message: Message, settings: PagerdutySettings) -> Fields:
    return {"routing_key": settings.key.get_secret_value(), "event_action": action, "dedup_key": dedup_key(message)}


def _trigger(message: Message, told: Rendering, settings: PagerdutySettings) -> Fields:
    event = message.event
    payload: dict[str, object] = {
        "summary": within(told.headline, SUMMARY),
        "source": within(one_line(event.page.name) or event.page.slug, DETAIL),
        "severity": _severity(message, told),
        "timestamp": timestamp(event.at),
        "group": event.page.slug,
        "class": event.type.value,
        "custom_details": _details(told),
    }
    names = ", ".join(wording.component_names(event))
    if names:
        payload["component"] = within(names, DETAIL)
    links = [{"href": told.address, "text": LINK_LABEL}] if told.address else []
    return {**_follow_up("trigger", message, settings), "client": "statuswire", "links": links, "payload": payload}


def _severity(message: Message, told: Rendering) -> str:
    if message.kind is MessageKind.TEST:
        return "info"
    return "critical" if message.kind is MessageKind.ESCALATION else SEVERITIES[told.level]


def _details(told: Rendering) -> Fields:
    """The words and the facts, by their labels."""
    facts = {fact.label: within(fact.value, DETAIL) for fact in told.facts}
    return {"Update": within(told.words, WORDS), **facts} if told.words else facts


def read(reply: Reply, now: datetime) -> Outcome:
    """As usual, with the complaint; one about the key is the same for every event, so it ends the channel."""
    outcome = read_http(reply, now)
    if not isinstance(outcome, Refused):
        return outcome
    said = _complaint(fields(reply))
    return with_reason(Refused(outcome.reason, outcome.disables or "routing_key" in said), said)


def _complaint(body: Fields) -> str:
    errors = body.get("errors")
    listed = [error for error in errors if isinstance(error, str)] if isinstance(errors, list) else []
    return one_line("; ".join(listed))[:300] or word(body, "message")
