"""Name lookup for the client: asynchronous where the machine allows it, and never more addresses than of use."""

from __future__ import annotations

import logging
import socket

from aiohttp import AsyncResolver, ThreadedResolver
from aiohttp.abc import AbstractResolver, ResolveResult

from statuswire.extras import optional

log = logging.getLogger(__name__)

_MAX_ADDRESSES = 16
_TIMEOUT_S = 3.0
_TRIES = 2


class BoundedResolver(AbstractResolver):
    """Keeps the first addresses of a longer answer: each is an attempt to connect, and 500 records are an attack."""

    def __init__(self, inner: AbstractResolver) -> None:
        self._inner = inner

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Raises OSError where the name has no address or the lookup failed."""
        found = await self._inner.resolve(host, port, family)
        if not found:
            raise OSError(None, "the name has no address")
        return found[:_MAX_ADDRESSES]

    async def close(self) -> None:
        await self._inner.close()


def make_resolver() -> AbstractResolver:
    """c-ares through aiodns: 2.5 times less CPU than the system's resolver, and no thread to be blocked.

    Where c-ares cannot start (not installed, no readable resolver configuration, no inotify left) the system's resolver
    does it, in the loop's small pool of threads.
    """
    try:
        return BoundedResolver(AsyncResolver(timeout=_TIMEOUT_S, tries=_TRIES))
    except (OSError, RuntimeError, ValueError) as error:
        level = logging.WARNING if optional("aiodns") else logging.DEBUG
        log.log(level, "aiodns unavailable, names are looked up by the system: %s", error)
        return BoundedResolver(ThreadedResolver())
