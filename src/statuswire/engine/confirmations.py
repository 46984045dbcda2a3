"""Confirmations that providers ask for, by mail or by a webhook: kept for the operator, who alone may follow the link.

A link is a secret: whoever opens it confirms the subscription. It goes to the operator by way of `statuswire doctor`
and to nobody else, so no log line, event or metric has it. None is ever opened by us (FAULTS W12).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import msgspec

from statuswire.errors import ParseError
from statuswire.model import Document, DocumentKind, Hook
from statuswire.platforms.reading import as_mapping, load_json, text
from statuswire.store import Tx, queries

SETTING = "confirmations"
MOST = 20
KEPT_FOR = timedelta(days=14)
"""Links of providers die within days; whoever has not followed one by then has answered, or will be asked again."""

_LONGEST_LINK = 2_000


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A provider asks whether `slug` is to be told. `link` is what would confirm it, empty where none was found."""

    slug: str
    sender: str
    subject: str
    link: str
    at: datetime


@dataclass(frozen=True, slots=True)
class _Handshake:
    """A body that asks for a confirmation: its key `sign` says `word`, and `link` holds the address to open."""

    sign: str
    word: str
    link: str
    sender: str


_HANDSHAKES = (
    _Handshake("type", "verification", "verifyUrl", "OpenStatus"),
    _Handshake("Type", "SubscriptionConfirmation", "SubscribeURL", "Amazon SNS"),
)
"""OpenStatus from its source; docs.aws.amazon.com/sns, "HTTP/HTTPS subscription confirmation JSON"; checked 2026-11."""

_MARKS = tuple(f'"{one.link}"'.encode() for one in _HANDSHAKES)


def asked_by(hook: Hook) -> Confirmation | None:
    """The confirmation that a webhook asks for; None for the bodies that do not, which are nearly all."""
    if not any(mark in hook.body for mark in _MARKS):
        return None
    try:
        fields = as_mapping(load_json(Document(hook.body, hook.received_at, kind=DocumentKind.HOOK)))
    except ParseError:
        return None
    asking = next((one for one in _HANDSHAKES if fields.get(one.sign) == one.word and one.link in fields), None)
    if asking is None:
        return None
    slug = hook.page_slug or hook.provider or hook.source
    return Confirmation(slug, asking.sender, "webhooks", _link(fields.get(asking.link)), hook.received_at)


def _link(value: object) -> str:
    """Only what is sent in secret can be a secret."""
    url = text(value, _LONGEST_LINK + 1).strip()
    is_usable = len(url) <= _LONGEST_LINK and url.isascii() and url.isprintable() and " " not in url
    try:
        parts = urlsplit(url) if is_usable else None
    except ValueError:
        return ""
    return url if parts is not None and parts.scheme == "https" and parts.hostname else ""


def keep(tx: Tx, asked: Confirmation) -> None:
    """Keep it in place of an earlier one for the same page and sender; the newest twenty stay, for two weeks."""
    queries.lock_setting(tx, SETTING)
    others = [one for one in confirmations(tx, asked.at) if (one.slug, one.sender) != (asked.slug, asked.sender)]
    queries.set_setting(tx, SETTING, msgspec.json.encode([*others, asked][-MOST:]).decode())


def confirmations(tx: Tx, now: datetime) -> Sequence[Confirmation]:
    """What was asked within two weeks, oldest first."""
    kept = queries.setting(tx, SETTING)
    asked = msgspec.json.decode(kept, type=list[Confirmation]) if kept else []
    return [one for one in asked if now - one.at <= KEPT_FOR]
