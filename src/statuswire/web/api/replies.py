"""How views of the API read and answer: one hop to a reader, JSON once, an ETag of the bytes."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

import msgspec
from fastapi import Depends, Request, Response

from statuswire.store import Tx
from statuswire.web.api.errors import wrong
from statuswire.web.asking import Ask
from statuswire.web.pages import read_store

T = TypeVar("T")

Key = Annotated[int, msgspec.Meta(ge=0, lt=2**62)]
"""A number in a cursor, as far as every engine can compare it."""

JSON = "application/json"

encode = msgspec.json.Encoder().encode


async def _ask(request: Request) -> Ask:
    ask: Ask = request.scope["state"]["ask"]
    return ask


Asking = Annotated[Ask, Depends(_ask)]
"""The request as all views of ours see it."""


async def read(ask: Ask, work: Callable[[Tx], object]) -> Response:
    """What `work` makes of the store, as JSON. Raises StoreError, TimeoutError, and what `work` raises."""
    return reply(ask, await read_store(ask.parts, lambda tx: encode(work(tx))))


def reply_but(ask: Ask, told: Mapping[str, object], *passing: str) -> Response:
    """The same with a weak ETag, for which what changes by the mere passing of time does not count."""
    meaning = encode({name: value for name, value in told.items() if name not in passing})
    return reply(ask, encode(told), meaning=meaning)


def reply(
    ask: Ask,
    body: bytes,
    status: int = 200,
    media_type: str = JSON,
    more: Mapping[str, str] | None = None,
    *,
    meaning: bytes | None = None,
) -> Response:
    """The body, or 304 where the caller has it already; `more` are headers, `meaning` what of the body counts."""
    tag = f'"{hashlib.sha256(body if meaning is None else meaning).hexdigest()[:32]}"'
    shown = tag if meaning is None else f"W/{tag}"
    headers = {"ETag": shown, "Cache-Control": "private, no-cache", **(more or {})}
    if ask.method in ("GET", "HEAD") and _has(ask.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, status, headers, media_type)


def _has(given: str, tag: str) -> bool:
    """Whether a header names the tag; weak and strong are alike here (RFC 9110 section 13.1.2)."""
    return given.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in given.split(","))


# --- parts of lists ----------------------------------------------------------------------------------------------


def part(items: Iterable[object], following: str | None) -> dict[str, object]:
    return {"items": list(items), "next": following}


def cursor_of(*key: int | str) -> str:
    """Text for the key of the last item of a part."""
    return base64.urlsafe_b64encode(encode(key)).decode().rstrip("=")


def key_of(cursor: str | None, kind: type[T], first: T) -> T:
    """The key of a cursor, `first` where there is none. Refuses what no list of ours gave out."""
    if cursor is None:
        return first
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        found: T = msgspec.json.decode(text, type=kind)
        return found
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise wrong("query.after", "is not a cursor that a list gave out") from error


def number_of(cursor: str | None) -> int | None:
    """The cursor of lists that go by the number of their items, which is that number."""
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdecimal() and len(cursor) <= 18):
        raise wrong("query.after", "must be the number of an item")
    return int(cursor)


def slice_of(
    items: Sequence[T], limit: int, after: str | None, key: Callable[[T], Any], shape: Callable[[T], object]
) -> dict[str, object]:
    """A part of a list that is at hand in the order of `key`, a text."""
    last = key_of(after, tuple[str], ("",))[0]
    beyond = [one for one in items if after is None or key(one) > last]
    following = cursor_of(key(beyond[limit - 1])) if len(beyond) > limit else None
    return part((shape(one) for one in beyond[:limit]), following)
