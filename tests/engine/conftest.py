"""What matters most runs over PostgreSQL too: one database for all tests of a process, emptied before each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from statuswire.store import Queue, Tx
from tests.engine.interleaving import Process
from tests.servers import postgres

_TABLES = """
SELECT relname FROM pg_class
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
"""
_SEQUENCES = "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'"


@pytest.fixture(scope="session")
def kept_processes(postgres_server: postgres.Server) -> Iterator[tuple[Process, Process]]:
    """Two stores on one database that stay open, and what stands in a new one."""
    url = postgres_server.new_database()
    with closing(Process(url)) as one, closing(Process(url)) as two:
        one.write(_keep_first_rows)
        yield one, two


@pytest.fixture
def processes(kept_processes: tuple[Process, Process]) -> tuple[Process, Process]:
    """The same, as new."""
    one, two = kept_processes
    for process in kept_processes:
        _finish(process)
    one.write(_empty)
    return Kept(one), Kept(two)


@pytest.fixture
def postgres_process(processes: tuple[Process, Process]) -> Process:
    return processes[0]


def _finish(process: Process) -> None:
    for queue in Queue:
        process.write(lambda tx: None, queue=queue)


class Kept(Process):
    """It outlives the test that closes it."""

    def __init__(self, process: Process) -> None:
        self.real, self.halt, self.now = process.real, None, None

    def close(self) -> None:
        _finish(self)


def _tables(tx: Tx) -> list[str]:
    return [row[0] for row in tx.all(_TABLES)]


def _keep_first_rows(tx: Tx) -> None:
    tx.execute("CREATE SCHEMA first")
    for table in _tables(tx):
        tx.execute(f"CREATE TABLE first.{table} AS TABLE public.{table}")


def _empty(tx: Tx) -> None:
    tx.execute("SET LOCAL session_replication_role = replica")  # no keys are looked after
    tables = _tables(tx)
    orders = [f"DELETE FROM public.{table};" for table in tables]
    orders += [f"INSERT INTO public.{table} SELECT * FROM first.{table};" for table in tables]
    orders += [f"ALTER SEQUENCE {row[0]} RESTART;" for row in tx.all(_SEQUENCES)]
    tx.execute(f"DO $$ BEGIN {' '.join(orders)} END $$")
