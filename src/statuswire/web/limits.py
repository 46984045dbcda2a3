"""How much of a request body is read, for how long, and how often somebody may ask or be refused.

uvicorn bounds neither the size of a body nor its duration (checked with 0.54, 2026-11), so both happen here, while
the body streams in: what `Content-Length` claims is only ever a reason to refuse sooner.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections import OrderedDict
from collections.abc import Mapping

from statuswire.web.asgi import Receive
from statuswire.web.problems import Refusal

_DRAIN_BYTES = 8 * 1024 * 1024
"""Read and thrown away before a 413: a sender that is still writing would meet a reset instead of the answer."""

_REMEMBERED = 4096
_V6_PREFIX = 64


async def read_body(
    receive: Receive, headers: Mapping[str, str], *, max_bytes: int, deadline_s: float
) -> bytes | Refusal:
    """The whole body, or why not: `too_large`, `slow_body`, `bad_length`, `incomplete`."""
    declared = headers.get("content-length", "0")
    if not (declared.isascii() and declared.isdecimal()):
        return Refusal("bad_length", "Content-Length is not a number.")
    claims_too_much = len(declared) > 15 or int(declared) > max_bytes
    if claims_too_much and "expect" in headers:
        return _too_large(max_bytes)
    try:
        async with asyncio.timeout(deadline_s):
            if claims_too_much:
                await _drain(receive)
                return _too_large(max_bytes)
            return await _collect(receive, max_bytes)
    except TimeoutError:
        if claims_too_much:
            return _too_large(max_bytes)
        return Refusal("slow_body", f"The body was not complete after {deadline_s:g} seconds.")


async def _collect(receive: Receive, max_bytes: int) -> bytes | Refusal:
    chunks: list[bytes] = []
    size_bytes = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return Refusal("incomplete", "The connection ended before the body did.")
        chunk: bytes = message.get("body", b"")
        size_bytes += len(chunk)
        if size_bytes > max_bytes:
            if message.get("more_body", False):
                await _drain(receive)
            return _too_large(max_bytes)
        chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def _drain(receive: Receive) -> None:
    left_bytes = _DRAIN_BYTES
    while left_bytes > 0:
        message = await receive()
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return
        left_bytes -= len(message.get("body", b""))


def _too_large(max_bytes: int) -> Refusal:
    return Refusal("too_large", f"The body is larger than {max_bytes:,} bytes.")


def network_of(client: str) -> str:
    """Who counts as one: an IPv4 address, an IPv6 /64 (one customer's least), the text itself where it is neither."""
    try:
        address = ipaddress.ip_address(client)
    except ValueError:
        return client[:64]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), _V6_PREFIX), strict=False))
    return str(address)


class Buckets:
    """Token buckets by whoever draws from them: networks, sessions, tokens.

    Of hooks only refused ones draw, and a believed one is never held back: several honest senders may stand behind one
    proxy with somebody who guesses. Whoever has not drawn for the longest time is forgotten first.
    """

    def __init__(self, *, burst: int = 100, per_second: float = 5.0) -> None:
        self._burst = float(burst)
        self._per_second = per_second
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, who: str, now_s: float) -> bool:
        """Draw once at a monotonic moment; False where they have drawn too often of late."""
        tokens, before_s = self._buckets.pop(who, (self._burst, now_s))
        tokens = min(self._burst, tokens + (now_s - before_s) * self._per_second)
        is_allowed = tokens >= 1
        self._buckets[who] = (tokens - 1 if is_allowed else tokens, now_s)
        if len(self._buckets) > _REMEMBERED:
            self._buckets.popitem(last=False)
        return is_allowed

    @property
    def retry_after_s(self) -> int:
        return max(1, round(1 / self._per_second))
