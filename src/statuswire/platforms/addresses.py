"""What adapters need to know of the addresses that they are given: base, host, and whether one is a document itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from urllib.parse import urljoin

from statuswire.model import FeedSpec
from statuswire.platforms.reading import split_url, text


def base_of(url: str) -> str:
    """`https://host/path` without query, fragment and slash at the end; empty for what is no web address."""
    parts = split_url(url.strip())
    if parts is None or parts.scheme not in ("http", "https") or not parts.netloc:
        return ""
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"


def root_of(url: str) -> str:
    """`https://host`, empty for what is no web address."""
    parts = split_url(base_of(url))
    return f"{parts.scheme}://{parts.netloc}" if parts and parts.netloc else ""


def host_of(url: str) -> str:
    """The name of the host in lower case, without port; empty for what is no web address."""
    parts = split_url(base_of(url))
    return (parts.hostname or "") if parts else ""


def is_host_of(host: str, domain: str) -> bool:
    """Whether a host is the domain or below it."""
    return host == domain or host.endswith(f".{domain}")


def path_of(url: str) -> str:
    """The path without the slash at the end; empty for the root and for what is no address."""
    parts = split_url(url.strip())
    return parts.path.rstrip("/") if parts else ""


def single_feed(url: str, kinds: Iterable[tuple[str, FeedSpec]]) -> tuple[FeedSpec, ...]:
    """The one feed that an address itself is, by how its path ends; empty where it is a page's."""
    path = path_of(url)
    found = next((spec for ending, spec in kinds if path.endswith(ending)), None)
    return (replace(found, url=url, tier=0),) if found and base_of(url) else ()


def web_url(value: object) -> str:
    """An address to show: http or https, else empty."""
    url = text(value).strip()
    return url if url.startswith(("https://", "http://")) else ""


def beside(url: str, told: str) -> str:
    """The address that a document at `url` means by `told`, path or whole address; empty unless on the same host."""
    try:
        joined = urljoin(url, told)
    except ValueError:
        return ""
    return joined if root_of(joined) and root_of(joined) == root_of(url) else ""
