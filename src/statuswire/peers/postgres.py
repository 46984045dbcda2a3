"""Hints by LISTEN and NOTIFY, on a connection beside those that write. Loaded when the database is PostgreSQL.

A NOTIFY within a business transaction takes a lock of the whole database until its commit; here each is a transaction
of its own. Whoever was not connected misses what was said, so that every topic is rung after each connect.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import AsyncConnection

from statuswire.core.circuit import FIRST_WAIT_S
from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock
from statuswire.peers.base import Board, Topic

log = logging.getLogger(__name__)

CHANNEL = "statuswire"
CONNECT_S = 5.0
ANSWER_S = 2.0
LOOK_EVERY_S = 15.0
"""After so long without a word the server is asked whether it is there."""

LONGEST_WAIT_S = 2.0

_PARAMETERS: Mapping[str, Any] = {
    "autocommit": True,
    "application_name": "statuswire hints",
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
_LISTEN = f"LISTEN {CHANNEL}"
_NOTIFY = "SELECT pg_notify(%s, word) FROM unnest(%s::text[]) AS word"


class PostgresWay:
    """Hints through the database's server. All methods belong to one event loop.

    `sender` is a name of this process, so that it does not hear itself.
    """

    name = "postgres"

    def __init__(self, url: str, clock: Clock, jitter: Callable[[], float], sender: str, board: Board) -> None:
        self.counts: Counter[str] = Counter()
        """Connections that were `opened`, and hints that were `refused` because they name nothing."""
        self._url = url
        self._clock = clock
        self._jitter = jitter
        self._sender = sender
        self._board = board
        self._bell = Bell(clock)
        self._connection: AsyncConnection | None = None
        self._lock = asyncio.Lock()
        self._was_told_away = False

    @property
    def is_hearing(self) -> bool:
        return self._connection is not None

    async def send(self, topics: Collection[Topic]) -> bool:
        connection = self._connection
        if connection is None:
            return False
        words = [f"{self._sender} {topic}" for topic in topics]
        try:
            async with asyncio.timeout(ANSWER_S), self._lock:
                await connection.execute(_NOTIFY, (CHANNEL, words))
        except (psycopg.Error, OSError, TimeoutError) as error:
            log.debug("hints not sent reason=%s", type(error).__name__)
            self._connection = None
            return False
        finally:
            self._bell.ring()  # what was said meanwhile came with the answer
        return True

    async def run(self) -> None:
        """Connect, hear, and connect again, until cancelled."""
        failures = 0
        while True:
            try:
                await self._listen()
                failures = 0
            except (psycopg.Error, OSError, TimeoutError) as error:
                failures = 1 if self.is_hearing else failures + 1
                self._tell(error)
            finally:
                self._connection = None
            wait_s = min(FIRST_WAIT_S * 2.0 ** min(failures, 10), LONGEST_WAIT_S)
            await self._clock.sleep(wait_s * (0.5 + self._jitter() / 2))

    async def _listen(self) -> None:
        """Hear until the connection is of no more use. Raises what psycopg does, or TimeoutError."""
        async with asyncio.timeout(CONNECT_S):
            connection = await AsyncConnection.connect(self._url, **_PARAMETERS)
        try:
            async with asyncio.timeout(ANSWER_S):
                await connection.execute(_LISTEN)
            self._connection = connection
            self.counts["opened"] += 1
            self._was_told_away = False
            self._board.ring_all()
            while self._connection is connection:
                await self._hear(connection)
        finally:
            await connection.close()

    async def _hear(self, connection: AsyncConnection) -> None:
        """One wait for what comes, and all that has come by then."""
        with _watched(connection, self._bell):
            rang = await self._bell.wait(LOOK_EVERY_S)
        async with asyncio.timeout(ANSWER_S), self._lock:
            if not rang:
                await connection.execute("SELECT 1")
            words = [note.payload async for note in connection.notifies(timeout=0)]
        for word in dict.fromkeys(words):
            self._take(word)

    def _take(self, payload: str) -> None:
        sender, _, word = payload.partition(" ")
        if sender != self._sender and not self._board.hear(word):
            self.counts["refused"] += 1

    def _tell(self, error: Exception) -> None:
        """Once for each time that it goes away; what the server says of us may name the user but no secret."""
        if not self._was_told_away:
            self._was_told_away = True
            log.warning("hints not heard from the database reason=%s", type(error).__name__)


@contextmanager
def _watched(connection: AsyncConnection, bell: Bell) -> Iterator[None]:
    """Ring when something comes. By a number of its own for the socket: psycopg lets go of a reader of its number after
    each answer, and we would of its."""
    loop = asyncio.get_running_loop()
    number = os.dup(connection.fileno())
    loop.add_reader(number, bell.ring)
    try:
        yield
    finally:
        loop.remove_reader(number)
        os.close(number)
