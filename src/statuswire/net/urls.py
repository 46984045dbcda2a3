"""URLs we fetch: what is accepted, and where a redirect may lead."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from ipaddress import AddressValueError, IPv4Address, IPv6Address

from yarl import URL

from statuswire.errors import FetchError, FetchReason
from statuswire.net.addresses import is_web_port

_MAX_LENGTH = 4_096
_DEFAULT_PORTS = {"http": 80, "https": 443}
_UNREADABLE = (ValueError, TypeError, IndexError)
"""What yarl 1.24 raises for what is no URL: IndexError where brackets stand before an empty host (`//h[::1]@/a`);
checked 2026-11."""


@dataclass(frozen=True, slots=True)
class Target:
    """A checked URL, and as `text`. `host` is in A-label form without a final dot, `origin` is scheme, host and
    port; `private_origin` names the same where private addresses are allowed, which is another pool. `is_web_port`
    tells whether the port may be asked where they are not."""

    url: URL
    text: str
    host: str
    origin: str
    private_origin: str
    is_web_port: bool


@lru_cache(maxsize=8_192)
def parse_url(text: str) -> Target:
    """Raises FetchError (BAD_URL) for anything but http(s) with a usable host and without user and password."""
    if len(text) > _MAX_LENGTH:
        raise _bad("it is too long")
    if any(character <= " " or character == "\x7f" for character in text):
        raise _bad("it holds blanks or control characters")
    try:
        url = URL(text)
        return _target(url.with_fragment(None) if url.raw_fragment else url)
    except _UNREADABLE as error:
        raise _bad("it does not read as a URL") from error


def _target(url: URL) -> Target:
    if url.scheme not in _DEFAULT_PORTS:
        raise _bad("only http and https are fetched")
    if url.raw_user is not None or url.raw_password is not None:
        raise _bad("user and password in a URL are refused")
    host = (url.raw_host or "").lower()
    host = host if ":" in host else host.rstrip(".")
    if not host or not url.port:
        raise _bad("it names no host or no port")
    if ":" in host and not (_is_v6(host) and f"[{host}]" in str(url)):  # yarl turns `[::1①]` into a bare `::11`
        raise _bad("what stands in brackets is no address")
    if _is_disguised_number(host):
        raise _bad("its host is a number in disguise")
    origin = f"{url.scheme}://{host}:{url.port}"
    return Target(url, str(url), host, origin, f"{origin} private", is_web_port(url.port))


def _bad(why: str) -> FetchError:
    return FetchError(FetchReason.BAD_URL, f"the URL is refused: {why}", is_permanent=True)


def _is_v6(host: str) -> bool:
    try:
        IPv6Address(host)
    except AddressValueError:
        return False
    return True


def _is_disguised_number(host: str) -> bool:
    """`2130706433`, `0x7f.1` and `127.1` are IPv4 addresses to some parsers and names to others (WHATWG URL,
    "ends in a number"); only the four decimal parts are one thing to all."""
    last = host.rpartition(".")[2]
    if ":" in host or not (last.isdecimal() or last.startswith("0x")):
        return False
    try:
        IPv4Address(host)
    except AddressValueError:
        return True
    return False


def next_hop(current: Target, location: str, *, status: int) -> Target:
    """Where a redirect leads. Raises FetchError (REDIRECT, with `location`) where we do not follow: to another
    host (`www.` apart), another port, from https to http, or to what is no URL of ours at all."""
    is_permanent = status in PERMANENT
    try:
        target = parse_url(str(current.url.join(URL(location))))
    except (*_UNREADABLE, FetchError) as error:
        raise _refused("to what is no usable URL", location[:_MAX_LENGTH], status, False) from error
    if target.url.scheme == "http" and current.url.scheme == "https":
        raise _refused("from https to http", target.text, status, is_permanent)
    if _bare(target.host) != _bare(current.host):
        raise _refused(f"to another host, {target.host}", target.text, status, is_permanent)
    if not _is_usual_port(current, target):
        raise _refused("to another port", target.text, status, is_permanent)
    return target


PERMANENT = frozenset({301, 308})


def _refused(where: str, location: str, status: int, is_permanent: bool) -> FetchError:
    message = f"redirect {where}"
    return FetchError(FetchReason.REDIRECT, message, status=status, location=location, is_permanent=is_permanent)


def _bare(host: str) -> str:
    return host.removeprefix("www.")


def _is_usual_port(current: Target, target: Target) -> bool:
    """The same port, or the default one of the new scheme."""
    return target.url.port in (current.url.port, _DEFAULT_PORTS[target.url.scheme])
