"""The composition root: builds everything from a Config, starts the loops, stops them in order.

Config ── store ─┬─ targets ─ poller ─┐
                 ├─ inbox ─ web app ──┼─ tail ─┬─ follower ─ console
                 └─ janitor           ┘        └─ telling (planner, dispatcher)
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from typing import TextIO

from statuswire import config as configuration
from statuswire import logs, looping, systemd, wiring
from statuswire.allocator import spare_memory
from statuswire.config import Config
from statuswire.engine.clock import Clock
from statuswire.errors import ConfigError
from statuswire.options import RunOptions, WatchOptions
from statuswire.server.life import live
from statuswire.server.parts import Parts, assemble
from statuswire.store import Store, Tx, open_store, queries
from statuswire.web.listening import listen


def run(options: RunOptions) -> int:
    """`statuswire run`. Raises ConfigError and StoreError; returns the exit code."""
    spare_memory()
    config = configuration.load(options.config, options=options)
    logs.set_up("debug" if options.debug else config.log.level, config.log.format)
    return looping.run(_until_signalled(config, sys.stdout), is_watched=True)


def watch(options: WatchOptions) -> int:
    """`statuswire watch`: the console stream only, on a store in memory, without a server."""
    chosen = RunOptions(
        database="sqlite://",
        watch=options.what,
        allow_private=options.allow_private,
        format=options.format,
        interval=options.interval,
        heartbeat=options.heartbeat,
        tz=options.tz,
    )
    config = configuration.load(options=chosen)
    logs.set_up("debug" if options.debug else "warning", config.log.format)
    return looping.run(_until_signalled(config, sys.stdout, is_serving=False))


async def _until_signalled(config: Config, out: TextIO, *, is_serving: bool = True) -> int:
    """Run until SIGINT or SIGTERM; a second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def ask_to_stop(number: int) -> None:
        if stop.is_set():
            # Not SystemExit: the runner would first cancel and await every task. The database survives it, as any kill.
            os._exit(128 + number)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ask_to_stop, number)
    when_unread = None if is_serving else stop.set
    async with systemd.told(configuration.unit(), stop, Clock()) as ready:
        return await serve(config, stop=stop, out=out, ready=ready, when_unread=when_unread, is_serving=is_serving)


async def serve(
    config: Config,
    *,
    stop: asyncio.Event,
    out: TextIO,
    ready: Callable[[str], None] | None = None,
    when_unread: Callable[[], object] | None = None,
    is_serving: bool = True,
) -> int:
    """The whole service until `stop` is set; `ready` is called with the base URL once it listens, `when_unread` when
    nobody reads `out` any more.

    Returns the exit code: 0 after a stop, 1 where a loop keeps breaking. Raises ConfigError where the address cannot be
    listened on, StoreError where the database cannot be opened.
    """
    listener = listen(config.server.host, config.server.port) if is_serving else None
    with closing(listener) if listener else contextlib.nullcontext():
        async with built(config, out, when_unread, is_serving=is_serving) as parts:
            return await live(parts, stop, listener, ready)


@asynccontextmanager
async def built(
    config: Config, out: TextIO, when_unread: Callable[[], object] | None = None, *, is_serving: bool
) -> AsyncIterator[Parts]:
    """The parts of a process on its open database, ready to live. Raises ConfigError and StoreError."""
    store = await asyncio.to_thread(open_store, config.database)
    try:
        await asyncio.to_thread(store.read, _check_whole)
        console = wiring.console_on(config, out, when_unread)
        async with (
            wiring.client_of(config) as client,
            wiring.sender_of(config, client, console, is_serving) as sender,
        ):
            yield await assemble(config, store, client, console, sender, is_serving=is_serving)
    finally:
        await _closed(store)


def _check_whole(tx: Tx) -> None:
    """Raises ConfigError for a database that is still being filled from another one."""
    if queries.setting(tx, queries.UNFINISHED_SETTING) is not None:
        raise ConfigError(
            "it is not filled yet: run the same `statuswire migrate` again, and it goes on", where="database"
        )


async def _closed(store: Store) -> None:
    """Close it on a thread of its own: those that all share may be waiting for this very database."""
    with ThreadPoolExecutor(1, "closing") as alone:
        await asyncio.get_running_loop().run_in_executor(alone, store.close)
