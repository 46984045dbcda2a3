"""uvicorn's HTTP protocol with the deadlines that it lacks.

uvicorn 0.54 never closes a connection that sends nothing, half its headers, or headers one byte at a time (checked
2026-11): a few hundred such clients use up every file descriptor. Here a connection must complete the headers of each
request within `header_s` of opening or of its first byte, and a body that goes on after we have answered must end
within the same time. Bodies that we still read have a deadline of their own in `limits.py`.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from http import HTTPStatus
from importlib import import_module
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from statuswire.extras import install, lacking
from statuswire.web import problems
from statuswire.web.asgi import Answer, App, Receive, Scope, Send, send_answer
from statuswire.web.problems import Refusal

HEADER_DEADLINE_S = 10.0
MAX_HEADER_BYTES = 64 * 1024
MAX_MESSAGE_BYTES = 16 * 1024
"""Of a WebSocket: clients have nothing to say but pings."""

MAX_CONNECTIONS = 2_500
CROWDED_RETRY_S = 10
_LATE_ANSWER = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
_TOO_LONG_ANSWER = b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"

_UNREADABLE = Refusal("unreadable", "What was sent cannot be read as a request of HTTP.")

logger = logging.getLogger(__name__)


async def crowded(scope: Scope, receive: Receive, send: Send) -> None:
    """The answer where too many are connected: uvicorn's own is plain text that names no time to come back."""
    refusal = Refusal("overloaded", "Too many connections: come back a little later.", retry_after_s=CROWDED_RETRY_S)
    await send_answer(send, problems.answer(refusal), without_body=scope["method"] == "HEAD")


class DeadlineProtocol(HttpToolsProtocol):
    """One connection. `header_s` and `max_connections` are set on a subclass by `with_limits`."""

    header_s = HEADER_DEADLINE_S
    max_connections = MAX_CONNECTIONS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._deadline: asyncio.TimerHandle | None = None
        self._is_in_headers = True
        self._is_in_body = False
        self._header_bytes = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._is_in_headers:
            self._header_bytes += len(data)
            if self._header_bytes > MAX_HEADER_BYTES:
                self._end(_TOO_LONG_ANSWER)
                return
        self._watch_if_idle()

    def send_400_response(self, msg: str) -> None:
        """uvicorn's own is plain text, and comes into the midst of an answer that is under way."""
        self._end(_on_the_wire(problems.answer(_UNREADABLE)))

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope["extensions"] = {"statuswire.abort": {"abort": self.transport.abort}}
        self._is_in_headers = True
        self._header_bytes = 0
        if self._deadline is None:
            self._arm()

    def on_headers_complete(self) -> None:
        self._is_in_headers = False
        self._is_in_body = True
        self._disarm()
        usual = self.app
        if len(self.connections) > self.max_connections:
            self.app = crowded
        super().on_headers_complete()
        self.app = usual

    def on_message_complete(self) -> None:
        self._is_in_body = False
        self._disarm()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._is_in_body and self._deadline is None and not self.transport.is_closing():
            self._arm()

    def _watch_if_idle(self) -> None:
        """Arm the deadline where uvicorn's keep-alive timer was cancelled by bytes that began no request."""
        is_between = not self._is_in_body and (self.cycle is None or self.cycle.response_complete)
        if is_between and self._deadline is None and self.timeout_keep_alive_task is None:
            self._arm()

    def _arm(self) -> None:
        self._deadline = self.loop.call_later(self.header_s, self._expire)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _expire(self) -> None:
        self._deadline = None
        if self.transport.is_closing():
            return
        logger.debug("closed connection reason=header_deadline seconds=%g", self.header_s)
        has_begun = self._is_in_headers and self._header_bytes > 0
        self._end(_LATE_ANSWER if has_begun else b"")

    def _end(self, answer: bytes) -> None:
        if answer and (self.cycle is None or self.cycle.response_complete):
            self.transport.write(answer)
        self.transport.close()


def _on_the_wire(answer: Answer) -> bytes:
    """An answer to what never became a request."""
    described = ((b"content-type", answer.content_type), (b"content-length", b"%d" % len(answer.body)))
    lines = [b"%s: %s" % pair for pair in (*described, *answer.headers)]
    first = f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}".encode()
    return b"\r\n".join([first, *lines, b"", answer.body])


def with_limits(header_s: float, max_connections: int) -> type[DeadlineProtocol]:
    """A protocol class of its own with these limits: uvicorn takes a class and not an instance."""
    return type("DeadlineProtocol", (DeadlineProtocol,), {"header_s": header_s, "max_connections": max_connections})


@dataclass(frozen=True, slots=True)
class Room:
    """How many connections there may be, and how many of them streams; the others are for hooks and pages."""

    connections: int
    streams: int


def room(descriptors: int) -> Room:
    """What fits into this many file descriptors (resource.RLIMIT_NOFILE), of which most are ours."""
    connections = min(MAX_CONNECTIONS, descriptors * 6 // 10) if descriptors > 0 else MAX_CONNECTIONS
    return Room(connections, connections * 8 // 10)


def websocket_protocol(**parts: Any) -> asyncio.Protocol:
    """What a connection becomes that asks for a WebSocket; loaded with the first, because of the memory it takes."""
    if lacking("web"):
        return NoWebSockets()
    made: asyncio.Protocol = import_module("uvicorn.protocols.websockets.wsproto_impl").WSProtocol(**parts)
    return made


class NoWebSockets(asyncio.Protocol):
    """Where their library is not installed: an answer in place of an upgrade, and the end of the connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        said = f"This {install('web', lacking('web')[0])}.\n".encode()
        head = f"HTTP/1.1 501 Not Implemented\r\ncontent-type: text/plain\r\ncontent-length: {len(said)}\r\n"
        transport.write(f"{head}connection: close\r\n\r\n".encode() + said)
        transport.close()


def server_config(
    app: App,
    *,
    host: str,
    port: int,
    header_s: float = HEADER_DEADLINE_S,
    max_connections: int = MAX_CONNECTIONS,
    loop: str = "none",
) -> uvicorn.Config:
    """How we run uvicorn: httptools with deadlines, no access log (it would print secret addresses), no banner.

    Logs go where the caller's logging configuration sends them.
    """
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=with_limits(header_s, max_connections),
        loop=loop,
        ws=websocket_protocol,  # type: ignore[arg-type]  # called like the class that it stands for
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        lifespan="off",
        access_log=False,
        log_config=None,
        proxy_headers=False,  # it would believe X-Forwarded-For of everybody on loopback; peers.py has the rules
        server_header=False,
        date_header=True,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
        backlog=1024,
    )
