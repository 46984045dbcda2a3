"""A real PostgreSQL for benchmarks, that keeps what it acknowledges, and what it costs: CPU, write-ahead log, commits.

    with running_database() as server:
        url = server.new_database()
        with spent(server) as cost: ...
        cost.cpu_s

The settings are those of an installation but for the size of its buffers: fsync and synchronous commits are on.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.servers.postgres import DURABLE, Server, running

TICKS_S = os.sysconf("SC_CLK_TCK")
SETTINGS = {**DURABLE, "max_connections": "200", "shared_buffers": "512MB", "max_wal_size": "4GB"}


@contextmanager
def running_database() -> Iterator[Server]:
    with running(SETTINGS) as server:
        yield server


@dataclass(slots=True)
class Spent:
    """What the database spent: seconds of CPU of all its processes, bytes of log written, transactions committed."""

    cpu_s: float = 0.0
    wal_bytes: int = 0
    commits: int = 0


@contextmanager
def spent(server: Server, url: str) -> Iterator[Spent]:
    """Filled in at the end of the block."""
    found = Spent()
    cpu_s, (wal, commits) = cpu_of(server), _counters(url)
    try:
        yield found
    finally:
        after = _counters(url)
        found.cpu_s = cpu_of(server) - cpu_s
        found.wal_bytes, found.commits = after[0] - wal, after[1] - commits


def cpu_of(server: Server) -> float:
    """Of the server's processes that live and of those that it has seen end."""
    root = _pid(server)
    return _cpu_s(root, with_ended=True) + sum(_cpu_s(child, with_ended=False) for child in _children(root))


def _pid(server: Server) -> int:
    return int((server.folder / "data" / "postmaster.pid").read_text().split("\n", 1)[0])


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


def _cpu_s(pid: int, *, with_ended: bool) -> float:
    """Zero for a process that has ended meanwhile, which then counts with its parent."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return sum(int(field) for field in fields[11 : 15 if with_ended else 13]) / TICKS_S


def _counters(url: str) -> tuple[int, int]:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        row = connection.execute(
            "SELECT (pg_current_wal_lsn() - '0/0')::BIGINT, xact_commit FROM pg_stat_database "
            "WHERE datname = current_database()"
        ).fetchone()
    assert row is not None
    return int(row[0]), int(row[1])


def one_number(url: str, sql: str) -> int:
    """What a statement that counts something comes to."""
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        row = connection.execute(sql.encode()).fetchone()
    assert row is not None
    return int(row[0])
