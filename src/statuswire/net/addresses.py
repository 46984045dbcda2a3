"""Which addresses and ports we may connect to; addresses are judged when they are about to be connected.

Judging the name or the resolver's answer is not enough: literals never reach a resolver, and a second lookup may
answer differently (DNS rebinding). aiohttp asks a socket factory for every attempt, with the final address in its
hand, so that is where the guard stands.

The blocks are those of the IANA special-purpose registries that are not globally reachable (IPv4:
https://www.iana.org/assignments/iana-ipv4-special-registry, IPv6: .../iana-ipv6-special-registry, checked
2026-11). `ipaddress.is_global` is not used: on Python 3.11 it accepts NAT64 and 6to4 forms of private addresses,
multicast and site-local ones.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable, Iterable
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a process that only judges addresses need not load the client
    from aiohttp.connector import AddrInfoType

_V4_REFUSED = (
    "0.0.0.0/8",  # this network; connects to loopback on Linux
    "10.0.0.0/8",
    "100.64.0.0/10",  # carrier-grade NAT; metadata of one cloud lives here
    "127.0.0.0/8",
    "168.63.129.16/32",  # Azure's platform address: public in form, private in effect
    "169.254.0.0/16",  # link-local, with the metadata service of most clouds
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
)
_V6_ACCEPTED = "2000::/3"
_V6_REFUSED = ("2001::/23", "2001:db8::/32", "3fff::/20")


def _v4_masks(blocks: Iterable[str]) -> tuple[tuple[int, int], ...]:
    networks = [IPv4Network(block) for block in blocks]
    return tuple((int(network.netmask), int(network.network_address)) for network in networks)


def _v6_masks(blocks: Iterable[str]) -> tuple[tuple[int, int], ...]:
    networks = [IPv6Network(block) for block in blocks]
    return tuple((int(network.netmask), int(network.network_address)) for network in networks)


_V4_MASKS = _v4_masks(_V4_REFUSED)
_V6_MASKS = _v6_masks(_V6_REFUSED)
_V6_PUBLIC = _v6_masks((_V6_ACCEPTED,))

# Forms that carry an IPv4 address, which is then the one that counts: where they stand and how far to shift.
_MAPPED = (*_v6_masks(("::ffff:0:0/96",))[0], 0)
_NAT64 = (*_v6_masks(("64:ff9b::/96",))[0], 0)
_SIX_TO_FOUR = (*_v6_masks(("2002::/16",))[0], 80)
_WRAPPERS = (_MAPPED, _NAT64, _SIX_TO_FOUR)


# Ports from 1024 on that speak something else than the web (FAULTS O15). The first rows are the "bad ports" of
# https://fetch.spec.whatwg.org/#port-blocking, which browsers refuse too; the others are databases, queues and the
# controls of clusters at their usual places. Checked 2026-11.
_PORTS_REFUSED = frozenset(
    {
        *(1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, *range(6665, 6670), 6679, 6697, 10080),
        *(1433, 1521, 3306, 5432, 6379, 9042, 9200, 9300, 11211, 27017, 27018, 27019),
        *(1883, 4222, 4369, 5672, 8883, 9092, 61616),
        *(2181, 2375, 2376, 2379, 2380, 3389, 5900, 5985, 5986, 6443, 10250, 10255),
    }
)


def is_web_port(port: int) -> bool:
    """Whether a public host may be asked at this port: 80, 443, or one from 1024 on that is not known for another
    protocol. What is sent to a mail server or a database must not be of a stranger's choosing."""
    return port in (80, 443) or (port >= 1024 and port not in _PORTS_REFUSED)


class ForbiddenAddress(OSError):
    """Refused before a socket was made. The text is the same for every address: when all candidates of a host fail
    alike, happy eyeballs hands on the first exception as it is, and its type is what we look at."""

    def __init__(self, address: str) -> None:
        super().__init__(errno.EACCES, "address is not public")
        self.address = address


def is_public(address: str) -> bool:
    """Whether a numeric address (IPv6 with or without zone) is on the public internet; False for anything else."""
    try:
        if ":" in address:
            return _is_public_v6(int(IPv6Address(address.partition("%")[0])))
        return _is_public_v4(int(IPv4Address(address)))
    except AddressValueError:
        return False


def _is_public_v4(value: int) -> bool:
    return not any(value & mask == block for mask, block in _V4_MASKS)


def _is_public_v6(value: int) -> bool:
    for mask, block, shift in _WRAPPERS:
        if value & mask == block:
            return _is_public_v4((value >> shift) & 0xFFFF_FFFF)
    mask, block = _V6_PUBLIC[0]
    return value & mask == block and not any(value & mask == block for mask, block in _V6_MASKS)


# Milliseconds until a connection whose peer acknowledges nothing is given up: a kept connection whose path has
# silently died (a NAT that forgot it) then fails in time for a second attempt within the deadline of the request.
_UNACKNOWLEDGED_MS = 8_000


def socket_factory(allow_private: bool, opened: Callable[[], None]) -> Callable[[AddrInfoType], socket.socket]:
    """What aiohttp calls for each attempt. `opened` is told of every socket made.

    The function returned raises ForbiddenAddress for an address that is not public, unless `allow_private`.
    """

    def open_socket(addr_info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = addr_info
        if not allow_private and not is_public(str(address[0])):
            raise ForbiddenAddress(str(address[0]))
        opened()
        connection = socket.socket(family, kind, protocol)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)
        return connection

    return open_socket
