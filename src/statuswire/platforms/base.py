"""What a platform is: functions from a page address to feeds and from bytes to a Snapshot. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from statuswire.model import Document, FeedSpec, Snapshot

if TYPE_CHECKING:
    from statuswire.platforms.sight import Sight

Parse = Callable[[Document], Snapshot]


class Confidence(StrEnum):
    """How well a format is known: `HIGH` documented or captured, `MEDIUM` from working code, `LOW` partly guessed."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Coverage:
    """What can be known of a page on this platform, in words for people; the rows of docs/platforms.md.

    `identity` says which id an incident and its updates have and where the same one is met; `absence` what it means
    that something is missing from a document. `checked` is the month in which the facts were last looked at.
    """

    components: bool = False
    incidents: bool = False
    updates: bool = False
    maintenances: bool = False
    identity: str = ""
    absence: str = "nothing"
    confidence: Confidence = Confidence.MEDIUM
    checked: str = "2026-11"


def _never(_: Sight) -> bool:
    return False


def _no_id(_: Document) -> str | None:
    return None


def _nothing_more(_: Document) -> tuple[FeedSpec, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Platform:
    """One status-page product, or one vendor's own page, and how to read it.

    `feeds(page_url, page_id)` lists the URLs to poll (`page_id` is the provider's id of the page where it is known;
    where a platform cannot be polled without it and has none, it lists nothing).
    `parse(document)` and `parse_hook(document)` return a Snapshot or raise ParseError, and nothing else.
    `recognize(sight)` is True only where the content alone proves this platform.

    How an unknown page is found to be of this platform: `hosts` are suffixes of host names that belong to the product;
    `headers` (name, beginning of the value) and `marks`, pieces of HTML, are what only its pages for people have;
    `probes` the paths worth asking for, relative to the page's address, when nothing speaks for a platform.
    `page_id(document)` reads the id that `feeds` needs from the page for people or from a probe's document, headers
    included; None where it has none.

    `more(document)` names documents that this one only points to (the bodies of its incidents, say): each is fetched
    once after the document has changed, and read by `parse` like any other.
    """

    name: str
    title: str
    feeds: Callable[[str, str | None], tuple[FeedSpec, ...]]
    parse: Parse
    parse_hook: Parse | None = None
    recognize: Callable[[Sight], bool] = _never
    hosts: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    marks: tuple[str, ...] = ()
    probes: tuple[str, ...] = ()
    page_id: Callable[[Document], str | None] = _no_id
    more: Callable[[Document], tuple[FeedSpec, ...]] = _nothing_more
    coverage: Coverage = Coverage()

    @property
    def is_experimental(self) -> bool:
        return self.coverage.confidence is Confidence.LOW
