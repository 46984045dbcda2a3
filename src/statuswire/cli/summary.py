"""A good configuration in a few lines: what is watched, where it is told, by which routes, and what is withheld."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from statuswire.channels.terminal import one_line
from statuswire.config import Config, FilterConfig, spell_duration
from statuswire.config.spelled import asked_words, quiet_words, where, without_password
from statuswire.model import Route


def lines(config: Config, path: Path | None) -> Iterator[str]:
    """No secret is in them: of addresses only the hosts."""
    pages = ", ".join(target.slug for target in config.targets) or "none"
    yield f"{path or 'the built-in configuration'}: good"
    yield f"  database  {without_password(config.database)}"
    if place := config.redis.place():
        yield f"  redis     {place}"
    yield f"  server    {config.server.host}:{config.server.port}"
    polled, faster = spell_duration(config.poll.interval), spell_duration(config.poll.while_open)
    yield f"  poll      every {polled}, every {faster} while something is open"
    yield f"  pages     {len(config.targets)}: {pages}"
    yield f"  hooks     signed: {', '.join(config.hooks.secrets) or 'none'}"
    yield from _listed(
        "channels", [(name, f"{one.kind}, {where(one.settings)}") for name, one in config.channels.items()]
    )
    yield from _listed("routes", [(route.name, _route(route, asked)) for route, asked in _routes(config)])
    yield from _listed("silences", [("", _silence(one, one.reason, one.until)) for one in config.silences])
    if config.contracts:
        promised = [(name, f"{one.page}: {one.objective} %") for name, one in config.contracts.items()]
        yield from _listed("contracts", promised)


def _listed(title: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield f"  {title:9} {len(rows) or 'none'}"
    width = max((len(name) for name, _ in rows), default=0)
    for name, text in rows:
        yield f"    {f'{name:{width}}  ' if name else ''}{one_line(text)}"


# --- routes ------------------------------------------------------------------------------------------------------


def _routes(config: Config) -> Iterator[tuple[Route, FilterConfig]]:
    """With what each asks for in its own words; those of channels that no route names ask for nothing."""
    for index, route in enumerate(config.told()):
        yield route, config.routes[index] if index < len(config.routes) else FilterConfig()


def _route(route: Route, asked: FilterConfig) -> str:
    said = [f"to {', '.join(route.channels)}: {asked_words(asked)}", *quiet_words(route.quiet)]
    return "; ".join([*said, f"template {route.template}"] if route.template else said)


def _silence(asked: FilterConfig, reason: str, until: datetime | None) -> str:
    end = "for good" if until is None else f"until {until:%Y-%m-%d %H:%M} UTC"
    return f"{asked_words(asked)}; {end}: {reason}"
