"""`statuswire top`: the application on a terminal, over a server that runs or over pages that this process watches."""

from __future__ import annotations

import asyncio
import io
import os
import signal
import sys
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, cast

from statuswire import config as configuration
from statuswire import logs
from statuswire.client.aio import AsyncClient
from statuswire.client.errors import Refused, Unreachable
from statuswire.client.settings import Server
from statuswire.engine.clock import Clock
from statuswire.errors import ConfigError
from statuswire.options import RunOptions
from statuswire.top.alone import watched
from statuswire.top.app import Top

LAST_LINES = 20
ALONE = "watched here"


@dataclass(frozen=True, slots=True)
class TopOptions:
    """`server` is asked; without one `alone` says what is watched here. `is_named`: whoever calls says that there is a
    server, so it is waited for."""

    server: Server | None = None
    alone: RunOptions | None = None
    is_named: bool = True
    tz: str = "UTC"
    is_light: bool = False


def run(options: TopOptions) -> int:
    """Until somebody quits; the exit code. Raises ConfigError, StoreError, ClientError, Stopped."""
    _check_terminal()
    if options.server is not None:
        return asyncio.run(_over(options, options.server))
    told = _LastLines()
    logs.set_up("warning", "text", cast(TextIO, told))
    try:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            return asyncio.run(_alone(options, options.alone or RunOptions(), nowhere))
    finally:
        sys.stderr.writelines(told.lines)


async def _over(options: TopOptions, server: Server) -> int:
    client = AsyncClient(server.url, server.token, ca_file=server.ca_file or None)
    try:
        return await _shown(_top(options, client, server.url.partition("://")[2]))
    except Unreachable as error:
        if options.is_named:
            raise
        raise ConfigError(
            f"no statuswire answers at {server.url} ({error}); name one by --server, or pages to watch here, "
            "such as: statuswire top openai github",
            where="top",
        ) from error
    except Refused as error:
        if error.problem.status != 401:
            raise
        raise ConfigError(f"{server.url} wants a token that may read: STATUSWIRE_TOKEN or --token-file") from error


async def _alone(options: TopOptions, pages: RunOptions, nowhere: TextIO) -> int:
    async with watched(pages, nowhere) as (client, watching):
        top = _top(options, client, ALONE)
        watching.add_done_callback(lambda _: top.exit())
        code = await _shown(top)
        if watching.done():
            watching.result()
        return code


def _top(options: TopOptions, client: AsyncClient, source: str) -> Top:
    return Top(
        client,
        Clock(),
        source=source,
        zone=configuration.zone(options.tz),
        has_colour=configuration.wants_colour(),
        is_light=options.is_light,
        must_begin=not options.is_named,
    )


async def _shown(top: Top) -> int:
    """Raises ClientError where it ended by one."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, top.exit)
    error = await top.run_async()
    if error is not None:
        raise error
    return top.return_code or 0


def _check_terminal() -> None:
    """Raises ConfigError where nothing can be drawn. The drawing goes to standard error, as Textual does it."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise ConfigError("needs a terminal; `statuswire status` and `statuswire watch` print lines", where="top")
    if configuration.is_dumb():
        raise ConfigError(
            "this terminal cannot move its cursor (TERM); `statuswire status` and `statuswire watch` print lines",
            where="top",
        )


class _LastLines(io.TextIOBase):
    """What was logged last, until the terminal is free for it."""

    def __init__(self) -> None:
        self.lines: deque[str] = deque(maxlen=LAST_LINES)

    def write(self, text: str) -> int:
        self.lines.extend(text.splitlines(keepends=True))
        return len(text)
