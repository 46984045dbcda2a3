"""The last steps of a process: what was begun is brought to its end, as far as there is time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from statuswire.errors import StoreError
from statuswire.server.parts import Parts

log = logging.getLogger(__name__)

FINISH_S = 25.0
LAST_LINES_S = 2.0
ANSWERS_LOOK_S = 0.2


async def finish(parts: Parts, tasks: list[asyncio.Task[None]]) -> None:
    """No polls begin and no hooks come any more: the last ones are read and told, then the loops end.

    Where others live hooks are left to them, who take in more all the time.
    """
    sending = parts.telling.finish() if parts.telling is not None else asyncio.sleep(0)
    reading = asyncio.sleep(0) if parts.sharing.has_others else _read_last_hooks(parts)
    await asyncio.gather(_while_it_answers(parts, reading), _while_it_answers(parts, sending))
    await _within(LAST_LINES_S, parts.follower.tell_new())
    for task in tasks:
        task.cancel()
    await _within(LAST_LINES_S, parts.follower.end())


async def _while_it_answers(parts: Parts, work: Coroutine[Any, Any, None]) -> None:
    """One of the last steps; no use in waiting for it where the database is gone or says nothing."""
    doing = asyncio.ensure_future(_within(FINISH_S, work))
    while not doing.done() and parts.store.status().is_writable:
        await asyncio.wait({doing}, timeout=ANSWERS_LOOK_S)
    if not doing.done():
        log.warning("the end is not complete: the database does not answer")
        doing.cancel()
    await asyncio.wait({doing})


async def _read_last_hooks(parts: Parts) -> None:
    while await parts.inbox.read_waiting():
        pass
    await parts.tail.tell_new()


async def _within(seconds: float, work: Coroutine[Any, Any, None]) -> None:
    """One of the last steps, of which none may keep the process from ending."""
    try:
        async with asyncio.timeout(seconds):
            await work
    except (TimeoutError, StoreError) as error:
        log.warning("the end is not complete: %s", str(error) or f"out of time after {seconds:.0f} s")
