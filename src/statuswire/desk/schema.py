"""`statuswire db`: the schema that a database has, the one that is known here, and bringing the first to the second."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from statuswire.errors import ConfigError
from statuswire.store import Tx, open_store, queries, schema
from statuswire.store.copying import Living, living
from statuswire.store.plain import Place, open_place
from statuswire.wire import timestamp


@dataclass(frozen=True, slots=True)
class Look:
    """`schema` is that of the database, empty where it has none yet; `known` the newest one known here, and `reachable`
    the newest to which it can be brought while older programs use it. `compatible` is the oldest whose programs may use
    the database, `needs` the version for a schema that is not known here."""

    database: str
    engine: str
    schema: str
    known: str
    reachable: str
    compatible: str
    needs: str
    is_usable: bool
    replicas: tuple[Living, ...]

    @property
    def advice(self) -> str:
        """What is to be done; empty where nothing is."""
        if not self.is_usable:
            return f"use statuswire {self.needs} or newer"
        if self.schema >= self.known or not self.schema:
            return ""
        if self.reachable != self.schema:
            return "run `statuswire db upgrade`, or start this version"
        if self.older:
            return f"stop or upgrade {', '.join(one.id for one in self.older)}, then: statuswire db upgrade --contract"
        return "run `statuswire db upgrade --contract`"

    @property
    def older(self) -> tuple[Living, ...]:
        """The replicas whose program does not know the newest schema."""
        return tuple(one for one in self.replicas if one.revision < self.known)


def look(url: str, now: datetime) -> Look:
    """Of a database of any version. Raises ConfigError and StoreError."""
    with closing(open_place(url, alone=False)) as place:
        return place.read(lambda tx: _look(tx, place, now))


def _look(tx: Tx, place: Place, now: datetime) -> Look:
    tables = place.tables()
    revision = schema.revision_of(tx) if "alembic_version" in tables else ""
    if tables and (not revision or "setting" not in tables):
        raise ConfigError(f"{place.name} is the database of another program", where="database")
    compatible, needs = (
        (queries.setting(tx, f"schema.{name}") or "" if tables else "") for name in ("compatible", "needs")
    )
    is_known = not tables or revision in schema.REVISIONS
    is_usable = is_known or "" < compatible <= schema.HEAD
    replicas = living(tx, now) if "replica" in tables else ()
    reachable = schema.reachable(revision) if revision in schema.REVISIONS else revision
    return Look(place.name, tx.dialect.name, revision, schema.HEAD, reachable, compatible, needs, is_usable, replicas)


def lines(found: Look) -> list[str]:
    """For people."""
    told = [f"{found.database}: {found.engine}, schema {found.schema or 'not made yet'}; known here: {found.known}"]
    told += [f"programs from schema {found.compatible} on may use it"] if found.compatible else []
    told += [
        f"replica {one.id}: version {one.version}, schema {one.revision}, seen {timestamp(one.seen_at)}"
        for one in found.replicas
    ]
    return [*told, *([found.advice] if found.advice else [])]


def upgrade(url: str, now: datetime, *, contract: bool) -> None:
    """Make the database or bring it forward. Raises ConfigError where something is to be taken away and an older
    replica lives, and StoreError."""
    open_store(url).close()
    if contract:
        found = look(url, now)
        if found.older:
            names = ", ".join(f"{one.id} (version {one.version})" for one in found.older)
            raise ConfigError(f"older replicas live on the database: {names}; stop or upgrade them first")
        with closing(open_place(url, alone=True, is_writer=True)) as place:
            schema.upgrade(place.target, place.name, place.lock_fd, contract=True)
