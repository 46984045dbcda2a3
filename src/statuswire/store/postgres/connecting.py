"""Connections to PostgreSQL: their settings, and what may be changed about them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
from psycopg.types.numeric import Int8Dumper

from statuswire.errors import StoreError, StoreReason
from statuswire.store.postgres.address import Address
from statuswire.store.postgres.faults import raise_fault
from statuswire.store.postgres.patience import Patience, PatientConnection

OLDEST = 140000
"""PostgreSQL 14."""


@dataclass(frozen=True, slots=True)
class PostgresOptions:
    """What tests and unusual networks change.

    `readers`: connections for reading at most. `read_for`: how long a read may wait for one and take. `tries`: how
    often a work is begun that other transactions are in the way of. `look_again_after`: how often at most an
    unreachable database is tried. `monotonic`: seconds that never jump; `pause` waits for some.
    """

    readers: int = 4
    read_for: timedelta = timedelta(seconds=30)
    connect_for: timedelta = timedelta(seconds=5)
    statement_for: timedelta = timedelta(seconds=30)
    lock_for: timedelta = timedelta(seconds=5)
    idle_for: timedelta = timedelta(seconds=15)
    tries: int = 6
    look_again_after: timedelta = timedelta(milliseconds=500)
    monotonic: Callable[[], float] = time.monotonic
    pause: Callable[[float], None] = time.sleep

    def patience(self) -> Patience:
        """How long the connections of one store wait."""
        return Patience(self.statement_for.total_seconds(), self.monotonic)


def connect(address: Address, options: PostgresOptions, patience: Patience | None = None) -> PatientConnection:
    """A connection without automatic transactions. Raises StoreError."""
    try:
        connection = PatientConnection.connect(address.url, **parameters(options))
    except psycopg.Error as error:
        raise_fault(error)
    connection.patience = patience or options.patience()
    try:
        configure(connection, options)
    except BaseException:
        connection.close()
        raise
    return connection


def parameters(options: PostgresOptions) -> dict[str, Any]:
    """For libpq. A peer that has vanished is noticed within seconds, also while an answer is awaited."""
    return {
        "autocommit": True,
        "connect_timeout": max(2, round(options.connect_for.total_seconds())),
        "application_name": "statuswire",
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        "client_encoding": "utf8",
    }


def configure(connection: psycopg.Connection[Any], options: PostgresOptions) -> None:
    """Settings of the session; not in the start packet, which poolers in between refuse. Raises StoreError."""
    if connection.info.server_version < OLDEST:
        raise StoreError(
            StoreReason.UNAVAILABLE,
            f"PostgreSQL {connection.info.server_version // 10000} is too old: statuswire needs 14 or newer",
            is_permanent=True,
        )
    # Every whole number is a BIGINT: one prepared statement for each text, whatever its values.
    connection.adapters.register_dumper(int, Int8Dumper)
    settings = {
        "statement_timeout": options.statement_for,
        "lock_timeout": options.lock_for,
        "idle_in_transaction_session_timeout": options.idle_for,
    }
    try:
        for name, span in settings.items():
            connection.execute("SELECT set_config(%s, %s, false)", (name, f"{round(span.total_seconds() * 1000)}ms"))
        connection.execute("SET TIME ZONE 'UTC'")
    except psycopg.Error as error:
        raise_fault(error)
