"""The commands of whole databases: moved, kept in a file, made from one, and rid of what is old."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import AsJson, ConfigFile, Database, end, span, who
from statuswire.errors import ConfigError
from statuswire.options import RunOptions

DIFFERS = 1
"""Exit code where two databases are not the same."""


def add_archive(app: terms.Group) -> None:
    """Make the commands known."""
    for command in (migrate, backup, restore, prune):
        app.command(command.__name__, short_help=overview.summary(command.__name__))(command)


def migrate(
    from_: Annotated[str, terms.Option("--from", metavar="URL", help="The database that there is.")],
    to: Annotated[str, terms.Option("--to", metavar="URL", help="An empty one, which is made where it can be.")],
    verify_only: Annotated[bool, terms.Option("--verify-only", help="Copy nothing, compare the two.")] = False,
    force: Annotated[
        bool, terms.Option("--force", help="Also while replicas live on the source. What they write may be missing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Copy everything from one database into another one, whatever their engines, and compare the two.

    No service may write to the source meanwhile. Broken off, also by a kill, the same command goes on where it was.
    Exit code: 0 the two are the same, 1 they differ, 2 refused with the reason, 75 a service holds one of them.

    \b
    Examples:
      statuswire migrate --from sqlite:///statuswire.db --to postgresql://statuswire@db.example/statuswire
      statuswire migrate --from sqlite:///statuswire.db --to sqlite:////srv/statuswire.db --verify-only
    """
    from statuswire.archive import moving
    from statuswire.engine.clock import Clock

    work = moving.verify if verify_only else moving.migrate
    moved = work(from_, to, Clock().now(), _say, is_forced=force)
    body = {
        "same": not moved.differing,
        "copied": moved.copied,
        "rows": moved.rows,
        "tables": {
            one.table: {
                "rows": one.here.rows,
                "digest": one.here.digest,
                "rows_there": one.there.rows,
                "digest_there": one.there.digest,
            }
            for one in moved.compared
        },
    }
    names = ", ".join(one.table for one in moved.differing)
    same = f"{moved.rows:,} rows of {len(moved.compared)} tables are the same in both; {moved.copied:,} were copied now"
    advice = "" if verify_only else "; did something write meanwhile? Empty the target and begin anew"
    _print(body, f"NOT the same: {names}{advice}" if moved.differing else same, as_json)
    end(DIFFERS if moved.differing else 0)


def backup(
    file: Annotated[str, terms.Argument(metavar="FILE", help="A new file; - is standard output.")],
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Keep everything in a file, also while services run. It can be restored into either engine.

    The file holds secrets: only its owner may read it. It has its name only once it is whole.

    \b
    Examples:
      statuswire backup statuswire-2026-11-29.backup
      statuswire backup - | ssh backup.example 'cat > statuswire.backup'
    """
    import sys

    from statuswire.archive import keeping
    from statuswire.cli import version
    from statuswire.desk import reaching
    from statuswire.engine.clock import Clock

    loaded = reaching.load(RunOptions(config=config, database=database))
    program, now = version().rpartition(" ")[2], Clock().now()
    if file == "-":
        if sys.stdout.isatty():
            raise ConfigError("a backup is no text for a terminal: name a file, or send it on with |")
        kept = keeping.keep(loaded.database, sys.stdout.buffer, program, now, _say)
        _say(f"{kept.rows:,} rows kept")
        return
    path = Path(file)
    with keeping.written_whole(path) as out:
        kept = keeping.keep(loaded.database, out, program, now, _say)
    size = path.stat().st_size
    body = {"file": str(path), "rows": kept.rows, "bytes": size, "schema": kept.head.schema}
    _print(body, f"{kept.rows:,} rows kept in {path} ({size:,} bytes); it holds secrets", as_json)


def restore(
    file: Annotated[Path, terms.Argument(metavar="FILE", help="A backup.")],
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup into an empty database: all of it, or nothing. Nothing that was told is told again; what happened
    since the backup is found by the next polls, and told. Exit code 2 where the file is not whole, or the database not
    empty.

    \b
    Examples:
      statuswire restore statuswire-2026-11-29.backup --database sqlite:///again.db
    """
    from statuswire.archive import restoring
    from statuswire.desk import reaching

    loaded = reaching.load(RunOptions(config=config, database=database))
    kept = restoring.restore(file, loaded.database, _say)
    made_at = f"{kept.head.made_at:%Y-%m-%d %H:%M:%S} UTC"
    body = {"rows": kept.rows, "made_at": kept.head.made_at.isoformat(), "schema": kept.head.schema}
    _print(body, f"{kept.rows:,} rows restored, as they were at {made_at}", as_json)


def prune(
    older_than: Annotated[
        str | None, terms.Option("--older-than", metavar="AGE", help="Such as 400d; else as configured.")
    ] = None,
    dry_run: Annotated[bool, terms.Option("--dry-run", help="Only say what would be forgotten.")] = False,
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Forget what is older than the configuration keeps it (`retention`), or than an age that is shorter.

    A service does so by itself every hour. Reports say the same afterwards, and nothing is told again.

    \b
    Examples:
      statuswire prune --dry-run
      statuswire prune --older-than 400d
    """
    from statuswire.desk import pruning, reaching
    from statuswire.engine.clock import Clock
    from statuswire.wire import timestamp

    age, now = span(older_than, "--older-than"), Clock().now()
    loaded = reaching.load(RunOptions(config=config, database=database))
    if dry_run:
        found = pruning.would_prune(loaded, age, now)
    else:
        found = pruning.prune(loaded, age, now, who(), _say)
    rows = [{"kind": one.kind, "before": timestamp(one.before), "rows": one.rows} for one in found]
    word = "would be forgotten" if dry_run else "forgotten"
    lines = (f"{one.kind}: {one.rows:,} from before {one.before:%Y-%m-%d} {word}" for one in found)
    _print({"dry_run": dry_run, "kinds": rows}, "\n".join(lines), as_json)


def _say(line: str) -> None:
    terms.echo(line, err=True)


def _print(body: Mapping[str, object], sentence: str, as_json: bool) -> None:
    from statuswire.cli import printing

    terms.echo(printing.as_json(body) if as_json else sentence)
