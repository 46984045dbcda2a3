"""What is allowed and probably not meant: filters no page meets, silences that are over, channels without routes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from fnmatch import fnmatchcase

from statuswire.config import words
from statuswire.config.layers import KeyPath
from statuswire.config.mail import is_here
from statuswire.config.routes import FilterConfig
from statuswire.config.settings import Config


def remarks(config: Config, now: datetime) -> Iterator[tuple[KeyPath, str]]:
    """Sentences with their places, which begin with the key."""
    filters: list[tuple[str, int, FilterConfig]] = [
        *(("routes", index, one) for index, one in enumerate(config.routes)),
        *(("silences", index, one) for index, one in enumerate(config.silences)),
    ]
    known = _known(config)
    for kind, index, one in filters:
        for key, there in known.items():
            for glob in getattr(one, key):
                if not _is_met(glob, there):
                    path: KeyPath = (kind, index, key)
                    yield (
                        path,
                        f"`{words.spell(path)}`: no configured page has {_NAMES[key]} `{glob}`{_near(glob, there)}",
                    )
    for index, silence in enumerate(config.silences):
        if silence.until is not None and silence.until <= now:
            yield ("silences", index, "until"), f"`silences[{index}]` is over and withholds nothing any more"
    yield from _pageless(config, known["page"])
    yield from _unnamed(config)
    yield from _open_doors(config)
    if config.redis.url and config.database.startswith("sqlite:"):
        yield ("redis",), "`redis` is not used: one process alone has a database of SQLite"


def _pageless(config: Config, slugs: Sequence[str]) -> Iterator[tuple[KeyPath, str]]:
    """Contracts with pages that are not there; one that is kept in the database may be meant."""
    for name, one in config.contracts.items():
        if one.page not in slugs:
            path: KeyPath = ("contracts", name, "page")
            yield path, f"`{words.spell(path)}`: no configured page has the slug `{one.page}`{_near(one.page, slugs)}"


def _unnamed(config: Config) -> Iterator[tuple[KeyPath, str]]:
    """Channels that are told everything because no route names them, where there are routes."""
    named = {name for route in config.routes for _, name in route.named}
    for name in config.channels if config.routes else ():
        if name not in named:
            path: KeyPath = ("channels", name)
            yield path, f"`{words.spell(path)}`: no route names it, so it is told everything"


def _open_doors(config: Config) -> Iterator[tuple[KeyPath, str]]:
    """What lets in more people than is probably meant."""
    is_reachable = not is_here(config.server.host)
    if is_reachable and config.auth.required is False:
        remark = f"`auth`: whoever reaches {config.server.host} may do everything, without signing in"
        if not config.auth.hosts:
            remark += "; so may web pages whose name leads here (DNS rebinding), until `auth.hosts` names this service"
        yield ("auth",), remark
    if config.auth.oidc.issuer and config.auth.sign_in == "password":
        yield ("auth", "sign_in"), "`auth.sign_in` is `password`, so the provider of `auth.oidc` is never asked"


_NAMES = {"page": "the slug", "tag": "the tag", "category": "the category"}


def _known(config: Config) -> dict[str, tuple[str, ...]]:
    return {
        "page": tuple(target.slug for target in config.targets),
        "tag": tuple(dict.fromkeys(tag for page in config.pages for tag in page.tags)),
        "category": tuple(dict.fromkeys(page.category for page in config.pages if page.category)),
    }


def _is_met(glob: str, there: Sequence[str]) -> bool:
    return any(fnmatchcase(one.casefold(), glob.casefold()) for one in there)


def _near(glob: str, there: Sequence[str]) -> str:
    return f"; {words.choices(glob, there)}" if there else ""
