"""How what others take is handed out: by which address they know us, and not again where they have it.

Whatever is public may be kept by anybody in between for a minute, anything else by the one who asked.
"""

from __future__ import annotations

import hashlib
from urllib.parse import quote

from statuswire.model import Filter
from statuswire.web.asgi import Answer, Headers
from statuswire.web.asking import Ask
from statuswire.web.filters import read_filter, read_pairs
from statuswire.web.problems import Refusal, RefusedRequest

KEPT_S = 60
_OF_ADDRESSES = "!$%&'()*+,/:;=?@~"
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
    path: bytes = ask.scope.get("raw_path") or ask.path.encode()
    return f"{base_url(ask)}{quote(path, safe=_OF_ADDRESSES)}{own_query(ask)}"


def own_query(ask: Ask) -> str:
    """The query with its question mark, empty without one; as an address may hold it (RFC 3986), which what people
    type, such as `impact=>=major`, may not."""
    return f"?{quote(ask.query, safe=_OF_ADDRESSES)}" if ask.query else ""


def asked_filter(ask: Ask) -> Filter:
    """What the query says by the words of routes. Raises RefusedRequest."""
    pairs = read_pairs(ask.query)
    asked = pairs if isinstance(pairs, Refusal) else read_filter(pairs)
    if isinstance(asked, Refusal):
        raise RefusedRequest(asked)
    if asked.sources:
        raise RefusedRequest(Refusal("bad_parameter", "Incidents and maintenances have no `source`."))
    return asked


def give(
    ask: Ask,
    body: bytes,
    content_type: bytes,
    headers: Headers = (),
    *,
    status: int = 200,
    meaning: bytes | None = None,
) -> Answer:
    """The body, or 304 where the one who asks has it (RFC 9110 section 13.2.2). `meaning` is the body without what
    changes by itself.

    There is no Last-Modified: what was learnt late is dated earlier, and would be kept from who asks by a date.
    """
    tag = f'"{hashlib.sha256(body if meaning is None else meaning).hexdigest()[:24]}"'
    shown = tag if meaning is None else f"W/{tag}"
    kept: list[tuple[bytes, bytes]] = [(b"etag", shown.encode()), (b"cache-control", _keeping(ask)), *headers]
    if ask.parts.is_public:
        kept += _ASKED_BY_PAGES
    if status == 200 and _has_it(ask, tag):
        return Answer(304, b"", content_type, tuple(kept))
    return Answer(status, body, content_type, tuple(kept))


def _keeping(ask: Ask) -> bytes:
    return b"%s, max-age=%d" % (b"public" if ask.parts.is_public else b"private", KEPT_S)


def _has_it(ask: Ask, tag: str) -> bool:
    """Whether the one who asks has this very body."""
    given = ask.headers.get("if-none-match", "")
    return given.strip() == "*" or tag in (one.strip().removeprefix("W/") for one in given.split(","))
