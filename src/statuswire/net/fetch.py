"""One conditional GET of a feed: not modified, unchanged, or a document; everything else is a FetchError.

The cheap answers end here, before anything is inflated: a 304, and a 200 whose bytes have the digest we know.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from aiohttp import hdrs

from statuswire.errors import FetchError, FetchReason
from statuswire.model import Document
from statuswire.net.caching import max_age, retry_after, validator
from statuswire.net.http import HttpClient, Response
from statuswire.net.inflate import ACCEPT_ENCODING, inflate
from statuswire.net.urls import PERMANENT, next_hop, parse_url

_MAX_REDIRECTS = 3
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_THREAD_BYTES = 256 * 1024
"""Encoded bodies above this size are inflated in a thread: 2 MiB may take 50 ms, for which the loop would stand."""


@dataclass(frozen=True, slots=True)
class FetchRequest:
    """A feed to read. Validators and digest are those of the last document that was read, parsed and recorded;
    leave all three out for an unconditional fetch. `post` is a JSON body to send, for addresses that answer only to
    POST: there are no validators then. `page` is the slug of the page that it is a feed of: some have authorities of
    their own."""

    url: str
    accept: str = "application/json"
    etag: str = ""
    last_modified: str = ""
    wire_digest: bytes = b""
    allow_private: bool = False
    post: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class NotModified:
    """304. `etag` and `last_modified` are the ones to send next time."""

    max_age: timedelta | None
    retry_after: timedelta | None
    etag: str
    last_modified: str
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Unchanged:
    """200, but with the very bytes whose digest we know."""

    max_age: timedelta | None
    retry_after: timedelta | None
    etag: str
    last_modified: str
    moved_to: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """A new body. `wire_digest` is SHA-256 of the bytes as sent, before inflating; `moved_to` is where permanent
    redirects lead, for the caller to remember."""

    document: Document
    etag: str
    last_modified: str
    wire_digest: bytes
    max_age: timedelta | None
    retry_after: timedelta | None = None
    moved_to: str | None = None


Outcome = NotModified | Unchanged | Fetched


async def fetch(client: HttpClient, request: FetchRequest, now: datetime) -> Outcome:
    """Follow at most three redirects within the host, all within 20 seconds. Raises FetchError.

    A redirect to another host is not followed: the error carries its `location`, and `is_permanent` where the
    server says that the page has moved for good, for an operator to confirm.
    """
    response, moved_to = await _follow(client, request)
    if response.status == 304:
        return _not_modified(request, response, now, moved_to)
    if response.status not in (200, 203):
        raise _refusal(response, now)
    if response.headers.get("cf-mitigated"):
        raise _challenged(response, now)
    return await _read(client, request, response, now, moved_to)


async def _follow(client: HttpClient, request: FetchRequest) -> tuple[Response, str | None]:
    """The first answer that is no redirect, and where the leading permanent redirects led.

    What opens a private page is looked up for each hop anew, so that none of it follows a redirect elsewhere.
    """
    target = parse_url(request.url)
    headers = _request_headers(request)
    body = request.post.encode() or None
    until = 0.0
    moved_to, is_moved_for_good = None, True
    for _ in range(_MAX_REDIRECTS + 1):
        left = until - time.monotonic() if until else client.limits.deadline_s
        until = until or time.monotonic() + left
        sent = {**headers, **secret} if (secret := client.credentials_for(target)) else headers
        response = await client.exchange(
            "POST" if body else "GET",
            target,
            sent,
            body,
            allow_private=request.allow_private,
            deadline=left,
            page=request.page,
        )
        if response.status not in _REDIRECTS:
            return response, moved_to
        target = next_hop(target, _location(response), status=response.status)
        is_moved_for_good = is_moved_for_good and response.status in PERMANENT
        moved_to = target.text if is_moved_for_good else moved_to
    raise FetchError(FetchReason.REDIRECT, f"{target.host}: more than {_MAX_REDIRECTS} redirects")


def _location(response: Response) -> str:
    location = response.headers.get(hdrs.LOCATION)
    if not location:
        message = f"{_host(response)}: a redirect without an address"
        raise FetchError(FetchReason.PROTOCOL, message, status=response.status)
    return location


def _request_headers(request: FetchRequest) -> dict[str, str]:
    headers = {"Accept": request.accept, "Accept-Encoding": ACCEPT_ENCODING}
    if request.post:
        return {**headers, "Content-Type": "application/json"}
    if request.etag and (etag := validator(request.etag)):
        headers["If-None-Match"] = etag
    if request.last_modified and (last_modified := validator(request.last_modified)):
        headers["If-Modified-Since"] = last_modified
    return headers


def _not_modified(request: FetchRequest, response: Response, now: datetime, moved_to: str | None) -> NotModified:
    if not request.etag and not request.last_modified:
        message = f"{_host(response)}: 304 although nothing was to compare"
        raise FetchError(FetchReason.PROTOCOL, message, status=304)
    headers = response.headers
    return NotModified(
        max_age=max_age(headers, now),
        retry_after=retry_after(headers, now),
        etag=validator(headers.get(hdrs.ETAG)) or request.etag,
        last_modified=validator(headers.get(hdrs.LAST_MODIFIED)) or request.last_modified,
        moved_to=moved_to,
    )


async def _read(
    client: HttpClient, request: FetchRequest, response: Response, now: datetime, moved_to: str | None
) -> Unchanged | Fetched:
    headers = response.headers
    if not response.is_complete:
        message = f"{_host(response)}: the body is longer than {len(response.body)} bytes"
        raise FetchError(FetchReason.TOO_LARGE, message, status=response.status)
    digest = hashlib.sha256(response.body).digest()
    age, wait = max_age(headers, now), retry_after(headers, now)
    etag, last_modified = validator(headers.get(hdrs.ETAG)), validator(headers.get(hdrs.LAST_MODIFIED))
    if digest == request.wire_digest:
        return Unchanged(age, wait, etag, last_modified, moved_to)
    body = await _inflated(response, client.limits.decoded_bytes)
    document = Document(body, now, url=response.url, headers=_plain_headers(headers))
    return Fetched(document, etag, last_modified, digest, age, wait, moved_to)


async def _inflated(response: Response, max_bytes: int) -> bytes:
    try:
        if len(response.body) > _THREAD_BYTES and response.encoding:
            return await asyncio.to_thread(inflate, response.body, response.encoding, max_bytes)
        return inflate(response.body, response.encoding, max_bytes)
    except FetchError as error:
        message = f"{_host(response)}: {error}"
        raise FetchError(FetchReason(error.reason), message, status=response.status) from error


def _plain_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Lower-case names; repeated fields joined (RFC 9110 section 5.3); bytes that are no UTF-8 replaced, so that
    the values can be stored."""
    plain: dict[str, str] = {}
    for name, value in headers.items():
        clean = value if value.isascii() else value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        key = name.lower()
        plain[key] = f"{plain[key]}, {clean}" if key in plain else clean
    return plain


# --- refusals --------------------------------------------------------------------------------------------------

_STATUS: Mapping[int, tuple[FetchReason, str]] = {
    401: (FetchReason.UNAUTHORIZED, "asks for credentials"),
    403: (FetchReason.BLOCKED, "refuses us"),
    404: (FetchReason.NOT_FOUND, "has no such document"),
    405: (FetchReason.BLOCKED, "refuses us"),
    407: (FetchReason.UNAUTHORIZED, "asks for credentials"),
    410: (FetchReason.GONE, "says that it is gone for good"),
    429: (FetchReason.RATE_LIMITED, "asks us to come less often"),
    451: (FetchReason.BLOCKED, "refuses us for legal reasons"),
}
_PERMANENT_STATUS = frozenset({401, 407, 410})

_CHALLENGE_HEADERS = ("cf-mitigated", "x-amzn-waf-action", "x-datadome")
_CHALLENGE_MARKS = (
    b"just a moment...",
    b"challenge-platform",
    b"cf-chl",
    b"cf-error-details",
    b"attention required! | cloudflare",
    b"awswafcookiedomainlist",
    b"awswafintegration",
    b"captcha-delivery.com",
    b"_incapsula_resource",
    b"incapsula incident id",
    b"px-captcha",
    b"invalid request blocked",
    b"ddos-guard",
)


def _refusal(response: Response, now: datetime) -> FetchError:
    status = response.status
    if status != 404 and _is_challenge(response):
        return _challenged(response, now)
    reason, words = _STATUS.get(status) or _by_class(status)
    return FetchError(
        reason,
        f"{_host(response)}: {words} ({status})",
        status=status,
        retry_after=retry_after(response.headers, now),
        is_permanent=status in _PERMANENT_STATUS,
    )


def _by_class(status: int) -> tuple[FetchReason, str]:
    if status >= 500:
        return FetchReason.SERVER_ERROR, "answers with an error of its own"
    return FetchReason.STATUS, "answers with an unusable status"


def _is_challenge(response: Response) -> bool:
    """A page that wants to see a browser: told by a header of the protecting service or by its page's words.

    `Server: cloudflare` alone says nothing: the 503 of an origin that is really down passes through there too.
    """
    headers = response.headers
    if any(headers.get(name) for name in _CHALLENGE_HEADERS):
        return True
    body = response.body.lower()
    return any(mark in body for mark in _CHALLENGE_MARKS)


def _challenged(response: Response, now: datetime) -> FetchError:
    return FetchError(
        FetchReason.BLOCKED,
        f"{_host(response)}: a challenge for browsers instead of an answer ({response.status})",
        status=response.status,
        retry_after=retry_after(response.headers, now),
    )


def _host(response: Response) -> str:
    return parse_url(response.url).host
