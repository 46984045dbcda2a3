"""MQTT 3.1.1: an event is published to a topic made from a template, as JSON; on demand the state is retained as well,
and pages are devices of Home Assistant (`home_assistant`).

Topics are UTF-8 of at most 65,535 bytes; `+`, `#` and NUL may not stand in one and `/` begins a new level (MQTT 3.1.1
sections 1.5.3 and 4.7, checked 2026-11). What is put in for a placeholder is therefore percent-encoded where it holds
one of those, a control character or a `%`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

import msgspec
from pydantic import Field, SecretStr, field_validator, model_validator

from statuswire import wire
from statuswire.channels import home_assistant, wording
from statuswire.channels.base import Channel, ChannelSettings, Conversation
from statuswire.channels.bodies import json_lines
from statuswire.channels.phrasing import shortened
from statuswire.durations import Duration
from statuswire.model import (
    AffectedComponent,
    Delivered,
    Event,
    EventComponent,
    EventType,
    Message,
    Post,
    Publication,
    Status,
)

PLACEHOLDERS: Final = ("page", "kind", "type", "incident", "component")
NOTHING: Final = "-"
"""Stands where an event has nothing to put in: the component of a page, the incident of a component."""

_LONGEST_VALUE: Final = 200
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f%+#/$\ud800-\udfff]")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class MqttSettings(ChannelSettings):
    """A topic of an MQTT broker."""

    host: str = Field(min_length=1, max_length=253, examples=["broker.example.com"])
    """Name or address of the broker."""

    port: int | None = Field(default=None, ge=1, le=65_535, examples=[8883])
    """TCP port; 8883 with TLS and 1883 without unless given."""

    tls: bool = Field(default=True, examples=[True])
    """Whether TLS is spoken; the certificate must be good for `host`."""

    topic: str = Field(default="statuswire/{page}/{kind}", min_length=1, max_length=500, examples=["status/{page}"])
    """Where events go. `{page}` is the slug, `{kind}` is `incident`, `maintenance`, `component`, `page`, `feed` or
    `heartbeat`, `{type}` the type of the event, `{incident}` its id, `{component}` a name."""

    state_topic: str = Field(default="", max_length=500, examples=["statuswire/{page}/state/{component}"])
    """Where the latest state of a page and of each component is retained, with the same placeholders; `{component}` is
    `-` for the page. Empty retains nothing."""

    qos: int = Field(default=1, ge=0, le=1, examples=[1])
    """1 waits until the broker has it; 0 does not."""

    username: str = Field(default="", max_length=200, examples=["statuswire"])
    """Name of the user; empty says none."""

    password: SecretStr = Field(default=SecretStr(""), examples=["from password_env"])
    """Password of the user; better given as `password_env` or `password_file`."""

    client_id: str = Field(default="", max_length=128, pattern=r"^[A-Za-z0-9_.-]*$", examples=["statuswire"])
    """Who we are; empty lets the broker choose. Two that use the same one throw each other out."""

    heartbeat: Duration | None = Field(default=None, ge=timedelta(seconds=5), examples=["60s"])
    """How often a sign of life is sent; otherwise never, or each minute with `home_assistant`."""

    home_assistant: bool | tuple[str, ...] = Field(default=False, examples=[True, ["github", "aws-*"]])
    """Which pages are devices of Home Assistant: slugs with `*` and `?`, or `true` for all."""

    discovery_prefix: str = Field(
        default="homeassistant", min_length=1, max_length=200, pattern=r"^[^+#$/\x00-\x1f][^+#\x00-\x1f]*$"
    )
    """Below which topic Home Assistant looks for devices."""

    @model_validator(mode="before")
    @classmethod
    def _home_wants_heartbeats(cls, values: object) -> object:
        if isinstance(values, dict) and values.get("home_assistant") and not values.get("heartbeat"):
            return {**values, "heartbeat": home_assistant.USUAL_BEAT}
        return values

    @field_validator("topic", "state_topic")
    @classmethod
    def _can_be_published_to(cls, value: str) -> str:
        unknown = [name for name in _PLACEHOLDER.findall(value) if name not in PLACEHOLDERS]
        if unknown:
            raise ValueError(f"knows {', '.join(f'{{{name}}}' for name in PLACEHOLDERS)} and not {{{unknown[0]}}}")
        if re.search("[+#\x00-\x1f{}]", _PLACEHOLDER.sub("", value)) or value.startswith("$"):
            raise ValueError("may not hold +, # or control characters, nor begin with $")
        return value


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """Each event, oldest first, then the states that it tells; the first failure ends it, and all is sent again. With a
    heartbeat go the devices of Home Assistant; which they were is left for the next one."""
    assert isinstance(settings, MqttSettings)
    if message.standing is not None:
        pages = home_assistant.chosen(message.standing.pages, settings.home_assistant)
        before = message.state.get("pages", "").split()
        every = settings.heartbeat or home_assistant.USUAL_BEAT
        devices = tuple(home_assistant.posts(pages, before, settings.discovery_prefix, every))
        ((topic, payload, _),) = publications(message, settings)
        yield _publication(Post(topic, payload), settings, devices)
        return Delivered({"pages": " ".join(page.slug for page in pages)} if pages or before else None)
    for topic, payload, is_retained in publications(message, settings):
        yield _publication(Post(topic, payload, is_retained), settings)
    return Delivered()


def _publication(one: Post, settings: MqttSettings, further: tuple[Post, ...] = ()) -> Publication:
    return Publication(
        host=settings.host,
        port=settings.port or (8883 if settings.tls else 1883),
        is_tls=settings.tls,
        topic=one.topic,
        payload=one.payload,
        qos=settings.qos,
        is_retained=one.is_retained,
        username=settings.username,
        password=settings.password.get_secret_value(),
        client_id=settings.client_id,
        is_private_ok=settings.allow_private,
        further=further,
    )


def publications(message: Message, settings: MqttSettings) -> Iterator[tuple[str, bytes, bool]]:
    """Topic, payload, and whether it is retained."""
    bodies = json_lines(message)
    if message.standing is not None:
        yield _topic(settings.topic, {"kind": "heartbeat", "type": "heartbeat"}), bodies[0], False
    for event, body in zip(message.events, bodies, strict=False):
        yield _topic(settings.topic, _values(event)), body, False
        if settings.state_topic:
            yield from _states(event, settings.state_topic)


def _states(event: Event, template: str) -> Iterator[tuple[str, bytes, bool]]:
    """An empty payload makes the broker forget what it retained."""
    for name, status in _told(event):
        body = {"page": event.page.slug, "component": name, "state": status.value, "at": wire.timestamp(event.at)}
        topic = _topic(template, {**_values(event), "component": name or NOTHING})
        is_gone = event.type is EventType.COMPONENT_REMOVED
        yield topic, b"" if is_gone else msgspec.json.encode(body), True


def _told(event: Event) -> list[tuple[str, Status]]:
    """The states that an event tells, of a component by its name, of the page by an empty one."""
    if event.page_change is not None:
        return [("", event.page_change.new)]
    if event.component is not None:
        return [(_name(event.component), event.component.status)]
    return [(_name(one), one.status) for one in event.incident.components] if event.incident is not None else []


def _name(component: EventComponent | AffectedComponent) -> str:
    """With its group, since two may be called the same."""
    return f"{component.group} - {component.name}" if component.group else component.name


def _values(event: Event) -> dict[str, str]:
    kind = event.incident.kind.value if event.incident is not None else event.type.value.partition(".")[0]
    names = wording.component_names(event)
    return {
        "page": event.page.slug,
        "kind": kind,
        "type": event.type.value,
        "incident": event.incident.id if event.incident is not None else NOTHING,
        "component": names[0] if len(names) == 1 else NOTHING,
    }


def _topic(template: str, values: dict[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: escape(values.get(found[1], NOTHING)), template)


def escape(value: str) -> str:
    """One level of a topic, never empty: `I/O #1` becomes `I%2FO %231`."""
    return _UNSAFE.sub(_percent, shortened(value.strip(), _LONGEST_VALUE)) or NOTHING


def _percent(found: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace"))


CHANNEL = Channel(
    kind="mqtt",
    title="MQTT",
    settings=MqttSettings,
    converse=converse,
    rate_per_s=20,
    burst=100,
    ordered_by_thread=False,
)
