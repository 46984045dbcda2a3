"""Options that several commands have, what their words mean, and how a command ends."""
# ruff: noqa: PLC0415 - what only some options need is imported when one is given

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

from statuswire.cli import terms
from statuswire.errors import ConfigError

T = TypeVar("T")

LONGEST = timedelta(days=36_500)
"""What is longer leads out of the calendar."""

ConfigFile = Annotated[Path | None, terms.Option("--config", "-c", metavar="FILE", help="Configuration file (YAML).")]
Database = Annotated[str | None, terms.Option("--database", metavar="URL", help="Such as sqlite:///statuswire.db.")]
RedisUrl = Annotated[str | None, terms.Option("--redis", metavar="URL", help="Redis or Valkey between replicas.")]
Host = Annotated[str | None, terms.Option("--host", metavar="HOST", help="Address that the service listens on.")]
Port = Annotated[int | None, terms.Option("--port", "-p", metavar="PORT", help="Port that the service listens on.")]
Format = Annotated[
    str | None, terms.Option("--format", "-f", metavar="FORMAT", help="default, provider, watcher or json.")
]
Zone = Annotated[str | None, terms.Option("--tz", metavar="ZONE", help="Zone of the times shown; UTC otherwise.")]
Interval = Annotated[
    str | None, terms.Option("--interval", "-i", metavar="TIME", help="Time between two polls, such as 30s or 3m.")
]
HeartbeatEvery = Annotated[
    str | None, terms.Option("--heartbeat", metavar="TIME", help="Time between two heartbeats of the watcher format.")
]
AllowPrivate = Annotated[bool, terms.Option("--allow-private", help="Also look at loopback and private addresses.")]
Limit = Annotated[int, terms.Option("--limit", "-n", min=1, max=10_000, help="Rows at most.")]
LAST_ID = 2**63 - 1
"""The largest number that a database gives."""

AsJson = Annotated[bool, terms.Option("--json", help="Print JSON.")]
Debug = Annotated[bool, terms.Option("--debug", help="Log everything.")]
What = Annotated[
    list[str],
    terms.Argument(metavar="WHAT", help="Slugs, pages or feeds; WHAT:COMPONENT for one component."),
]
Reason = Annotated[str, terms.Option("--reason", metavar="TEXT", help="Why; it is shown where it counts.")]
For = Annotated[str | None, terms.Option("--for", metavar="TIME", help="How long, such as 2h.")]
Until = Annotated[str | None, terms.Option("--until", metavar="WHEN", help="A day or a moment, in UTC.")]


def ends_at(length: str | None, until: str | None) -> datetime | None:
    """The end that `--for` or `--until` names; None for good. Raises ConfigError."""
    from statuswire.config import parse_moment
    from statuswire.engine.clock import Clock

    if length is not None and until is not None:
        raise ConfigError("one of --for and --until is enough")
    if until is None:
        wait = span(length, "--for")
        return None if wait is None else Clock().now() + wait
    try:
        moment = parse_moment(until)
    except ValueError as error:
        raise ConfigError(f"`{until}` {error}", where="--until") from error
    assert isinstance(moment, datetime)
    return moment


def who() -> str:
    """The user that gives a command; empty where the machine has no name for him."""
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""


def span(text: str | None, option: str) -> timedelta | None:
    """The length of time that an option names. Raises ConfigError."""
    from statuswire.config import parse_duration

    if text is None:
        return None
    length = _checked(parse_duration, text, f"{option} `{text}`")
    if not isinstance(length, timedelta) or length < timedelta(seconds=1):
        raise ConfigError("must be at least 1s", where=option)
    if length > LONGEST:
        raise ConfigError(f"must be at most {LONGEST.days}d", where=option)
    return length


def _checked(read: Callable[[str], T], text: str, what: str) -> T:
    try:
        return read(text)
    except ValueError as error:
        raise ConfigError(f"{what} {error}; right: 60s, 3m, 24h") from error


def known_format(name: str) -> str:
    from statuswire.channels.console import FORMATS

    if name not in FORMATS:
        raise ConfigError(f"`{name}` is not a format; right: {', '.join(FORMATS)}", where="--format")
    return name


def known_zone(name: str) -> str:
    if name != "UTC":
        from statuswire.config import zone

        zone(name)
    return name


def end(code: int) -> None:
    if code:
        raise terms.Exit(code)
