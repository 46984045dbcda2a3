"""A real mail server on loopback, made of aiosmtpd, that keeps what it gets and can refuse in chosen ways."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.fake_provider import server_context

USER, PASSWORD = "statuswire", "let me in"


@dataclass
class MailServer:
    """`answers` are replies to RCPT by recipient, `to_data` to the body; `is_slow` never answers the body."""

    answers: Mapping[str, str] = field(default_factory=dict)
    to_data: str = "250 2.0.0 queued as 12345"
    is_slow: bool = False
    port: int = 0
    got: list[tuple[str, tuple[str, ...], EmailMessage]] = field(default_factory=list)
    users: list[str] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)
    at_body: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.at_body.set()
        if self.is_slow:
            await asyncio.get_running_loop().create_future()
        self.was_encrypted.append(session.ssl is not None)
        content = envelope.content if isinstance(envelope.content, bytes) else b""
        mail = message_from_bytes(content, EmailMessage, policy=policy.default)
        if self.to_data.startswith("2"):
            self.got.append((envelope.mail_from or "", tuple(envelope.rcpt_tos), mail))
        return self.to_data

    def authenticate(self, server: SMTP, session: Session, envelope: Envelope, way: str, given: object) -> AuthResult:
        is_right = isinstance(given, LoginPassword) and (given.login, given.password) == (
            USER.encode(),
            PASSWORD.encode(),
        )
        if is_right:
            self.users.append(USER)
        return AuthResult(success=is_right, handled=False)


@asynccontextmanager
async def serving(
    server: MailServer, security: str = "none", *, needs_login: bool = False, tls: ssl.SSLContext | None = None
) -> AsyncIterator[MailServer]:
    """`security` as in a Mail. `tls` None has a certificate for loopback of the fake providers' authority."""
    context = tls or server_context("127.0.0.1", "localhost")
    connections: list[SMTP] = []

    def connected() -> SMTP:
        made = SMTP(
            server,
            hostname="mail.example.com",
            ident="test",
            tls_context=context if security == "starttls" else None,
            require_starttls=security == "starttls",
            auth_required=needs_login,
            auth_require_tls=True,
            authenticator=server.authenticate,
            loop=asyncio.get_running_loop(),
        )
        connections.append(made)
        return made

    listening = await asyncio.get_running_loop().create_server(
        connected, "127.0.0.1", 0, ssl=context if security == "tls" else None
    )
    async with listening:
        server.port = listening.sockets[0].getsockname()[1]
        yield server
        for one in connections:
            if one.transport is not None:
                one.transport.abort()
            if one._handler_coroutine is not None:
                one._handler_coroutine.cancel()
                await asyncio.gather(one._handler_coroutine, return_exceptions=True)
