"""One exchange of HTTP/1.1 without sockets: what is asked, as bytes; what is answered, as a value; and what goes wrong.

Both shells, `blocking` and `aio`, drive this and `answering`, so that neither has an idea of HTTP of its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

import msgspec

from statuswire.client.decoding import decoded
from statuswire.client.errors import ClientError, Refused, Unreachable, Unreadable
from statuswire.client.settings import Server
from statuswire.client.shapes import Problem

Pairs = Sequence[tuple[str, str]]


class Ask(msgspec.Struct, frozen=True):
    """A request below `/api/v1`; `body` is JSON."""

    path: str
    query: tuple[tuple[str, str], ...] = ()
    accept: str = "application/json"
    last_event_id: int | None = None
    method: str = "GET"
    body: bytes = b""

    @property
    def target(self) -> str:
        """Path and query, without what stands before them on this server."""
        return f"/api/v1{self.path}" + (f"?{urlencode(self.query)}" if self.query else "")

    @property
    def headers(self) -> list[tuple[str, str]]:
        """What the question itself needs said."""
        return [
            ("Accept", self.accept),
            *([("Last-Event-ID", str(self.last_event_id))] if self.last_event_id is not None else []),
            *([] if self.method == "GET" else [("Content-Type", "application/json")]),
            *([("Content-Length", str(len(self.body)))] if self.body else []),
        ]


class Reply(msgspec.Struct, frozen=True):
    """A whole answer; names of headers in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def written(server: Server, ask: Ask) -> bytes:
    """The request, ready to be sent."""
    lines = [
        f"{ask.method} {server.prefix}{ask.target} HTTP/1.1",
        f"Host: {server.authority}",
        "User-Agent: statuswire-client",
        "Connection: close",
        *(f"{name}: {value}" for name, value in ask.headers),
        *([f"Authorization: Bearer {server.token}"] if server.token else []),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + ask.body


def in_path(text: str) -> str:
    """One segment of a path."""
    return quote(text, safe="")


def good(reply: Reply) -> Reply:
    """The same, if it says yes. Raises Refused."""
    if 200 <= reply.status < 300:
        return reply
    raise Refused(_problem(reply), _seconds(reply.headers.get("retry-after", "")))


def _problem(reply: Reply) -> Problem:
    """The document; of an answer that has none, as a proxy's, its status."""
    try:
        found = decoded(reply.body, Problem)
    except Unreadable:
        found = Problem()
    return (
        found
        if found.status == reply.status
        else Problem(reply.status, "The server, or what stands before it, said no")
    )


def _seconds(text: str) -> float | None:
    """Only the form in seconds: the other one needs the server's clock."""
    return float(text) if text.isascii() and text.isdecimal() and len(text) < 7 else None


def explained(error: OSError, server: Server) -> ClientError:
    """The failure of a socket in our words. The names of classes tell, so that TLS need not be loaded for it."""
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "gaierror" in kinds:
        return Unreachable("dns", f"{server.host} has no address")
    if "SSLCertVerificationError" in kinds:
        return Unreachable("tls", f"{server.host} did not prove who it is", is_permanent=True)
    if "SSLError" in kinds:
        return Unreachable("tls", f"{server.host} speaks no TLS, or broke it off")
    if isinstance(error, TimeoutError):
        return Unreachable("timeout", f"{server.host} took too long")
    if isinstance(error, ConnectionRefusedError):
        return Unreachable("connect", f"nothing listens at {server.url}")
    if isinstance(error, ConnectionError):
        return Unreachable("reset", f"{server.host} broke off the connection")
    return Unreachable("connect", f"{server.host} cannot be reached: {error.strerror or type(error).__name__}")
