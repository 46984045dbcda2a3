"""Orders about pages and routes that are kept in the database instead of the file.

What is said is read by the models of the file before anything is kept; a running service takes it up afterwards
(`adopting`). What stands in the file can only be changed there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from ipaddress import ip_address
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import msgspec

from statuswire.catalog import Target
from statuswire.config import Config, own
from statuswire.engine import left, places
from statuswire.engine.obeyed import Obeyed
from statuswire.model import Own
from statuswire.net.addresses import is_public
from statuswire.platforms import EMAIL
from statuswire.store import Tx, queries

ORIGIN: Final = left.OWN
"""Where pages of the database come from."""

LONGEST: Final = 64 * 1024
"""Bytes of what is said of one page or route."""

Body = dict[str, object]


class PutPage(msgspec.Struct, frozen=True, tag="put_page"):
    """Watch a page, or say something else of it: `body` is what the file would hold. Without `slug` it is that of the
    body, or comes of its address. `is_new`: only if there is none yet."""

    body: Body
    slug: str = ""
    is_new: bool = False
    author: str = ""


class DropPage(msgspec.Struct, frozen=True, tag="drop_page"):
    """Watch a page no more: one of the database, or one that a configuration file named and nobody polls. What is known
    of it is kept."""

    slug: str
    author: str = ""


class PutRoute(msgspec.Struct, frozen=True, tag="put_route"):
    """Tell something on a channel, or change how: `body` is what the file would hold. Routes count in the order of
    `position`; without one the route stays where it is, and a new one comes last."""

    body: Body
    name: str = ""
    position: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] | None = None
    is_new: bool = False
    author: str = ""


class DropRoute(msgspec.Struct, frozen=True, tag="drop_route"):
    """Tell nothing more by a route."""

    name: str
    author: str = ""


def load(tx: Tx, file: Config) -> own.Merged:
    """What the file says, with the pages and routes of the database behind those of the file."""
    return own.merge(file, queries.own_pages(tx), queries.own_routes(tx))


# --- pages -------------------------------------------------------------------------------------------------------


def _put_page(tx: Tx, order: PutPage, now: datetime, config: Config | None) -> Obeyed:
    page = own.read_page(_named(order.body, "slug", order.slug), None)
    if isinstance(page, tuple):
        return _wrong(page)
    target = page.target()
    body = {**order.body, "slug": target.slug}
    faults = _faults(own.read_page(body, None), body, "slug", order.slug)
    if faults:
        return _wrong(faults)
    if _is_of_file(target.slug, config):
        return Obeyed(False, f"{target.slug} stands in the configuration file, and is changed there", name=target.slug)
    queries.lock_own(tx)
    is_there = _find(queries.own_pages(tx), target.slug) is not None
    if is_there and order.is_new:
        return Obeyed(False, f"there is a page {target.slug} already", name=target.slug)
    queries.put_own_page(tx, target.slug, body, order.author, now)
    queries.take_up_pages(tx, [target.slug])
    _make(tx, target)
    sentence = f"{target.slug} is {'changed' if is_there else 'watched'}{_also(tx, target, config)}"
    return Obeyed(True, sentence, name=target.slug)


def _also(tx: Tx, target: Target, config: Config | None) -> str:
    """What may be meant and is more often a slip: another page of the same address, for other components; and a private
    address, which only a page of the file may have."""
    others = load(tx, config).config.targets if config is not None else ()
    place = (target.url, target.feed_url)
    same = next((one.slug for one in others if one.slug != target.slug and (one.url, one.feed_url) == place), "")
    remark = f"; {same} has the same address" if same else ""
    if _is_private(target.feed_url or target.url):
        remark += "; its address is private and is not asked: put it in the file, with `allow_private: true`"
    return remark


def _is_private(url: str) -> bool:
    """As far as the address itself says it."""
    host = urlsplit(url).hostname or ""
    try:
        return not is_public(str(ip_address(host)))
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _make(tx: Tx, target: Target) -> None:
    """The page is there as soon as the order is obeyed, so that it can be shown; what is read of it comes later."""
    if target.platform != EMAIL and queries.page_by_slug(tx, target.slug) is None:
        places.put(tx, target, ORIGIN)


def _drop_page(tx: Tx, order: DropPage, now: datetime, config: Config | None) -> Obeyed:
    was_own, is_of_file = queries.drop_own_page(tx, order.slug), _is_of_file(order.slug, config)
    if is_of_file and not was_own:
        return Obeyed(False, f"{order.slug} stands in the configuration file, and is taken out there")
    page = queries.page_by_slug(tx, order.slug)
    if not was_own and (page is None or page.dropped_at is not None or page.origin not in left.ORIGINS):
        return Obeyed(False, f"there is no page {order.slug} to drop")
    if page is not None and not is_of_file:
        if not was_own and left.is_polled(tx, page, now):
            return Obeyed(False, f"{order.slug} stands in the configuration file of another process that polls it")
        queries.drop_pages(tx, [page.id], now)
    return Obeyed(True, f"{order.slug} is not watched any more; what is known of it is kept", name=order.slug)


def _is_of_file(slug: str, config: Config | None) -> bool:
    return config is not None and own.is_page_of_file(config, slug)


# --- routes ------------------------------------------------------------------------------------------------------


def _put_route(tx: Tx, order: PutRoute, now: datetime, config: Config | None) -> Obeyed:
    body = _named(order.body, "name", order.name)
    name = str(body.get("name"))
    if config is not None and any(one.name == name for one in config.routes):
        return Obeyed(False, f"route {name} stands in the configuration file, and is changed there", name=name)
    route = own.read_route(body, config)
    faults = _faults(route, body, "name", order.name)
    if isinstance(route, tuple) or faults:
        return _wrong(faults)
    queries.lock_own(tx)
    known = queries.own_routes(tx)
    before = _find(known, route.name)
    if before is not None and order.is_new:
        return Obeyed(False, f"there is a route {route.name} already", name=route.name)
    position = order.position
    if position is None:
        position = before.position if before is not None else max((one.position for one in known), default=-1) + 1
    queries.put_own_route(tx, route.name, body, position, order.author, now)
    return Obeyed(True, f"route {route.name} is {'changed' if before else 'added'}", name=route.name)


def _drop_route(tx: Tx, order: DropRoute, now: datetime, config: Config | None) -> Obeyed:
    if queries.drop_own_route(tx, order.name):
        return Obeyed(True, f"route {order.name} tells nothing any more", name=order.name)
    if config is not None and own.is_route_of_file(config, order.name):
        return Obeyed(False, f"route {order.name} comes from the configuration file, and is changed there")
    return Obeyed(False, f"there is no route {order.name} to drop")


# --- what both have in common ------------------------------------------------------------------------------------


def _named(body: Body, key: str, name: str) -> Body:
    """The body with the name that the order gives, where it has none of its own."""
    return body if not name or body.get(key) else {**body, key: name}


def _faults(read: object, body: Body, key: str, name: str) -> own.Faults:
    if isinstance(read, tuple):
        return read
    if name and body[key] != name:
        return (own.Fault(key, f"is `{body[key]}`, but this is `{name}`"),)
    if len(msgspec.json.encode(body)) > LONGEST:
        return (own.Fault("", f"more than {LONGEST // 1024} KiB are too much to say"),)
    return ()


def _wrong(faults: own.Faults) -> Obeyed:
    return Obeyed(False, "; ".join(map(str, faults)), faults=faults)


def _find(some: list[Own], name: str) -> Own | None:
    return next((one for one in some if one.name == name), None)


WAYS: Final[Mapping[type[Any], Callable[[Tx, Any, datetime, Config | None], Obeyed]]] = {
    PutPage: _put_page,
    DropPage: _drop_page,
    PutRoute: _put_route,
    DropRoute: _drop_route,
}

NAMES: Final[Mapping[type[Any], tuple[str, str]]] = {
    PutPage: ("page.put", "page/{named}"),
    DropPage: ("page.drop", "page/{named}"),
    PutRoute: ("route.put", "route/{named}"),
    DropRoute: ("route.drop", "route/{named}"),
}
"""How the log of changes calls each, and what it changes."""
