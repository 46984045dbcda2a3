"""A provider on loopback that serves documents properly, or misbehaves in a chosen way, byte by byte.

    async with FakeProvider() as provider:
        provider.serve("/api/v2/summary.json", b"{}")
        provider.script("/slow", slowly(b"{}"))
        ... provider.url("/slow"), provider.seen, provider.connections

Served documents honour `If-None-Match` and `If-Modified-Since`; `otherwise` answers where nothing is served.
Everything is one `Script`: a coroutine that is given the request and the writer, and tells whether the connection may
stay open. `ThreadedProvider` is the same in a thread of its own, for tests that are not asynchronous or start a real
process.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import socket
import ssl
import struct
import threading
import zlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from itertools import count
from types import TracebackType

import brotli
import trustme
import zstandard


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it arrived; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


Script = Callable[[Seen, asyncio.StreamWriter], Awaitable[bool]]
Headers = Mapping[str, str] | Sequence[tuple[str, str]]


# --- bodies ----------------------------------------------------------------------------------------------------


def encoded(body: bytes, encoding: str) -> bytes:
    """The body in one content encoding: gzip, deflate (zlib), raw-deflate, br, zstd or identity."""
    encoders: Mapping[str, Callable[[bytes], bytes]] = {
        "gzip": lambda plain: gzip.compress(plain, 6, mtime=0),
        "deflate": zlib.compress,
        "raw-deflate": _raw_deflate,
        "br": lambda plain: brotli.compress(plain, quality=4),
        "zstd": zstandard.ZstdCompressor().compress,
        "identity": bytes,
    }
    return encoders[encoding](body)


def _raw_deflate(body: bytes) -> bytes:
    stream = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return stream.compress(body) + stream.flush()


def bomb(encoding: str = "gzip", size_bytes: int = 64 * 1024 * 1024) -> bytes:
    """A small body that inflates to `size_bytes` zeros."""
    return encoded(bytes(size_bytes), encoding)


# --- scripts: the good ones ------------------------------------------------------------------------------------


def reply(status: int = 200, body: bytes = b"", headers: Headers = ()) -> Script:
    """A complete answer. Content-Length is added unless given."""

    async def play(request: Seen, writer: asyncio.StreamWriter) -> bool:
        writer.write(head(status, _with_length(headers, body)) + (b"" if request.method == "HEAD" else body))
        await writer.drain()
        return request.headers.get("connection", "").lower() != "close"

    return play


def document(
    body: bytes,
    *,
    content_type: str = "application/json",
    etag: str | None = None,
    last_modified: datetime | None = None,
    encoding: str = "identity",
    headers: Headers = (),
) -> Script:
    """A document with validators: `etag` None makes one from the body, an empty string sends none."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"' if etag is None else etag
    date = format_datetime(last_modified, usegmt=True) if last_modified else ""
    fields = [("Content-Type", content_type), *_pairs(headers)]
    fields += [("ETag", tag)] if tag else []
    fields += [("Last-Modified", date)] if date else []
    if encoding != "identity":
        fields += [("Content-Encoding", encoding), ("Vary", "Accept-Encoding")]
    whole, unchanged = reply(200, encoded(body, encoding), fields), reply(304, b"", fields)

    async def play(request: Seen, writer: asyncio.StreamWriter) -> bool:
        is_known = _matches(request.headers, tag, date)
        return await (unchanged if is_known else whole)(request, writer)

    return play


def _matches(headers: Mapping[str, str], tag: str, date: str) -> bool:
    """RFC 9110 section 13.2.2: If-None-Match counts where it is sent, and If-Modified-Since only without it."""
    if "if-none-match" in headers:
        known = [known.strip().removeprefix("W/") for known in headers["if-none-match"].split(",")]
        return bool(tag) and tag.removeprefix("W/") in known
    return bool(date) and headers.get("if-modified-since") == date


def in_turn(*scripts: Script) -> Script:
    """The first request gets the first script, and so on; the last one stays."""
    numbers = count()

    async def play(request: Seen, writer: asyncio.StreamWriter) -> bool:
        return await scripts[min(next(numbers), len(scripts) - 1)](request, writer)

    return play


def redirect(location: str, status: int = 302) -> Script:
    return reply(status, b"", {"Location": location})


# --- scripts: the bad ones -------------------------------------------------------------------------------------


def raw(payload: bytes, *, ending: str = "close") -> Script:
    """Exactly these bytes, and then `close`, `reset` (RST), `hang` or `keep`."""

    async def play(_: Seen, writer: asyncio.StreamWriter) -> bool:
        writer.write(payload)
        await writer.drain()
        if ending == "reset":
            _reset(writer)
        elif ending == "hang":
            await _forever()
        return ending == "keep"

    return play


def truncated(body: bytes, missing: int = 1, headers: Headers = ()) -> Script:
    """Says the full length and closes `missing` bytes before."""
    return raw(head(200, _with_length(headers, body)) + body[: len(body) - missing])


def reset(body: bytes, sent: int) -> Script:
    """Says the full length and resets the connection after `sent` bytes."""
    return raw(head(200, _with_length((), body)) + body[:sent], ending="reset")


def chunked(*chunks: bytes, ending: bytes = b"0\r\n\r\n", headers: Headers = ()) -> Script:
    """A chunked body; another `ending` breaks it."""
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return raw(head(200, [*_pairs(headers), ("Transfer-Encoding", "chunked")]) + body + ending)


def slowly(body: bytes, *, pause: float = 1.0, headers: Headers = ()) -> Script:
    """One byte at a time, headers included."""
    payload = head(200, _with_length(headers, body)) + body

    async def play(_: Seen, writer: asyncio.StreamWriter) -> bool:
        for position in range(len(payload)):
            writer.write(payload[position : position + 1])
            await writer.drain()
            await asyncio.sleep(pause)
        return False

    return play


def silent() -> Script:
    """Takes the request and never says a word."""
    return raw(b"", ending="hang")


def stalled(body: bytes, sent: int) -> Script:
    """Stops in the middle of the body and stays connected."""
    return raw(head(200, _with_length((), body)) + body[:sent], ending="hang")


def endless(chunk: bytes = b" " * 65_536, headers: Headers = ()) -> Script:
    """A body that never ends, as fast as it is taken."""

    async def play(_: Seen, writer: asyncio.StreamWriter) -> bool:
        writer.write(head(200, headers))
        while not writer.is_closing():
            writer.write(chunk)
            await writer.drain()
            await asyncio.sleep(0)  # a TLS transport that has lost its peer neither raises nor waits in drain
        return False

    return play


def header_bomb(names: int = 10_000, value_size: int = 8) -> Script:
    fields = [(f"X-{number}", "v" * value_size) for number in range(names)]
    return reply(200, b"{}", fields)


def head(status: int, headers: Headers = ()) -> bytes:
    lines = [f"HTTP/1.1 {status} Status", *(f"{name}: {value}" for name, value in _pairs(headers))]
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")


def _pairs(headers: Headers) -> list[tuple[str, str]]:
    return list(headers.items()) if isinstance(headers, Mapping) else list(headers)


def _with_length(headers: Headers, body: bytes) -> list[tuple[str, str]]:
    fields = _pairs(headers)
    if any(name.lower() == "content-length" for name, _ in fields):
        return fields
    return [*fields, ("Content-Length", str(len(body)))]


def _reset(writer: asyncio.StreamWriter) -> None:
    connection = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _forever() -> None:
    await asyncio.get_running_loop().create_future()


# --- the server ------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def authority() -> trustme.CA:
    """The certificate authority of all fake providers in one test run."""
    return trustme.CA()


class FakeProvider:
    """Start it as an async context manager. `tls` True uses a certificate for `identities`; or give your own."""

    def __init__(
        self,
        *,
        tls: bool | ssl.SSLContext = False,
        identities: Sequence[str] = ("127.0.0.1", "localhost"),
        host: str = "127.0.0.1",
    ) -> None:
        self.host = host
        self.port = 0
        self.seen: list[Seen] = []
        self.connections = 0
        self.otherwise: Script = reply(404, b"not here")
        self._scripts: dict[str, Script] = {}
        self._tls = server_context(*identities) if tls is True else (tls or None)
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def url(self, path: str = "/", *, host: str = "") -> str:
        scheme = "https" if self._tls else "http"
        return f"{scheme}://{host or self.host}:{self.port}{path}"

    def serve(
        self,
        path: str,
        body: bytes,
        *,
        content_type: str = "application/json",
        etag: str | None = None,
        last_modified: datetime | None = None,
        encoding: str = "identity",
        headers: Headers = (),
    ) -> None:
        """Put a document at `path`, or replace it; the next request sees it."""
        self._scripts[path] = document(
            body,
            content_type=content_type,
            etag=etag,
            last_modified=last_modified,
            encoding=encoding,
            headers=headers,
        )

    def script(self, path: str, script: Script) -> None:
        """Let `script` answer at `path`."""
        self._scripts[path] = script

    def requests(self, path: str) -> list[Seen]:
        return [request for request in self.seen if request.path == path]

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, self.host, self.port, ssl=self._tls, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and drop every connection."""
        if self._server is None:
            return
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    async def __aenter__(self) -> FakeProvider:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.get_running_loop().create_task(self._converse(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await _read_request(reader):
                self.seen.append(request)
                script = self._scripts.get(request.path.partition("?")[0], self.otherwise)
                if not await script(request, writer):
                    break
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client went away, which is its right
        except asyncio.CancelledError:
            writer.transport.abort()  # stopping: no TLS farewell to wait for
            raise
        finally:
            writer.close()


async def _read_request(reader: asyncio.StreamReader) -> Seen | None:
    start = (await reader.readline()).decode("latin-1").split()
    if len(start) != 3:
        return None
    headers: dict[str, str] = {}
    while line := (await reader.readline()).strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Seen(start[0], start[1], headers, body)


def server_context(*identities: str, expires: datetime | None = None) -> ssl.SSLContext:
    """TLS for a provider with a certificate of `authority()`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority().issue_cert(*identities, not_after=expires).configure_cert(context)
    return context


def self_signed_context(*identities: str) -> ssl.SSLContext:
    """TLS with a certificate of an authority that nobody trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(*identities).configure_cert(context)
    return context


class ThreadedProvider(FakeProvider):
    """A FakeProvider on a loop of its own in a thread, as a plain context manager."""

    def __enter__(self) -> ThreadedProvider:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fake provider", daemon=True)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self.start(), self._loop).result(timeout=10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self.stop(), self._loop).result(timeout=10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()
