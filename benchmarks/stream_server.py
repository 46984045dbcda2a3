"""The servers that `streams.py` listens to, each a process of its own: the same uvicorn, two applications.

    python benchmarks/stream_server.py bare|service DATABASE CPU

`bare` is the least that an ASGI application can do: each connection waits on a queue of its own and sends what comes.
`service` is our stream over an event log: an event is recorded in the store, found by the tail, and told by the hub. A
line `tell` on standard input makes one event happen whose title is the monotonic moment; any other line is answered
with the CPU seconds used so far. The port is the first line printed.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Callable
from contextlib import closing

import uvicorn
import uvloop
from hook_server import parts

from statuswire.engine.clock import Clock
from statuswire.engine.hub import Told
from statuswire.engine.tail import Tail
from statuswire.model import Event, EventIncident, EventType, EventUpdate, Impact, Kind, PageRef, Phase, Source
from statuswire.store import Store, open_store, queries
from statuswire.web.app import create_app
from statuswire.web.asgi import App, Receive, Scope, Send
from statuswire.web.protocol import server_config

PAGE = PageRef("acme", "Acme Relay", "https://status.acme-relay.example")
HEADERS = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]
TEXT = "We are looking into elevated error rates of the API in Europe. Some requests may take longer than usual."


def event(number: int) -> Event:
    """One update, whose title says when it was made."""
    now = Clock().now()
    title = f"@{time.monotonic():.6f}@"
    told = EventIncident(
        "w2x4y6z8b1c3", title, Kind.INCIDENT, Phase.INVESTIGATING, Impact.MINOR, f"{PAGE.url}/incidents/1", now, None
    )
    update = EventUpdate(f"u{number}", Phase.INVESTIGATING, TEXT, now)
    return Event(EventType.INCIDENT_UPDATED, f"key-{number}", now, now, Source.HOOK, PAGE, told, update, id=number)


class Bare:
    """A queue for each connection."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[bytes]] = set()
        self._count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self._queues.add(queue)
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": b": connected\n\n", "more_body": True})
        while True:
            await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})

    def tell(self) -> None:
        self._count += 1
        frame = Told(event(self._count)).frame
        for queue in self._queues:
            queue.put_nowait(frame)


class Logged:
    """Our application over a log that the tail follows."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.tail = Tail(store, Clock())
        self._parts = parts(store, "service", self.tail)
        self.app = create_app(self._parts)
        self.page = store.write(
            lambda tx: queries.upsert_page(
                tx, slug=PAGE.slug, name=PAGE.name, url=PAGE.url, platform="statuspage", origin="config"
            )
        )
        self._count = 0

    async def begin(self) -> None:
        self._parts.hub.begin(await self.tail.follow(self._parts.hub.tell))

    def tell(self) -> None:
        self._count += 1
        made = event(self._count)
        loop = asyncio.get_running_loop()
        future = self._store.submit(lambda tx: queries.append_events(tx, self.page.id, [made]))
        future.add_done_callback(lambda _: loop.call_soon_threadsafe(self.tail.notify))


async def serve(app: App, tell: Callable[[], None]) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    print(listener.getsockname()[1], flush=True)
    server = uvicorn.Server(server_config(app, host="127.0.0.1", port=0))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        if line == b"tell\n":
            tell()
        else:
            print(time.process_time(), flush=True)
    serving.cancel()


async def main(mode: str, database: str) -> None:
    if mode == "bare":
        bare = Bare()
        await serve(bare, bare.tell)
        return
    with closing(open_store(f"sqlite:///{database}")) as store:
        logged = Logged(store)
        await logged.begin()
        following = asyncio.create_task(logged.tail.run())
        await serve(logged.app, logged.tell)
        following.cancel()


if __name__ == "__main__":
    os.sched_setaffinity(0, {int(sys.argv[3])})
    uvloop.run(main(sys.argv[1], sys.argv[2]))
