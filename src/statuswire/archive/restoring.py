"""`statuswire restore`: a backup becomes a database again.

First the whole file is read and checked; then all of it goes into an empty database in one transaction, and is read
back and compared before the commit, so that there is all of it or nothing. The backup of an older version is put into
the schema that it was made of, and brought forward then.

What was told stays told: followers stand where they stood, and the keys of events are there. So nothing of the backup
is told again, and what happened since is found by the next polls and told as usual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import IO

from statuswire.archive import checks, format
from statuswire.archive.format import Counted, End, Head, Reader
from statuswire.archive.keeping import KeptCopy
from statuswire.errors import ConfigError
from statuswire.store import Tx, copying, schema
from statuswire.store.copying import Tally
from statuswire.store.plain import Place, open_place

Say = Callable[[str], None]


def examine(path: Path) -> KeptCopy:
    """Read all of the backup. Raises ConfigError where it is cut, changed, or of a version that is not known."""
    with _opened(path) as source, format.reading(source, str(path)) as reader:
        _check_head(reader.head, path)
        tallies = {one.name: Tally() for one in reader.head.tables}
        for name, some in reader.rows():
            tallies[name] = tallies[name].plus(some)
        _check_tallies(tallies, reader.end, f"{path} cannot be restored: it was changed or damaged")
        return KeptCopy(reader.head, reader.end)


def restore(path: Path, url: str, say: Say) -> KeptCopy:
    """Put the backup into the empty database at `url`. Raises ConfigError and StoreError; then nothing was changed."""
    say(f"checking {path}")
    found = examine(path)
    with closing(open_place(url, alone=True, is_writer=True, is_new=True)) as target:
        with _opened(path) as source, format.reading(source, str(path)) as reader:
            target.write(partial(_fill, target=target, reader=reader, say=say))
        target.finish()
        if target.read(schema.revision_of) != schema.HEAD:
            say(f"bringing it from schema {found.head.schema} to {schema.HEAD}")
            schema.upgrade(target.target, target.name, target.lock_fd)
    return found


def _opened(path: Path) -> IO[bytes]:
    try:
        return path.open("rb")
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _check_head(head: Head, path: Path) -> None:
    if head.schema not in schema.REVISIONS:
        raise ConfigError(
            f"{path} has schema {head.schema}, and this version knows {schema.HEAD}: "
            f"restore it with statuswire {head.program} or newer"
        )


def _check_tallies(tallies: Mapping[str, Tally], end: End, what: str) -> None:
    for name in sorted(tallies.keys() | end.tables.keys()):
        there, said = format.counted(tallies.get(name, Tally())), end.tables.get(name, Counted(0, ""))
        if there != said:
            raise ConfigError(f"{what}: {name} has {there.rows} rows of {said.rows}, and its digest is another one")


# --- all of it in one transaction ------------------------------------------------------------------------------------


def _fill(tx: Tx, target: Place, reader: Reader, say: Say) -> None:
    head = reader.head
    _make(tx, target, head)
    tables = {one.name: format.table_of(one) for one in head.tables}
    filling = ""
    for name, some in reader.rows():
        if name != filling:
            filling = name
            say(f"putting in {name}")
        copying.put_rows(tx, tables[name], some)
    for name, last in reader.end.numbers.items():
        copying.set_last_number(tx, tables[name], last)
    tallies = {name: copying.tally(tx, table) for name, table in tables.items()}
    _check_tallies(tallies, reader.end, f"{target.name} does not give back what was put in, so nothing was")
    checks.name_anew(tx)


def _made_as(tx: Tx, head: Head) -> str:
    """The schema to put the rows into: that of the backup, or the first that the engine had. What was added since then
    is filled in by its defaults."""
    return max(head.schema, schema.OLDEST[tx.dialect.name])


def _make(tx: Tx, target: Place, head: Head) -> None:
    """An empty database with the schema of the backup."""
    tables = target.tables()
    if not tables:
        schema.create(tx, _made_as(tx, head))
    elif head.schema != schema.HEAD:
        raise ConfigError(
            f"{target.name} has the schema of this version, and the backup that of {head.program}: "
            "name a database without any tables"
        )
    else:
        checks.check_schema(tx, tables, target.name)
        checks.check_whole(tx, target.name)
        checks.check_fresh(tx, target.name)
    copying.clear_head(tx)
