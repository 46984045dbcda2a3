"""A backup as a version with schema 0005 would have written it."""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from statuswire.archive import format
from statuswire.store import copying, schema
from statuswire.store.plain import open_place
from statuswire.store.tables import TABLES, Table
from tests.archive.filling import change, url_of

SCHEMA = "0005"
NOW = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
ROWS = (
    "INSERT INTO page (slug, name, name_fold, url, platform, origin) VALUES ('acme', 'Acme', 'acme', '', 's', 'c')",
    "INSERT INTO event VALUES (1, 1, 'k', 'incident.created', 'i1', 1, 2, '{}')",
    "UPDATE log_head SET last = 1",
)


def older_backup(path: Path, file: Path) -> Path:
    """Of a database made at `path`, with one page and one event."""
    with closing(open_place(url_of(path), alone=True, is_writer=True, is_new=True)) as place:
        place.write(partial(schema.create, head=SCHEMA))
    for sql in ROWS:
        change(path, sql)
    tables = _tables(path)
    head = format.Head(
        format.FORMAT, format.VERSION, NOW, "0.1.0", SCHEMA, "sqlite", "", tuple(map(format.kept, tables))
    )
    out = io.BytesIO()
    writer = format.Writer(out, head)
    counts = {}
    with closing(open_place(url_of(path), alone=False)) as place:
        for table in tables:
            rows = place.read(partial(copying.batch, table=table, after=()))
            writer.rows(table, rows)
            counts[table.name] = format.counted(copying.Tally().plus(rows))
    writer.end(format.End(counts, {"page": 1}))
    file.write_bytes(out.getvalue())
    return file


def _tables(path: Path) -> list[Table]:
    """Those that there were, with the columns that they had."""
    with closing(sqlite3.connect(path)) as connection:
        there = {one.name: [row[1] for row in connection.execute(f"PRAGMA table_info({one.name})")] for one in TABLES}
    return [
        replace(one, columns=tuple(name for name in one.columns if name in there[one.name]))
        for one in TABLES
        if there[one.name]
    ]
