"""Answers that say no: one code, one status, one sentence each, as RFC 9457 problem documents.

A `Refusal` is a value that decisions return; `answer` turns it into bytes. The codes are API: they change only by
addition, and `statuswire_hooks_total{answer=...}` counts by the same words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import msgspec

from statuswire.web.asgi import Answer, Headers

CONTENT_TYPE = b"application/problem+json"

_CODES: Mapping[str, tuple[int, str]] = MappingProxyType(
    {
        "unreadable": (400, "Not HTTP"),
        "bad_json": (400, "Not valid JSON"),
        "not_an_object": (400, "Not a JSON object"),
        "bad_signal": (400, "Not a signal that can be read"),
        "bad_length": (400, "Wrong Content-Length"),
        "bad_parameter": (400, "Wrong parameter"),
        "incomplete": (400, "Incomplete body"),
        "missing_signature": (401, "Signature missing"),
        "malformed_signature": (401, "Signature malformed"),
        "expired_signature": (401, "Signature expired"),
        "bad_signature": (401, "Signature does not match"),
        "untrusted": (401, "Sender not known"),
        "cross_site": (401, "Sent by a web page"),
        "unauthenticated": (401, "Not signed in"),
        "bad_token": (401, "Token not known"),
        "forbidden": (403, "Not allowed"),
        "cross_origin": (403, "Sent by a web page of elsewhere"),
        "stale_form": (403, "Form out of date"),
        "unknown_address": (404, "Not found"),
        "unknown_page": (404, "No such page"),
        "unknown_item": (404, "Not there"),
        "method_not_allowed": (405, "Method not allowed"),
        "slow_body": (408, "Body too slow"),
        "not_done": (409, "Could not be done"),
        "too_large": (413, "Body too large"),
        "wrong_type": (415, "Not a JSON content type"),
        "encoded_body": (415, "Compressed bodies are not taken"),
        "not_a_form": (415, "Not a form"),
        "wrong_host": (421, "Not a name of ours"),
        "too_many_requests": (429, "Too many requests"),
        "too_many_refusals": (429, "Too many refused requests"),
        "internal": (500, "Our fault"),
        "not_installed": (501, "Not installed"),
        "overloaded": (503, "Too busy"),
        "out_of_time": (503, "Took too long"),
        "not_here": (503, "Not done by this process"),
        "store_unavailable": (503, "Cannot be stored now"),
    }
)

CODES = frozenset(_CODES)

_CLOSES = frozenset({"unreadable", "slow_body", "too_large", "bad_length", "incomplete"})
"""After these the rest of the request body is of no interest, so the connection ends with the answer."""

_CHALLENGE = (b"www-authenticate", b'Webhook-Signature realm="statuswire"')
"""RFC 9110 section 11.6.1 asks for a challenge with every 401; browsers do not know this scheme and ask nobody."""

_TOKEN_CHALLENGES = {
    "unauthenticated": (b"www-authenticate", b'Bearer realm="statuswire"'),
    "bad_token": (b"www-authenticate", b'Bearer realm="statuswire", error="invalid_token"'),
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong with a request: `query.limit`, `must be at most 1000`."""

    where: str
    what: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused. `detail` is a sentence for people that says what to do; it never holds a secret."""

    code: str
    detail: str
    retry_after_s: int | None = None
    allow: str = ""
    known: tuple[str, ...] = ()
    errors: tuple[Mistake, ...] = ()

    @property
    def status(self) -> int:
        return _CODES[self.code][0]

    @property
    def title(self) -> str:
        return _CODES[self.code][1]


class RefusedRequest(Exception):
    """A view cannot go on with this request; the answer is the problem document of `refusal`."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def answer(refusal: Refusal) -> Answer:
    """The problem document of a refusal, with the headers that its status asks for."""
    status, title = _CODES[refusal.code]
    body: dict[str, object] = {"type": "about:blank", "title": title, "status": status, "detail": refusal.detail}
    body["code"] = refusal.code
    if refusal.known:
        body["known"] = refusal.known
    if refusal.errors:
        body["errors"] = refusal.errors
    return Answer(status, msgspec.json.encode(body), CONTENT_TYPE, _headers(refusal, status))


def _headers(refusal: Refusal, status: int) -> Headers:
    headers = []
    if status == 401:
        headers.append(_TOKEN_CHALLENGES.get(refusal.code, _CHALLENGE))
    if refusal.allow:
        headers.append((b"allow", refusal.allow.encode()))
    if refusal.retry_after_s is not None:
        headers.append((b"retry-after", b"%d" % refusal.retry_after_s))
    if refusal.code in _CLOSES:
        headers.append((b"connection", b"close"))
    return tuple(headers)
