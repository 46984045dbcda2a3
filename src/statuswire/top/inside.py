"""Asks the web application of this very process, as the client asks a server over the network: nothing listens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from urllib.parse import unquote

from statuswire.client.aio import Dial, Reader
from statuswire.client.exchange import Ask
from statuswire.web.asgi import App, Message, Scope


def dial_of(app: App) -> Dial:
    """What an `AsyncClient` needs to ask this application."""

    @asynccontextmanager
    async def dial(ask: Ask) -> AsyncIterator[Reader]:
        answer = _Answer(ask)
        asking = asyncio.ensure_future(app(_scope(ask), answer.receive, answer.send))
        asking.add_done_callback(lambda _: answer.end())
        try:
            yield answer
        finally:
            asking.cancel()
            with suppress(asyncio.CancelledError):
                await asking

    return dial


class _Answer:
    """The messages of an application as the bytes of an answer, whose end is that of the connection."""

    def __init__(self, ask: Ask) -> None:
        self._body = ask.body
        self._is_asked = False
        self._parts: asyncio.Queue[bytes] = asyncio.Queue()

    async def receive(self) -> Message:
        if self._is_asked:
            await asyncio.Event().wait()  # nobody hangs up: who leaves cancels
        self._is_asked = True
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def send(self, message: Message) -> None:
        part = _head(message) if message["type"] == "http.response.start" else bytes(message.get("body", b""))
        if part:
            self._parts.put_nowait(part)

    def end(self) -> None:
        self._parts.put_nowait(b"")

    async def read(self, most: int, /) -> bytes:
        """The next part, as large as the application made it."""
        return await self._parts.get()


def _head(message: Message) -> bytes:
    status = HTTPStatus(message["status"])
    lines = [name + b": " + value for name, value in message["headers"]]
    return b"\r\n".join([f"HTTP/1.1 {status.value} {status.phrase}".encode(), *lines, b"", b""])


def _scope(ask: Ask) -> Scope:
    path, _, query = ask.target.partition("?")
    return {
        "type": "http",
        "method": ask.method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in ask.headers],
        "client": ("127.0.0.1", 0),
        "server": ("127.0.0.1", 0),
    }
