"""The servers that `hooks.py` loads, each a process of its own: one uvicorn configuration, four applications.

    python benchmarks/hook_server.py noop|durable|single|service DATABASE CPU

`noop` reads the body and answers; `durable` is our hook path with an inbox that commits before it answers; `single`
the same with one commit for each request; `service` also reads the hooks and follows the events, as `run` does.
DATABASE is a URL; several processes may have one of PostgreSQL. The port is printed as the first line; a line with the
CPU seconds used so far answers every line on standard input.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from contextlib import closing, suppress

import uvicorn
import uvloop
from prometheus_client import CollectorRegistry

from statuswire.engine.arrivals import InboxLimits
from statuswire.engine.clock import Clock
from statuswire.engine.hub import Hub
from statuswire.engine.inbox import Inbox
from statuswire.engine.tail import Tail
from statuswire.metrics import Metrics
from statuswire.model import EventType
from statuswire.platforms import PLATFORMS
from statuswire.store import Store, open_store
from statuswire.web.app import AppParts, Facts, create_app
from statuswire.web.asgi import Answer, App, Receive, Scope, Send, send_answer
from statuswire.web.doors import SecretAddresses
from statuswire.web.protocol import server_config
from statuswire.web.trust import HookSettings

LIMITS = {"durable": InboxLimits(max_unread=10**9), "single": InboxLimits(group=1, max_unread=10**9)}
ANSWER = Answer(202, b'{"status":"accepted","id":"hook_000000000000000000000000"}')


async def noop(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the whole body and answer what a hook is answered."""
    while (await receive()).get("more_body"):
        pass
    await send_answer(send, ANSWER)


def parts(store: Store, mode: str, tail: Tail) -> AppParts:
    clock = Clock()
    metrics = Metrics(CollectorRegistry(), version="bench", platforms=PLATFORMS, event_types=list(EventType))
    inbox = Inbox(
        store,
        clock,
        on_recorded=lambda page, recorded: tail.notify(),
        metrics=metrics,
        limits=LIMITS.get(mode),
        owner=f"bench {os.getpid()}",
    )
    readers = tuple(name for name, platform in PLATFORMS.items() if platform.parse_hook)
    facts = Facts("event-based (webhooks)")
    addresses = SecretAddresses(b"s" * 32)
    return AppParts(
        store=store,
        inbox=inbox,
        settings=HookSettings(),
        addresses=addresses,
        platforms=readers,
        clock=clock,
        metrics=metrics,
        facts=lambda: facts,
        hub=Hub(clock),
        version="bench",
        started_at=clock.now(),
    )


async def serve(app: App) -> None:
    listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
    print(listener.getsockname()[1], flush=True)
    server = uvicorn.Server(server_config(app, host="127.0.0.1", port=0))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    questions = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(questions), sys.stdin)
    while await questions.readline():
        print(time.process_time(), flush=True)
    server.should_exit = True
    await serving


async def main(mode: str, database: str) -> None:
    if mode == "noop":
        await serve(noop)
        return
    with closing(open_store(database)) as store:
        tail = Tail(store, Clock())
        built = parts(store, mode, tail)
        await tail.follow(lambda events: None)
        loops = [built.inbox.run(), tail.run()] if mode == "service" else []
        tasks = [asyncio.create_task(loop) for loop in loops]
        await serve(create_app(built))
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


if __name__ == "__main__":
    wanted, path, cpu = sys.argv[1:4]
    if int(cpu) >= 0:
        os.sched_setaffinity(0, {int(cpu)})
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(wanted, path))
