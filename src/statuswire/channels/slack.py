"""Slack: an incoming webhook, or a bot that threads and edits.

The headline is a header block; words and facts stand in an attachment with the colour bar. Provider text goes into
`plain_text` objects, which know no markup, mention or link; the one text that Slack parses is the fallback of the
lock screen, which is escaped. Sources, checked 2026-11-29:

- limits: docs.slack.dev/reference/block-kit (50 blocks, 150 characters of a header, 3,000 of a section's text, 10
  elements of a context, 2,000 each taken here), docs.slack.dev/reference/methods/chat.postMessage (`msg_too_long` over
  40,000 characters of text, 100 attachments), slackapi/bolt-js issue 2509 (`msg_blocks_too_long` at some 13,000
  characters of blocks together, which is documented nowhere: what we send stays below);
- rate: one message a second for a channel with short bursts (docs.slack.dev/apis/web-api/rate-limits); 429 has
  `Retry-After` in seconds;
- replies: the Web API answers 200 with `{"ok": false, "error": ...}` (lists of errors at chat.postMessage and
  chat.update), an incoming webhook a code and one word as text: 400 `invalid_payload`, 403 `action_prohibited`, 404
  `no_service`, 410 `channel_is_archived`, 500 `rollup_error`
  (as several public senders have them; Slack's own page on incoming webhooks was not at hand).

A bot's later messages are replies in the thread of the first. When the incident ends, the first message is edited
first, which can be repeated without harm, and then the thread is told.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping
from datetime import datetime
from typing import Final

from pydantic import Field, SecretStr, model_validator

from statuswire.channels.base import Channel, ChannelSettings, Conversation, read_http, retry_after
from statuswire.channels.exchange import Address, Fields, Key, asked, fields, json_request, with_reason, word
from statuswire.channels.quoting import escaped, substituting, within
from statuswire.channels.rendering import LINK_LABEL, Rendering, changes_first, rendering
from statuswire.model import Action, Delivered, Later, Message, MessageKind, Outcome, Refused, Reply

HEADER: Final = 150
SECTION: Final = 3000
ELEMENT: Final = 2000
FALLBACK: Final = 4000
"""Slack advises at most 4,000 characters of text, and cuts at 40,000."""

_DISABLING: Final = frozenset(
    {"account_inactive", "invalid_auth", "is_archived", "not_authed", "token_expired", "token_revoked"}
)
"""No message gets past these, now or later."""

_LOCKED: Final = frozenset(
    {
        "access_denied",
        "channel_not_found",
        "ekm_access_denied",
        "missing_scope",
        "no_permission",
        "not_in_channel",
        "org_login_required",
        "restricted_action",
        "team_access_not_granted",
        "two_factor_setup_required",
    }
)
"""Somebody at Slack's side may let us in yet, so the message is kept for three tries."""

_PASSING: Final = frozenset(
    {
        "fatal_error",
        "internal_error",
        "message_limit_exceeded",
        "ratelimited",
        "rate_limited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)
_UNFORMATTED: Final = frozenset(
    {
        "attachment_payload_limit_exceeded",
        "blocks_too_long",
        "invalid_attachments",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_payload",
        "markdown_text_conflict",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
    }
)
_LOST_THREAD: Final = frozenset({"cannot_reply_to_message", "message_not_found", "thread_not_found"})
_WORD: Final = re.compile(r"[a-z_]{2,60}")

_escape = substituting({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


class SlackSettings(ChannelSettings):
    """Either `url`, or `token` with `channel`."""

    url: Address | None = Field(default=None, examples=["https://hooks.slack.com/services/..."])
    """The address of an incoming webhook. It can neither thread nor edit."""

    token: Key | None = Field(default=None, examples=["xoxb-..."])
    """A bot token with the scope `chat:write`."""

    channel: str = Field(default="", pattern=r"^[#@]?[\w.-]*$", max_length=80, examples=["C0123456789"])
    """The channel's id, where the bot posts to."""

    api: Address = Field(default=SecretStr("https://slack.com/api"), examples=["https://slack.com/api"])
    """Where the Web API is."""

    @model_validator(mode="after")
    def _one_way_is_chosen(self) -> SlackSettings:
        if (self.url is None) == (self.token is None):
            raise ValueError("needs either `url` or `token`")
        if self.token is not None and not self.channel:
            raise ValueError("needs the `channel` that the bot posts to")
        return self


def converse(message: Message, settings: ChannelSettings, now: datetime) -> Conversation:
    """One post; of a bot, in the thread of the first, which is edited when it is over."""
    assert isinstance(settings, SlackSettings)
    if message.kind is MessageKind.HEARTBEAT:
        return Delivered()
    rich, plain = bodies(rendering(message))
    if settings.url is not None:
        return (yield from _hooked(settings.url.get_secret_value(), rich, plain, settings, now))
    return (yield from _as_bot(message, rich, plain, settings, now))


CHANNEL = Channel(
    kind="slack",
    title="Slack",
    settings=SlackSettings,
    converse=converse,
    rate_per_s=1.0,
    burst=3,
    threads=True,
)


# --- bodies ------------------------------------------------------------------------------------------------------


def bodies(told: Rendering) -> tuple[Fields, Fields]:
    """The rich body and the plain one."""
    headline = escaped(told.headline, FALLBACK, _escape)
    rich = {
        "text": headline,
        "blocks": [{"type": "header", "text": _plain_text(told.headline, HEADER)}],
        "attachments": [{"color": told.colour, "fallback": headline, "blocks": _blocks(told)}],
    }
    return _still(rich), _still({"text": escaped(told.plain, FALLBACK, _escape), "blocks": [], "attachments": []})


def _blocks(told: Rendering) -> list[Fields]:
    """What stands beside the colour bar; never empty, because Slack refuses an attachment of nothing."""
    whole = told.headline if len(told.headline) > HEADER else ""
    texts = [text for text in (whole, told.words) if text] or [told.subject]
    blocks: list[Fields] = [{"type": "section", "text": _plain_text(text, SECTION)} for text in texts]
    elements: list[Fields] = [_plain_text(told.details, ELEMENT)] if told.details else []
    if told.address:
        elements.append({"type": "mrkdwn", "text": f"<{_escape(told.address)}|{LINK_LABEL}>", "verbatim": True})
    return [*blocks, {"type": "context", "elements": elements}] if elements else blocks


def _plain_text(text: str, limit: int) -> Fields:
    return {"type": "plain_text", "text": within(text, limit), "emoji": False}


def _still(body: Fields) -> Fields:
    """Without markup in the fallback and without previews of links."""
    return {**body, "mrkdwn": False, "unfurl_links": False, "unfurl_media": False}


# --- incoming webhook --------------------------------------------------------------------------------------------


def _hooked(url: str, rich: Fields, plain: Fields, settings: SlackSettings, now: datetime) -> Conversation:
    first, second = (json_request(url, body, settings) for body in (rich, plain))
    reply = yield from asked(first, second, lambda reply: reply.status == 400 and _said(reply) in _UNFORMATTED)
    return with_reason(read_http(reply, now), "" if reply.status < 300 else _said(reply))


def _said(reply: Reply) -> str:
    """The one word of an incoming webhook's reply, or the error of the Web API's."""
    bare = reply.body[:80].decode("utf-8", "replace").strip()
    error = bare if _WORD.fullmatch(bare) else word(fields(reply), "error")
    return error if _WORD.fullmatch(error) else ""


# --- bot ---------------------------------------------------------------------------------------------------------


def _as_bot(message: Message, rich: Fields, plain: Fields, settings: SlackSettings, now: datetime) -> Conversation:
    first, home = message.state.get("ts", ""), message.state.get("channel") or settings.channel
    target = {"channel": home, "parse": "none", "link_names": False}
    if first and changes_first(message):
        edited = read_api((yield from _called("chat.update", {**target, "ts": first}, rich, plain, settings)), now)
        if isinstance(edited, Later):
            return edited
    thread = {"thread_ts": first, "reply_broadcast": message.kind is MessageKind.ESCALATION} if first else {}
    reply = yield from _called("chat.postMessage", target | thread, rich, plain, settings)
    if first and reply.status == 200 and _said(reply) in _LOST_THREAD:
        first = ""
        reply = yield from _called("chat.postMessage", target, rich, plain, settings)
    outcome = read_api(reply, now)
    return _kept(reply, settings) if isinstance(outcome, Delivered) and not first else outcome


def _called(
    method: str, target: Fields, rich: Fields, plain: Fields, settings: SlackSettings
) -> Generator[Action, Reply, Reply]:
    url = f"{settings.api.get_secret_value().rstrip('/')}/{method}"
    token = settings.token.get_secret_value() if settings.token is not None else ""
    headers: Mapping[str, str] = {"Authorization": f"Bearer {token}"}
    first, second = (json_request(url, {**body, **target}, settings, headers) for body in (rich, plain))
    return (yield from asked(first, second, lambda reply: _said(reply) in _UNFORMATTED))


def _kept(reply: Reply, settings: SlackSettings) -> Delivered:
    """What later messages need to find the first; the channel as Slack names it, because editing takes only an id."""
    body = fields(reply)
    ts = word(body, "ts")
    return Delivered({"ts": ts, "channel": word(body, "channel") or settings.channel} if ts else None)


def read_api(reply: Reply, now: datetime) -> Outcome:
    """What the Web API means: 200 is done only with `ok`, and the error's word decides what else."""
    error = _said(reply)
    if error in _PASSING:
        return Later(f"Slack says {error}", retry_after(reply.headers, now))
    if not 200 <= reply.status < 300:
        return with_reason(read_http(reply, now), error)
    if fields(reply).get("ok") is True:
        return Delivered()
    if not error:
        return Later("Slack answers with something that is not its own")
    if error in _LOCKED:
        return Later(f"Slack says {error}", disables_after=3)
    return Refused(f"Slack says {error}", disables=error in _DISABLING)
