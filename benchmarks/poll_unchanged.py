"""An unchanged poll over a kept TLS connection: `fetch()` beside a bare loop of the same aiohttp client.

Budgets: a 304 through `fetch()` at most 1.15 times the bare loop (the whole product, with its schedule and
bookkeeping, 1.3 times: see poll_product); an unchanged 200 of a 100 KB feed, as gzip, at most 1.6 times a 304.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import aiohttp
from bench import arguments, at_most, compare_async, run, show
from loopback import Server, serving

from statuswire.net.fetch import Fetched, FetchRequest, NotModified, Unchanged, fetch
from statuswire.net.http import HttpClient
from statuswire.net.tls import client_context

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
ETAG = 'W/"5f1c8a9be2"'
HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip", "If-None-Match": ETAG}


def bare(session: aiohttp.ClientSession, url: str) -> Callable[[int], Awaitable[None]]:
    async def loop(operations: int) -> None:
        for _ in range(operations):
            async with session.get(url, headers=HEADERS) as answer:
                await answer.read()

    return loop


def ours(client: HttpClient, request: FetchRequest, expected: type) -> Callable[[int], Awaitable[None]]:
    async def loop(operations: int) -> None:
        for _ in range(operations):
            outcome = await fetch(client, request, NOW)
            assert isinstance(outcome, expected)

    return loop


async def known(client: HttpClient, url: str) -> FetchRequest:
    """A request that already knows the digest of what the URL serves."""
    first = await fetch(client, FetchRequest(url, allow_private=True), NOW)
    assert isinstance(first, Fetched)
    return FetchRequest(url, etag=ETAG, wire_digest=first.wire_digest, allow_private=True)


async def measure(server: Server, operations: int, rounds: int) -> bool:
    tls = client_context()
    server.trust(tls)
    async with (
        HttpClient(user_agent="statuswire-bench", tls=tls) as client,
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls)) as session,
    ):
        unmodified = FetchRequest(server.url("/304"), etag=ETAG, allow_private=True)
        loops = {
            "bare aiohttp, 304": bare(session, server.url("/304")),
            "fetch, 304": ours(client, unmodified, NotModified),
        }
        first = await compare_async(loops, operations=operations, rounds=rounds, baseline="bare aiohttp, 304")
        loops = {
            "fetch, 304": ours(client, unmodified, NotModified),
            "fetch, same 200, 100 KB feed as gzip": ours(client, await known(client, server.url("/200")), Unchanged),
            "fetch, same 200, 100 KB on the wire": ours(client, await known(client, server.url("/100k")), Unchanged),
            "bare aiohttp, 200, 100 KB feed, inflated": bare(session, server.url("/200")),
        }
        second = await compare_async(loops, operations=operations, rounds=rounds, baseline="fetch, 304")
    budget = {"fetch, 304": at_most(1.15)}
    same = {"fetch, same 200, 100 KB feed as gzip": at_most(1.6)}
    verdicts = [
        show("unchanged poll, kept TLS connection", first, budget),
        show("unchanged 200", second, same),
    ]
    return all(verdicts)


if __name__ == "__main__":
    options = arguments(__doc__, operations=250, rounds=41)
    with serving(tls=True) as loopback:
        run(lambda: measure(loopback, options.operations, options.rounds))
