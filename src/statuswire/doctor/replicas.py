"""Which processes share a database, and whether everything has a holder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from statuswire.core.leases import SHARDS
from statuswire.doctor.finding import Fact, Finding, Grade, ago, counted
from statuswire.engine.replica_list import ReplicaHolds, load_replicas
from statuswire.model import ReplicaRole
from statuswire.store import Tx

_UNDONE: Final[Mapping[ReplicaRole, str]] = {
    ReplicaRole.HOOKS: "nobody takes webhooks and mail in, and those that wait are not read",
    ReplicaRole.POLL: "nobody reads pages",
    ReplicaRole.DELIVER: "nobody sends anything to any channel",
    ReplicaRole.WEB: "nobody answers the dashboard, the API and the streams",
}


def replica_findings(tx: Tx, now: datetime) -> Iterator[Finding]:
    """Nothing where a lock lets only one process have the database."""
    if not tx.dialect.is_shared:
        return
    now = tx.now() or now
    replicas = load_replicas(tx, now)
    if not replicas:
        yield Finding("replicas", Grade.NOTE, "none lives", "start one with `statuswire run`")
        return
    yield from (_one(one, now) for one in replicas)
    yield from _undone(replicas)
    left = SHARDS - sum(one.shards for one in replicas)
    if left:
        advice = "some process needs the role `poll`; after one has died it takes a quarter of a minute"
        yield Finding("shards", Grade.NOTE, f"{left} of {SHARDS} are polled by nobody at this moment", advice)


def _undone(replicas: Sequence[ReplicaHolds]) -> Iterator[Finding]:
    """The parts of the work that no living process does."""
    done = {role for one in replicas for role in one.replica.about.roles}
    for role in ReplicaRole:
        if role not in done:
            yield Finding(f"role {role}", Grade.ACT, _UNDONE[role], f"start a process with `{role}` among its `roles`")


def _one(one: ReplicaHolds, now: datetime) -> Finding:
    about = one.replica.about
    words = [
        f"version {about.version}",
        f"started {ago(one.replica.started_at, now)}",
        counted(one.shards, "shard"),
        f"roles {', '.join(about.roles)}",
        f"duties {', '.join(one.duties) or 'none'}",
    ]
    facts: dict[str, Fact] = {
        "version": about.version,
        "shards": one.shards,
        "roles": about.roles,
        "duties": one.duties,
    }
    return Finding(f"replica {about.id}", Grade.OK, "; ".join(words), "", facts)
