"""The commands of signals: what our own monitoring said, and where it is said to."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

from typing import Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import AsJson, ConfigFile, Database, Limit, span
from statuswire.cli.group import Listing
from statuswire.options import RunOptions

signals = Listing(
    help="""What your own Alertmanager, Grafana, Sentry or Datadog said, beside what providers admitted.

    \b
    Examples:
      statuswire signals
      statuswire signals address openai
    """,
    short_help=overview.summary("signals"),
)


@signals.command("list", short_help="The latest begun first (also without this word).")
def list_(
    page: Annotated[
        list[str] | None, terms.Option("--page", metavar="PAGE", help="Slugs, with * and ?; may be repeated.")
    ] = None,
    since: Annotated[str, terms.Option("--since", metavar="TIME", help="Fired within this time, such as 3d.")] = "7d",
    limit: Limit = 50,
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """What fired on our own side, the latest begun first, and how much later the provider said so.

    \b
    Examples:
      statuswire signals
      statuswire signals --page openai --since 30d
      statuswire signals list --json
    """
    from statuswire.cli import printing
    from statuswire.desk import reaching
    from statuswire.desk import signals as desk
    from statuswire.engine.clock import Clock

    now, length = Clock().now(), span(since, "--since")
    assert length is not None
    loaded = reaching.load(RunOptions(config=config, database=database))
    found = reaching.ask(loaded, lambda tx: desk.load(tx, page or (), length, now, limit))
    terms.echo(printing.as_json(desk.rows(found)) if as_json else desk.render(found, now, printing.style()))


@signals.command("address", short_help="Where signals of a page are sent.")
def address(
    page: Annotated[str, terms.Argument(metavar="PAGE", help="The slug of a page; all of them otherwise.")] = "",
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """The secret addresses that your own monitoring sends to. Whoever knows one is believed.

    \b
    Examples:
      statuswire signals address
      statuswire signals address openai
    """
    from statuswire.cli import printing
    from statuswire.desk import reaching
    from statuswire.desk import signals as desk

    loaded = reaching.load(RunOptions(config=config, database=database))
    found = reaching.ask(loaded, lambda tx: desk.addresses(tx, loaded, page))
    terms.echo(printing.as_json(found) if as_json else desk.render_addresses(found, printing.style()))
