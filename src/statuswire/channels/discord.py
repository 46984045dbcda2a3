"""Discord: a webhook with an embed; later messages of a story edit the first one.

The content is the headline, because a lock screen shows nothing else; words and facts stand in an embed with the
colour bar. Content and embeds are Markdown, so provider text is escaped to the letter, and no mention is allowed to
reach anyone (`allowed_mentions` with an empty list, in edits too, which would fall back to the default). Sources,
checked 2026-11-29:

- limits: discord.com/developers/docs/resources/webhook (2,000 of content, 10 embeds) and /resources/message (256 of an
  embed's title, 4,096 of its description, 25 fields of 256 and 1,024, 6,000 of all together; how letters are counted is
  not said: UTF-16 units are never fewer);
- the message's id comes only with `wait=true`; editing is PATCH on `/messages/<id>`; in a forum channel the first
  message makes a post (`thread_name`, 100 characters), which the later ones name with `thread_id`;
- rate: 5 in 2 seconds for a webhook, as its headers tell (/topics/rate-limits says not to rely on a number). 429 has
  `Retry-After` and `retry_after` in the body, in seconds; former versions of the API gave milliseconds there, so a
  number that is far above the header is read as such;
- replies: 404 with code 10008 is a message that was deleted, with 10003 a thread or a post of a forum (a thread is a
  channel: /topics/opcodes-and-status-codes), with 10015 a webhook that was: Discord asks never to use it again. 400
  with code 50035 is a form it does not like.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from datetime import datetime, timedelta
from typing import Final, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from pydantic import Field

from statuswire.channels.base import Channel, ChannelSettings, Conversation, read_http, retry_after
from statuswire.channels.exchange import Address, Fields, asked, fields, json_request, seconds, with_reason, word
from statuswire.channels.quoting import escaped, units, within
from statuswire.channels.rendering import Rendering, rendering
from statuswire.model import Action, Delivered, Later, Message, MessageKind, Outcome, Refused, Reply

CONTENT: Final = 2000
TITLE: Final = 256
DESCRIPTION: Final = 4096
FIELDS: Final = 25
FIELD_NAME: Final = 256
FIELD_VALUE: Final = 1024
EMBED: Final = 6000
THREAD_NAME: Final = 100

_MILLISECONDS_FROM: Final = 1000.0
"""Waits of a quarter of an hour are unknown for webhooks: such a number without a header counts milliseconds."""

_SUPPRESS_EMBEDS: Final = 4

_GONE: Final[Mapping[object, Outcome]] = {
    10008: Refused("HTTP 404: the first message was deleted"),
    10015: Refused("HTTP 404: the webhook was deleted", disables=True),
}
"""By the code inside a 404, of which others may pass."""

_NO_THREAD: Final = 10003

_MARKS: Final = re.compile(r"([\\*_~`|\[\]<@]|:(?=\w+:|//)|^[#>+-])|^(\d+)(\.)", re.MULTILINE)
"""Every letter that begins Markdown, a mention, a time, an emoji or an address, and at the beginning of a line a
heading, a quotation or a list. Others are let be, because a lock screen may show the backslashes."""


class DiscordSettings(ChannelSettings):
    """A webhook of a channel."""

    url: Address = Field(examples=["https://discord.com/api/webhooks/..."])
    """The webhook's address."""

    updates: Literal["edit", "both"] = Field(default="edit", examples=["both"])
    """Later messages of an incident edit the first one, silently (`edit`), or are posted as well (`both`)."""

    forum: bool = Field(default=False, examples=[True])
    """Whether the channel is a forum, where each incident becomes a post."""

    thread: str = Field(default="", pattern=r"^\d{0,20}$", examples=["1234567890123456789"])
    """The id of an existing thread that everything is posted in."""


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """A post, or an edit of the first one; an escalation is always posted, because an edit reaches nobody."""
    assert isinstance(settings, DiscordSettings)
    if message.kind is MessageKind.HEARTBEAT:
        return Delivered()
    told = rendering(message)
    first, thread = message.state.get("message", ""), message.state.get("thread", "") or settings.thread
    if first and message.kind is not MessageKind.ESCALATION:
        outcome = yield from _edited(told, first, thread, settings, now)
        is_lost = isinstance(outcome, Refused) and not outcome.disables
        if not is_lost and not (isinstance(outcome, Delivered) and settings.updates == "both"):
            return outcome
        first = "" if is_lost else first
    return (yield from _posted(told, not first, thread, settings, now))


CHANNEL = Channel(
    kind="discord",
    title="Discord",
    settings=DiscordSettings,
    converse=converse,
    rate_per_s=2.5,
    burst=5,
    threads=True,
)


# --- bodies ------------------------------------------------------------------------------------------------------


def escape(text: str) -> str:
    """The text as Markdown that shows it to the letter."""
    return _MARKS.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", text)


def bodies(told: Rendering) -> tuple[Fields, Fields]:
    """The rich body and the plain one."""
    rich = {"content": escaped(told.headline, CONTENT, escape), "embeds": [_embed(told)], "flags": 0}
    plain = {"content": escaped(told.plain, CONTENT, escape), "embeds": [], "flags": _SUPPRESS_EMBEDS}
    return _silent(rich), _silent(plain)


def _embed(told: Rendering) -> Fields:
    """Title with the link, facts as fields, and as much of the words as all together may have."""
    facts = [
        {"name": within(fact.label, FIELD_NAME), "value": escaped(fact.value, FIELD_VALUE, escape), "inline": True}
        for fact in told.facts[:FIELDS]
    ]
    embed: dict[str, object] = {"title": escaped(told.subject, TITLE, escape), "color": int(told.colour[1:], 16)}
    if told.address:
        embed["url"] = told.address
    if facts:
        embed["fields"] = facts
    taken = units(str(embed["title"])) + sum(units(f"{one['name']}{one['value']}") for one in facts)
    if told.words:
        embed["description"] = escaped(told.words, min(DESCRIPTION, EMBED - taken), escape)
    return embed


def _silent(body: Fields) -> Fields:
    return {**body, "allowed_mentions": {"parse": []}}


# --- requests ----------------------------------------------------------------------------------------------------


def _posted(told: Rendering, is_first: bool, thread: str, settings: DiscordSettings, now: datetime) -> Conversation:
    name = {"thread_name": within(told.subject, THREAD_NAME)} if settings.forum and not thread else {}
    url = _address(settings, "", {"wait": "true", "thread_id": thread})
    reply = yield from _called("POST", url, told, settings, name)
    if _lacks_post(reply, thread, settings):
        return (yield from _posted(told, True, settings.thread, settings, now))
    outcome = read(reply, now)
    return _kept(reply, thread, settings) if is_first and isinstance(outcome, Delivered) else outcome


def _kept(reply: Reply, thread: str, settings: DiscordSettings) -> Delivered:
    """The id of the first message, and the post of the forum that it made, which is the channel it is in."""
    body = fields(reply)
    made = word(body, "channel_id") if settings.forum and not thread else thread
    found = {"message": word(body, "id"), "thread": made}
    return Delivered({name: value for name, value in found.items() if value} or None)


def _edited(told: Rendering, first: str, thread: str, settings: DiscordSettings, now: datetime) -> Conversation:
    url = _address(settings, f"/messages/{first}", {"thread_id": thread})
    reply = yield from _called("PATCH", url, told, settings, {})
    if _lacks_post(reply, thread, settings):
        return Refused("HTTP 404: the post was deleted")
    return read(reply, now)


def _lacks_post(reply: Reply, thread: str, settings: DiscordSettings) -> bool:
    """Whether somebody has deleted the post that an incident had. A configured thread is the operator's to mend."""
    return reply.status == 404 and fields(reply).get("code") == _NO_THREAD and thread != settings.thread


def _called(
    method: str, url: str, told: Rendering, settings: DiscordSettings, further: Fields
) -> Generator[Action, Reply, Reply]:
    rich, plain = (json_request(url, {**body, **further}, settings, method=method) for body in bodies(told))
    return (yield from asked(rich, plain, lambda reply: reply.status in (400, 413)))


def _address(settings: DiscordSettings, below: str, query: Mapping[str, str]) -> str:
    parts = urlsplit(settings.url.get_secret_value())
    asking = dict(parse_qsl(parts.query)) | {name: value for name, value in query.items() if value}
    return urlunsplit((parts.scheme, parts.netloc, parts.path.rstrip("/") + below, urlencode(asking), ""))


def read(reply: Reply, now: datetime) -> Outcome:
    """As usual, but that the body may ask for patience, and that a missing message is no missing webhook."""
    body = fields(reply)
    if reply.status == 429:
        return Later("HTTP 429", _patience(body.get("retry_after"), retry_after(reply.headers, now)))
    if reply.status == 404 and body.get("code") in _GONE:
        return _GONE[body["code"]]
    outcome = read_http(reply, now)
    return outcome if isinstance(outcome, Delivered) else with_reason(outcome, word(body, "message"))


def _patience(asked_for: object, header: timedelta | None) -> timedelta | None:
    """The header where there is one, else the body's number: seconds or, where that is beyond belief, milliseconds."""
    if header is not None:
        return header
    number = asked_for if isinstance(asked_for, int | float) and not isinstance(asked_for, bool) else None
    return seconds(number / 1000 if number is not None and number >= _MILLISECONDS_FROM else number)
