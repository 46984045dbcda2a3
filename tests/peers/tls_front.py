"""TLS before a server that speaks none: not every Redis or Valkey is built with it."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import trustme

_CHUNK = 65_536


class TlsFront:
    """Passes on what comes, on an event loop of its own, until it is held."""

    def __init__(self, authority: trustme.CA, behind: int) -> None:
        self._behind = behind
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert("127.0.0.1").configure_cert(self._context)
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._is_up = threading.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._run(),), daemon=True)
        self.port = 0

    def start(self) -> None:
        self._thread.start()
        assert self._is_up.wait(20)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(20)
        self._loop.close()

    def hold(self, seconds: float) -> None:
        """Do nothing for so long, not even answer a goodbye."""
        go_on = threading.Event()
        self._loop.call_soon_threadsafe(go_on.wait, 20)
        threading.Timer(seconds, go_on.set).start()

    async def _run(self) -> None:
        async with await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._context) as server:
            self.port = server.sockets[0].getsockname()[1]
            self._is_up.set()
            await self._ended.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection("127.0.0.1", self._behind)
        await asyncio.gather(_pass_on(reader, to_server), _pass_on(from_server, writer))


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await source.read(_CHUNK):
            sink.write(data)
            await sink.drain()
    sink.close()
    with suppress(OSError):
        await sink.wait_closed()


@contextmanager
def tls_front(authority: trustme.CA, behind: int) -> Iterator[TlsFront]:
    """TLS at `port` with a certificate of the authority, before the server at the port `behind` on this machine."""
    front = TlsFront(authority, behind)
    front.start()
    try:
        yield front
    finally:
        front.stop()
