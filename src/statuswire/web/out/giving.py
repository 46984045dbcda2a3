"""How what others take is handed out: by which address they know us, and not again where they have it.

Whatever is public may be kept by anybody in between for a minute, anything else by the one who asked.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

from statuswire.web.asgi import Answer, Headers
from statuswire.web.asking import Ask
from statuswire.web.problems import Refusal

KEPT_S = 60
_ASKED_BY_PAGES: Headers = ((b"access-control-allow-origin", b"*"),)

NO_SUCH_PAGE = Refusal("unknown_address", "No page of this name is watched.")


def base_url(ask: Ask) -> str:
    """The address by which we were called, without a slash at the end. The guard has checked the name."""
    scheme = "https" if ask.peer.is_https else "http"
    host = ask.headers.get("host")
    if not host:
        name, port = ask.scope.get("server") or ("127.0.0.1", 8000)
        host = f"[{name}]:{port}" if ":" in name else f"{name}:{port}"
    return f"{scheme}://{host}"


def own_url(ask: Ask) -> str:
    """The whole address that was asked for."""
    path = ask.scope.get("raw_path") or ask.path.encode()
    query = f"?{ask.query.decode('latin-1')}" if ask.query else ""
    return f"{base_url(ask)}{path.decode('latin-1')}{query}"


def give(
    ask: Ask,
    body: bytes,
    content_type: bytes,
    updated: datetime | None = None,
    headers: Headers = (),
    *,
    status: int = 200,
    meaning: bytes | None = None,
) -> Answer:
    """The body, or 304 where the one who asks has it (RFC 9110 section 13.2.2). `updated` is when it last changed,
    `meaning` the body without what changes by itself."""
    tag = f'"{hashlib.sha256(body if meaning is None else meaning).hexdigest()[:24]}"'
    shown = tag if meaning is None else f"W/{tag}"
    kept: list[tuple[bytes, bytes]] = [(b"etag", shown.encode()), (b"cache-control", _keeping(ask)), *headers]
    if updated is not None:
        kept.append((b"last-modified", format_datetime(updated.astimezone(UTC), usegmt=True).encode()))
    if ask.parts.is_public:
        kept += _ASKED_BY_PAGES
    if status == 200 and _has_it(ask, tag, updated):
        return Answer(304, b"", content_type, tuple(kept))
    return Answer(status, body, content_type, tuple(kept))


def _keeping(ask: Ask) -> bytes:
    return b"%s, max-age=%d" % (b"public" if ask.parts.is_public else b"private", KEPT_S)


def _has_it(ask: Ask, tag: str, updated: datetime | None) -> bool:
    """Whether the one who asks has this very body; the tag decides alone where one is given."""
    given = ask.headers.get("if-none-match")
    if given is not None:
        return given.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in given.split(","))
    since = _moment(ask.headers.get("if-modified-since", ""))
    return updated is not None and since is not None and updated.replace(microsecond=0) <= since


def _moment(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found
