"""What a user may mean by a word or an address: the page to watch."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import SplitResult, urlsplit

from statuswire.catalog.rows import Provider, providers
from statuswire.catalog.searching import find, nearest
from statuswire.errors import ConfigError

_FEED_ENDINGS = (".rss", ".atom", ".xml", ".json", ".rdf")
_FEED_WORDS = frozenset({"feed", "feeds", "rss", "atom"})
_USUAL_TAIL = re.compile(r"(?:/(?:api|v\d|history|feeds?|rss|atom|all|index|summary)(?:\.[a-z]+)?|/)+$")
"""The part of a feed's path that says only that it is a feed."""


@dataclass(frozen=True, slots=True)
class Target:
    """A page to watch, as far as it is known before it was looked at.

    `platform` None: to be recognised by looking. `feed_url`: read this one address instead of the platform's own.
    `is_named` is False where `name` is only derived from the address, so that the provider's own name should
    replace it. `components` are patterns of the components that matter, empty for all of them. `hint` is a platform
    that weak evidence speaks for; `page_id` the provider's id of the page, where the platform cannot be polled without.
    `time_zone` is the IANA name of the zone of times that carry none, where the operator said it.
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
    time_zone: str | None = None


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


def place_of(url: str) -> str:
    """Where a page is, for comparing: without scheme, `www.` and the ends that only say that something is a document
    of the page. Empty for what is no address."""
    try:
        place = _place(urlsplit(url))
    except ValueError:
        return ""
    return _USUAL_TAIL.sub("", place.lower())


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
