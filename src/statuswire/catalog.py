"""The catalog of known status pages (`catalog.csv`), and what a user may mean by a word or an address.

A provider is a row of data; the columns are the fields of `Provider`, aliases separated by blanks. `platform` is empty
where it has to be found by looking; `weak` says that it is told by weak evidence only. `feed_url` is set only where the
page is read through one feed instead of its platform's own addresses. `seen` is the day on which `catalog verify` last
found the row true. Compiled from public lists and the vendors' own pages, checked 2026-11.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache
from heapq import nsmallest
from importlib.resources import files
from urllib.parse import SplitResult, urlsplit

from statuswire.errors import ConfigError

_FEED_ENDINGS = (".rss", ".atom", ".xml", ".json", ".rdf")
_FEED_WORDS = frozenset({"feed", "feeds", "rss", "atom"})
_TYPO_CUTOFF = 0.6
Likeness = Callable[[str], float]
_USUAL_TAIL = re.compile(r"(?:/(?:api|v\d|history|feeds?|rss|atom|all|index|summary)(?:\.[a-z]+)?|/)+$")
"""The part of a feed's path that says only that it is a feed."""


@dataclass(frozen=True, slots=True)
class Provider:
    """One row of the catalog.

    `lists` is how many public lists name it, which says how well known it is; `is_weak`: the platform is told by weak
    evidence; `seen` the day on which the row was last confirmed. `hosts` are those of the status page and of the
    provider's site, without `www.`.
    """

    slug: str
    name: str
    page_url: str
    platform: str
    feed_url: str
    page_id: str
    category: str
    homepage: str
    aliases: tuple[str, ...]
    lists: int
    is_weak: bool
    seen: str
    hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """A page to watch, as far as it is known before it was looked at.

    `platform` None: to be recognised by looking. `feed_url`: read this one address instead of the platform's own.
    `is_named` is False where `name` is only derived from the address, so that the provider's own name should
    replace it. `components` are patterns of the components that matter, empty for all of them. `hint` is a platform
    that weak evidence speaks for; `page_id` the provider's id of the page, where the platform cannot be polled without.
    """

    slug: str
    name: str
    url: str
    platform: str | None = None
    feed_url: str | None = None
    components: tuple[str, ...] = ()
    allow_private: bool = False
    is_named: bool = True
    hint: str = ""
    page_id: str | None = None


@cache
def providers() -> tuple[Provider, ...]:
    """All rows, sorted by slug. Read once, when first asked for."""
    text = files("statuswire").joinpath("catalog.csv").read_text(encoding="utf-8")
    return tuple(_provider(row) for row in csv.DictReader(text.splitlines()))


def find(slug: str) -> Provider | None:
    """The provider of exactly this slug or alias, case aside."""
    return _by_word().get(slug.strip().lower())


def search(query: str, limit: int = 20) -> tuple[Provider, ...]:
    """Providers that match, best first: exact names, then beginnings, parts, categories, and near misses."""
    wanted = query.strip().lower()
    if not wanted:
        return providers()[:limit]
    likeness = _likeness_to(wanted)
    scored = [(_score(wanted, one, likeness), one) for one in providers()]
    hits = [(-score, -one.lists, one.slug, one) for score, one in scored if score >= _TYPO_CUTOFF]
    return tuple(hit[-1] for hit in nsmallest(limit, hits))


def nearest(slug: str, limit: int = 3) -> tuple[str, ...]:
    """Slugs that a user who wrote an unknown one may have meant."""
    return tuple(one.slug for one in search(slug, limit))


def resolve(what: str) -> Target:
    """What a user means by a catalog slug, the address of a status page, or the address of a feed.

    Raises ConfigError with the nearest slugs for an unknown word, and for an address that is not http or https.
    """
    what = what.strip()
    if not _looks_like_address(what):
        return _from_slug(what)
    return _from_url(what)


def target_of(provider: Provider) -> Target:
    """The page as far as the catalog knows it; a platform told by weak evidence is only a hint."""
    return Target(
        provider.slug,
        provider.name,
        provider.page_url,
        platform=None if provider.is_weak else provider.platform or None,
        feed_url=provider.feed_url or None,
        hint=provider.platform if provider.is_weak else "",
        page_id=provider.page_id or None,
    )


def slug_of(url: str) -> str:
    """A stable slug for an address nobody named: `https://status.example.com` is `example-com`.

    The usual names of feeds are left out, so that a page and its feed are one page.
    """
    parts = urlsplit(url)
    host = re.sub(r"^(?:www|status)\.", "", parts.hostname or "")
    place = f"{host}:{parts.port}" if parts.port else host
    return (
        re.sub(r"[^a-z0-9]+", "-", (place + _USUAL_TAIL.sub("", parts.path.lower())).lower()).strip("-")[:80] or "page"
    )


def is_feed_address(url: str) -> bool:
    """Whether an address names a feed or a document rather than a page for people, judged by its spelling."""
    path = urlsplit(url).path.lower().rstrip("/")
    return path.endswith(_FEED_ENDINGS) or not _FEED_WORDS.isdisjoint(re.split(r"[/.]", path))


def _provider(row: dict[str, str]) -> Provider:
    return Provider(
        row["slug"],
        row["name"],
        row["page_url"],
        row["platform"],
        row["feed_url"],
        row["page_id"],
        row["category"],
        row["homepage"],
        tuple(row["aliases"].split()),
        int(row["lists"]),
        row["weak"] == "weak",
        row["seen"],
        tuple(_host_of(url) for url in (row["page_url"], row["homepage"]) if url),
    )


def _host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


@cache
def _by_word() -> dict[str, Provider]:
    """Slugs, names and aliases; a slug always wins over another row's alias."""
    words = {alias: one for one in providers() for alias in one.aliases}
    words |= {one.name.lower(): one for one in providers()}
    return words | {one.slug: one for one in providers()}


@cache
def _by_place() -> dict[str, Provider]:
    places: dict[str, Provider] = {}
    for one in providers():
        places[_place(urlsplit(one.page_url))] = one
        if one.feed_url:
            places[_place(urlsplit(one.feed_url))] = one
    return places


def _place(parts: SplitResult) -> str:
    """Host without `www.` and port, and the path without a slash at its end."""
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port else ""
    return host + port + parts.path.rstrip("/")


def _score(wanted: str, one: Provider, likeness: Likeness) -> float:
    """1 for the very word, less for weaker likeness; below 0.6 is no match."""
    words = (one.slug, one.name.lower(), *one.aliases)
    if wanted in words or wanted in one.hosts:
        return 1.0
    if any(word.startswith(wanted) for word in words):
        return 0.95
    if any(wanted in word for word in words) or any(wanted.endswith(f".{host}") for host in one.hosts):
        return 0.9
    if wanted == one.category or wanted in one.category.split("-"):
        return 0.85
    return 0.8 * max(map(likeness, words))


def _likeness_to(wanted: str) -> Likeness:
    """Letters in common with `wanted`, weighted; 0 for words of very different length and those surely too unlike."""
    matcher = SequenceMatcher(None, "", wanted, autojunk=False)
    enough = _TYPO_CUTOFF / 0.8
    most = max(3, len(wanted) // 2)

    def likeness(word: str) -> float:
        if abs(len(word) - len(wanted)) > most:
            return 0.0
        matcher.set_seq1(word)
        return matcher.ratio() if matcher.quick_ratio() >= enough else 0.0

    return likeness


def _looks_like_address(what: str) -> bool:
    """A scheme, a dot followed by letters, or a port: `status.example.com` is meant as an address."""
    if find(what) is not None:
        return False
    return "://" in what or "/" in what or re.fullmatch(r"[\w-]+(\.[\w-]+)*(\.[a-zA-Z]{2,}|:\d+)", what) is not None


def _from_slug(word: str) -> Target:
    provider = find(word)
    if provider is not None:
        return target_of(provider)
    near = nearest(word)
    hint = f"; nearest: {', '.join(near)}" if near else ""
    raise ConfigError(
        f"`{word}` is not in the catalog{hint} (or give the address of a status page or feed, https://...)"
    )


def _from_url(what: str) -> Target:
    url = what if "://" in what else f"{_usual_scheme(what)}://{what}"
    parts = _checked(url)
    known = _by_place().get(_place(parts))
    if known is None and is_feed_address(url):
        known = _by_place().get(_place(parts._replace(path="")))
    feed_url = url if is_feed_address(url) else None
    if known is not None:
        target = target_of(known)
        return replace(target, feed_url=feed_url) if feed_url else target
    home = f"{parts.scheme}://{parts.netloc}" if feed_url else url.rstrip("/")
    return Target(slug_of(url), _host_name(parts), home, None, feed_url, is_named=False)


def _usual_scheme(address: str) -> str:
    """https, but for a server on this machine, which rarely has it."""
    return "http" if re.match(r"(?:127\.|localhost\b|\[::1\])", address) else "https"


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        has_place = (
            url.isprintable()
            and " " not in url
            and parts.scheme in ("http", "https")
            and bool(parts.hostname)
            and parts.port != 0
        )
    except ValueError as error:
        raise ConfigError(f"`{url}` is not an address: {error}") from error
    if not has_place:
        raise ConfigError(f"`{url}` is not an address of a status page; right: https://status.example.com")
    if parts.username is not None:
        raise ConfigError("an address with a user name or password in it is not accepted")
    return parts


def _host_name(parts: SplitResult) -> str:
    return re.sub(r"^(?:www|status)\.", "", parts.hostname or "")
