"""The line to Redis or Valkey: one connection for questions, a deadline for each, and the circuit breaker before it.

Nobody who asks waits longer than the deadline; while the circuit is open nobody waits at all. Connecting and probing
are done by the line's own loop. Versions: Redis 6 to 8 and Valkey 7 to 9 speak what is used here (RESP2).
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeAlias

from redis.asyncio.connection import AbstractConnection, Connection, SSLConnection, UnixDomainSocketConnection
from redis.exceptions import NoScriptError, RedisError, ResponseError

from statuswire.config.redis import RedisPlace
from statuswire.core import circuit
from statuswire.core.circuit import Circuit, CircuitState
from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock

log = logging.getLogger(__name__)

DEADLINE_S = 0.05
PROBE_S = 2.0
"""What connecting may take, TLS included: nobody waits for it."""

GOODBYE_S = 1.0
"""How long the other side may take to say goodbye, as it does behind TLS, where a connection is given up in peace."""

PING_EVERY_S = 5.0
OWN_DELAY_S = 0.02
"""A deadline noticed so much too late was missed by ourselves: our loop did not run."""

Word: TypeAlias = str | bytes | int
Command: TypeAlias = tuple[Word, ...]
Reply: TypeAlias = object
"""What RESP2 has: bytes, int, None, a list of these, or a ResponseError where the question may fail."""

_KINDS: Mapping[str, Callable[..., AbstractConnection]] = {
    "redis": Connection,
    "rediss": SSLConnection,
    "unix": UnixDomainSocketConnection,
}

FAULTS = (RedisError, OSError, EOFError)
"""What redis-py raises for a bad server or network (checked with 8.1, 2026-11)."""


class Line:
    """Questions to one Redis. All methods belong to one event loop.

    `jitter` gives numbers from 0 to 1. `on_return` is called when the circuit has closed again.
    """

    def __init__(
        self,
        place: RedisPlace,
        clock: Clock,
        jitter: Callable[[], float],
        *,
        on_return: Callable[[], object] = lambda: None,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self.counts: Counter[str] = Counter()
        """Questions that were `answered`, met an `error`, were answered too `late` or `skipped`; and how often the
        circuit `opened`."""
        self._place = place
        self._clock = clock
        self._jitter = jitter
        self._on_return = on_return
        self._deadline_s = deadline_s
        self._circuit = Circuit()
        self._connection: AbstractConnection | None = None
        self._lock = asyncio.Lock()
        self._bell = Bell(clock)
        self._last_told: CircuitState | None = None

    @property
    def state(self) -> CircuitState:
        return self._circuit.state

    @property
    def is_there(self) -> bool:
        """Whether asking makes sense."""
        return self._circuit.is_closed

    async def ask(self, *commands: Command) -> list[Reply] | None:
        """The replies to all commands, sent as one; None where there are none in time. A script that is not known is
        given back as NoScriptError, every other error counts as none."""
        if not self._circuit.is_closed:
            self.counts["skipped"] += 1
            return None
        loop = asyncio.get_running_loop()
        until = loop.time() + self._deadline_s
        try:
            async with asyncio.timeout_at(until):
                replies = await self._in_turn(commands)
        except TimeoutError as error:
            is_our_delay = loop.time() - until > OWN_DELAY_S
            self._fail(error, is_late=not is_our_delay)
            return None
        except FAULTS as error:
            self._fail(error, is_late=False)
            return None
        if replies is None:
            self.counts["skipped"] += 1
            return None
        self.counts["answered"] += 1
        self._circuit = circuit.answered(self._circuit)
        return replies

    async def _in_turn(self, commands: Sequence[Command]) -> list[Reply] | None:
        """None where the one before has found that nobody answers."""
        async with self._lock:
            return await self._exchange(commands) if self._circuit.is_closed else None

    async def _exchange(self, commands: Sequence[Command]) -> list[Reply]:
        """Whatever breaks the exchange breaks the connection: a reply that comes later would answer another one."""
        connection = self._connection
        try:
            if connection is None:
                connection = self._connection = await open_connection(self._place)
            await connection.send_packed_command(connection.pack_commands(commands), check_health=False)
            return [await _reply(connection) for _ in commands]
        except BaseException:
            self._connection = None
            if connection is not None:
                await connection.disconnect(nowait=True)
            raise

    def _fail(self, error: Exception, *, is_late: bool) -> None:
        self.counts["late" if is_late else "error"] += 1
        self._circuit = circuit.failed(self._circuit, self._clock.monotonic(), self._jitter(), is_late=is_late)
        if not self._circuit.is_closed:
            self._tell(error)
            self._bell.ring()

    # --- its own loop ---------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Connect, probe while it is away and look now and then while nobody asks, until cancelled."""
        try:
            while True:
                if self._circuit.is_closed:
                    rang = await self._bell.wait(PING_EVERY_S)
                    if not rang:
                        await self.ask(("PING",))
                else:
                    await self._clock.sleep(max(self._circuit.retry_at - self._clock.monotonic(), 0.0))
                    await self._probe()
        finally:
            self._circuit = Circuit()
            connection, self._connection = self._connection, None
            if connection is not None:
                await close_connection(connection)

    async def _probe(self) -> None:
        """Connect and ask twice: the first answer may take its time, the second must come as every other."""
        self._circuit = circuit.probing(self._circuit, self._clock.monotonic())
        try:
            async with asyncio.timeout(PROBE_S), self._lock:
                await self._exchange([("PING",)])
                async with asyncio.timeout(self._deadline_s):
                    await self._exchange([("PING",)])
        except (*FAULTS, TimeoutError) as error:
            self._fail(error, is_late=isinstance(error, TimeoutError))
            return
        self._circuit = circuit.answered(self._circuit)
        self._tell(None)
        self._on_return()

    def _tell(self, error: Exception | None) -> None:
        """One line for each change."""
        state = CircuitState.CLOSED if error is None else CircuitState.OPEN
        if state is self._last_told:
            return
        self._last_told = state
        if error is None:
            log.info("redis answers place=%s", self._place)
        else:
            self.counts["opened"] += 1
            log.warning("redis left alone place=%s reason=%s", self._place, fault_words(error))


async def _reply(connection: AbstractConnection) -> Reply:
    """Raises ResponseError for a refusal, whose words are the server's."""
    try:
        reply: Reply = await connection.read_response()
    except NoScriptError as error:
        return error
    if isinstance(reply, ResponseError):
        raise reply
    return reply


def connection_to(place: RedisPlace) -> AbstractConnection:
    """A connection that is not open yet. No time-outs of its own and no second tries: whoever uses it has both."""
    usual = partial(
        _KINDS[place.kind],
        db=place.database,
        username=place.user or None,
        password=place.password or None,
        socket_timeout=None,
        socket_connect_timeout=None,
        protocol=2,
    )
    if place.path:
        return usual(path=place.path)
    if place.certificates:
        return usual(host=place.host, port=place.port, ssl_ca_data=place.certificates)
    return usual(host=place.host, port=place.port)


async def open_connection(place: RedisPlace) -> AbstractConnection:
    """Raises one of FAULTS."""
    connection = connection_to(place)
    try:
        await connection.connect()  # type: ignore[no-untyped-call]  # the library leaves this one untyped
    except BaseException:
        await connection.disconnect(nowait=True)
        raise
    return connection


async def close_connection(connection: AbstractConnection) -> None:
    """Until it is closed on both sides; where the other side says nothing, on ours alone."""
    with suppress(TimeoutError):
        async with asyncio.timeout(GOODBYE_S):
            await connection.disconnect()


def fault_words(error: Exception) -> str:
    """In one line and without anything that we sent: redis-py names host, port and the server's refusal."""
    return " ".join(f"{type(error).__name__} {error}".split())[:200]
