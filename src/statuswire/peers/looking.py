"""One look at Redis from outside of a service, for `doctor`."""

from __future__ import annotations

import asyncio
import time

from statuswire.config.redis import RedisPlace
from statuswire.peers.line import FAULTS, PROBE_S, close_connection, fault_words, open_connection

TRIES = 5


def look(place: RedisPlace) -> float | str:
    """How many seconds an answer takes, the quickest of some; or why there is none."""
    try:
        return asyncio.run(_quickest(place))
    except (*FAULTS, TimeoutError) as error:
        return fault_words(error)


async def _quickest(place: RedisPlace) -> float:
    async with asyncio.timeout(PROBE_S):
        connection = await open_connection(place)
    try:
        async with asyncio.timeout(PROBE_S):
            waits = []
            for _ in range(TRIES):
                began_s = time.monotonic()
                await connection.send_command("PING", check_health=False)
                await connection.read_response()
                waits.append(time.monotonic() - began_s)
            return min(waits)
    finally:
        await close_connection(connection)
