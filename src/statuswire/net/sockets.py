"""Guarded TCP connections for the protocols that are not HTTP: the address judged is the address connected to."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Final

from aiohttp.abc import AbstractResolver

from statuswire.errors import DeliveryError, DeliveryReason
from statuswire.net.addresses import is_public

ATTEMPT_S: Final = 5.0
"""How long one address may take to answer; then the next one is tried."""


async def connect(host: str, port: int, resolver: AbstractResolver, *, is_private_ok: bool) -> socket.socket:
    """A connected, non-blocking socket to the first address of the host that answers. The caller closes it.

    Raises DeliveryError: DNS, CONNECT, TIMEOUT, or FORBIDDEN_ADDRESS where no address of the host is public and
    `is_private_ok` is False. Addresses that are not public are then left out, also where others are.
    """
    found = await _addresses(host, port, resolver)
    allowed = [address for address in found if is_private_ok or is_public(address)]
    if not allowed:
        message = f"{host}: leads to {found[0]}, which is not a public address"
        raise DeliveryError(DeliveryReason.FORBIDDEN_ADDRESS, message, is_permanent=True)
    failures: list[OSError] = []
    for address in allowed:
        try:
            return await _open(address, port)
        except OSError as error:
            failures.append(error)
    raise _explain(host, failures[-1]) from failures[-1]


async def _addresses(host: str, port: int, resolver: AbstractResolver) -> list[str]:
    """Numeric addresses, at least one; a literal is its own."""
    try:
        return [str(ipaddress.ip_address(host.strip("[]")))]
    except ValueError:
        pass  # a name
    try:
        return [one["host"] for one in await resolver.resolve(host, port, socket.AF_UNSPEC)]
    except OSError as error:
        raise DeliveryError(DeliveryReason.DNS, f"{host}: name lookup failed") from error


async def _open(address: str, port: int) -> socket.socket:
    """Raises OSError (TimeoutError is one)."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    connection = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
    try:
        async with asyncio.timeout(ATTEMPT_S):
            await asyncio.get_running_loop().sock_connect(connection, (address, port))
    except BaseException:
        connection.close()
        raise
    return connection


def _explain(host: str, error: OSError) -> DeliveryError:
    if isinstance(error, TimeoutError):
        return DeliveryError(DeliveryReason.TIMEOUT, f"{host}: no connection in time")
    return DeliveryError(DeliveryReason.CONNECT, f"{host}: no connection: {error.strerror or 'refused'}")
