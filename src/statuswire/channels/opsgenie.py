"""Opsgenie: an alert for each story, with notes for later messages, closed at its end.

Requests are taken at once (202) and worked on afterwards, so a note to an alert that somebody has deleted vanishes
without a word. Sources, checked 2026-11-29:

- docs.opsgenie.com/docs/alerts-and-alert-fields: 130 characters of a message, 15,000 of a description, 512 of an alias
  and of an entity, 20 tags of 50; 25,000 of a note and 100 of a source from a schema of the interface
  (github.com/api-evangelist/opsgenie); priorities P1 to P5; `identifierType=alias` in the address. The message may be
  HTML, so `<` and `&` are written as entities;
- rate: a token bucket by plan and number of users (docs.opsgenie.com/docs/api-rate-limiting), with 429 when it is
  empty; a number for the smallest plan is not published, one a second is our own choice;
- replies: `{"message", "took", "requestId"}`; 401 and 403 a key that is wrong or may not; 422 a body it does not like.

Atlassian ends Opsgenie and its interface on 5 April 2027 (support.atlassian.com/opsgenie). A test opens an alert of
priority P5 and closes it at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import quote

from pydantic import Field, SecretStr, StringConstraints

from statuswire.channels import wording
from statuswire.channels.base import Channel, ChannelSettings, Conversation
from statuswire.channels.exchange import Address, Fields, Key, asked, fields, json_request, read_json, word
from statuswire.channels.quoting import escaped, substituting, within
from statuswire.channels.rendering import Rendering, is_over, passes, rendering
from statuswire.channels.terminal import one_line
from statuswire.fingerprint import digest
from statuswire.model import Delivered, Message, MessageKind, Outcome, Request, Status

MESSAGE: Final = 130
DESCRIPTION: Final = 15_000
ALIAS: Final = 512
ENTITY: Final = 512
NOTE: Final = 25_000
TAG: Final = 50
DETAIL: Final = 1000

PRIORITIES: Final[Mapping[Status, str]] = {
    Status.MAJOR_OUTAGE: "P1",
    Status.PARTIAL_OUTAGE: "P2",
    Status.DEGRADED: "P3",
    Status.UNKNOWN: "P3",
    Status.MAINTENANCE: "P5",
    Status.OPERATIONAL: "P5",
}

_SOURCE: Final = "statuswire"
_escape = substituting({"&": "&amp;", "<": "&lt;", ">": "&gt;"})

Tag = Annotated[str, StringConstraints(min_length=1, max_length=TAG)]


class OpsgenieSettings(ChannelSettings):
    """An API integration."""

    key: Key = Field(examples=["eb243592-faa2-4ba2-a551-1afdf565c889"])
    """The key of an *API* integration that may create alerts."""

    url: Address = Field(default=SecretStr("https://api.opsgenie.com"), examples=["https://api.eu.opsgenie.com"])
    """Where the API is; the European region has an address of its own."""

    team: str = Field(default="", max_length=100, examples=["Platform"])
    """The team that is to answer; otherwise as the integration says."""

    tags: tuple[Tag, ...] = Field(default=(), max_length=15, examples=[["third-party"]])
    """Tags of every alert."""


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """The requests of the message, one after the other; the first that is not taken ends it."""
    assert isinstance(settings, OpsgenieSettings)
    if message.kind is MessageKind.HEARTBEAT:
        return Delivered()
    told = rendering(message)
    priority = _priority(message, told)
    outcome: Outcome = Delivered()
    for rich, plain in _requests(message, told, priority, settings):
        reply = yield from asked(rich, plain, lambda reply: reply.status in (400, 422))
        outcome = read_json(reply, now, "" if reply.status < 300 else word(fields(reply), "message"))
        if not isinstance(outcome, Delivered):
            return outcome
    return Delivered({"priority": priority})


CHANNEL = Channel(
    kind="opsgenie",
    title="Opsgenie",
    settings=OpsgenieSettings,
    converse=converse,
    rate_per_s=1.0,
    burst=10,
    threads=True,
    is_pager=True,
)


def alias(message: Message) -> str:
    """The thread, or a digest of one that is too long; the message itself where it has none."""
    name = message.thread or message.id
    return name if len(name) <= ALIAS else digest("opsgenie", name)


def _priority(message: Message, told: Rendering) -> str:
    if message.kind is MessageKind.TEST:
        return "P5"
    return "P1" if message.kind is MessageKind.ESCALATION else PRIORITIES[told.level]


def _requests(
    message: Message, told: Rendering, priority: str, settings: OpsgenieSettings
) -> list[tuple[Request, Request]]:
    """Rich and plain form of each: create, or note and perhaps another priority, or close."""
    ends = passes(message) or is_over(message)
    closing = [_follow_up(message, "close", told, settings)] if ends else []
    if message.is_first:
        is_news = passes(message) or not ends
        return [*([_create(message, told, priority, settings)] if is_news else []), *closing]
    if ends:
        return closing
    note = _follow_up(message, "notes", told, settings)
    changed = message.state.get("priority") != priority
    return [note, _changed_priority(message, priority, settings)] if changed else [note]


def _create(message: Message, told: Rendering, priority: str, settings: OpsgenieSettings) -> tuple[Request, Request]:
    plain: dict[str, object] = {
        "message": escaped(told.headline, MESSAGE, _escape),
        "alias": alias(message),
        "source": _SOURCE,
        "priority": priority,
    }
    if settings.team:
        plain["responders"] = [{"name": settings.team, "type": "team"}]
    rich = {
        **plain,
        "description": escaped(told.plain, DESCRIPTION, _escape),
        "entity": escaped(wording.product(message.event), ENTITY, _escape),
        "tags": [within(one_line(message.event.page.slug), TAG), told.level.value, *settings.tags],
        "details": {fact.label: escaped(fact.value, DETAIL, _escape) for fact in told.facts},
    }
    return _request("POST", "", rich, settings), _request("POST", "", plain, settings)


def _follow_up(message: Message, what: str, told: Rendering, settings: OpsgenieSettings) -> tuple[Request, Request]:
    path = f"/{quote(alias(message), safe='')}/{what}?identifierType=alias"
    rich = {"source": _SOURCE, "note": escaped(told.plain, NOTE, _escape)}
    plain = {"source": _SOURCE, "note": escaped(told.headline, MESSAGE, _escape)}
    return _request("POST", path, rich, settings), _request("POST", path, plain, settings)


def _changed_priority(message: Message, priority: str, settings: OpsgenieSettings) -> tuple[Request, Request]:
    path = f"/{quote(alias(message), safe='')}/priority?identifierType=alias"
    request = _request("PUT", path, {"priority": priority}, settings)
    return request, request


def _request(method: str, path: str, body: Fields, settings: OpsgenieSettings) -> Request:
    url = f"{settings.url.get_secret_value().rstrip('/')}/v2/alerts{path}"
    headers = {"Authorization": f"GenieKey {settings.key.get_secret_value()}"}
    return json_request(url, body, settings, headers, method)
