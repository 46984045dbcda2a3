"""The commands of the database's schema."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

from typing import Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import AsJson, ConfigFile, Database, end
from statuswire.cli.group import Looking
from statuswire.options import RunOptions

database = Looking(
    help="""Look after the database.

    \b
    Examples:
      statuswire db
      statuswire db upgrade
    """,
    short_help=overview.summary("db"),
)


@database.command("status", short_help="Which schema there is, and who lives (also without this word).")
def status(config: ConfigFile = None, database: Database = None, as_json: AsJson = False) -> None:
    """Which schema the database has and which this version knows, which programs may use it, and which replicas live.
    Exit code 1 where something is to be done.

    \b
    Examples:
      statuswire db status
      statuswire db status --json
    """
    import msgspec

    from statuswire.cli import printing
    from statuswire.desk import reaching
    from statuswire.desk import schema as desk
    from statuswire.engine.clock import Clock

    loaded = reaching.load(RunOptions(config=config, database=database))
    found = desk.look(loaded.database, Clock().now())
    body = {**msgspec.to_builtins(found), "advice": found.advice}
    terms.echo(printing.as_json(body) if as_json else "\n".join(desk.lines(found)))
    end(1 if found.advice else 0)


@database.command("upgrade", short_help="Bring the database to this version's schema.")
def upgrade(
    contract: Annotated[
        bool, terms.Option("--contract", help="Also take away what only older versions use; none of them may live.")
    ] = False,
    config: ConfigFile = None,
    database: Database = None,
) -> None:
    """Bring the database to the schema of this version. `run` does the same by itself when it starts, but for what
    takes something away that older versions use.

    \b
    Examples:
      statuswire db upgrade
      statuswire db upgrade --database sqlite:////var/lib/statuswire/statuswire.db
      statuswire db upgrade --contract
    """
    from statuswire.desk import reaching
    from statuswire.desk import schema as desk
    from statuswire.engine.clock import Clock

    loaded = reaching.load(RunOptions(config=config, database=database))
    desk.upgrade(loaded.database, Clock().now(), contract=contract)
    terms.echo("the database is up to date")
