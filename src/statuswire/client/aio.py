"""The same client for asyncio."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import Any, Protocol, TypeAlias, TypeVar

from statuswire.client import asked, calls
from statuswire.client.answering import Answer
from statuswire.client.calls import Call, Words
from statuswire.client.errors import ClientError, Refused, Unreachable
from statuswire.client.exchange import Ask, Reply, explained, good, written
from statuswire.client.following import IDLE_S, Follower
from statuswire.client.settings import Server, server_of
from statuswire.client.shapes import Event, Incident, Status
from statuswire.client.standing import PageState, Subject

T = TypeVar("T")

_PIECE = 64 * 1024


class Reader(Protocol):
    """The bytes of an answer; none at all are its end. Raises OSError."""

    async def read(self, most: int, /) -> bytes: ...


Dial: TypeAlias = Callable[[Ask], AbstractAsyncContextManager[Reader]]
"""Asks, and gives what is answered. Raises OSError."""


class AsyncClient:
    """As `Client`, with coroutines and asynchronous iterators. Belongs to no loop. `dial` is for who reaches the server
    otherwise than over the network; `server` is then only a name."""

    def __init__(
        self,
        server: str | None = None,
        token: str | None = None,
        *,
        ca_file: str | None = None,
        timeout_s: float = 10.0,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        dial: Dial | None = None,
    ) -> None:
        self._server = server_of(server, token, ca_file)
        self._dial = dial or partial(_dialled, self._server)
        self._timeout_s = timeout_s
        self._sleep = sleep

    async def status(self, page: str, component: str | None = None) -> PageState:
        """See `Client.status`."""
        return await self.carry(calls.state_of(page, component))

    async def incidents(
        self,
        page: Words | None = None,
        *,
        component: Words | None = None,
        impact: Words | None = None,
        phase: Words | None = None,
        open: bool | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> AsyncIterator[Incident]:
        """See `Client.incidents`."""
        query, after = asked.incident_query(page, component, impact, phase, open, since, until), ""
        while True:
            part = await self.carry(calls.incidents_part(query, after))
            for one in part.items:
                yield one
            after = calls.cursor_of(part, after)
            if not after:
                return

    async def events(
        self,
        after: int | None = None,
        types: Words = (),
        *,
        page: Words | None = None,
        component: Words | None = None,
        impact: Words | None = None,
        patience_s: float | None = None,
        on_break: Callable[[ClientError], object] | None = None,
    ) -> AsyncIterator[Event]:
        """See `Client.events`. Close it (`contextlib.aclosing`) where the loop goes on without it."""
        follower = Follower(asked.event_query(types, page, component, impact), after, patience_s)
        while True:
            pause_s = 0.0
            try:
                if follower.last is None:
                    follower.last = await self.carry(calls.newest_event())
                async with self._opened(follower.ask()) as line:
                    async for part in line.parts():
                        for event in follower.read(part):
                            yield event
                pause_s = follower.pause_s()
            except (Unreachable, Refused) as error:
                pause_s = follower.pause_s(error)
                if on_break is not None:
                    on_break(error)
            await self._sleep(pause_s)

    async def wait_until_ok(
        self,
        page: str,
        component: str | None = None,
        timeout_s: float = 600.0,
        *,
        worst: Status = Status.MAINTENANCE,
        every_s: float = asked.EVERY_S,
    ) -> PageState:
        """See `Client.wait_until_ok`."""
        subject, end_at = str(Subject(page, component)), time.monotonic() + timeout_s
        while True:
            told = await self._tried(page, component)
            if isinstance(told, PageState) and asked.is_ok(told, worst):
                return told
            await self._sleep(asked.wait_s(told, subject, end_at - time.monotonic(), every_s))

    async def _tried(self, page: str, component: str | None) -> PageState | ClientError:
        try:
            return await self.status(page, component)
        except ClientError as error:
            return error

    async def carry(self, call: Call[T]) -> T:
        """What a call of `statuswire.client.calls`, or one made like them, returns; each of its questions is asked."""
        try:
            question = next(call)
            while True:
                question = call.send(await self._ask(question))
        except StopIteration as end:
            found: T = end.value
            return found

    async def _ask(self, ask: Ask) -> Reply:
        async with _in_time(self._timeout_s), self._line(ask) as line:
            return await line.rest()

    @asynccontextmanager
    async def _opened(self, ask: Ask) -> AsyncIterator[_Line]:
        """A stream whose answer has begun. Raises Unreachable, Refused."""
        async with self._line(ask, self._timeout_s) as line:
            async with _in_time(self._timeout_s):
                await line.begin()
                if line.answer.status != 200:
                    good(await line.rest())
                    raise Unreachable("protocol", f"{self._server.host} answers no stream but {line.answer.status}")
            yield line

    @asynccontextmanager
    async def _line(self, ask: Ask, timeout_s: float | None = None) -> AsyncIterator[_Line]:
        """A connection on which was asked. Raises Unreachable."""
        async with AsyncExitStack() as stack:
            try:
                async with asyncio.timeout(timeout_s):
                    reader = await stack.enter_async_context(self._dial(ask))
            except OSError as error:
                raise explained(error, self._server) from error
            yield _Line(self._server, reader)


class _Line:
    """One exchange that goes on."""

    def __init__(self, server: Server, reader: Reader) -> None:
        self.answer = Answer()
        self._server = server
        self._reader = reader

    async def pump(self) -> None:
        try:
            self.answer.feed(await self._reader.read(_PIECE))
        except OSError as error:
            raise explained(error, self._server) from error

    async def begin(self) -> None:
        while not self.answer.is_begun:
            await self.pump()

    async def rest(self) -> Reply:
        while not self.answer.is_over:
            await self.pump()
        return self.answer.reply()

    async def parts(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises Unreachable where it falls silent."""
        while True:
            yield self.answer.take()
            if self.answer.is_over:
                return
            async with _in_time(IDLE_S):
                await self.pump()


@asynccontextmanager
async def _dialled(server: Server, ask: Ask) -> AsyncIterator[asyncio.StreamReader]:
    """A connection over the network on which was asked."""
    reader, writer = await asyncio.open_connection(server.host, server.port, ssl=_context(server))
    try:
        writer.write(written(server, ask))
        yield reader
    finally:
        writer.transport.abort()  # the server closes too, and nothing of ours waits to be sent
        await asyncio.sleep(0)  # the socket is closed in the next turn of the loop, which may be its last


@asynccontextmanager
async def _in_time(timeout_s: float) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except TimeoutError as error:
        raise Unreachable("timeout", "the answer took too long") from error


def _context(server: Server) -> Any:
    if server.scheme == "http":
        return None
    return import_module("ssl").create_default_context(cafile=server.ca_file or None)
