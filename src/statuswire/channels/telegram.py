"""Telegram: a bot that posts to a chat, answers its own first message with later ones, and edits it at the end.

Texts are HTML of which only `<b>`, `<blockquote>` and `<a>` are ours; `&`, `<` and `>` of the provider are escaped, so
nothing of it is markup. Telegram finds @names, #tags and /commands by itself, in any text: an invisible letter after
the mark keeps them from being found. Bare addresses become clickable as what they are; no preview is loaded. Sources,
checked 2026-11-29:

- core.telegram.org/bots/api, as the library teloxide is made from it: `sendMessage`, `editMessageText` (1 to 4,096
  characters after the entities are parsed, counted in UTF-16 units), `ReplyParameters`, `ResponseParameters`
  (`retry_after` in seconds, `migrate_to_chat_id` when a group became a supergroup), HTML style;
- telegra.ph/Hitting-limits-bot-FAQ, of Telegram's bot support: one message a second to a chat with short bursts, 20 a
  minute to a group, 30 a second over all. Set `rate: 0.33` for a busy group; otherwise its 429 is obeyed;
- replies: `{"ok": false, "error_code", "description", "parameters"}` with the same code as HTTP. 401 and 404 mean a
  wrong token, 403 a bot that was thrown out; 400 has many meanings, told apart by the description
  (of topics: github.com/tdlib/telegram-bot-api issue 854, and TOPIC_CLOSED and TOPIC_DELETED in the list of errors at
  github.com/gotd/getdoc, _schema/latest.json).
"""

from __future__ import annotations

import re
from collections.abc import Generator
from datetime import datetime
from typing import Final

from pydantic import Field, SecretStr

from statuswire.channels.base import Channel, ChannelSettings, Conversation, read_http, retry_after
from statuswire.channels.exchange import (
    Address,
    Fields,
    Key,
    asked,
    fields,
    inner,
    json_request,
    seconds,
    with_reason,
    word,
)
from statuswire.channels.quoting import substituting, units, within
from statuswire.channels.rendering import LINK_LABEL, Rendering, changes_first, rendering
from statuswire.model import Action, Delivered, Later, Message, MessageKind, Outcome, Reply

TEXT: Final = 4096
HEADLINE: Final = 500
DETAILS: Final = 1500

_UNCHANGED: Final = "message is not modified"
_NO_CHAT: Final = (
    "chat not found",
    "bot was kicked",
    "have no rights",
    "not enough rights",
    "chat_write_forbidden",
    "message thread not found",
    "topic_closed",
    "topic_deleted",
)
"""Chat, rights or topic: somebody can mend it, and it is the same for every message."""

_UNFORMATTED: Final = ("can't parse entities", "message is too long", "entity", "wrong http url")

_FOUND_BY_ITSELF: Final = re.compile(r"(?<![\w/:.])([@#/$])(?=\w)")
_WORD_JOINER: Final = "\u2060"

_escape = substituting({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


class TelegramSettings(ChannelSettings):
    """A bot and a chat."""

    token: Key = Field(examples=["110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"])
    """The bot's token, from BotFather."""

    chat: str = Field(
        pattern=r"^(-?\d{1,20}|@[A-Za-z]\w{3,40})$", coerce_numbers_to_str=True, examples=["-1001234567890"]
    )
    """The chat's id, or `@name` of a public channel."""

    topic: int | None = Field(default=None, gt=0, examples=[42])
    """The topic of a forum group (`message_thread_id`)."""

    silent: bool = Field(default=False, examples=[True])
    """Whether messages arrive without a sound."""

    api: Address = Field(default=SecretStr("https://api.telegram.org"), examples=["https://api.telegram.org"])
    """Where the Bot API is."""


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """A post, later ones as answers to the first; that is edited when the incident ends, before it is answered."""
    assert isinstance(settings, TelegramSettings)
    if message.kind is MessageKind.HEARTBEAT:
        return Delivered()
    told, first = rendering(message), message.state.get("message", "")
    chat = message.state.get("chat") or settings.chat
    if first.isdecimal() and changes_first(message):
        edited = yield from _told("editMessageText", {"chat_id": chat, "message_id": int(first)}, told, settings)
        outcome = read(edited, now)
        if isinstance(outcome, Later):
            return outcome
    reply = yield from _sent(chat, first, told, settings)
    outcome = read(reply, now)
    return _kept(reply) if isinstance(outcome, Delivered) and not first else outcome


CHANNEL = Channel(
    kind="telegram",
    title="Telegram",
    settings=TelegramSettings,
    converse=converse,
    rate_per_s=1.0,
    burst=3,
    threads=True,
)


# --- texts -------------------------------------------------------------------------------------------------------


def html(told: Rendering) -> str:
    """Headline, words as a quotation, facts, link. What is shown has at most 4,096 units."""
    headline, details = within(_calm(told.headline), HEADLINE), within(_calm(told.details), DETAILS)
    link = f'<a href="{_escape(told.address)}">{LINK_LABEL}</a>' if told.address else ""
    room = TEXT - units(headline) - units(details) - units(LINK_LABEL) - 3
    words = within(_calm(told.words), room)
    quoted = f"<blockquote>{_escape(words)}</blockquote>" if words else ""
    parts = (f"<b>{_escape(headline)}</b>", quoted, _escape(details), link)
    return "\n".join(part for part in parts if part)


def _calm(text: str) -> str:
    """The text without anything that Telegram would find and ping."""
    return _FOUND_BY_ITSELF.sub(rf"\1{_WORD_JOINER}", text)


# --- requests ----------------------------------------------------------------------------------------------------

_Asking = Generator[Action, Reply, Reply]


def _sent(chat: str, first: str, told: Rendering, settings: TelegramSettings) -> _Asking:
    """A post; once more to the supergroup that the chat has become."""
    target: dict[str, object] = {"chat_id": chat, "disable_notification": settings.silent}
    if settings.topic is not None:
        target["message_thread_id"] = settings.topic
    if first.isdecimal():
        target["reply_parameters"] = {"message_id": int(first), "allow_sending_without_reply": True}
    reply = yield from _told("sendMessage", target, told, settings)
    moved = word(inner(fields(reply), "parameters"), "migrate_to_chat_id")
    if moved and moved != chat:
        target.pop("reply_parameters", None)
        reply = yield from _told("sendMessage", {**target, "chat_id": moved}, told, settings)
    return reply


def _told(method: str, target: Fields, told: Rendering, settings: TelegramSettings) -> _Asking:
    base = settings.api.get_secret_value().rstrip("/")
    url = f"{base}/bot{settings.token.get_secret_value()}/{method}"
    common = {**target, "link_preview_options": {"is_disabled": True}}
    rich = json_request(url, {**common, "text": html(told), "parse_mode": "HTML"}, settings)
    plain = json_request(url, {**common, "text": within(_calm(told.plain), TEXT)}, settings)
    return (yield from asked(rich, plain, lambda reply: reply.status == 400 and _says(reply, _UNFORMATTED)))


def _kept(reply: Reply) -> Delivered:
    """What later messages need to answer the first. The chat is the one it is really in."""
    posted = inner(fields(reply), "result")
    found = {"message": word(posted, "message_id"), "chat": word(inner(posted, "chat"), "id")}
    return Delivered({name: value for name, value in found.items() if value} or None)


def _says(reply: Reply, phrases: tuple[str, ...]) -> bool:
    description = word(fields(reply), "description").lower()
    return any(phrase in description for phrase in phrases)


def read(reply: Reply, now: datetime) -> Outcome:
    """As usual, with the wait out of the body, and 400 told apart by its description."""
    body = fields(reply)
    if reply.status == 429:
        wait = seconds(inner(body, "parameters").get("retry_after")) or retry_after(reply.headers, now)
        return Later("HTTP 429", wait)
    if reply.status == 400 and _says(reply, (_UNCHANGED,)):
        return Delivered()
    if 200 <= reply.status < 300 and body.get("ok") is not True:
        return Later("Telegram answers with something that is not its own")
    outcome = read_http(reply, now)
    if reply.status == 400 and _says(reply, _NO_CHAT):
        outcome = Later("HTTP 400", disables_after=3)
    return outcome if isinstance(outcome, Delivered) else with_reason(outcome, word(body, "description"))
