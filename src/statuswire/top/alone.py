"""Watching in this process, as `statuswire watch` does: nothing is kept, nothing listens, nobody is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TextIO

from statuswire import config as configuration
from statuswire import server
from statuswire.access.settings import AccessSettings
from statuswire.client.aio import AsyncClient
from statuswire.errors import StatuswireError
from statuswire.options import RunOptions
from statuswire.server import answering
from statuswire.server.life import live
from statuswire.server.parts import Parts
from statuswire.top.inside import dial_of
from statuswire.web.app import create_app
from statuswire.web.trust import HookSettings

HERE = "http://127.0.0.1"
"""The name of what has no address."""


class Stopped(StatuswireError):
    """The watching ended, and whoever looks must not take what is shown for true any more."""

    reason = "stopped"


@asynccontextmanager
async def watched(options: RunOptions, nowhere: TextIO) -> AsyncIterator[tuple[AsyncClient, asyncio.Task[None]]]:
    """A client of the application in this process, and the task that watches until it breaks: it raises Stopped.

    What the console would print goes `nowhere`. Raises ConfigError, StoreError.
    """
    config = configuration.load(options.config, options=replace(options, database="sqlite://", format="default"))
    stop, begun = asyncio.Event(), asyncio.Event()
    async with server.built(config, nowhere, is_serving=False) as process:
        watching = asyncio.create_task(_until_broken(process, stop, begun), name="watching")
        waiting = asyncio.create_task(begun.wait())
        await asyncio.wait({watching, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        # Whoever sits at this terminal asks, whatever the file says of those who come over the network.
        parts = replace(answering.app_parts(process), settings=HookSettings(), access=AccessSettings(is_required=False))
        try:
            yield AsyncClient(HERE, "", dial=dial_of(create_app(parts))), watching
        finally:
            stop.set()
            await asyncio.wait({watching})


async def _until_broken(process: Parts, stop: asyncio.Event, begun: asyncio.Event) -> None:
    code = await live(process, stop, None, lambda _: begun.set())
    if not stop.is_set() or code:
        raise Stopped("the watching broke off; `statuswire watch` shows why")
