"""What the others publish at Redis: a connection that only listens, and comes back by itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from redis.asyncio.connection import AbstractConnection

from statuswire.config.redis import RedisPlace
from statuswire.core.circuit import FIRST_WAIT_S
from statuswire.engine.clock import Clock
from statuswire.peers.line import FAULTS, PROBE_S, close_connection, open_connection

log = logging.getLogger(__name__)

SILENCE_S = 5.0
"""After so long without a word the server is asked whether it is there; after twice that it is not."""

LONGEST_WAIT_S = 5.0

OnMessage = Callable[[bytes], object]


class Ears:
    """Hears some channels, by name. `on_begin` is called whenever it begins to: what was said before was missed."""

    def __init__(
        self,
        place: RedisPlace,
        clock: Clock,
        jitter: Callable[[], float],
        channels: Mapping[str, OnMessage],
        on_begin: Callable[[], object],
    ) -> None:
        self._place = place
        self._clock = clock
        self._jitter = jitter
        self._channels = {name.encode(): on_message for name, on_message in channels.items()}
        self._on_begin = on_begin
        self.is_hearing = False

    async def run(self) -> None:
        """Until cancelled. That Redis is away is told by the line."""
        failures = 0
        while True:
            try:
                await self._listen()
            except (*FAULTS, TimeoutError) as error:
                failures = 1 if self.is_hearing else failures + 1
                log.debug("redis not heard reason=%s", type(error).__name__)
            finally:
                self.is_hearing = False
            wait_s = min(FIRST_WAIT_S * 2.0 ** min(failures - 1, 10), LONGEST_WAIT_S)
            await self._clock.sleep(wait_s * (0.5 + self._jitter() / 2))

    async def _listen(self) -> None:
        """Raises one of FAULTS or TimeoutError when the connection is of no more use."""
        async with asyncio.timeout(PROBE_S):
            connection = await open_connection(self._place)
        try:
            async with asyncio.timeout(PROBE_S):
                await connection.send_command("SUBSCRIBE", *self._channels, check_health=False)
                for _ in self._channels:
                    await connection.read_response()
            self.is_hearing = True
            self._on_begin()
            await self._hear(connection)
        finally:
            await close_connection(connection)

    async def _hear(self, connection: AbstractConnection) -> None:
        was_asked = False
        while True:
            message = await connection.read_response(timeout=SILENCE_S, disconnect_on_error=False)
            if message is not None:
                was_asked = False
                self._take(message)
            elif was_asked:
                raise TimeoutError("the server is silent")
            else:
                was_asked = True
                await connection.send_command("PING", check_health=False)

    def _take(self, message: object) -> None:
        """`[b"message", channel, body]`; answers to PING look otherwise (redis.io, Pub/Sub, checked 2026-11)."""
        if not (isinstance(message, list) and len(message) == 3 and message[0] == b"message"):
            return
        on_message = self._channels.get(message[1])
        if on_message is None or not isinstance(message[2], bytes):
            return
        try:
            on_message(message[2])
        except Exception:
            log.exception("message not taken")
