"""`statuswire doctor`: what is well, what is not, and what to do about it. Changes nothing and needs no lock.

The database is read beside a running service, as its own readers do; the service itself is asked for its health.
"""

from __future__ import annotations

import platform
import resource
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TextIO

import msgspec

from statuswire import config
from statuswire.channels.console import escape
from statuswire.channels.terminal import Style, one_line, paint
from statuswire.config import Config
from statuswire.config.own import LeftOut
from statuswire.doctor.finding import Finding, Grade, counted
from statuswire.doctor.mail import mail_findings
from statuswire.doctor.pages import Watch, page_findings
from statuswire.doctor.peers import peer_findings
from statuswire.doctor.replicas import replica_findings
from statuswire.doctor.service import service_findings
from statuswire.doctor.subscriptions import subscription_findings
from statuswire.doctor.telling import telling_findings
from statuswire.engine import owning
from statuswire.engine.clock import Clock
from statuswire.errors import ConfigError, StoreError
from statuswire.extras import EXTRAS, STANDARD, lacking
from statuswire.model import Status
from statuswire.options import RunOptions
from statuswire.screen import style_of
from statuswire.store import Tx, looking_at_any, queries, schema
from statuswire.store.engines import is_postgres, postgres_engine
from statuswire.store.lock import lock_holders
from statuswire.store.place import beside, check_place, database_path
from statuswire.store.schema import Standing

SAFE_SQLITE = (3, 51, 3)
"""Before it two processes that write at once can corrupt a write-ahead log (sqlite.org/wal.html, checked 2026-11)."""

ENOUGH_FILES = 1024

__all__ = ["Finding", "Grade", "examine", "render"]

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


def _findings(loaded: Config, now: datetime) -> Iterator[Finding]:
    yield Finding("version", Grade.OK, f"statuswire {version('statuswire')}, Python {platform.python_version()}")
    yield _extras_finding()
    if not is_postgres(loaded.database):
        yield _sqlite_finding()
    yield _files_finding()
    yield Finding("configuration", Grade.OK, counted(len(loaded.targets), "page"))
    yield from _database_findings(loaded, now)
    yield from peer_findings(loaded)


def _extras_finding() -> Finding:
    """What the configuration asks for and is not there has been refused before."""
    absent = [extra for extra in EXTRAS if lacking(extra)]
    here = ", ".join(extra for extra in EXTRAS if extra not in absent) or "none"
    if not set(STANDARD) & set(absent):
        return Finding("extras", Grade.OK, here)
    advice = "what most installations have: pip install 'statuswire[standard]'"
    return Finding("extras", Grade.NOTE, f"{here}; not installed: {', '.join(absent)}", advice)


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
        if is_postgres(loaded.database):
            yield from _server_findings(loaded, now)
            return
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
        yield from service_findings(loaded.server, holders[0])
    else:
        yield Finding("service", Grade.NOTE, "not running", "start it with `statuswire run`")
    if not path.exists():
        yield Finding("database", Grade.NOTE, f"{path} is not there yet; `statuswire run` makes it")
        return
    with looking_at_any(loaded.database) as readers:
        yield from readers.run(lambda tx: _read(tx, str(path), loaded, bool(holders), now))


def _server_findings(loaded: Config, now: datetime) -> Iterator[Finding]:
    """Raises StoreError where the server cannot be reached."""
    name = postgres_engine().address_of(loaded.database).name
    with looking_at_any(loaded.database) as readers:
        yield from readers.run(lambda tx: _read(tx, name, loaded, True, now))


def _read(tx: Tx, name: str, loaded: Config, is_running: bool, now: datetime) -> list[Finding]:
    standing = schema.standing(tx)
    if standing is not Standing.CURRENT:
        return [Finding("database", Grade.NOTE, f"{name}: {_SCHEMA[standing]}", "run `statuswire db upgrade`")]
    merged = owning.load(tx, loaded)
    watch = Watch(merged.config.targets, is_running, now)
    counts = queries.stats(tx)
    words = ", ".join(counted(counts[f"{noun}s"], noun) for noun in ("page", "incident", "event"))
    well = Finding("database", Grade.OK, f"{name}: {words}")
    ways = [*_hook_findings(tx), *mail_findings(tx, loaded.mail), *subscription_findings(tx, watch.now)]
    ways += [*telling_findings(tx, loaded, watch.now), *replica_findings(tx, watch.now)]
    return [well, *ways, *map(_left_out, merged.left_out), *page_findings(tx, watch)]


def _left_out(one: LeftOut) -> Finding:
    advice = "change it, or take it out of the database or out of the configuration file"
    return Finding(f"{one.kind} {one.name}", Grade.ACT, f"of the database is left out: {one.sentence}", advice)


_SCHEMA = {Standing.EMPTY: "it is empty", Standing.BEHIND: "its schema is of an earlier version"}


def _hook_findings(tx: Tx) -> Iterator[Finding]:
    """Whether the secret addresses of pages can be known, and what became of the hooks that are kept."""
    if queries.setting(tx, queries.SECRET_SETTING) is None:
        yield Finding("hook addresses", Grade.NOTE, "have no secret yet; `statuswire run` makes it")
    else:
        yield Finding("hook addresses", Grade.OK, "every page has a secret one")
    counts = queries.hook_counts(tx)
    words = ", ".join(f"{count} {name}" for name, count in counts.items())
    if counts.get("quarantined"):
        advice = "their bodies could not be read and are kept; the log says why"
        yield Finding("hooks", Grade.NOTE, words, advice)
    elif words:
        yield Finding("hooks", Grade.OK, words)


def _lines(one: Finding, style: Style) -> list[str]:
    grade = paint(f"{one.grade.value:<5}", _COLOURS[one.grade], style)
    lines = [f"{grade} {one_line(one.subject)}: {one_line(one.sentence)}"]
    return [*lines, f"      {one_line(one.advice)}"] if one.advice else lines
