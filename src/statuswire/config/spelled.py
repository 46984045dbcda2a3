"""Settings in a few words, without secrets: what a filter asks for, how quietly a route tells, where a channel is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from statuswire.channels.base import STANDARD_OUTPUT, ChannelSettings
from statuswire.config.routes import FilterConfig
from statuswire.config.types import spell_duration
from statuswire.model import Digest, Escalation, Mode, Quiet, QuietHours

_PASSWORD: Final = re.compile(r"(?<=://)[^/@\s]*@")
_DAY: Final = timedelta(days=1)
_STANDARD: Final = "standard output"


def without_password(url: str) -> str:
    return _PASSWORD.sub("", url)


def asked_words(asked: FilterConfig) -> str:
    given = ((name, getattr(asked, name)) for name in FilterConfig.model_fields)
    return ", ".join(f"{name} {' or '.join(words)}" for name, words in given if words) or "everything"


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


# --- quiet --------------------------------------------------------------------------------------------------------


def quiet_words(quiet: Quiet) -> Iterator[str]:
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
