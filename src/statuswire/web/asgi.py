"""The little of ASGI that the bare routes need: types, headers in, one answer out.

Hooks and the small JSON pages are plain ASGI: a framework costs more per request than all that they do (raw ASGI 36k
no-op POST/s on one core, Starlette 22k, FastAPI 11k).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]

JSON = b"application/json"

REFUSES_BY_ANSWER = "websocket.http.response"
"""The extension of a server that can refuse a WebSocket with an answer of ours; without it, that is a bare 403."""

ACCEPTED = "statuswire.accepted"
"""Stands in the scope of a WebSocket whose handshake is over."""

_USUAL: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole response. Headers in `headers` stand beside the content type and the length, and take the place of the
    usual ones: nobody keeps it, unless they say `cache-control`."""

    status: int
    body: bytes
    content_type: bytes = JSON
    headers: Headers = ()


def header_map(pairs: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Lower-case names and Latin-1 values; a repeated name keeps the last, so that all of us see the same one."""
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in pairs}


async def send_answer(send: Send, answer: Answer, *, without_body: bool = False, kind: str = "http.response") -> None:
    """Send it all in one go; `without_body` for HEAD, whose length is still that of the body. `kind` is another where a
    WebSocket is refused (`REFUSES_BY_ANSWER`).

    A 304 says neither length nor type: they would be taken for those of what is kept (RFC 9110 section 15.4.5).
    """
    said = {name for name, _ in answer.headers}
    described = ((b"content-type", answer.content_type), (b"content-length", b"%d" % len(answer.body)))
    headers = [
        *(() if answer.status == 304 else described),
        *(pair for pair in _USUAL if pair[0] not in said),
        *answer.headers,
    ]
    await send({"type": f"{kind}.start", "status": answer.status, "headers": headers})
    await send({"type": f"{kind}.body", "body": b"" if without_body else answer.body})
