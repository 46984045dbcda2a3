"""A good configuration in a few lines: what is watched, where it is told, by which routes, and what is withheld."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from statuswire.channels.base import STANDARD_OUTPUT, ChannelSettings
from statuswire.channels.terminal import one_line
from statuswire.config import Config, FilterConfig, spell_duration
from statuswire.model import Digest, Escalation, Mode, Quiet, QuietHours, Route

_PASSWORD: Final = re.compile(r"(?<=://)[^/@\s]*@")
_DAY: Final = timedelta(days=1)
_STANDARD: Final = "standard output"


def lines(config: Config, path: Path | None) -> Iterator[str]:
    """No secret is in them: of addresses only the hosts."""
    pages = ", ".join(target.slug for target in config.targets) or "none"
    yield f"{path or 'the built-in configuration'}: good"
    yield f"  database  {without_password(config.database)}"
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


def without_password(url: str) -> str:
    return _PASSWORD.sub("", url)


def _listed(title: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield f"  {title:9} {len(rows) or 'none'}"
    width = max((len(name) for name, _ in rows), default=0)
    for name, text in rows:
        yield f"    {f'{name:{width}}  ' if name else ''}{one_line(text)}"


# --- channels ----------------------------------------------------------------------------------------------------


def where(settings: ChannelSettings) -> str:
    """Where a channel tells things, without what opens its door: an address is told by its host, a program without its
    arguments."""
    said = (say(value) for name, say in _PLACES.items() if (value := getattr(settings, name, None)))
    return " ".join(filter(None, said)) or _STANDARD


def _host(url: SecretStr) -> str:
    """Of addresses other than HTTP's the scheme alone: Apprise has tokens where others have the host."""
    parts = urlsplit(url.get_secret_value())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return f"{parts.scheme}://..."
    return parts.netloc.rpartition("@")[2]


_PLACES: Final[Mapping[str, Callable[[Any], str]]] = {
    "url": _host,
    "host": str,
    "topic": lambda topic: "" if isinstance(topic, SecretStr | int) else f"topic {topic}",
    "path": lambda path: _STANDARD if path == STANDARD_OUTPUT else str(path),
    "command": lambda words: str(words[0]),
    "channel": lambda channel: f"channel {channel}",
    "chat": lambda chat: f"chat {chat}",
    "to": lambda addresses: f"to {', '.join(addresses)}",
}
"""By the names of settings, which mean the same in every kind."""


# --- routes ------------------------------------------------------------------------------------------------------


def _routes(config: Config) -> Iterator[tuple[Route, FilterConfig]]:
    """With what each asks for in its own words; those of channels that no route names ask for nothing."""
    for index, route in enumerate(config.told()):
        yield route, config.routes[index] if index < len(config.routes) else FilterConfig()


def _route(route: Route, asked: FilterConfig) -> str:
    said = [f"to {', '.join(route.channels)}: {_asked(asked)}", *_quiet(route.quiet)]
    return "; ".join([*said, f"template {route.template}"] if route.template else said)


def _asked(asked: FilterConfig) -> str:
    given = ((name, getattr(asked, name)) for name in FilterConfig.model_fields)
    return ", ".join(f"{name} {' or '.join(words)}" for name, words in given if words) or "everything"


def _silence(asked: FilterConfig, reason: str, until: datetime | None) -> str:
    end = "for good" if until is None else f"until {until:%Y-%m-%d %H:%M} UTC"
    return f"{_asked(asked)}; {end}: {reason}"


def _quiet(quiet: Quiet) -> Iterator[str]:
    """What differs from the usual."""
    for name, say in _QUIET.items():
        value = getattr(quiet, name)
        if value != getattr(Quiet(), name):
            yield say(value)


def _length(name: str) -> Callable[[timedelta], str]:
    return lambda length: f"{name} {spell_duration(length)}"


def _digest(one: Digest) -> str:
    zone = f" {one.zone}" if one.zone is not None else ""
    return f"digest daily at {one.at:%H:%M}{zone}" if one.every == _DAY else f"digest every {spell_duration(one.every)}"


def _hours(one: QuietHours) -> str:
    loud = ", ".join(sorted(one.loud)) or "nothing"
    return f"quiet hours {one.begin:%H:%M} to {one.end:%H:%M} {one.zone} but for {loud}"


def _escalation(one: Escalation) -> str:
    return f"also to {', '.join(one.channels)} after {spell_duration(one.after)}"


_QUIET: Final[Mapping[str, Callable[[Any], str]]] = {
    "hold": _length("hold"),
    "settle": _length("settle"),
    "flap": _length("flap"),
    "has_gate": lambda _: "gate off",
    "groups_titles": lambda _: "group off",
    "gathers": lambda _: "gather off",
    "mode": lambda mode: "first and last alone" if mode is Mode.FIRST_AND_LAST else str(mode),
    "digest": _digest,
    "quiet_hours": _hours,
    "escalation": _escalation,
    "is_quiet_in_maintenance": lambda _: "during maintenance too",
}
