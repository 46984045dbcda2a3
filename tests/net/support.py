"""What the tests of the network edge share: clients with short deadlines that trust the fake providers."""

from __future__ import annotations

import asyncio
import functools
import socket
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import uvloop
from aiohttp.abc import AbstractResolver, ResolveResult

from statuswire.errors import DeliveryError, FetchError
from statuswire.model import Action
from statuswire.net.fetch import FetchRequest, Outcome, fetch
from statuswire.net.http import HttpClient, Limits
from statuswire.net.send import Patience, Print, Sender
from statuswire.net.tls import ResumingContext, client_context
from tests.fake_provider import authority

NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
USUAL = Limits()
HASTY = Limits(deadline_s=0.15, connect_s=0.15)
"""For peers that never answer."""


def on_a_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run an async test on a loop of its own."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


def on_the_servers_loop(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """The same on the loop that the service runs on, which is not asyncio's own."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(test(*args, **kwargs))

    return run


@functools.lru_cache(maxsize=1)
def _system_context() -> ResumingContext:
    return client_context()


def trusting() -> ResumingContext:
    """A fresh context, without remembered sessions, that trusts the fake providers' authority alone."""
    context = ResumingContext()
    authority().configure_trust(context)
    return context


def make_client(limits: Limits = USUAL, tls: ResumingContext | None = None) -> HttpClient:
    """Reading the machine's certificates takes 20 ms; clients without TLS in their test share one context."""
    return HttpClient(user_agent="statuswire-test (+ops@example.com)", limits=limits, tls=tls or _system_context())


async def get(client: HttpClient, url: str, **known: Any) -> Outcome:
    """Fetch where private addresses are allowed, as all of loopback is private."""
    return await fetch(client, FetchRequest(url, allow_private=True, **known), NOW)


async def failure(attempt: Coroutine[Any, Any, Any]) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await attempt
    return caught.value


# --- sending -----------------------------------------------------------------------------------------------------


class KnownNames(AbstractResolver):
    """A resolver that knows the names it is given; others do not exist."""

    def __init__(self, **names: Sequence[str]) -> None:
        self._names = {name.replace("_", "."): addresses for name, addresses in names.items()}

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        if host not in self._names:
            raise OSError(None, "no such name")
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in self._names[host]
        ]

    async def close(self) -> None:
        """Nothing to close."""


PATIENT = Patience()


async def print_nothing(text: str) -> None:
    raise AssertionError(f"nothing should be printed: {text}")


@asynccontextmanager
async def sending(
    *,
    patience: Patience = PATIENT,
    print_: Print = print_nothing,
    resolver: AbstractResolver | None = None,
    limits: Limits = USUAL,
) -> AsyncIterator[Sender]:
    """A sender that trusts the authority of the fake providers."""
    names = resolver or KnownNames()
    async with HttpClient(user_agent="statuswire-test", limits=limits, tls=trusting(), resolver=names) as client:
        yield Sender(client, names, trusting(), print_, patience)


async def refusal(sender: Sender, action: Action) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        await sender.send(action)
    return caught.value


@asynccontextmanager
async def quiet_listener() -> AsyncIterator[tuple[int, list[object]]]:
    """A port on loopback and the connections it saw: a guard is proven where there are none."""
    seen: list[object] = []

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(writer.get_extra_info("peername"))
        writer.close()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1], seen
