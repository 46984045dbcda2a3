"""What every feed format has in common: the shape it is read into, and how its addresses, ids and markup are read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar
from urllib.parse import urljoin

from statuswire.model import Problem
from statuswire.platforms.reading import TEXT_LIMIT, clean, split_url, title, unescape

ENTRY_LIMIT: Final = 1_000
"""The newest entries of a longer feed are read, the others counted in a problem."""

MARKUP_LIMIT: Final = 4 * TEXT_LIMIT

Element = TypeVar("Element")


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One entry. `id` is the provider's (Atom id, guid, JSON id; then `has_own_id`), else the link, else a digest of
    title and date.

    `html` is the content as real HTML, whatever the feed escaped how often. `extra` holds elements that no standard
    knows (`maintenanceEndDate`) by their local name.

    An entry is equal to itself alone: of a feed that changed, those that did not are the same objects again.
    """

    id: str
    link: str
    title: str
    html: str
    published: datetime | None = None
    updated: datetime | None = None
    categories: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=dict)
    has_own_id: bool = True


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A feed. `format` is `rss`, `rdf`, `atom` or `jsonfeed`; entries stand in the order of the document.

    `updated` is when the feed says it was built: it moves without any entry changing and must decide nothing. `wish` is
    how long it wants to be left alone after each read.
    """

    format: str
    title: str = ""
    link: str = ""
    self_link: str = ""
    generator: str = ""
    description: str = ""
    updated: datetime | None = None
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    wish: timedelta | None = None


# --- markup, addresses, ids --------------------------------------------------------------------------------------

_ESCAPED_TAG: Final = re.compile(r"&(?:amp;){0,3}lt;/?(?:p|br|b|small|strong|div|ul|span|h\d)\b", re.IGNORECASE)
_REAL_TAG: Final = re.compile(r"</?[A-Za-z]")


def real_html(written: str) -> str:
    """HTML out of what a feed or a JSON text holds: decoded again as long as its tags are still escaped."""
    markup = written[:MARKUP_LIMIT]
    for _ in range(3):
        if "&" not in markup or _REAL_TAG.search(markup) or not _ESCAPED_TAG.search(markup):
            break
        markup = clean(unescape(markup))
    return markup


_HOST: Final = re.compile(r"[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+(?::\d{1,5})?/")


_PLAIN_ADDRESS: Final = re.compile(r"https?://[!-Z^-~]{1,1000}")


def absolute(url: str, base: str) -> str:
    """The address with scheme and host: some leave out the scheme, some the host. Empty for no web address."""
    if _PLAIN_ADDRESS.fullmatch(url):
        return url
    url = title(url)
    if not url:
        return ""
    if _HOST.match(url):
        return f"https://{url}"
    try:
        joined = url if url.startswith(("http://", "https://")) else urljoin(base, url)
    except ValueError:
        return ""
    parts = split_url(joined)
    return joined if parts and parts.scheme in ("http", "https") and parts.netloc else ""


def derived_id(name: str, published: datetime | None, markup: str) -> str:
    """The id of an entry that has neither id nor link: stable as title and date are. Empty for an empty entry."""
    if not name and not markup:
        return ""
    parts = (name or markup, published.isoformat() if published else "")
    return "d-" + hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:16]


_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


def newest(
    elements: Sequence[Element], age: Callable[[Element], datetime | None], problems: list[Problem]
) -> Sequence[Element]:
    """At most ENTRY_LIMIT of the elements of a feed, the newest, in the order given; without dates the first ones."""
    if len(elements) <= ENTRY_LIMIT:
        return elements
    problems.append(Problem("feed", f"{len(elements)} entries, only the newest {ENTRY_LIMIT} are read"))
    moments = [age(element) or _LONG_AGO for element in elements]
    places = sorted(range(len(elements)), key=moments.__getitem__, reverse=True)[:ENTRY_LIMIT]
    return [elements[place] for place in sorted(places)]
