"""Pages whose servers are vouched for by authorities of their own: judged by those alone, each by its own."""

from __future__ import annotations

import ssl

import pytest
import trustme

from statuswire.errors import FetchReason
from statuswire.net.fetch import Fetched, FetchRequest, Outcome, fetch
from statuswire.net.http import HttpClient, Limits
from tests.fake_provider import FakeProvider, server_context
from tests.net.support import NOW, USUAL, failure, on_a_loop, trusting

INNER, OUTER = trustme.CA(), trustme.CA()
CERTIFICATES = {name: ca.cert_pem.bytes().decode() for name, ca in (("inner", INNER), ("outer", OUTER))}
BODY = b'{"page": {}}'


def server_of(ca: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    return context


def client(limits: Limits = USUAL) -> HttpClient:
    """Trusts the authority of the fake providers for pages without one of their own."""
    return HttpClient(user_agent="statuswire-test", limits=limits, tls=trusting(), authorities=CERTIFICATES)


async def read(asking: HttpClient, provider: FakeProvider, page: str) -> Outcome:
    return await fetch(asking, FetchRequest(provider.url("/"), allow_private=True, page=page), NOW)


@on_a_loop
async def test_N8_a_page_is_read_where_its_own_authority_vouches_for_it() -> None:
    async with FakeProvider(tls=server_of(INNER)) as provider, client() as asking:
        provider.serve("/", BODY)

        assert isinstance(await read(asking, provider, "inner"), Fetched)


@pytest.mark.parametrize("page", ["outer", "without", ""])
@on_a_loop
async def test_N8_nobody_else_believes_that_authority(page: str) -> None:
    async with FakeProvider(tls=server_of(INNER)) as provider, client() as asking:
        provider.serve("/", BODY)
        error = await failure(read(asking, provider, page))

    assert error.reason is FetchReason.TLS
    assert "certificate" in str(error)
    assert not provider.seen


@on_a_loop
async def test_N8_a_page_with_its_own_authority_does_not_believe_those_of_the_machine() -> None:
    async with FakeProvider(tls=server_context("127.0.0.1")) as provider, client() as asking:
        provider.serve("/", BODY)

        assert isinstance(await read(asking, provider, "without"), Fetched)
        error = await failure(read(asking, provider, "inner"))

    assert error.reason is FetchReason.TLS


@on_a_loop
async def test_N8_pages_of_one_host_are_judged_apart_though_a_connection_is_open() -> None:
    """A connection that one page's authority has proved proves nothing to another page."""
    async with FakeProvider(tls=server_of(INNER)) as provider, client() as asking:
        provider.serve("/", BODY)
        await read(asking, provider, "inner")
        before = provider.connections
        error = await failure(read(asking, provider, "outer"))
        await read(asking, provider, "inner")

    assert error.reason is FetchReason.TLS
    assert len(provider.seen) == 2
    assert before == 1
    assert provider.connections <= 2


@on_a_loop
async def test_N8_sessions_are_resumed_for_each_authority_by_itself() -> None:
    server = server_of(INNER)
    async with FakeProvider(tls=server) as provider, client(Limits(kept_hosts=0)) as asking:
        provider.serve("/", BODY)
        for page in ("inner", "outer", "inner", "outer", "inner"):
            if page == "outer":
                await failure(read(asking, provider, page))
            else:
                await read(asking, provider, page)
        resumed = server.session_stats()["hits"]

    assert resumed == 2


@on_a_loop
async def test_pages_that_trust_the_same_share_their_connections() -> None:
    same = dict.fromkeys(("one", "two"), CERTIFICATES["inner"])
    async with (
        FakeProvider(tls=server_of(INNER)) as provider,
        HttpClient(user_agent="statuswire-test", tls=trusting(), authorities=same) as asking,
    ):
        provider.serve("/", BODY)
        await read(asking, provider, "one")
        await read(asking, provider, "two")

    assert provider.connections == 1
