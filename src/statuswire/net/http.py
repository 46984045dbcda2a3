"""The one HTTP client: guarded addresses, deadlines, size caps, kept connections, resumed TLS.

It makes single exchanges and follows nothing: redirects and conditional requests are the business of `net/fetch.py`.
Two aiohttp sessions stand behind it, one whose sockets may only lead to public addresses and one without that
guard (`allow_private`), so that no request can ride on a connection that it could not have opened itself.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Coroutine, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, NamedTuple

import aiohttp
from aiohttp import hdrs
from aiohttp.abc import AbstractResolver
from aiohttp.client_proto import ResponseHandler
from aiohttp.connector import Connection

from statuswire.errors import FetchError, FetchReason
from statuswire.net.addresses import socket_factory
from statuswire.net.deadlines import Deadlines
from statuswire.net.failures import FAILURES, explain
from statuswire.net.inflate import is_encoded
from statuswire.net.keepalive import KeepAlive
from statuswire.net.resolver import make_resolver
from statuswire.net.tls import ResumingContext, Trusts
from statuswire.net.urls import Target, parse_url

_ERROR_BYTES = 16 * 1024
_HEADER_BYTES = 8_190
_HEADER_COUNT = 128
_DNS_TTL_S = 60
_DNS_ENTRIES = 10_000
_BODILESS = frozenset({204, 304})
_NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Limits:
    """`connections`, `per_host`: exchanges at once. `kept_hosts`: hosts that may hold an idle connection, of 60 to
    70 KB with TLS. `idle_s`: how long an unused one is held. `encoded_bytes` and `decoded_bytes` cap a body on the
    wire and after inflating (a body without encoding only the latter). `deadline_s` is for a whole exchange, or a
    whole fetch with its redirects."""

    connections: int = 256
    per_host: int = 2
    kept_hosts: int = 512
    idle_s: float = 330.0
    connect_s: float = 5.0
    deadline_s: float = 20.0
    encoded_bytes: int = 2 * 1024 * 1024
    decoded_bytes: int = 8 * 1024 * 1024

    def within(self, descriptors: int) -> Limits:
        """The same, scaled down so that all sockets together take at most 60 % of the file descriptors."""
        wanted = self.connections + self.kept_hosts
        share = min(1.0, 0.6 * descriptors / wanted)
        return replace(
            self,
            connections=max(1, int(self.connections * share)),
            kept_hosts=int(self.kept_hosts * share),
        )


class Response(NamedTuple):
    """One answer. `headers` are found in any case; `body` is as sent, not inflated (`encoding` says how).

    `is_complete` is False where the body was longer than allowed and has been cut.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    encoding: str = ""
    is_complete: bool = True


class _Sockets:
    """Whether the exchange in whose context a socket is made had to make one."""

    __slots__ = ("is_fresh",)

    def __init__(self) -> None:
        self.is_fresh = False


_sockets: ContextVar[_Sockets | None] = ContextVar("_sockets", default=None)


def _note_socket() -> None:
    sockets = _sockets.get()
    if sockets is not None:
        sockets.is_fresh = True


class _Answer(aiohttp.ClientResponse):
    """Remembers the protocol, which aiohttp lets go of with the last byte: it knows how the connection ended."""

    protocol: ResponseHandler | None = None

    def start(self, connection: Connection) -> Coroutine[Any, Any, aiohttp.ClientResponse]:
        self.protocol = connection.protocol
        return super().start(connection)


class HttpClient:
    """Make it anywhere, use it on one event loop, close it there."""

    def __init__(
        self,
        *,
        user_agent: str,
        limits: Limits = Limits(),
        resolver: AbstractResolver | None = None,
        tls: ResumingContext | None = None,
        credentials: Mapping[str, Mapping[str, str]] | None = None,
        authorities: Mapping[str, str] | None = None,
    ) -> None:
        """`credentials` are the headers that open private pages, by origin (`https://status.example.com`); `fetch`
        adds them, and `exchange` and `request` do not. `authorities` are certificates (PEM) by page slug: whoever asks
        in the name of that page believes nobody else."""
        descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self.limits = limits.within(descriptors) if descriptors > 0 else limits
        self._user_agent = user_agent
        self._resolver = resolver
        self._trusts = Trusts(authorities or {}, tls)
        self._keep_alive = KeepAlive(self.limits.kept_hosts)
        self._deadlines = Deadlines(self.limits.deadline_s)
        self._sessions: dict[bool, aiohttp.ClientSession] = {}
        self._is_closed = False
        self._credentials = {parse_url(origin).origin: dict(sent) for origin, sent in (credentials or {}).items()}

    async def __aenter__(self) -> HttpClient:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection; requests under way fail."""
        self._is_closed = True
        for session in self._sessions.values():
            await session.close()
        self._sessions.clear()
        self._deadlines.close()
        if self._resolver is not None:
            await self._resolver.close()
            self._resolver = None

    def credentials_for(self, target: Target) -> Mapping[str, str]:
        """The headers with secrets that this very scheme, host and port may be sent; nearly always none."""
        return self._credentials.get(target.origin, _NO_HEADERS)

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        allow_private: bool = False,
        deadline: float | None = None,
        max_bytes: int | None = None,
    ) -> Response:
        """One exchange within `deadline` seconds (the limits' where None), all included; redirects are returned.

        A body longer than `max_bytes` is cut and its connection aborted. Without `max_bytes` the caps are those of
        the limits for a 200 and 16 KiB for anything else. Raises FetchError, whose text never holds more of the
        URL than its host.
        """
        target = parse_url(url)
        checked = _checked(headers or {}, target.host)
        return await self.exchange(method, target, checked, body, allow_private, deadline, max_bytes)

    async def exchange(
        self,
        method: str,
        target: Target,
        headers: Mapping[str, str],
        body: bytes | None = None,
        allow_private: bool = False,
        deadline: float | None = None,
        max_bytes: int | None = None,
        page: str = "",
    ) -> Response:
        """`request` for a caller whose URL and headers are checked already; of the two it is the busy one.

        `page` is the slug of the page in whose name is asked.
        """
        if self._is_closed:
            raise RuntimeError("the client is closed")
        if not (allow_private or target.is_web_port):
            message = f"{target.host}: port {target.url.port} is not one of the web"
            raise FetchError(FetchReason.FORBIDDEN_ADDRESS, message, is_permanent=True)
        session = self._sessions.get(allow_private) or self._open_session(allow_private)
        tls = self._trusts.of(page)
        pool = self._trusts.pool(target.private_origin if allow_private else target.origin, tls)
        kept = self._keep_alive.begin(pool, time.monotonic())
        if kept is None:
            headers = {**headers, "Connection": "close"}
        sockets = _Sockets()
        _sockets.set(sockets)
        response = None
        try:
            with self._deadlines.within(self.limits.deadline_s if deadline is None else deadline):
                answer = await session.request(
                    method, target.url, headers=headers, data=body, allow_redirects=False, ssl=tls
                )
                response = await self._receive(answer, target, max_bytes)
        except FAILURES as error:
            raise explain(error, target.host) from error
        finally:
            if sockets.is_fresh:
                _learn_session(tls, target.host, is_good=response is not None)
        if kept is not None:
            self._keep_alive.end(pool, kept, was_fresh=sockets.is_fresh)
        return response

    async def _receive(self, answer: aiohttp.ClientResponse, target: Target, max_bytes: int | None) -> Response:
        status, headers = answer.status, answer.headers
        if status in _BODILESS:
            return Response(status, headers, b"", target.text)
        encoding = ",".join(headers.getall(hdrs.CONTENT_ENCODING, ()))
        cap = self._cap(status, encoding) if max_bytes is None else max_bytes
        try:
            body = await _read(answer.content, cap)
            if _ends_with_the_connection(answer):
                _check_ending(answer)
        except BaseException:
            _abort(answer)
            raise
        if len(body) > cap:
            _abort(answer)
        return Response(status, headers, body[:cap], target.text, encoding, len(body) <= cap)

    def _cap(self, status: int, encoding: str) -> int:
        if status != 200:
            return _ERROR_BYTES
        return self.limits.encoded_bytes if is_encoded(encoding) else self.limits.decoded_bytes

    def _open_session(self, allow_private: bool) -> aiohttp.ClientSession:
        if self._resolver is None:
            self._resolver = make_resolver()
        connector = aiohttp.TCPConnector(
            resolver=self._resolver,
            ttl_dns_cache=_DNS_TTL_S,
            dns_cache_max_size=_DNS_ENTRIES,
            limit=self.limits.connections,
            limit_per_host=self.limits.per_host,
            keepalive_timeout=self.limits.idle_s,
            socket_factory=socket_factory(allow_private, _note_socket),
        )
        session = aiohttp.ClientSession(
            connector=connector,
            headers={"User-Agent": self._user_agent, "Accept-Encoding": "identity"},
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
            response_class=_Answer,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=self.limits.connect_s),
            max_line_size=_HEADER_BYTES,
            max_field_size=_HEADER_BYTES,
            max_headers=_HEADER_COUNT,
        )
        self._sessions[allow_private] = session
        return session


def _learn_session(tls: ResumingContext, host: str, *, is_good: bool) -> None:
    if is_good:
        tls.remember(host)
    else:
        tls.forget(host)


def _checked(headers: Mapping[str, str], host: str) -> Mapping[str, str]:
    for name, value in headers.items():
        if not (value.isascii() and value.isprintable()):
            message = f"{host}: the value of request header {name} is not printable ASCII"
            raise FetchError(FetchReason.PROTOCOL, message, is_permanent=True)
    return headers


def _ends_with_the_connection(answer: aiohttp.ClientResponse) -> bool:
    """Neither a length nor chunks: the body is whatever comes before the peer closes."""
    headers = answer.headers
    return (
        answer.status not in _BODILESS and hdrs.CONTENT_LENGTH not in headers and hdrs.TRANSFER_ENCODING not in headers
    )


def _check_ending(answer: aiohttp.ClientResponse) -> None:
    """Such a body is complete only after an orderly close; aiohttp takes a reset for its end too."""
    protocol = answer.protocol if isinstance(answer, _Answer) else None
    ending = None if protocol is None else protocol.exception()
    if isinstance(ending, aiohttp.ClientOSError):
        raise ending


async def _read(content: aiohttp.StreamReader, cap: int) -> bytes:
    """The body, or a little more than `cap` bytes of it."""
    first = await content.readany()
    if content.at_eof() or len(first) > cap:
        return first
    body = bytearray(first)
    while len(body) <= cap:
        chunk = await content.readany()
        if not chunk:
            break
        body += chunk
    return bytes(body)


def _abort(answer: aiohttp.ClientResponse) -> None:
    """Close without the TLS farewell, for which an endless body would keep us reading."""
    connection = answer.connection
    if connection is not None and connection.transport is not None:
        connection.transport.abort()
    answer.close()
