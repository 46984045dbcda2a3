"""`statuswire migrate`: all of one database into another one, whatever their engines.

Rows go over in batches, each in one transaction of the target together with a mark that says how far its table is; so a
move that was broken off, even by a kill, goes on where it was. At the end both are read once more and compared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256

from statuswire.archive import checks, marks
from statuswire.archive.marks import Mark
from statuswire.errors import ConfigError
from statuswire.store import Tx, copying, queries, schema
from statuswire.store.base import Row
from statuswire.store.copying import Tally
from statuswire.store.plain import Place, open_place
from statuswire.store.tables import TABLES, Table

SAY_BATCHES = 20
"""Batches of one table between two lines of progress."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Compared:
    """One table here and there."""

    table: str
    here: Tally
    there: Tally

    @property
    def is_same(self) -> bool:
        return self.here == self.there


@dataclass(frozen=True, slots=True)
class Moved:
    """How it ended. `copied`: the rows that this run put in."""

    copied: int
    compared: tuple[Compared, ...]

    @property
    def differing(self) -> tuple[Compared, ...]:
        return tuple(one for one in self.compared if not one.is_same)

    @property
    def rows(self) -> int:
        return sum(one.here.rows for one in self.compared)


def migrate(
    from_: str, to: str, now: datetime, say: Say, *, is_forced: bool = False, tables: Sequence[Table] = TABLES
) -> Moved:
    """Copy, compare, and then declare the target whole. Where they differ it stays marked as unfinished.

    `say` is told of the progress; `tables` says in which steps to copy. Raises ConfigError where
    the two cannot be copied, StoreError where one fails.
    """
    _check_pair(from_, to)
    with closing(open_place(from_, alone=True)) as source:
        _check_source(source, now, is_forced=is_forced)
        with closing(open_place(to, alone=True, is_writer=True, is_new=True)) as target:
            _begin(target, source.read(_fingerprint), now)
            copied = sum(_copy(source, target, table, say) for table in tables)
            moved = Moved(copied, _compared(source, target, say))
            if not moved.differing:
                target.write(_declare_whole)
                target.finish()
            return moved


def verify(from_: str, to: str, now: datetime, say: Say, *, is_forced: bool = False) -> Moved:
    """Compare only. Raises like `migrate`."""
    _check_pair(from_, to)
    with closing(open_place(from_, alone=True)) as source, closing(open_place(to, alone=True)) as target:
        for place in (source, target):
            _check_source(place, now, is_forced=is_forced)
        return Moved(0, _compared(source, target, say))


# --- before ----------------------------------------------------------------------------------------------------------


def _check_pair(from_: str, to: str) -> None:
    if from_ == to:
        raise ConfigError("--from and --to are the same database")


def _check_source(source: Place, now: datetime, *, is_forced: bool) -> None:
    def check(tx: Tx) -> None:
        checks.check_schema(tx, source.tables(), source.name)
        checks.check_whole(tx, source.name)
        checks.check_alone(tx, source.name, now, is_forced=is_forced)

    source.read(check)


def _fingerprint(tx: Tx) -> str:
    """By which a target knows that it is filled from the same database as before."""
    own = (queries.setting(tx, queries.SECRET_SETTING), queries.setting(tx, checks.IDENTITY))
    return sha256(repr(own).encode()).hexdigest()


def _begin(target: Place, source: str, now: datetime) -> None:
    """Make the target, or find out that it is one which was begun from the same source."""

    def begin(tx: Tx) -> None:
        tables = target.tables()
        if not tables:
            schema.create(tx)
        checks.check_schema(tx, target.tables(), target.name)
        checks.check_alone(tx, target.name, now, is_forced=False)
        begun = marks.source_of(tx)
        if begun is None:
            checks.check_fresh(tx, target.name)
            marks.begin(tx, source)
        elif begun != source:
            raise ConfigError(f"{target.name} is being filled from another database: name an empty one")

    target.write(begin)


# --- the copy --------------------------------------------------------------------------------------------------------


def _copy(source: Place, target: Place, table: Table, say: Say) -> int:
    """How many rows were put in now."""
    mark = begun = target.read(partial(marks.mark_of, table=table.name))
    if begun.is_done:
        return 0
    if begun.rows:
        say(f"{table.name}: going on after {begun.rows:,} rows")
    while True:
        some = source.read(partial(copying.batch, table=table, after=mark.key))
        last = source.read(partial(copying.last_number, table=table)) if table.is_numbered else 0
        mark = target.write(partial(_put, table=table, some=some, mark=mark, last=last))
        if mark.is_done:
            if mark.rows:
                say(f"{table.name}: {mark.rows:,} rows, all of them")
            return mark.rows - begun.rows
        if mark.rows % (SAY_BATCHES * table.at_once) == 0:
            say(f"{table.name}: {mark.rows:,} rows")


def _put(tx: Tx, table: Table, some: Sequence[Row], mark: Mark, last: int) -> Mark:
    """Rows and mark in one transaction."""
    if not mark.rows:
        copying.clear(tx, table)  # what every new database has, such as the head of the log
    copying.put_rows(tx, table, some)
    is_done = copying.is_last(table, some)
    key = copying.key_of(table, some[-1]) if some else mark.key
    moved = Mark(key, mark.rows + len(some), is_done)
    if is_done and table.is_numbered:
        copying.set_last_number(tx, table, last)
    marks.set_mark(tx, table.name, moved)
    return moved


# --- after -----------------------------------------------------------------------------------------------------------


def _compared(source: Place, target: Place, say: Say) -> tuple[Compared, ...]:
    found = []
    for table in TABLES:
        one = Compared(
            table.name,
            source.read(partial(copying.tally, table=table)),
            target.read(partial(copying.tally, table=table)),
        )
        if not one.is_same:
            say(f"{table.name}: {one.here.rows:,} rows here, {one.there.rows:,} there, and they are NOT the same")
        found.append(one)
    return tuple(found)


def _declare_whole(tx: Tx) -> None:
    marks.drop_marks(tx)
    checks.name_anew(tx)
