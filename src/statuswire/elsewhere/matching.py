"""What becomes of what another tool lists: a page of the catalog, a page by its address, or nothing, and why."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from statuswire.catalog import find, is_feed_address, resolve, slug_of
from statuswire.config.own import RESERVED
from statuswire.discovery import tables
from statuswire.elsewhere.listed import Listed, Outcome, Taken
from statuswire.errors import ConfigError

_OF_API = re.compile(r"/(?:api/v\d(?:/[\w.-]+)*|index\.json|summary\.json|history\.(?:rss|atom))/?$")
"""What stands behind a page's address in that of its documents; the page itself is better known."""

_HOSTED = re.compile(
    r"\.(?:statuspage\.io|status\.io|instatus\.com|betteruptime\.com|betterstack\.com|hund\.io|statuscast\.com"
    r"|statushub\.io|sorryapp\.com|status\.page|openstatus\.dev|incident\.io|onlineornot\.com|freshstatus\.io"
    r"|statuspal\.(?:io|eu)|cronitor\.io|uptimerobot\.com|site24x7statusiq\.com)$"
)
"""Hosts of the makers of status pages, below which the pages are those of their customers."""

_SPEAKS_OF_STATUS = re.compile(r"(?:^|[.-])\w*status\w*(?:[.-]|$)|^(?:trust|health|uptime)\.")


@dataclass(frozen=True, slots=True)
class _Address:
    """An address that a page may have, without user, query and fragment."""

    url: str
    host: str


def take(listed: Iterable[Listed], watched: Mapping[str, str]) -> list[Taken]:
    """What becomes of each, in their order; `watched` are the slugs that are there already, with their addresses."""
    known = dict(watched)
    taken: list[Taken] = []
    for one in listed:
        found = _taken(one)
        if found.page:
            found = _unless_known(found, known, watched)
        if found.page:
            known[str(found.page["slug"])] = _place(found)
        taken.append(found)
    return taken


def _unless_known(found: Taken, known: Mapping[str, str], watched: Mapping[str, str]) -> Taken:
    """Left out where the page is there already (`known`: those that are watched, and those of the list before it);
    under another slug where only the slug is."""
    slug, place = str(found.page["slug"]), _place(found)
    same = slug if (slug in known and known[slug] in (place, "")) or (not place and slug in known) else ""
    same = same or next((one for one, url in known.items() if place and url == place), "")
    if same:
        why = f"is watched as {same}" if same in watched else f"is listed twice, as {same}"
        return Taken(found.listed, Outcome.WATCHED, why)
    free = next(one for one in _slugs(slug) if one not in known)
    return replace(found, page={**found.page, "slug": free})


def _slugs(slug: str) -> Iterator[str]:
    yield slug
    yield from (f"{slug[:76]}-{number}" for number in range(2, 1000))


def _place(found: Taken) -> str:
    """The address by which a page is watched; empty for one of the catalog."""
    return str(found.page.get("feed", found.page.get("url", "")))


def _taken(one: Listed) -> Taken:
    if one.reason:
        return Taken(one, Outcome.LEFT_OUT, one.reason)
    if not one.url:
        return _by_name(one)
    try:
        address = _address(one.url)
        target = resolve(_OF_API.sub("", address.url))
    except ConfigError as error:
        return Taken(one, Outcome.LEFT_OUT, _worded(error))
    if target.is_named:
        return _of_catalog(one, target.slug, "its page")
    return _of_vendor(one, address.host) or _by_address(one, address, target.url)


def _by_name(one: Listed) -> Taken:
    provider = find(one.name) or (find(one.slug) if one.slug else None)
    if provider is not None:
        return _of_catalog(one, provider.slug, "its name")
    return Taken(one, Outcome.LEFT_OUT, "has no address, and nothing in the catalog has its name")


def _of_vendor(one: Listed, host: str) -> Taken | None:
    """A host of a vendor that the catalog knows, or a page that moved and kept its name."""
    if _HOSTED.search(host):
        named = find(one.name) if one.is_page else None
        return _of_catalog(one, named.slug, "its name") if named else None
    found = tables.host_of_vendor(host)
    if found is None or not (one.is_check or _SPEAKS_OF_STATUS.search(host)):
        return None
    return _of_catalog(one, found[1].slug, "a host of that vendor")


def _by_address(one: Listed, address: _Address, page_url: str) -> Taken:
    is_page = one.is_page or bool(_HOSTED.search(address.host) or _SPEAKS_OF_STATUS.search(address.host))
    if not is_page:
        return Taken(one, Outcome.LEFT_OUT, "is no status page, by its address; what is yours is not checked from here")
    url = address.url if one.is_page else page_url
    place = {"feed": address.url} if is_feed_address(_OF_API.sub("", address.url)) else {"url": _OF_API.sub("", url)}
    slug = slug_of(next(iter(place.values())))
    said: dict[str, object] = {"slug": f"{slug}-page" if slug in RESERVED else slug}
    name = " ".join(one.name.split())[:200]
    return Taken(one, Outcome.ADDRESS, "by its address", {**said, **({"name": name} if name else {}), **place})


def _of_catalog(one: Listed, slug: str, by: str) -> Taken:
    return Taken(one, Outcome.CATALOG, f"by {by}", {"slug": slug})


def _address(url: str) -> _Address:
    """Raises ConfigError for what is none, has a password, or lies on a private network."""
    resolve(url)
    parts = urlsplit(url if "://" in url else f"https://{url}")
    host = (parts.hostname or "").rstrip(".")
    if _is_private(host):
        raise ConfigError("is on a private network: add it to the file with `allow_private: true`")
    return _Address(parts._replace(query="", fragment="").geturl().rstrip("/"), host)


def _is_private(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith((".local", ".internal", ".lan", ".home.arpa", ".localhost"))


def _worded(error: ConfigError) -> str:
    """The sentence without the address that it quotes, which may hold a secret."""
    text = str(error)
    return text if text.startswith(("is ", "an ")) else "is not an address of a status page"
