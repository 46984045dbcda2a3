"""SMTP and LMTP (RFC 5321, 2033) on loopback or a Unix socket, for secret addresses only.

`250` after a mail's data means that it is in the database. One recipient in a transaction, so that one answer is true
of all of it; senders offer the others in the next (RFC 5321 section 4.5.3.1.10). A recipient that is no secret address
is refused before any data is sent.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from statuswire.engine.arrivals import Overloaded
from statuswire.errors import ConfigError, ParseError, StoreError
from statuswire.mail.intake import Intake
from statuswire.mail.place import Place
from statuswire.platforms.email_message import MAX_BYTES

log = logging.getLogger(__name__)

IDLE_S = 60.0
MOST_CONNECTIONS = 64
MOST_COMMANDS = 100
"""Of one kind in one connection; nobody has a hundred mails for us at once."""

_NOT_HERE = "550 5.1.1 No such address here"
_ONE_AT_A_TIME = "452 4.5.3 One recipient at a time"
_LATER = "451 4.3.0 Cannot be stored now, try again"
_REFUSED = "554 5.6.0 Not a mail that can be read"
_BUSY = b"421 4.7.0 Too many connections\r\n"

logging.getLogger("mail.log").setLevel(logging.WARNING)


class _Conversation:
    """The answers of aiosmtpd's server; its methods' names are the library's."""

    def __init__(self, intake: Intake, way: str) -> None:
        self._intake = intake
        self._way = way

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if envelope.rcpt_tos:
            return _ONE_AT_A_TIME
        if self._intake.slug_of([address]) is None:
            log.info("refused way=%s reason=unknown_address", self._way)
            return _NOT_HERE
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        raw = envelope.original_content or b""
        slug = self._intake.slug_of(envelope.rcpt_tos)
        if slug is None:
            return _NOT_HERE
        try:
            taken = await self._intake.take(raw, slug, self._way)
        except ParseError as error:
            log.warning("refused way=%s page=%s reason=%s %s", self._way, slug, error.reason, error)
            return _REFUSED
        except (Overloaded, StoreError) as error:
            log.error("not stored way=%s page=%s reason=%s %s", self._way, slug, error.reason, error)
            return _LATER
        return f"250 2.0.0 OK {taken}"

    async def handle_exception(self, error: Exception) -> str:
        """The outermost frame of a conversation."""
        log.error("conversation broke way=%s", self._way, exc_info=error)
        return _LATER


class _Counted(SMTP):
    """A conversation that `open_ones` counts."""

    open_ones: set[SMTP]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.open_ones.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.open_ones.discard(self)
        super().connection_lost(error)


class _CountedLmtp(_Counted, LMTP):
    """The same, in LMTP."""


class _Busy(asyncio.Protocol):
    """Turns a connection away that is one too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(_BUSY)
        transport.close()


def _answer(intake: Intake, place: Place, open_ones: set[SMTP]) -> asyncio.Protocol:
    """What talks to one new connection."""
    if len(open_ones) >= MOST_CONNECTIONS:
        log.warning("turned away way=%s reason=too_many_connections", place.way)
        return _Busy()
    made = (_CountedLmtp if place.is_lmtp else _Counted)(
        _Conversation(intake, place.way),
        data_size_limit=MAX_BYTES,
        enable_SMTPUTF8=True,
        hostname="statuswire",
        ident="statuswire",
        timeout=IDLE_S,
        command_call_limit=MOST_COMMANDS,
        loop=asyncio.get_running_loop(),
    )
    made.open_ones = open_ones
    return made


@asynccontextmanager
async def listening(intake: Intake, place: Place) -> AsyncIterator[Place]:
    """Takes mail in until the end; yields the place with its port. Raises ConfigError where it cannot listen."""
    bound = _bound(place)
    loop, open_ones = asyncio.get_running_loop(), set[SMTP]()
    answer = partial(_answer, intake, place, open_ones)
    opened = loop.create_unix_server(answer, sock=bound) if place.path else loop.create_server(answer, sock=bound)
    server = await opened
    found = place if place.path else replace(place, port=int(bound.getsockname()[1]))
    log.info("listening at=%s", found)
    try:
        yield found
    finally:
        server.close()
        for one in tuple(open_ones):
            if one.transport is not None:
                one.transport.close()
        if place.path:
            _forget(place.path)


def _forget(path: str) -> None:
    Path(path).unlink(missing_ok=True)


def _bound(place: Place) -> socket.socket:
    """A socket at the place; one that an ended process left behind is replaced. Raises ConfigError."""
    bound = None
    try:
        if place.path:
            _remove_socket(Path(place.path))
            bound = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            bound.bind(place.path)
            Path(place.path).chmod(0o660)
        else:
            family, kind, protocol, _, address = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)[0]
            bound = socket.socket(family, kind, protocol)
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind(address)
    except OSError as error:
        if bound is not None:
            bound.close()
        raise ConfigError(f"cannot listen for mail at {place}: {error.strerror or error}", where="mail") from error
    bound.setblocking(False)
    return bound


def _remove_socket(path: Path) -> None:
    """Only a socket that nobody answers at. Raises OSError."""
    if not path.is_socket():
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1.0)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink(missing_ok=True)
