"""Exchanges over sockets that wait, for threads.

Sockets, TLS and the parser are imported with the first question: a program that imports the client may never ask one.
"""

from __future__ import annotations

import time
from importlib import import_module
from types import TracebackType
from typing import TYPE_CHECKING

from statuswire.client.errors import Unreachable
from statuswire.client.exchange import Ask, Reply, explained, good, written
from statuswire.client.settings import Server

if TYPE_CHECKING:
    from socket import socket

    from statuswire.client.answering import Answer

_PIECE = 64 * 1024
_NEEDED = ("socket", "encodings.idna", "statuswire.client.answering")


def load(server: Server) -> None:
    """Import what asking this server needs. For who starts a thread that asks: a fork while that imports would leave
    the module locked in the child."""
    for name in _NEEDED if server.scheme == "http" else (*_NEEDED, "ssl"):
        import_module(name)


class Line:
    """One exchange that goes on. A context manager; `interrupt` from another thread ends it at once."""

    def __init__(self, server: Server, ask: Ask, timeout_s: float) -> None:
        """Ask. Raises Unreachable."""
        self.answer: Answer = import_module("statuswire.client.answering").Answer()
        self._server = server
        try:
            self._socket = _connected(server, timeout_s)
        except OSError as error:
            raise explained(error, server) from error
        try:
            self._socket.sendall(written(server, ask))
        except OSError as error:
            self.close()
            raise explained(error, server) from error

    def pump(self, timeout_s: float) -> bool:
        """Wait for the next bytes; False where none came in time. Raises Unreachable."""
        self._socket.settimeout(max(timeout_s, 0.001))
        try:
            part = self._socket.recv(_PIECE)
        except TimeoutError:
            return False
        except OSError as error:
            raise explained(error, self._server) from error
        self.answer.feed(part)
        return True

    def interrupt(self) -> None:
        try:
            self._socket.shutdown(import_module("socket").SHUT_RDWR)
        except OSError:
            return  # it is closed already, which is what is wanted

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Line:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def exchange(server: Server, ask: Ask, timeout_s: float) -> Reply:
    """A whole answer within the time. Raises Unreachable, Unreadable."""
    deadline = time.monotonic() + timeout_s
    with Line(server, ask, timeout_s) as line:
        return _rest(line, deadline)


def opened(server: Server, ask: Ask, timeout_s: float) -> Line:
    """A stream whose answer has begun. Raises Unreachable, Refused."""
    deadline = time.monotonic() + timeout_s
    line = Line(server, ask, timeout_s)
    try:
        _pump_until(line, deadline)
        if line.answer.status != 200:
            good(_rest(line, deadline))
            raise Unreachable("protocol", f"{server.host} answers no stream but {line.answer.status}")
    except BaseException:
        line.close()
        raise
    return line


def _rest(line: Line, deadline: float) -> Reply:
    while not line.answer.is_over:
        _pump_once(line, deadline)
    return line.answer.reply()


def _pump_until(line: Line, deadline: float) -> None:
    while not line.answer.is_begun:
        _pump_once(line, deadline)


def _pump_once(line: Line, deadline: float) -> None:
    left_s = deadline - time.monotonic()
    if left_s <= 0 or not line.pump(left_s):
        raise Unreachable("timeout", "the answer took too long")


def _connected(server: Server, timeout_s: float) -> socket:
    sockets = import_module("socket")
    plain: socket = sockets.create_connection((server.host, server.port), timeout_s)
    plain.setsockopt(sockets.SOL_SOCKET, sockets.SO_KEEPALIVE, 1)
    if server.scheme == "http":
        return plain
    try:
        context = import_module("ssl").create_default_context(cafile=server.ca_file or None)
        wrapped: socket = context.wrap_socket(plain, server_hostname=server.host)
    except BaseException:
        plain.close()
        raise
    return wrapped
