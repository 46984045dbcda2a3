"""What the doctor says of Redis, where one is configured."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from statuswire.config import Config
from statuswire.doctor.finding import Finding, Grade
from statuswire.store.engines import is_postgres

SLOW_S = 0.05
"""The deadline of a question."""


def peer_findings(loaded: Config) -> Iterator[Finding]:
    place = loaded.redis.place()
    if place is None:
        return
    if not is_postgres(loaded.database):
        advice = "take it out, or keep everything in PostgreSQL"
        yield Finding("redis", Grade.NOTE, "it is not used: one process alone has this database", advice)
        return
    try:
        found: float | str = import_module("statuswire.peers.looking").look(place)
    except ImportError:
        yield Finding("redis", Grade.ACT, "its library is not installed", "pip install 'statuswire[redis]'")
        return
    if isinstance(found, str):
        advice = "replicas go on without it; see where it is, and user and password"
        yield Finding("redis", Grade.NOTE, f"{place} does not answer: {found}", advice)
    elif found > SLOW_S:
        advice = f"what takes longer than {SLOW_S * 1000:.0f} ms is not waited for: place it nearer"
        yield Finding("redis", Grade.NOTE, f"{place} answers after {found * 1000:.1f} ms", advice)
    else:
        yield Finding("redis", Grade.OK, f"{place} answers after {found * 1000:.1f} ms", facts={"answer_s": found})
