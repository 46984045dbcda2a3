"""A whole web application over a store in memory, called without a socket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from prometheus_client import CollectorRegistry

from statuswire.channels import CHANNELS
from statuswire.engine.arrivals import InboxLimits
from statuswire.engine.hub import Hub
from statuswire.engine.inbox import Inbox
from statuswire.metrics import Metrics
from statuswire.model import EventType, Hook
from statuswire.platforms import PLATFORMS
from statuswire.store import Store, open_store, queries
from statuswire.web.app import AppParts, Facts, Load, create_app, load_view
from statuswire.web.asgi import Message
from statuswire.web.doors import SecretAddresses
from statuswire.web.table import ROWS
from statuswire.web.trust import HookSettings
from tests.fakes import FakeClock

JSON = {"content-type": "application/json"}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of a problem document, after checking that it is one."""
        assert self.headers["content-type"] == "application/problem+json", self
        assert (self.json["status"], self.json["type"]) == (self.status, "about:blank")
        return str(self.json["code"])


class Site:
    """The application and what stands behind it. `facts` and `store` may be replaced before a request."""

    def __init__(
        self,
        settings: HookSettings | None = None,
        limits: InboxLimits | None = None,
        inbox_store: Store | None = None,
    ) -> None:
        self.store: Store = open_store("sqlite://")
        self.clock = FakeClock()
        self.metrics = Metrics(
            CollectorRegistry(),
            version="1.2.3",
            platforms=PLATFORMS,
            event_types=list(EventType),
            channel_kinds=CHANNELS,
            routes=[row.pattern for row in ROWS],
        )
        self.addresses = SecretAddresses(b"s" * 32, ["acme"])
        self.hub = Hub(self.clock)
        self.facts = Facts("event-based (webhooks)")
        self.inbox = Inbox(
            inbox_store or self.store,
            self.clock,
            on_recorded=lambda page, recorded: None,
            metrics=self.metrics,
            limits=limits,
        )
        self.parts = AppParts(
            store=self.store,
            inbox=self.inbox,
            settings=settings or HookSettings(),
            addresses=self.addresses,
            platforms=tuple(name for name, platform in PLATFORMS.items() if platform.parse_hook),
            clock=self.clock,
            metrics=self.metrics,
            facts=lambda: self.facts,
            hub=self.hub,
            version="1.2.3",
            started_at=self.clock.now(),
        )
        self.call = create_app(self.parts)

    def replace(self, load: Load = load_view, **parts: Any) -> None:
        self.parts = replace(self.parts, **parts)
        self.call = create_app(self.parts, load)

    def get(self, target: str, method: str = "GET", headers: dict[str, str] | None = None, **scope: Any) -> Reply:
        return self.run(lambda: self.request(method, target, headers=headers, **scope))

    def post(
        self, target: str, body: bytes | dict[str, Any] = b"", headers: dict[str, str] | None = None, **scope: Any
    ) -> Reply:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.run(lambda: self.request("POST", target, content, JSON if headers is None else headers, **scope))

    def run(self, scene: Callable[[], Awaitable[Reply]]) -> Reply:
        async def main() -> Reply:
            async with asyncio.timeout(20):
                return await scene()

        return asyncio.run(main())

    async def request(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: dict[str, str] | Sequence[tuple[str, str]] | None = None,
        *,
        client: str = "127.0.0.1",
        server: tuple[str, int] = ("127.0.0.1", 8000),
        kind: str = "http",
        messages: Sequence[Message] | None = None,
    ) -> Reply:
        path, _, query = target.partition("?")
        pairs = list(headers.items() if isinstance(headers, dict) else headers or ())
        arriving = list(messages or [{"type": "http.request", "body": body, "more_body": False}])
        sent: list[Message] = []

        async def receive() -> Message:
            if not arriving:
                await asyncio.Event().wait()
            return arriving.pop(0)

        async def send(message: Message) -> None:
            sent.append(message)

        scope = {
            "type": kind,
            "method": method,
            "path": path,
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in pairs],
            "client": (client, 40_000),
            "server": server,
        }
        await self.call(scope, receive, send)
        if kind == "websocket":
            return Reply(sent[0].get("code", 101), {}, b"")
        return Reply(sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}, sent[1]["body"])

    def read_hooks(self) -> None:
        """Read everything that waits in the inbox."""

        async def main() -> None:
            while await self.inbox.read_waiting():
                pass

        asyncio.run(main())

    def hooks(self) -> list[Hook]:
        return self.store.read(lambda tx: queries.waiting_hooks(tx, 1000))
