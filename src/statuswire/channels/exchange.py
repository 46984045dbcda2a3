"""What the kinds that speak HTTP and JSON share: types of settings, making a Request, reading a Reply."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Final, TypeAlias
from urllib.parse import urlsplit

import msgspec
from pydantic import AfterValidator, SecretStr

from statuswire.channels.base import RETRY_AFTER_LIMIT, ChannelSettings, read_http
from statuswire.channels.terminal import one_line
from statuswire.model import Action, Delivered, Outcome, Reply, Request

Fields: TypeAlias = Mapping[str, object]
Asking: TypeAlias = Generator[Action, Reply, Reply]

_REASON_LIMIT: Final = 120

_TOKEN: Final = re.compile(rb'"(?:[^"\\]|\\.)*"?|[{}\[\],]', re.DOTALL)
_CLOSERS: Final = {b"{": b"}", b"[": b"]"}


def _check_address(url: SecretStr) -> SecretStr:
    """Raises ValueError for what is no complete http or https address; the address itself is a secret."""
    text = url.get_secret_value()
    try:
        parts = urlsplit(text)
        complete = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        complete = False
    if not complete or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("is not a complete address; right: https://example.com/...")
    return url


def _check_filled(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("is empty, or holds characters that no key has")
    return secret


Address = Annotated[SecretStr, AfterValidator(_check_address)]
"""A complete address, which often holds a secret in its path."""

Key = Annotated[SecretStr, AfterValidator(_check_filled)]
"""A token or key: printable ASCII without blanks, so that it can stand in a header or a path."""


def json_request(
    url: str, body: Fields, settings: ChannelSettings, headers: Mapping[str, str] | None = None, method: str = "POST"
) -> Request:
    """A request with a JSON body in UTF-8."""
    typed = {"Content-Type": "application/json; charset=utf-8", **(headers or {})}
    return Request(method, url, typed, msgspec.json.encode(body), settings.allow_private)


def fields(reply: Reply) -> Fields:
    """The JSON object of a reply, empty where there is none. Chats answer with the whole message that was sent, so a
    reply may have been cut off; then what came whole counts."""
    for body in (reply.body, _closed(reply.body)):
        try:
            found = msgspec.json.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            continue
        return found if isinstance(found, dict) else {}
    return {}


def _closed(body: bytes) -> bytes:
    """JSON that was cut off, closed behind its last complete member."""
    open_ends: list[bytes] = []
    end, closers = 0, b""
    for token in _TOKEN.finditer(body):
        mark = token[0]
        if mark in _CLOSERS:
            open_ends.append(_CLOSERS[mark])
        elif mark in _CLOSERS.values() and open_ends:
            open_ends.pop()
        elif mark == b",":
            end, closers = token.start(), b"".join(reversed(open_ends))
    return body[:end] + closers


def inner(body: Fields, name: str) -> Fields:
    """An object inside an object, empty where there is none."""
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def word(body: Fields, name: str) -> str:
    """A text or a number out of an object, on one short line; empty where there is none."""
    found = body.get(name)
    if isinstance(found, bool) or not isinstance(found, str | int):
        return ""
    return one_line(str(found))[:_REASON_LIMIT]


def seconds(found: object) -> timedelta | None:
    """A wait that a body asks for, between one second and six hours; None where it is no number."""
    if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found < float("inf"):
        return None
    return max(timedelta(seconds=1), min(timedelta(seconds=min(found, 1e6)), RETRY_AFTER_LIMIT))


def with_reason(outcome: Outcome, said: str) -> Outcome:
    """The same outcome with what the receiver said behind its reason."""
    if not said:
        return outcome
    return outcome if isinstance(outcome, Delivered) else replace(outcome, reason=f"{outcome.reason}: {said}")


def asked(rich: Action, plain: Action, is_unformatted: Callable[[Reply], bool]) -> Asking:
    """The reply to the rich form, or to the plain one where the receiver cannot take the rich: nothing is ever given up
    for its looks."""
    reply = yield rich
    if is_unformatted(reply):
        reply = yield plain
    return reply


def read_json(reply: Reply, now: datetime, said: str) -> Outcome:
    """As `read_http`, with what the body says as reason."""
    return with_reason(read_http(reply, now), said)
