"""Microsoft Teams: an adaptive card through an incoming webhook of the Workflows app.

The text of a card's `TextBlock` and `FactSet` is Markdown; that of a `RichTextBlock` is not, so everything that a
provider says stands in those. The one thing that is still replaced there, `{{DATE(...)}}`, is broken up. Mentions
need an entity of their own, of which the card has none. Sources, checked 2026-11-29:

- form: learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/add-incoming-webhook and
  adaptivecards.io/explorer (version 1.4); what is Markdown: learn.microsoft.com/adaptive-cards/create/textfeatures;
- limits: about 28 KB for a message with all that is in it (the same page, and learn.microsoft.com/connectors/teams),
  four requests a second;
- replies: 202 for a workflow. A webhook of the older kind answers 200 whatever happened, with a sentence that names
  the real code: `Webhook message delivery failed with error: ... returned HTTP error 429`. 413 is a card too large.

Neither kind tells the id of what it posted, so nothing can be edited or answered to later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

import msgspec
from pydantic import Field

from statuswire.channels.base import Channel, ChannelSettings, Conversation, read_http
from statuswire.channels.exchange import Address, Fields, asked, json_request
from statuswire.channels.quoting import json_bytes, within
from statuswire.channels.rendering import LINK_LABEL, Rendering, rendering
from statuswire.model import Delivered, Message, MessageKind, Reply, Status

SIZE_BYTES: Final = 28_000
"""28 KB at the stricter reading."""

HEADLINE: Final = 500
DETAILS: Final = 2000
PLAIN_BYTES: Final = 8_000

LINES: Final = 50
"""As many lines of the words stay lines; what follows is one."""

_LINE_BYTES: Final = 80
"""What a line needs beside its text."""

STYLES: Final[Mapping[Status, str]] = {
    Status.OPERATIONAL: "good",
    Status.DEGRADED: "warning",
    Status.PARTIAL_OUTAGE: "warning",
    Status.MAJOR_OUTAGE: "attention",
    Status.MAINTENANCE: "accent",
    Status.UNKNOWN: "emphasis",
}
"""The grounds that a card may have; Teams knows no other colours."""

_OLDER_FAILURE: Final = re.compile(rb"^.{0,200}?HTTP error (\d{3})", re.DOTALL)


class TeamsSettings(ChannelSettings):
    """A workflow of a channel or chat."""

    url: Address = Field(examples=["https://prod-00.westeurope.logic.azure.com/workflows/..."])
    """The address of the workflow *Post to a channel when a webhook request is received*."""


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """One card."""
    assert isinstance(settings, TeamsSettings)
    if message.kind is MessageKind.HEARTBEAT:
        return Delivered()
    url = settings.url.get_secret_value()
    rich, plain = (json_request(url, body, settings) for body in bodies(rendering(message)))
    reply = yield from asked(rich, plain, lambda reply: _honest(reply).status in (400, 413))
    return read_http(_honest(reply), now)


CHANNEL = Channel(
    kind="teams", title="Microsoft Teams", settings=TeamsSettings, converse=converse, rate_per_s=4.0, burst=4
)


def bodies(told: Rendering) -> tuple[Fields, Fields]:
    """The rich body and the plain one."""
    headline = within(_literal(told.headline), HEADLINE)
    bare = len(msgspec.json.encode(_card(headline, replace(told, words=""))))
    room = SIZE_BYTES - bare - LINES * _LINE_BYTES
    rich = _card(headline, replace(told, words=within(_literal(told.words), room, json_bytes)))
    plain = within(_literal(told.plain), PLAIN_BYTES, json_bytes)
    return rich, _envelope(headline, {"body": [_text([_run(plain)])]})


def _card(headline: str, told: Rendering) -> Fields:
    bar = {
        "type": "Container",
        "style": STYLES[told.level],
        "bleed": True,
        "items": [_text([_run(headline, weight="Bolder")])],
    }
    lines = [_text([_run(line)]) for line in _lines(told.words)]
    details = within(_literal(told.details), DETAILS)
    facts = [_text([_run(details, isSubtle=True, size="Small")])] if details else []
    links = [{"type": "Action.OpenUrl", "title": LINK_LABEL, "url": told.address}] if told.address else []
    return _envelope(headline, {"body": [bar, *lines, *facts], "actions": links})


def _lines(words: str) -> list[str]:
    """A block for each line, because a line end inside a run is not shown everywhere."""
    lines = [line for line in words.split("\n") if line]
    return lines if len(lines) <= LINES else [*lines[: LINES - 1], " ".join(lines[LINES - 1 :])]


def _envelope(headline: str, parts: Fields) -> Fields:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": headline,
        "msteams": {"width": "Full"},
        **parts,
    }
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "summary": headline, "attachments": [attachment]}


def _text(runs: list[Fields]) -> Fields:
    return {"type": "RichTextBlock", "inlines": runs}


def _run(text: str, **looks: object) -> Fields:
    return {"type": "TextRun", "text": text, **looks}


def _literal(text: str) -> str:
    """`{{DATE(...)}}` is no function with a blank in its braces."""
    return text.replace("{{", "{ {")


def _honest(reply: Reply) -> Reply:
    """The reply with the code that the older webhooks hide in their text."""
    found = _OLDER_FAILURE.match(reply.body) if reply.status == 200 else None
    return replace(reply, status=int(found[1])) if found else reply
