"""From the address of a page to the addresses of a vendor's documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from statuswire.model import FeedSpec
from statuswire.platforms.reading import split_url


def origin(url: str) -> str:
    """Scheme and host; empty for what is no web address."""
    address = split_url(url)
    if address is None or address.scheme not in ("http", "https") or not address.netloc:
        return ""
    return f"{address.scheme}://{address.netloc}"


def path_of(url: str) -> str:
    """The path without the slash at its end; empty for what is no address."""
    address = split_url(url)
    return address.path.rstrip("/") if address else ""


def named_document(url: str, documents: Sequence[tuple[str, FeedSpec]]) -> tuple[FeedSpec, ...]:
    """The one document that the address itself names, by how its path ends; none where it is that of a page."""
    path = path_of(url)
    return next(((replace(spec, url=url, tier=0),) for ending, spec in documents if path.endswith(ending)), ())
