"""The commands of pages and routes, of which some may be kept in the database."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import AsJson, ConfigFile, Database, end, who
from statuswire.cli.deliveries import give
from statuswire.cli.group import Listing
from statuswire.options import RunOptions

Words = list[str] | None

page = Listing(
    help="""Watch pages that are not in the configuration file.

    \b
    Examples:
      statuswire page
      statuswire page add https://status.example.com --slug payments --tag critical-path
      statuswire page drop payments
    """,
    short_help=overview.summary("page"),
)
route = Listing(
    help="""What is told where, by the configuration file and by the database.

    \b
    Examples:
      statuswire route
      statuswire route drop payments
    """,
    short_help=overview.summary("route"),
)


def add_own(app: terms.Group) -> None:
    """Make the commands known."""
    app.add_command(page, "page")
    app.add_command(route, "route")
    for name, command in (("export", export), ("import", import_)):
        app.command(name, short_help=overview.summary(name))(command)


@page.command("list", short_help="What is watched (also without this word).")
def pages(config: ConfigFile = None, database: Database = None, as_json: AsJson = False) -> None:
    """What is watched: the pages of the configuration file, which are changed there, and those of the database.

    \b
    Examples:
      statuswire page
      statuswire page list --json
    """
    from statuswire.cli import printing
    from statuswire.desk import own, reaching

    loaded = reaching.load(RunOptions(config=config, database=database))
    found = reaching.ask(loaded, lambda tx: own.page_rows(tx, loaded))
    terms.echo(printing.as_json({"pages": found}) if as_json else own.render_pages(found, printing.style()))


@page.command("add", short_help="Watch a page from now on.")
def add(
    what: Annotated[str, terms.Argument(metavar="WHAT", help="A slug of the catalog or an address.")],
    slug: Annotated[str, terms.Option("--slug", metavar="SLUG", help="Its name in addresses and routes.")] = "",
    name: Annotated[str, terms.Option("--name", metavar="NAME", help="Its name to show.")] = "",
    component: Annotated[Words, terms.Option("--component", metavar="NAME", help="What matters; repeatable.")] = None,
    tag: Annotated[Words, terms.Option("--tag", metavar="TAG", help="A word for routes; repeatable.")] = None,
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Keep a page in the database and watch it, at once where a service runs. What more there is to say of one can be
    imported.

    \b
    Examples:
      statuswire page add stripe
      statuswire page add https://status.example.com --slug payments --component 'API'
    """
    from statuswire.config import own
    from statuswire.engine.owning import PutPage

    said = {"slug": slug, "name": name, "components": component, "tags": tag}
    body = {**own.page_of_word(what), **{key: value for key, value in said.items() if value}}
    give([PutPage(body, is_new=True, author=who())], RunOptions(config=config, database=database), as_json)


@page.command("drop", short_help="Watch some no more.")
def drop(
    slugs: Annotated[list[str], terms.Argument(metavar="SLUG...")],
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Take pages out of the database. What is known of them is kept. Those of the configuration file are taken out
    there.

    \b
    Examples:
      statuswire page drop payments
    """
    from statuswire.engine.owning import DropPage

    give([DropPage(one, who()) for one in slugs], RunOptions(config=config, database=database), as_json)


@route.command("list", short_help="What is told where (also without this word).")
def routes(config: ConfigFile = None, database: Database = None, as_json: AsJson = False) -> None:
    """The routes in the order in which they count: those of the configuration file, which are changed there, and those
    of the database.

    \b
    Examples:
      statuswire route
      statuswire route list --json
    """
    from statuswire.cli import printing
    from statuswire.desk import own, reaching

    loaded = reaching.load(RunOptions(config=config, database=database))
    found = reaching.ask(loaded, lambda tx: own.route_rows(tx, loaded))
    terms.echo(printing.as_json({"routes": found}) if as_json else own.render_routes(found, printing.style()))


@route.command("drop", short_help="Tell nothing more by some.")
def drop_route(
    names: Annotated[list[str], terms.Argument(metavar="NAME...")],
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Take routes out of the database. Those of the configuration file are taken out there.

    \b
    Examples:
      statuswire route drop payments
    """
    from statuswire.engine.owning import DropRoute

    give([DropRoute(one, who()) for one in names], RunOptions(config=config, database=database), as_json)


def export(config: ConfigFile = None, database: Database = None, as_json: AsJson = False) -> None:
    """Print the pages and routes that are kept in the database as YAML, which can be pasted into the configuration file
    or imported elsewhere. There are no secrets in it.

    \b
    Examples:
      statuswire export > own.yaml
      statuswire export --json
    """
    from statuswire.cli import printing
    from statuswire.desk import own, reaching

    loaded = reaching.load(RunOptions(config=config, database=database))
    body = reaching.ask(loaded, own.exported)
    terms.echo(printing.as_json(body) if as_json else own.as_yaml(body), nl=as_json)


def import_(
    file: Annotated[Path, terms.Argument(metavar="FILE", help="YAML with `pages` and `routes`, or another tool's.")],
    from_: Annotated[
        str | None, terms.Option("--from", metavar="FORMAT", help="Such as uptime-kuma or opml; else by content.")
    ] = None,
    dry_run: Annotated[bool, terms.Option("--dry-run", help="Only say what would come of it.")] = False,
    write: Annotated[
        Path | None, terms.Option("--write", metavar="FILE", help="Into this configuration, not the database.")
    ] = None,
    config: ConfigFile = None,
    database: Database = None,
    as_json: AsJson = False,
) -> None:
    """Put the `pages` and `routes` of a file into the database, in the place of those that have the same slug or name.
    Nothing changes where the file has a mistake: exit code 2, with every mistake and its line.

    What another tool lists becomes pages too: a backup of Uptime Kuma, the configuration of a Prometheus exporter for
    status pages, OPML, a CSV of addresses, answers of StatusGator's or IsDown's API. It is said of every entry what
    becomes of it; pages that are watched already stay as they are.

    \b
    Examples:
      statuswire import own.yaml
      statuswire import kuma-backup.json --dry-run
      statuswire import feeds.opml --write statuswire.yaml
    """
    from statuswire.desk import bringing

    asked = bringing.Bringing(file, from_, write, dry_run, as_json)
    end(bringing.bring(asked, RunOptions(config=config, database=database), who()))
