"""`statuswire doctor`: what is well, what is not, and what to do about it. Changes nothing and needs no lock.

The database is read beside a running service, as its own readers do; the service itself is asked for its health.
"""

from __future__ import annotations

import asyncio
import platform
import resource
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

import msgspec

from statuswire import config
from statuswire.channels.console import escape
from statuswire.channels.console_report import spell
from statuswire.channels.terminal import Style, one_line, paint
from statuswire.config import Config
from statuswire.engine.clock import Clock
from statuswire.errors import ConfigError, FetchError, StoreError
from statuswire.model import Feed, FeedState, Page, Role, Status
from statuswire.net.http import HttpClient
from statuswire.options import RunOptions
from statuswire.screen import style_of
from statuswire.store import SqliteOptions, Tx, queries, schema
from statuswire.store.connection import connect
from statuswire.store.lock import lock_holders
from statuswire.store.place import beside, check_place, database_path
from statuswire.store.readers import Readers
from statuswire.store.schema import Standing

SAFE_SQLITE = (3, 51, 3)
"""Before it two processes that write at once can corrupt a write-ahead log (sqlite.org/wal.html, checked 2026-11)."""

ENOUGH_FILES = 1024


class Grade(StrEnum):
    """`note` is worth knowing, `act` needs somebody."""

    OK = "ok"
    NOTE = "note"
    ACT = "act"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `advice` says what to do and is empty where nothing is."""

    subject: str
    grade: Grade
    sentence: str
    advice: str = ""


_COLOURS = {Grade.OK: Status.OPERATIONAL, Grade.NOTE: Status.DEGRADED, Grade.ACT: Status.MAJOR_OUTAGE}


def examine(options: RunOptions, as_json: bool, out: TextIO) -> int:
    """Print every finding. Exit code 1 where one needs somebody, 2 where the configuration itself is wrong."""
    loaded = config.load(options=options)
    findings = tuple(_findings(loaded, Clock().now()))
    style = style_of(out, wants_colour=config.wants_colour(), tz=loaded.zone)
    print(render(findings, style, as_json=as_json), file=out)
    return 1 if any(one.grade is Grade.ACT for one in findings) else 0


def render(findings: Sequence[Finding], style: Style, *, as_json: bool = False) -> str:
    if as_json:
        return escape(msgspec.json.format(msgspec.json.encode(findings), indent=2).decode())
    return "\n".join(line for one in findings for line in _lines(one, style))


def feed_finding(page: Page, feed: Feed, now: datetime) -> Finding:
    """How reading a feed goes, in words. Feeds that are read only on occasion are never late."""
    health, subject = feed.health, f"feed {page.slug} {feed.spec.url.partition('?')[0]}"
    last = f"last read well {_ago(health.last_ok_at, now)}"
    if health.state is FeedState.OK:
        return Finding(subject, Grade.OK, f"{last}; {feed.polls} polls, {feed.not_modified} not modified")
    if health.state is FeedState.NEW:
        use = "is read when something ends" if feed.spec.role is Role.HISTORY else "has not been read yet"
        return Finding(subject, Grade.NOTE if feed.polls else Grade.OK, use)
    since = f"since {_ago(health.failing_since, now)}" if health.failing_since else "now"
    sentence = f"{_TROUBLE[health.state]} {since}: {health.last_error or 'no reason was kept'}; {last}"
    return Finding(subject, Grade.ACT, sentence, _ADVICE[health.state])


_TROUBLE = {
    FeedState.FAILING: "cannot be fetched",
    FeedState.UNREADABLE: "cannot be understood",
    FeedState.BLOCKED: "is refused to us",
}
_ADVICE = {
    FeedState.FAILING: "open the address in a browser; if the page has moved, give its new address in `pages`",
    FeedState.UNREADABLE: "run `statuswire detect` on the page: it may have changed its platform",
    FeedState.BLOCKED: "set `poll.user_agent_contact`, poll less often, or give another `feed` of the page",
}


def _findings(loaded: Config, now: datetime) -> Iterator[Finding]:
    yield Finding("version", Grade.OK, f"statuswire {version('statuswire')}, Python {platform.python_version()}")
    yield _sqlite_finding()
    yield _files_finding()
    yield Finding("configuration", Grade.OK, f"{len(loaded.targets)} pages")
    yield from _database_findings(loaded, now)


def _sqlite_finding() -> Finding:
    sentence = f"SQLite {sqlite3.sqlite_version}"
    if sqlite3.sqlite_version_info >= SAFE_SQLITE:
        return Finding("sqlite", Grade.OK, sentence)
    wanted = ".".join(map(str, SAFE_SQLITE))
    advice = f"never write to the database with another program while the service runs, or use SQLite {wanted}"
    return Finding("sqlite", Grade.NOTE, f"{sentence}, older than {wanted}", advice)


def _files_finding() -> Finding:
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft in (resource.RLIM_INFINITY, -1) or soft >= ENOUGH_FILES:
        return Finding("open files", Grade.OK, f"up to {soft}")
    return Finding("open files", Grade.NOTE, f"only {soft} allowed", f"raise the limit to {ENOUGH_FILES} or more")


def _database_findings(loaded: Config, now: datetime) -> Iterator[Finding]:
    try:
        path = database_path(loaded.database)
        if path is None:
            yield Finding("database", Grade.NOTE, "in memory: everything is forgotten at the end")
            return
        yield from _file_findings(path, loaded, now)
    except (StoreError, ConfigError) as error:
        yield Finding("database", Grade.ACT, str(error))


def _file_findings(path: Path, loaded: Config, now: datetime) -> Iterator[Finding]:
    """Raises StoreError for a place or a file that cannot carry a database."""
    check_place(path, allow_network_disk=False)
    holders = lock_holders(beside(path, ".lock"))
    if holders:
        yield _service_finding(loaded, holders[0])
    else:
        yield Finding("service", Grade.NOTE, "not running", "start it with `statuswire run`")
    if not path.exists():
        yield Finding("database", Grade.NOTE, f"{path} is not there yet; `statuswire run` makes it")
        return
    with closing(Readers(lambda: connect(path, SqliteOptions(), is_writer=False), SqliteOptions())) as readers:
        yield from readers.run(lambda tx: _read(tx, path, now))


def _service_finding(loaded: Config, pid: int) -> Finding:
    host = "127.0.0.1" if loaded.server.host in ("0.0.0.0", "::") else loaded.server.host  # noqa: S104 - compared only
    url = f"http://{f'[{host}]' if ':' in host else host}:{loaded.server.port}/health"
    try:
        status, words = asyncio.run(_ask(url))
    except FetchError as error:
        advice = "if the service listens elsewhere, say where: `--host` and `--port`, or `server` of its configuration"
        return Finding("service", Grade.NOTE, f"process {pid} holds the database, but {error}", advice)
    sentence = f"process {pid} answers {status} at {url}: {words}"
    return Finding("service", Grade.OK if status == 200 else Grade.ACT, sentence)


async def _ask(url: str) -> tuple[int, str]:
    async with HttpClient(user_agent="statuswire doctor") as client:
        response = await client.request("GET", url, allow_private=True, deadline=3.0)
    try:
        told = msgspec.json.decode(response.body, type=dict[str, object])
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return response.status, "the answer is not statuswire's"
    return response.status, ", ".join(
        f"{key} {told[key]}" for key in ("status", "mode", "feeds_failing") if key in told
    )


def _read(tx: Tx, path: Path, now: datetime) -> list[Finding]:
    tables = frozenset(row[0] for row in tx.all("SELECT name FROM sqlite_master WHERE type = 'table'"))
    standing = schema.standing(tx, tables)
    if standing is not Standing.CURRENT:
        return [Finding("database", Grade.NOTE, f"{path}: {_SCHEMA[standing]}", "run `statuswire db upgrade`")]
    counts = queries.stats(tx)
    words = ", ".join(f"{counts[name]} {name.replace('_', ' ')}" for name in ("pages", "incidents", "events"))
    return [Finding("database", Grade.OK, f"{path}: {words}"), *_hook_findings(tx), *_feed_findings(tx, now)]


_SCHEMA = {Standing.EMPTY: "it is empty", Standing.BEHIND: "its schema is of an earlier version"}


def _hook_findings(tx: Tx) -> Iterator[Finding]:
    counts = queries.hook_counts(tx)
    words = ", ".join(f"{count} {name}" for name, count in counts.items())
    if counts.get("quarantined"):
        advice = "their bodies could not be read and are kept; the log says why"
        yield Finding("hooks", Grade.NOTE, words, advice)
    elif words:
        yield Finding("hooks", Grade.OK, words)


def _feed_findings(tx: Tx, now: datetime) -> Iterable[Finding]:
    pages = {page.id: page for page in queries.pages(tx)}
    return [feed_finding(pages[feed.page_id], feed, now) for feed in queries.feeds(tx)]


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    return f"{spell(max(now - moment, timedelta(0)))} ago"


def _lines(one: Finding, style: Style) -> list[str]:
    grade = paint(f"{one.grade.value:<5}", _COLOURS[one.grade], style)
    lines = [f"{grade} {one_line(one.subject)}: {one_line(one.sentence)}"]
    return [*lines, f"      {one_line(one.advice)}"] if one.advice else lines
