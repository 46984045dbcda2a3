"""TLS: who is trusted, and sessions that are resumed."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest
import uvloop

from statuswire.errors import FetchReason
from statuswire.net.http import Limits
from statuswire.net.tls import ResumingContext, client_context
from tests.fake_provider import FakeProvider, authority, self_signed_context, server_context
from tests.net.support import failure, make_client, on_a_loop, trusting

LOOPS: list[Callable[[], asyncio.AbstractEventLoop]] = [asyncio.new_event_loop, uvloop.new_event_loop]
NOTHING_KEPT = Limits(kept_hosts=0)


REFUSED: dict[str, Callable[[], ssl.SSLContext]] = {
    "expired": lambda: server_context("127.0.0.1", expires=datetime(2020, 1, 1, tzinfo=UTC)),
    "unknown authority": lambda: self_signed_context("127.0.0.1"),
    "another name": lambda: server_context("other.example"),
}


@pytest.mark.parametrize("case", REFUSED)
@on_a_loop
async def test_N8_a_certificate_that_proves_nothing_is_refused(case: str) -> None:
    async with FakeProvider(tls=REFUSED[case]()) as provider, make_client(tls=trusting()) as client:
        error = await failure(client.request("GET", provider.url("/"), allow_private=True))

    assert error.reason is FetchReason.TLS
    assert "certificate" in str(error)
    assert not provider.seen


@on_a_loop
async def test_N8_a_peer_that_speaks_no_tls_is_a_tls_error() -> None:
    """It answers whatever comes: waiting for a line end would depend on the random bytes of the greeting."""

    async def misunderstand(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4_096)
        writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(misunderstand, "127.0.0.1", 0)
    async with server, make_client(tls=trusting()) as client:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        error = await failure(client.request("GET", url, allow_private=True))

    assert error.reason in (FetchReason.TLS, FetchReason.CONNECT, FetchReason.RESET)


PROTOCOL_VERSION_ALERT = bytes.fromhex("15030100020246")
"""What a server answers that speaks only older protocols than we offer (RFC 8446 section 6, alert 70)."""


@on_a_loop
async def test_N8_a_server_that_speaks_only_old_protocols_is_a_tls_error() -> None:
    async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4_096)
        writer.write(PROTOCOL_VERSION_ALERT)
        writer.close()

    async with await asyncio.start_server(refuse, "127.0.0.1", 0) as server, make_client(tls=trusting()) as client:
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        error = await failure(client.request("GET", url, allow_private=True))

    assert error.reason is FetchReason.TLS
    assert "protocol version" in str(error)


def test_the_usual_context_verifies() -> None:
    context = client_context()

    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def run_on(make_loop: Callable[[], asyncio.AbstractEventLoop], work: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=make_loop) as runner:
        runner.run(work)


async def connect(context: ResumingContext, provider: FakeProvider, times: int) -> None:
    async with make_client(NOTHING_KEPT, context) as client:
        for _ in range(times):
            await client.request("GET", provider.url("/"), allow_private=True)


@pytest.mark.parametrize("make_loop", LOOPS, ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_next_connection_to_a_host_resumes_the_session(
    make_loop: Callable[[], asyncio.AbstractEventLoop], version: ssl.TLSVersion
) -> None:
    server, context = server_context("127.0.0.1"), trusting()
    server.maximum_version = version

    async def work() -> None:
        async with FakeProvider(tls=server) as provider:
            await connect(context, provider, 4)

    run_on(make_loop, work())

    assert context.session_stats()["connect_good"] == 4
    assert context.session_stats()["hits"] == 3


@on_a_loop
async def test_a_server_that_forgot_the_session_gets_a_full_handshake_and_a_new_one() -> None:
    context = trusting()
    async with FakeProvider(tls=server_context("127.0.0.1")) as before:
        await connect(context, before, 2)
    async with FakeProvider(tls=server_context("127.0.0.1")) as after:
        await connect(context, after, 3)

    assert context.session_stats()["connect_good"] == 5
    assert context.session_stats()["hits"] == 1 + 2


@on_a_loop
async def test_a_session_is_read_only_from_a_connection_that_did_not_resume() -> None:
    context = Counting()
    async with FakeProvider(tls=server_context("127.0.0.1")) as provider:
        authority().configure_trust(context)
        await connect(context, provider, 5)

    assert context.stored == 1


class Counting(ResumingContext):
    """Counts how often a session was kept."""

    stored = 0

    def remember(self, host: str) -> None:
        before = self._sessions.get(host)
        super().remember(host)
        self.stored += self._sessions.get(host) is not before


@on_a_loop
async def test_after_a_failure_the_session_is_forgotten() -> None:
    context = trusting()
    async with FakeProvider(tls=server_context("127.0.0.1")) as provider:
        await connect(context, provider, 1)
        context.forget("127.0.0.1")
        await connect(context, provider, 1)

    assert context.session_stats()["hits"] == 0
