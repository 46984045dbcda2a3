"""The door of the API: limits of what is asked, then FastAPI, whose answer is sent in one go.

Who may ask was decided before, by the row of the table. What FastAPI would do otherwise is done here: HEAD, a slash at
the end, a query that is too long or says something twice, a body that is too large, too slow or no JSON.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlencode

import msgspec

from statuswire.web import problems
from statuswire.web.api.application import application
from statuswire.web.asgi import Answer, Message
from statuswire.web.asking import Ask
from statuswire.web.filters import read_pairs
from statuswire.web.problems import Refusal

_PARTED: Final = frozenset(
    {"page", "tag", "category", "impact", "type", "phase", "source", "status", "state", "sender"}
)
SEVERAL: Final = _PARTED | {"component", "id"}
"""Parameters that may be given several times, where they are words of a filter; all but these two with commas too,
which names of components and ids may have in them."""

_ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
_NOT_KEPT: Final = (b"cache-control", b"no-store")


async def answer(ask: Ask) -> Answer | None:
    """Let FastAPI answer, or say why not before it is asked."""
    query = _check_head(ask.method, ask.headers) or read_query(ask.query)
    if isinstance(query, Refusal):
        return problems.answer(query)
    body = await ask.body()
    refusal = check_body(body)
    if refusal is not None:
        return problems.answer(refusal)
    for message in await _answered(ask, query, body):
        await ask.send(message)
    return None


# --- what is asked -----------------------------------------------------------------------------------------------


def read_query(query: bytes) -> bytes | Refusal:
    """The query with words that stand between commas given one by one. Refused where it cannot be read, or says one
    thing twice: a guess would answer another question."""
    pairs = read_pairs(query)
    if isinstance(pairs, Refusal):
        return pairs
    twice = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1 and name not in SEVERAL]
    if twice:
        return Refusal("bad_parameter", f"{twice[0][:40]!r} is given twice.")
    parted = [(name, one) for name, text in pairs for one in (text.split(",") if name in _PARTED else (text,))]
    return urlencode(parted).encode()


def _check_head(method: str, headers: Mapping[str, str]) -> Refusal | None:
    """What a body must be; that pages of other origins change nothing, the guard has seen to."""
    if method in ("GET", "HEAD"):
        return None
    if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        return Refusal("encoded_body", "Send the body without Content-Encoding.")
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type and media_type != "application/json":
        return Refusal("wrong_type", "Send JSON with Content-Type: application/json.")
    return None


def check_body(body: bytes) -> Refusal | None:
    """Strict JSON in UTF-8, and an object, where there is a body at all."""
    if not body:
        return None
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Refusal("bad_json", f"The body is not JSON that can be read: {type(error).__name__}.")
    if not isinstance(value, dict):
        return Refusal("not_an_object", "The body must be a JSON object: {...}.")
    return None


# --- what is answered --------------------------------------------------------------------------------------------


async def _answered(ask: Ask, query: bytes, body: bytes) -> list[Message]:
    """The messages of the answer. Raises whatever broke in a view."""
    app = await asyncio.to_thread(application)
    sent: list[Message] = []
    arriving: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return arriving.pop() if arriving else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    is_head = ask.method == "HEAD"
    scope = {
        **ask.scope,
        "method": "GET" if is_head else ask.method,
        "path": ask.path.rstrip("/"),
        "query_string": query,
        "raw_path": b"",
        "root_path": "",
        "headers": _headers(ask),
        "state": {"ask": ask},
    }
    await app(scope, receive, send)
    return _finished(sent, is_head=is_head)


def _headers(ask: Ask) -> list[tuple[bytes, bytes]]:
    """With the type that a body without one has, for it was read as such."""
    given = [(name, value) for name, value in ask.scope["headers"] if name != b"content-type"]
    return [*given, (b"content-type", b"application/json")]


def _finished(sent: list[Message], *, is_head: bool) -> list[Message]:
    start, *rest = sent
    headers = [(name.lower(), value) for name, value in start["headers"]]
    names = {name for name, _ in headers}
    kept = () if b"cache-control" in names else (_NOT_KEPT,)
    body = b"".join(message.get("body", b"") for message in rest)
    return [
        {**start, "headers": [*headers, *_ALWAYS, *kept]},
        {"type": "http.response.body", "body": b"" if is_head else body},
    ]
