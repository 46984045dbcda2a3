"""Where a request comes from and by which name it calls us. Pure.

What a proxy says of the one behind it counts only where the proxy itself is trusted (`auth.proxies`): anybody can send
`X-Forwarded-For`. A browser says by `Host` which name it believes us to have: under DNS rebinding a foreign one, behind
which a foreign page could read what loopback answers, so foreign names are turned away.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from statuswire.access.settings import AccessSettings, Network
from statuswire.web.asgi import Scope
from statuswire.web.limits import network_of
from statuswire.web.problems import Refusal

_SPEAKS_FOR_ANOTHER = (b"forwarded", b"via", b"x-forwarded-", b"x-real-ip", b"x-client-ip", b"true-client-ip", b"cf-")
"""How the headers begin that proxies add and browsers never send; `cf-` are those of Cloudflare and its tunnels."""

WRONG_HOST = Refusal(
    "wrong_host", "statuswire is not called by this name; if it is to be, add the name to `auth.hosts` and restart it."
)
_CROSS_ORIGIN = Refusal(
    "cross_origin",
    "Changes are taken from pages of statuswire itself, with an API token, and from programs that send no cookie but "
    "`Content-Type: application/json`.",
)


@dataclass(frozen=True, slots=True)
class Peer:
    """`address` is that of the first one who is no trusted proxy. `is_relayed`: somebody speaks for another, unless it
    is a trusted proxy that says that they are at this machine; `by_trusted`: a trusted proxy is who connected."""

    address: str
    is_https: bool
    is_relayed: bool
    by_trusted: bool = False

    @property
    def network(self) -> str:
        """Who counts as one when requests are counted."""
        return network_of(self.address)


def peer_of(scope: Scope, proxies: Iterable[Network]) -> Peer:
    trusted = tuple(proxies)
    client = scope.get("client")
    address = _bare(str(client[0])) if client else ""
    is_believed = _is_in(address, trusted)
    told = _listed(scope, b"x-forwarded-for") if is_believed else []
    is_told = bool(told)
    while told and _is_in(address, trusted):
        address = _bare(told.pop())
    protocols = _listed(scope, b"x-forwarded-proto") if is_believed else []
    scheme = protocols[-1].lower() if protocols else str(scope.get("scheme", "http"))
    is_spoken_for = any(name.startswith(_SPEAKS_FOR_ANOTHER) for name, _ in scope["headers"])
    is_relayed = is_spoken_for and not (is_told and _is_loopback(address))
    return Peer(address, scheme in ("https", "wss"), is_relayed, is_believed)


def is_our_host(scope: Scope, access: AccessSettings, *, is_loopback: bool) -> bool:
    """Whether we may be called so. A request without a Host comes from no browser."""
    hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
    if not hosts:
        return True
    name = _host_name(hosts[0])
    if len(hosts) > 1 or not name:
        return False
    if not is_loopback and not access.hosts:
        return True
    return name in access.hosts or name == "localhost" or _is_loopback(name)


def origin_fault(method: str, headers: Mapping[str, str], *, is_https: bool) -> Refusal | None:
    """Why a change may not be made by this request: a page of elsewhere may have sent it.

    Every browser says by `Origin` on whose behalf it posts, the current ones by `Sec-Fetch-Site` too. What says neither
    is a program: it may, where it shows no cookie and sends what no form can send.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return _CROSS_ORIGIN
    if origin is not None and not (origin == "null" and site == "same-origin"):
        return None if _is_own(origin, headers.get("host", ""), is_https=is_https) else _CROSS_ORIGIN
    if site is not None:
        return None
    is_plain = method == "POST" and not is_json(headers)
    return _CROSS_ORIGIN if "cookie" in headers or is_plain else None


def is_json(headers: Mapping[str, str]) -> bool:
    return media_type(headers) == "application/json"


def media_type(headers: Mapping[str, str]) -> str:
    """The content type without its parameters, in lower case."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def local_path(text: str) -> str:
    """The path of ours that somebody wants to go on to; `/` for everything that could lead elsewhere."""
    is_odd = any(not letter.isprintable() or letter in "\\ " for letter in text)
    if is_odd or not text.isascii() or not text.startswith("/") or text.startswith("//"):
        return "/"
    return text


def _is_own(origin: str, host: str, *, is_https: bool) -> bool:
    """Whether a page of this very server sent it. Where TLS ends before us we do not know it, so `http` may be `https`,
    but not the other way round."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    schemes = ("https",) if is_https else ("http", "https")
    return parts.scheme in schemes and bool(host) and parts.netloc.lower() == host.lower()


def _host_name(host: str) -> str:
    """The name without the port, in lower case; empty for what is none."""
    try:
        parts = urlsplit(f"//{host}")
        name, _ = parts.hostname, parts.port
    except ValueError:
        return ""
    return (name or "").rstrip(".") if parts.netloc == host and "@" not in host else ""


def _listed(scope: Scope, header: bytes) -> list[str]:
    """The values of a header that may be repeated and may hold several, in order."""
    joined = ",".join(value.decode("latin-1") for name, value in scope["headers"] if name == header)
    return [one.strip() for one in joined.split(",") if one.strip()]


def _bare(told: str) -> str:
    """An address without the port that some proxies add, and without the IPv6 one that a socket of both protocols puts
    around it."""
    if told.startswith("["):
        host = told[1:].partition("]")[0]
    else:
        host = told.partition(":")[0] if told.count(":") == 1 else told[:64]
    try:
        parsed = ipaddress.ip_address(host)
    except ValueError:
        return host
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or host)


def _is_in(address: str, networks: tuple[Network, ...]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


def _is_loopback(name: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
