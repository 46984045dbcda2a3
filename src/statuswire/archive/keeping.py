"""`statuswire backup`: one consistent view of a database, while services go on writing, as a file.

On SQLite the view is a read transaction, beside which the writer goes on: its log grows until the backup is done. On
PostgreSQL it is one transaction of REPEATABLE READ.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from statuswire.archive import checks, format
from statuswire.archive.format import End, Head, Writer
from statuswire.errors import ConfigError, StoreError, StoreReason
from statuswire.store import Tx, copying, queries, schema
from statuswire.store.copying import Tally
from statuswire.store.plain import Place, open_place
from statuswire.store.tables import TABLES, Table

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class KeptCopy:
    """What a backup holds."""

    head: Head
    end: End

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.end.tables.values())


def keep(url: str, out: IO[bytes], program: str, now: datetime, say: Say) -> KeptCopy:
    """Write a backup of the database into an open file.

    Raises ConfigError for what is no database of ours with the schema of this version, StoreError: CORRUPT for one that
    is damaged.
    """
    with closing(open_place(url, alone=False)) as place:
        return place.read(lambda tx: _keep(tx, place, out, program, now, say))


def _keep(tx: Tx, place: Place, out: IO[bytes], program: str, now: datetime, say: Say) -> KeptCopy:
    checks.check_schema(tx, place.tables(), place.name)
    checks.check_whole(tx, place.name)
    _check_health(place)
    identity = queries.setting(tx, checks.IDENTITY) or ""
    kept = tuple(format.kept(one) for one in TABLES)
    head = Head(format.FORMAT, format.VERSION, now, program, schema.revision_of(tx), tx.dialect.name, identity, kept)
    writer = Writer(out, head)
    tallies = {one.name: _keep_table(tx, one, writer, say) for one in TABLES}
    numbers = {one.name: copying.last_number(tx, one) for one in TABLES if one.is_numbered}
    end = End({name: format.counted(tally) for name, tally in tallies.items()}, numbers)
    writer.end(end)
    return KeptCopy(head, end)


def _check_health(place: Place) -> None:
    found = place.check()
    if found:
        raise StoreError(StoreReason.CORRUPT, f"{place.name} is damaged, so it is not kept: {found}", is_permanent=True)


def _keep_table(tx: Tx, table: Table, writer: Writer, say: Say) -> Tally:
    tally = Tally()
    for some in copying.batches(tx, table):
        writer.rows(table, some)
        tally = tally.plus(some)
    if tally.rows:
        say(f"{table.name}: {tally.rows:,} rows")
    return tally


@contextmanager
def written_whole(path: Path) -> Iterator[IO[bytes]]:
    """A file that only its owner can read, and that has its name only when all of it is on the disk; what was there
    before stays until then. Raises ConfigError where it cannot be written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb") as out:  # noqa: PTH123
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
        _fsync_folder(path.parent)
    except OSError as error:
        raise ConfigError(f"cannot be written: {error.strerror or error}", where=str(path)) from error
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def _fsync_folder(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
