"""Speaks to systemd as a unit of `Type=notify`: ready, alive, about to end (sd_notify(3), checked 2026-11).

The signs of life come from the event loop itself, at half the time that `WatchdogSec=` allows: a loop that is stuck
gives none, and systemd ends the process and starts it anew. Where nobody listens nothing is said.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from statuswire.config import Unit
from statuswire.engine.clock import Clock

log = logging.getLogger(__name__)

SEND_S = 1.0
"""systemd empties its queue at once; where it does not, the event loop may not wait for it."""

OPENING = "STATUS=Opening the database"
READY = "READY=1"
ALIVE = "WATCHDOG=1"
STOPPING = "STOPPING=1\nSTATUS=Ending: what came in is read and told"


@asynccontextmanager
async def told(unit: Unit | None, stop: asyncio.Event, clock: Clock) -> AsyncIterator[Callable[[str], None]]:
    """Tell systemd how we are, as long as this lasts; gives what to call with the base URL once we are ready."""
    if unit is None:
        yield lambda _: None
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.settimeout(SEND_S)
        _say(line, unit, OPENING)
        tasks = [asyncio.create_task(_say_when_stopping(line, unit, stop))]
        if unit.watchdog is not None:
            tasks.append(asyncio.create_task(_give_signs(line, unit, unit.watchdog.total_seconds() / 2, clock)))
        try:
            yield lambda url: _say(line, unit, f"{READY}\nSTATUS={f'Listening on {url}' if url else 'Watching'}")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _say_when_stopping(line: socket.socket, unit: Unit, stop: asyncio.Event) -> None:
    await stop.wait()
    _say(line, unit, STOPPING)


async def _give_signs(line: socket.socket, unit: Unit, every_s: float, clock: Clock) -> None:
    while True:
        _say(line, unit, ALIVE)
        await clock.sleep(every_s)


def _say(line: socket.socket, unit: Unit, words: str) -> None:
    """One datagram. Not being heard is no reason to end: systemd itself does so where it has to."""
    try:
        line.sendto(words.encode(), _address(unit.socket))
    except OSError as error:
        log.warning("systemd was not told words=%s error=%s", words.partition("\n")[0], error)


def _address(name: str) -> str:
    """The name as the kernel has it: abstract ones begin with a zero byte where the variable has `@`."""
    return f"\0{name[1:]}" if name.startswith("@") else name
