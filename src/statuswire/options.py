"""What the command line asks of the long-running commands, as plain values.

A leaf: `cli` fills these in, `server`, `replay`, `lookup` and `demo` read them, and none needs the other's imports.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RunOptions:
    """`statuswire run`. None means: what the configuration says.

    `watch` adds slugs and URLs to the pages of the configuration; without a configuration file they replace its
    default pages. `allow_private` counts for the pages of `watch` only.
    """

    config: Path | None = None
    host: str | None = None
    port: int | None = None
    database: str | None = None
    redis: str | None = None
    watch: tuple[str, ...] = ()
    allow_private: bool = False
    debug: bool = False
    format: str | None = None
    interval: timedelta | None = None
    heartbeat: timedelta | None = None
    tz: str | None = None
    roles: str | None = None


@dataclass(frozen=True, slots=True)
class WatchOptions:
    """`statuswire watch`: the console stream of these pages, nothing kept, no server.

    `format` is a console format (`json` too); `heartbeat` only speaks in the watcher format.
    """

    what: tuple[str, ...]
    format: str = "default"
    interval: timedelta = timedelta(seconds=60)
    heartbeat: timedelta = timedelta(seconds=60)
    tz: str = "UTC"
    allow_private: bool = False
    debug: bool = False


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """`statuswire replay`: stored documents through the real pipeline on an in-memory store.

    `platform` None means: recognised by content. `one_page` merges all series by time as feeds and hooks of one
    page. `speed` 0 is as fast as possible, 1 real time, 60 a minute a second. `history` also prints what a first
    sight keeps silent. `slugs` names the page of each series; empty ones are named after the file.
    """

    series: tuple[Path, ...]
    platform: str | None = None
    one_page: bool = False
    speed: float = 0.0
    history: bool = False
    slugs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BacktestOptions:
    """`statuswire backtest`: the routes of a configuration over the stored log, or over series of documents.

    `since` is how far to look back: None is 90 days of the log, and all of the series. `slugs` are the pages of the
    series, empty where they are named after the file. `against` is another configuration to compare with. `impact` is
    how bad an incident must get to be missed. `config_alone` leaves out what is not in the file: what was silenced
    and marked by command, and pages and routes of the database.
    """

    config: Path | None = None
    database: str | None = None
    since: timedelta | None = None
    series: tuple[Path, ...] = ()
    slugs: tuple[str, ...] = ()
    against: Path | None = None
    impact: str = "major"
    config_alone: bool = False
    json: bool = False


@dataclass(frozen=True, slots=True)
class LookOptions:
    """`statuswire status` and `statuswire detect`: one look, nothing kept. Without `what` the configured pages."""

    what: tuple[str, ...] = ()
    config: Path | None = None
    json: bool = False
    allow_private: bool = False
    tz: str = "UTC"


@dataclass(frozen=True, slots=True)
class VerifyOptions:
    """`statuswire catalog verify`: which rows, how many at most, and where to write what was found (None: nowhere).

    `config` says who asks, and how private pages are opened.
    """

    what: tuple[str, ...] = ()
    is_all: bool = False
    limit: int | None = None
    write: Path | None = None
    allow_private: bool = False
    config: Path | None = None


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """`statuswire demo`: `speed` 2 plays the script in half the time; `port` 0 takes a free one."""

    speed: float = 1.0
    port: int = 0
    format: str = "default"
    tz: str = "UTC"
