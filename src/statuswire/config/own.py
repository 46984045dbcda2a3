"""Pages and routes that are kept in the database instead of the file: what is wrong with them, and all as one `Config`.

They are read by the models of the file. The file counts first: what has the name of something that stands there is left
out. Secrets, private addresses and files of the machine are for the file alone, since whoever writes it rules over the
machine anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

from pydantic import ValidationError

from statuswire.catalog import find, resolve
from statuswire.catalog.targets import is_feed_address
from statuswire.config import words
from statuswire.config.access import ACCESS_KEYS
from statuswire.config.base import Settings
from statuswire.config.routes import RouteConfig, routes_of, wrong_routes
from statuswire.config.settings import Config, PageConfig
from statuswire.model import Own

RESERVED: Final = frozenset({"add", "all", "new"})
"""Slugs that addresses of ours need for themselves."""

FOR_THE_FILE: Final = ACCESS_KEYS | {"allow_private"}
"""Keys of a page that a page of the database may not have."""

M = TypeVar("M", bound=Settings)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field (`digest.every`, `components[1]`; empty: with the whole), in a sentence that goes on
    after its name."""

    field: str
    sentence: str

    def __str__(self) -> str:
        return f"`{self.field}` {self.sentence}" if self.field else self.sentence


Faults: TypeAlias = tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A page or route of the database that does not count, and why."""

    kind: str
    name: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The configuration with pages and routes of the database behind those of the file."""

    config: Config
    left_out: tuple[LeftOut, ...] = ()


def read_page(body: Mapping[str, object], config: Config | None) -> PageConfig | Faults:
    """The page that the body says, or what is wrong with it; without a `config` as far as that is known without the
    file."""
    forbidden = [key for key in body if key in FOR_THE_FILE and body[key] is not False]
    if forbidden:
        return tuple(Fault(key, "can only be set in the configuration file") for key in forbidden)
    page = _read(PageConfig, body)
    if isinstance(page, tuple):
        return page
    slug = page.target().slug
    if slug in RESERVED:
        return (Fault("slug", f"may not be `{slug}`, which addresses of statuswire need; give it another `slug`"),)
    if config is not None and is_page_of_file(config, slug):
        return (Fault("slug", f"is `{slug}`, which stands in the configuration file; change it there"),)
    return page


def read_route(body: Mapping[str, object], config: Config | None) -> RouteConfig | Faults:
    """The route that the body says, or what is wrong with it; without a `config` as far as that is known without the
    file."""
    route = _read(RouteConfig, body)
    if isinstance(route, tuple):
        return route
    if not route.name:
        return (Fault("name", "is needed"),)
    if config is None:
        return route
    wrong = wrong_routes((route,), config.quiet, config.channels, config.templates)
    faults = [Fault(words.spell(path[1:]), sentence) for path, sentence in wrong]
    if route.name in _taken(config, route):
        faults.append(Fault("name", f"is `{route.name}`, the name of a route of the configuration file"))
    return tuple(faults) or route


def page_of_word(word: str) -> dict[str, object]:
    """The body that a bare slug or address stands for. Raises ConfigError for a word that is neither."""
    target = resolve(word)
    if find(word) is not None:
        return {"slug": target.slug}
    return {"feed": target.feed_url} if is_feed_address(word) else {"url": target.url}


def is_page_of_file(config: Config, slug: str) -> bool:
    return any(target.slug == slug for target in config.targets)


def is_route_of_file(config: Config, name: str) -> bool:
    """Also of a channel that no route of the file names."""
    return any(route.name == name for route in config.told())


def merge(config: Config, own_pages: Iterable[Own], own_routes: Iterable[Own]) -> Merged:
    """The file's first, then those of the database, as far as they can be had beside it."""
    left_out: list[LeftOut] = []

    def fitting(kind: str, some: Iterable[Own], found: Iterable[M | Faults]) -> Iterator[M]:
        for own, one in zip(some, found, strict=True):
            if isinstance(one, tuple):
                left_out.append(LeftOut(kind, own.name, "; ".join(map(str, one))))
            else:
                yield one

    some_pages, some_routes = tuple(own_pages), tuple(own_routes)
    pages = fitting("page", some_pages, [read_page(own.body, config) for own in some_pages])
    routes = fitting("route", some_routes, [read_route(own.body, config) for own in some_routes])
    update = {"pages": (*config.pages, *pages), "routes": (*config.routes, *routes)}
    return Merged(config.model_copy(update=update), tuple(left_out))


def _read(model: type[M], body: Mapping[str, object]) -> M | Faults:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        return tuple(_faults(error, model))


def _faults(error: ValidationError, model: type[Settings]) -> Iterator[Fault]:
    for path, type_, sentence in words.inside(error, model):
        if type_ == "extra_forbidden":
            here = [key for key in words.settings_at(model, path[:-1]) if key not in FOR_THE_FILE]
            sentence = f"is not a setting; {words.choices(str(path[-1]), here)}"
        yield Fault(words.spell(path), sentence)


def _taken(config: Config, route: RouteConfig) -> frozenset[str]:
    """The names of the file's own routes, once this one names its channels."""
    named = {name for _, name in route.named}
    unnamed = [name for name in config.channels if name not in named]
    return frozenset(one.name for one in routes_of(config.routes, config.quiet, unnamed))
