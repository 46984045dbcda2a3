"""`/api/v1/ws`: the same events over a WebSocket, one JSON object in each text message.

A client asks by the query of the address, as for the stream. What it sends is not read, but for `{"type": "ping"}`,
which gets `{"type": "pong"}`: browsers cannot send pings of the protocol.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

import msgspec

from statuswire.engine.hub import End, Subscription
from statuswire.web import problems
from statuswire.web.asgi import ACCEPTED, Answer
from statuswire.web.asking import Ask
from statuswire.web.live import joining
from statuswire.web.live.sse import MAX_LIFE_S, aborting
from statuswire.web.problems import Refusal

_PONG = '{"type":"pong"}'
_TRY_AGAIN = 1013
_GOING_AWAY = 1001


async def websocket(ask: Ask) -> Answer | None:
    """The connection, or why not: then the handshake is refused."""
    wish = joining.read_wish(ask)
    if isinstance(wish, Refusal):
        return problems.answer(wish)
    await joining.check_pages(ask, wish)
    hub = ask.parts.hub
    joined = hub.subscribe(wish.wanted, ask.peer.network, aborting(ask.scope))
    if joined is None:
        return problems.answer(joining.CROWDED)
    reader = asyncio.ensure_future(_read(ask))
    reader.add_done_callback(lambda _: joined.finish(End.CLOSING))
    try:
        await ask.send({"type": "websocket.accept"})
        ask.scope[ACCEPTED] = True
        async for some in joining.missed(ask, hub, wish, joined):
            for told in some:
                await ask.send({"type": "websocket.send", "text": told.body.decode()})
        await _follow(ask, joined)
        if not reader.done():
            code = _TRY_AGAIN if joined.end is End.SLOW else _GOING_AWAY
            await ask.send({"type": "websocket.close", "code": code})
    finally:
        hub.leave(joined)
        reader.cancel()
        with suppress(asyncio.CancelledError):
            await reader
    return None


async def _follow(ask: Ask, joined: Subscription) -> None:
    end_at = ask.parts.clock.monotonic() + MAX_LIFE_S
    while joined.end is None and ask.parts.clock.monotonic() < end_at:
        for told in await joined.next():
            await ask.send({"type": "websocket.send", "text": told.body.decode()})


async def _read(ask: Ask) -> None:
    """Answer what the client says until it has gone."""
    while (message := await ask.receive())["type"] != "websocket.disconnect":
        if _is_ping(message.get("text") or ""):
            await ask.send({"type": "websocket.send", "text": _PONG})


def _is_ping(text: str) -> bool:
    try:
        said = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return False
    return isinstance(said, dict) and said.get("type") == "ping"
