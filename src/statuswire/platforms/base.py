"""What a platform is: functions from a page address to feeds and from bytes to a Snapshot. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from statuswire.model import Document, FeedSpec, Snapshot

Parse = Callable[[Document], Snapshot]


def _never(_: Document) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Platform:
    """One status-page product and how to read it.

    `feeds(page_url, page_id)` lists the URLs to poll (`page_id` is the provider's id of the page where it is known).
    `parse(document)` and `parse_hook(document)` return a Snapshot or raise ParseError, and nothing else.
    `recognize(document)` is True only where the content alone proves this platform.
    `hosts` are suffixes of host names that belong to the product.
    """

    name: str
    title: str
    feeds: Callable[[str, str | None], tuple[FeedSpec, ...]]
    parse: Parse
    parse_hook: Parse | None = None
    recognize: Callable[[Document], bool] = _never
    hosts: tuple[str, ...] = ()
    is_experimental: bool = False
