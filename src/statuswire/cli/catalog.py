"""The commands of the catalog."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import AllowPrivate, AsJson, ConfigFile, end
from statuswire.cli.group import Searching
from statuswire.errors import ConfigError
from statuswire.options import VerifyOptions

catalog = Searching(
    help="""Search the known services, verify them, and keep your own.

    \b
    Examples:
      statuswire catalog opnai
      statuswire catalog show openai
    """,
    short_help=overview.summary("catalog"),
)


@catalog.command("search", short_help="Search the known services (also without this word).")
def catalog_search(
    query: Annotated[str, terms.Argument(metavar="QUERY", help="A name, with or without typos.")] = "",
    limit: Annotated[int, terms.Option("--limit", "-n", min=1, max=5000, help="Rows at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Search the services that are known by a slug: by name, slug, host or category. Exit code 1 when nothing is like
    the query.

    \b
    Examples:
      statuswire catalog
      statuswire catalog opnai
      statuswire catalog payments --json
    """
    from statuswire.catalog import search
    from statuswire.cli import printing

    found = search(query, limit)
    terms.echo(printing.catalog_json(found) if as_json else printing.catalog_table(found, printing.style()))
    end(0 if found else 1)


@catalog.command("show", short_help="All that is known of one service.")
def catalog_show(slug: Annotated[str, terms.Argument(metavar="SLUG")], as_json: AsJson = False) -> None:
    """All that is known of one service.

    \b
    Examples:
      statuswire catalog show openai
    """
    from statuswire.catalog import find, resolve
    from statuswire.cli import printing

    provider = find(slug)
    if provider is None:
        resolve(slug)  # says what is near
        raise ConfigError(f"`{slug}` is not in the catalog")
    terms.echo(printing.catalog_json((provider,)) if as_json else printing.provider_lines(provider))


@catalog.command("verify", short_help="Look at pages and tell what is true of their rows.")
def catalog_verify(
    query: Annotated[list[str] | None, terms.Argument(metavar="QUERY")] = None,
    is_all: Annotated[bool, terms.Option("--all", help="Every row: a long, slow, polite walk.")] = False,
    limit: Annotated[int | None, terms.Option("--limit", "-n", min=1, help="Rows at most.")] = None,
    write: Annotated[Path | None, terms.Option("--write", metavar="FILE", help="Write what was found there.")] = None,
    config: ConfigFile = None,
    allow_private: AllowPrivate = False,
) -> None:
    """Look at pages as `detect` does and tell platform, feed and changes of their rows. Exit code 1 where one could
    not be recognised.

    \b
    Examples:
      statuswire catalog verify openai github
      statuswire catalog verify --all --limit 50 --write statuswire-catalog.csv
    """
    from statuswire import catalog_upkeep

    options = VerifyOptions(tuple(query or ()), is_all, limit, write, allow_private, config)
    end(catalog_upkeep.verify(options, sys.stdout))


@catalog.command("export", short_help="Print your own rows as CSV.")
def catalog_export(
    is_all: Annotated[bool, terms.Option("--all", help="Every row that counts, not only your own.")] = False,
) -> None:
    """Print your own additions and corrections as CSV.

    \b
    Examples:
      statuswire catalog export > mine.csv
    """
    from statuswire import catalog_upkeep

    end(catalog_upkeep.export(sys.stdout, all_rows=is_all))


@catalog.command("import", short_help="Add rows to your own.")
def catalog_import(file: Annotated[Path, terms.Argument(metavar="FILE", help="CSV with a header.")]) -> None:
    """Add the rows of a file to your own additions and corrections. Nothing changes where the file has a mistake.

    \b
    Examples:
      statuswire catalog import mine.csv
    """
    from statuswire import catalog_upkeep

    end(catalog_upkeep.import_rows(file, sys.stdout))
