"""ntfy: a push to the phones that follow a topic, published as JSON.

JSON publishing carries UTF-8 in title and tags, which headers cannot. Nothing of a provider is Markdown, because the
`markdown` flag is not set, and no tag is one of the words that ntfy turns into a picture. Sources, checked 2026-11-29:

- docs.ntfy.sh/publish (publish as JSON, priorities 1 to 5, tags, click, authentication) and its limits: 4,096 bytes of
  a message, above which it becomes an attachment; 1 KB of a title and 512 bytes of tags since version 2.28
  (github.com/binwiederhier/ntfy/releases/tag/v2.28.0); a body of JSON has twice the size of a message
  at most (its source, server/server.go);
- rate: 60 requests at once, then one in five seconds (docs.ntfy.sh/config, rate limiting); a server of one's own may
  allow more: set `rate`;
- replies: `{"code", "http", "error"}`; 401 and 403 are a missing right on the topic, 413 a body too large, 507 a full
  server.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final

from pydantic import Field, SecretStr, StringConstraints, model_validator

from statuswire.channels.base import Channel, ChannelSettings, Conversation
from statuswire.channels.exchange import Address, Fields, Key, asked, fields, json_request, read_json, word
from statuswire.channels.quoting import json_bytes, within
from statuswire.channels.rendering import Rendering, rendering
from statuswire.model import Delivered, Message, MessageKind, Status

MESSAGE_BYTES: Final = 4096
TITLE_BYTES: Final = 1000
TAGS_BYTES: Final = 512
_LEVEL_BYTES: Final = 16
"""The longest tag of ours, and its comma."""

PRIORITIES: Final[Mapping[Status, int]] = {
    Status.MAJOR_OUTAGE: 5,
    Status.PARTIAL_OUTAGE: 4,
    Status.DEGRADED: 3,
    Status.UNKNOWN: 3,
    Status.OPERATIONAL: 3,
    Status.MAINTENANCE: 2,
}
"""5 breaks through do-not-disturb, 2 makes no sound."""

Tag = Annotated[str, StringConstraints(pattern=r"^[^,\s]{1,50}$")]


class NtfySettings(ChannelSettings):
    """A topic of a server."""

    topic: SecretStr = Field(examples=["my-secret-topic"])
    """The topic. Without access control it is as good as a password."""

    url: Address = Field(default=SecretStr("https://ntfy.sh"), examples=["https://ntfy.example.com"])
    """The server."""

    token: Key | None = Field(default=None, examples=["tk_..."])
    """An access token, where the topic is protected."""

    username: str = Field(default="", max_length=100, examples=["statuswire"])
    """In place of a token: a name."""

    password: SecretStr = Field(default=SecretStr(""), examples=["a-password"])
    """The password of that name."""

    tags: tuple[Tag, ...] = Field(default=(), max_length=5, examples=[["work"]])
    """Further tags; some words become a picture."""

    @model_validator(mode="after")
    def _one_way_in(self) -> NtfySettings:
        topic = self.topic.get_secret_value()
        if not (topic.isascii() and topic.replace("-", "").replace("_", "").isalnum() and len(topic) <= 64):
            raise ValueError("needs a `topic` of at most 64 letters, digits, - and _")
        if len(",".join(self.tags).encode()) > TAGS_BYTES - _LEVEL_BYTES:
            raise ValueError("has too many letters in its `tags`; right: a few short words")
        if self.token is not None and self.username:
            raise ValueError("takes either `token` or `username` with `password`")
        return self


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """One push."""
    assert isinstance(settings, NtfySettings)
    if message.kind is MessageKind.HEARTBEAT:
        return Delivered()
    url, headers = settings.url.get_secret_value(), _authorization(settings)
    rich, plain = (json_request(url, body, settings, headers) for body in bodies(rendering(message), message, settings))
    reply = yield from asked(rich, plain, lambda reply: reply.status in (400, 413))
    return read_json(reply, now, word(fields(reply), "error"))


CHANNEL = Channel(
    kind="ntfy",
    title="ntfy",
    settings=NtfySettings,
    converse=converse,
    rate_per_s=0.2,
    burst=60,
)


def bodies(told: Rendering, message: Message, settings: NtfySettings) -> tuple[Fields, Fields]:
    """The rich body and the plain one. Sizes are those inside JSON, so that the whole stays below its limit too."""
    topic = settings.topic.get_secret_value()
    urgent = message.kind is MessageKind.ESCALATION
    rich: dict[str, object] = {
        "topic": topic,
        "title": within(told.headline, TITLE_BYTES, json_bytes),
        "message": within(told.body or told.subject, MESSAGE_BYTES, json_bytes),
        "priority": 5 if urgent else PRIORITIES[told.level],
        "tags": [told.level.value, *settings.tags],
    }
    if told.address:
        rich["click"] = told.address
    return rich, {"topic": topic, "message": within(told.plain, MESSAGE_BYTES, json_bytes)}


def _authorization(settings: NtfySettings) -> dict[str, str]:
    if settings.token is not None:
        return {"Authorization": f"Bearer {settings.token.get_secret_value()}"}
    if settings.username:
        pair = f"{settings.username}:{settings.password.get_secret_value()}"
        return {"Authorization": f"Basic {b64encode(pair.encode()).decode()}"}
    return {}
