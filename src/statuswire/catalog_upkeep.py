"""Keeping the catalog true: `catalog verify` looks at rows politely, `export` and `import` move a user's own rows.

A row is looked at as `detect` would, what it says being a hint only, one page of a host at a time. What is found is
written where asked for: into the user's own file, or into the catalog that a release ships.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TextIO

from statuswire import config
from statuswire.catalog import OWN_FILE, Provider, own, providers, read_file, search, target_of, write_rows
from statuswire.config import Config
from statuswire.detection import Detection
from statuswire.engine.clock import Clock
from statuswire.errors import ConfigError
from statuswire.lookup import client_of
from statuswire.net.http import HttpClient
from statuswire.options import VerifyOptions
from statuswire.platforms import FEED_FORMATS, PLATFORMS
from statuswire.verdict import Verdict

LOOKS_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Checked:
    """A row as it was and as it is now; `row` is None where nothing could be recognised, and `why` says so."""

    before: Provider
    row: Provider | None
    why: str = ""

    @property
    def is_changed(self) -> bool:
        return self.row is not None and replace(self.row, seen=self.before.seen) != self.before


def verify(options: VerifyOptions, out: TextIO) -> int:
    """Look at rows and tell what is true of them. Exit code 1 where one could not be recognised."""
    rows = _chosen(options)
    settings = config.load(options.config)
    checked = asyncio.run(_check(rows, out, settings, allow_private=options.allow_private))
    found = [one.row for one in checked if one.row is not None]
    if options.write is not None:
        merge(options.write, found)
        print(f"{len(found)} rows written to {options.write}", file=out)
    elif found:
        print(f"nothing written; --write {OWN_FILE} keeps what was found", file=out)
    return 0 if len(found) == len(checked) else 1


def export(out: TextIO, *, all_rows: bool = False) -> int:
    """The user's own rows as CSV, or all that count."""
    out.write(write_rows(providers() if all_rows else own()))
    return 0


def import_rows(path: Path, out: TextIO) -> int:
    """Add the rows of a file to the user's own. Raises ConfigError with every mistake, and then changes nothing."""
    rows = read_file(path)
    merge(OWN_FILE, rows)
    print(f"{len(rows)} rows of {path} are in {OWN_FILE} now", file=out)
    return 0


def merge(path: Path, rows: Iterable[Provider]) -> None:
    """Put rows into a file in the place of those with the same slugs; the rest of it stays. Raises ConfigError."""
    known = {one.slug: one for one in read_file(path)} if path.is_file() else {}
    text = write_rows((known | {one.slug: one for one in rows}).values())
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror or error}", where=str(path)) from error


def _chosen(options: VerifyOptions) -> Sequence[Provider]:
    if options.is_all:
        return providers()[: options.limit]
    if not options.what:
        raise ConfigError("say which rows, by a query or with --all")
    found = {one.slug: one for query in options.what for one in search(query, options.limit or 20)[:1]}
    unknown = [query for query in options.what if not search(query, 1)]
    if unknown:
        raise ConfigError(f"nothing in the catalog is like {', '.join(unknown)}")
    return tuple(found.values())[: options.limit]


async def _check(rows: Sequence[Provider], out: TextIO, settings: Config, *, allow_private: bool) -> list[Checked]:
    clock = Clock()
    today = clock.now().date()
    checked = []
    async with client_of(settings, map(target_of, rows)) as client:
        async for one in _looks(rows, client, clock, today, allow_private):
            print(_line(one), file=out, flush=True)
            checked.append(one)
    return checked


async def _looks(
    rows: Sequence[Provider], client: HttpClient, clock: Clock, today: date, allow_private: bool
) -> AsyncIterator[Checked]:
    """A few at a time, and never two of one host."""
    gate = asyncio.Semaphore(LOOKS_AT_ONCE)
    hosts: dict[str, asyncio.Lock] = {}

    async def look(row: Provider) -> Checked:
        async with hosts.setdefault(row.hosts[0], asyncio.Lock()), gate:
            target = target_of(row)
            hint = target.platform or target.hint
            target = replace(target, platform=None, hint=hint or "", feed_url=None, allow_private=allow_private)
            return judged(row, await Detection(target, client, clock).find(), today)

    for pending in asyncio.as_completed([look(row) for row in rows]):
        yield await pending


def judged(row: Provider, verdict: Verdict, today: date) -> Checked:
    """The row with what was found; a page that was not recognised stays as it was, undated."""
    if verdict.platform is None:
        return Checked(row, None, next(iter(verdict.doubts), "nothing was recognised"))
    is_feed = verdict.platform in FEED_FORMATS
    return Checked(
        row,
        replace(
            row,
            page_url=verdict.target.url.rstrip("/") or row.page_url,
            platform=verdict.platform,
            feed_url=(verdict.target.feed_url or "") if is_feed else "",
            page_id=_needed_id(verdict),
            is_weak=False,
            seen=today.isoformat(),
        ),
        next(iter(verdict.doubts), ""),
    )


def _needed_id(verdict: Verdict) -> str:
    """The provider's id of the page, where the platform cannot be polled without it."""
    can_do_without = bool(PLATFORMS[verdict.platform or ""].feeds(verdict.target.url, None))
    return "" if can_do_without else verdict.page_id or ""


def _line(one: Checked) -> str:
    before = one.before
    if one.row is None:
        return f"?  {before.slug}  {before.platform or 'unknown'}  {one.why}"
    mark = "*" if one.is_changed else "="
    was = f" (was {before.platform or 'unknown'})" if one.row.platform != before.platform else ""
    doubt = f"  {one.why}" if one.why else ""
    return f"{mark}  {before.slug}  {one.row.platform}{was}  {one.row.feed_url or one.row.page_url}{doubt}"
