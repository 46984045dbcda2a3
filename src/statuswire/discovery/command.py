"""`statuswire discover`: search, report, and write what was found into a configuration."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, TextIO

import msgspec

from statuswire.channels.console import escape
from statuswire.channels.terminal import Style
from statuswire.config import adding
from statuswire.config.adding import Added
from statuswire.discovery import domains, report, searching, watched
from statuswire.discovery.domains import Traffic
from statuswire.discovery.searching import Search
from statuswire.discovery.seen import Proposal, Sureness
from statuswire.engine.clock import Clock
from statuswire.errors import ConfigError


@dataclass(frozen=True, slots=True)
class DiscoverOptions:
    """What is asked: a tree, a list of hosts (`-` is standard input), or both."""

    path: Path | None
    domains: str | None = None
    column: int | None = None
    least: Sureness = Sureness.WEAK
    write: Path | None = None
    as_json: bool = False
    within: timedelta = timedelta(minutes=1)


def discover(options: DiscoverOptions, out: TextIO, style: Style, clock: Clock) -> int:
    """Exit code 0 where something was found, else 1. Raises ConfigError."""
    if options.path is None and options.domains is None:
        raise ConfigError("give a PATH, or --domains FILE")
    search, traffic = _looked(options, clock)
    if traffic is not None:
        search.findings.absorb(traffic.findings)
    proposals = search.findings.ranked(options.least)
    if options.as_json:
        body = msgspec.json.encode(report.as_body(proposals, search, traffic))
        print(escape(msgspec.json.format(body, indent=2).decode()), file=out)
    else:
        print("\n".join(report.lines(proposals, search, traffic, style)), file=out)
    if options.write is not None:
        print(_written(options.write, proposals), file=sys.stderr if options.as_json else out)
    return 0 if proposals else 1


def _looked(options: DiscoverOptions, clock: Clock) -> tuple[Search, Traffic | None]:
    end = clock.monotonic() + options.within.total_seconds()
    search = searching.tree(options.path, lambda: clock.monotonic() > end) if options.path else Search()
    if options.domains is None:
        return search, None
    with _opened(options.domains) as stream:
        return search, domains.read(_lines(stream), _called(options.domains), options.column)


def _written(path: Path, proposals: list[Proposal]) -> str:
    """Add those that the file does not watch yet, and say how many."""
    known = watched.places(path)
    added = [Added(one.slug, report.told(one.evidence[0])) for one in proposals if one.slug not in known]
    if added:
        adding.write(path, added)
    old = len(proposals) - len(added)
    return f"{path}: {len(added)} pages added" + (f", {old} were there already" if old else "")


def _called(name: str) -> str:
    return "standard input" if name == "-" else name


def _lines(stream: BinaryIO) -> Iterator[str]:
    """Lines of any encoding and, as far as they matter, of any length."""
    while line := stream.readline(domains.MAX_LINE):
        yield line.decode("utf-8", errors="replace")


@contextmanager
def _opened(name: str) -> Iterator[BinaryIO]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as stream:
            yield stream
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror or error}", where=name) from error
