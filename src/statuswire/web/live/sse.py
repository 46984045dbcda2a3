"""`GET /api/v1/stream`: events as they come, as a text/event-stream that goes on where it was broken off.

Plain ASGI: a thousand subscribers wait here, and each event goes to all of them. Whoever does not read is dropped and
comes back with the last id it saw. A stream ends after half an hour, so that somebody whose access was taken away does
not watch for ever; a browser reconnects by itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from statuswire.engine.hub import End, Subscription, Told
from statuswire.web import problems
from statuswire.web.asgi import Answer, Receive, Scope, Send
from statuswire.web.asking import Ask
from statuswire.web.live import joining
from statuswire.web.problems import Refusal

log = logging.getLogger(__name__)

RETRY_MS = 3_000
MAX_LIFE_S = 1_800.0

_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-accel-buffering", b"no"),
]
_HELLO = b"retry: %d\n: connected\n\n" % RETRY_MS
_BEAT = b": heartbeat\n\n"


async def stream(ask: Ask) -> Answer | None:
    """The stream, or why not."""
    wish = joining.read_wish(ask)
    if isinstance(wish, Refusal):
        return problems.answer(wish)
    await joining.check_pages(ask, wish)
    if ask.method == "HEAD":
        await _start(ask.send, more=False)
        return None
    hub = ask.parts.hub
    joined = hub.subscribe(wish.wanted, ask.peer.network, aborting(ask.scope))
    if joined is None:
        return problems.answer(joining.CROWDED)
    gone = asyncio.ensure_future(until_gone(ask.receive))
    gone.add_done_callback(lambda _: joined.finish(End.CLOSING))
    try:
        await _start(ask.send, more=True)
        await ask.send(_body(_HELLO))
        async for some in joining.missed(ask, hub, wish, joined):
            if some:
                await ask.send(_body(b"".join(told.frame for told in some)))
        await _follow(ask, joined)
    finally:
        gone.cancel()
        hub.leave(joined)
    await ask.send({"type": "http.response.body", "body": b"", "more_body": False})
    return None


async def _follow(ask: Ask, joined: Subscription) -> None:
    send, monotonic = ask.send, ask.parts.clock.monotonic
    end_at = monotonic() + MAX_LIFE_S
    while True:
        some = await joined.next()
        if joined.end is not None or monotonic() >= end_at:
            return
        await send(_message(some))


def _message(some: Sequence[Told]) -> dict[str, object]:
    """What is sent of these: a single event as one message that all subscribers share."""
    if len(some) == 1:
        return some[0].message
    return _body(b"".join(told.frame for told in some) or _BEAT)


async def _start(send: Send, *, more: bool) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    if not more:
        await send({"type": "http.response.body", "body": b""})


def _body(chunk: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": chunk, "more_body": True}


async def until_gone(receive: Receive) -> None:
    """Until the client has closed the connection."""
    while (await receive())["type"] not in ("http.disconnect", "websocket.disconnect"):
        pass


def aborting(scope: Scope) -> Callable[[], object]:
    """Ends the connection at once: a client that does not read would keep the task that writes to it waiting."""
    extension = scope.get("extensions", {}).get("statuswire.abort")
    found: Callable[[], object] = extension["abort"] if extension else lambda: None
    return found
