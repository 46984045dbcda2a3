"""What the tests of the network edge share: clients with short deadlines that trust the fake providers."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest

from statuswire.errors import FetchError
from statuswire.net.fetch import FetchRequest, Outcome, fetch
from statuswire.net.http import HttpClient, Limits
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
