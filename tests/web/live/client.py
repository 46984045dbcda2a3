"""A site that streams, and a client without a socket: it fetches what was sent when it likes, or not at all."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

from statuswire.model import Event
from statuswire.store import queries
from statuswire.web.asgi import Message, Scope
from tests.core.told import page_ref
from tests.web.parts import Site


class Streaming(Site):
    """A site whose log is filled, and told, by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.page = self.store.write(
            lambda tx: queries.upsert_page(
                tx, slug="acme", name="Acme", url=page_ref().url, platform="statuspage", origin="config"
            )
        )

    def happen(self, *events: Event) -> None:
        """Record them and tell them, as the tail would."""
        self.record(*events)
        found = self.store.read(lambda tx: queries.events_after(tx, self.position, 1000))
        self.position = found[-1].id
        self.hub.tell(found)

    def record(self, *events: Event) -> None:
        self.store.write(lambda tx: queries.append_events(tx, self.page.id, list(events)))

    position = 0


@dataclass
class Client:
    """One connection. While `is_reading` is not set, sending to it waits, as for a full socket."""

    site: Streaming
    target: str = "/api/v1/stream"
    headers: dict[str, str] = field(default_factory=dict)
    address: str = "127.0.0.1"
    type: str = "http"
    extensions: tuple[str, ...] = ()
    sent: list[Message] = field(default_factory=list)
    is_reading: asyncio.Event = field(default_factory=asyncio.Event)
    arriving: asyncio.Queue[Message] = field(default_factory=asyncio.Queue)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    aborted: bool = False
    task: asyncio.Task[None] | None = None

    def open(self) -> Client:
        self.is_reading.set()
        self.task = asyncio.create_task(self.site.call(self._scope(), self._receive, self._send))
        return self

    def abort(self) -> None:
        self.aborted = True
        self.is_reading.set()

    async def leave(self) -> None:
        kind = "http.disconnect" if self.type == "http" else "websocket.disconnect"
        self.arriving.put_nowait({"type": kind})
        await self.end()

    async def end(self) -> None:
        assert self.task is not None
        async with asyncio.timeout(10):
            await self.task

    async def begin(self) -> Client:
        """Open it; until its answer has begun."""
        self.open()
        async with asyncio.timeout(10):
            await self.news.wait()
        return self

    async def until(self, text: str) -> None:
        """Until that has been received."""
        async with asyncio.timeout(10):
            while text not in self.text:
                self.news.clear()
                await self.news.wait()

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def text(self) -> str:
        return "".join(_text(message) for message in self.sent)

    @property
    def ids(self) -> list[int]:
        return [int(line[4:]) for line in self.text.splitlines() if line.startswith("id: ")]

    def _scope(self) -> Scope:
        path, _, query = self.target.partition("?")
        scope: Scope = {
            "type": self.type,
            "method": "GET",
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in self.headers.items()],
            "client": (self.address, 40_000),
            "server": ("127.0.0.1", 8000),
            "extensions": {"statuswire.abort": {"abort": self.abort}, **{name: {} for name in self.extensions}},
        }
        if self.type == "websocket":
            del scope["method"]
        return scope

    async def _receive(self) -> Message:
        return await self.arriving.get()

    async def _send(self, message: Message) -> None:
        await self.is_reading.wait()
        if not self.aborted:
            self.sent.append(message)
            self.news.set()


def _text(message: Any) -> str:
    body = message.get("body") or message.get("text") or b""
    return body if isinstance(body, str) else body.decode()
