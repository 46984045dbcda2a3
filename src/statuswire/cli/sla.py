"""The commands of contracts."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import AsJson, ConfigFile, Database, end
from statuswire.cli.group import Listing
from statuswire.errors import ConfigError
from statuswire.options import RunOptions

if TYPE_CHECKING:
    from statuswire.engine.statements import Statement

sla = Listing(
    help="""What contracts promised, and how it was.

    \b
    Examples:
      statuswire sla
      statuswire sla statement payments-api --month 2026-10
      statuswire sla statement payments-api --month 2026-10 --html > payments-2026-10.html
      statuswire sla verify
    """,
    short_help=overview.summary("sla"),
)


@sla.command("list", short_help="All contracts with their last month (also without this word).")
def list_(config: ConfigFile = None, database: Database = None, as_json: AsJson = False) -> None:
    """All contracts, and whether they were kept in the last month that is over.

    \b
    Examples:
      statuswire sla
      statuswire sla list --json
    """
    from statuswire.cli import printing
    from statuswire.desk import contracts as desk
    from statuswire.desk import reaching
    from statuswire.engine.clock import Clock
    from statuswire.engine.statement_forms import as_brief

    loaded = reaching.load(RunOptions(config=config, database=database))
    found = desk.statements(loaded, Clock().now()) if loaded.contracts else []
    if as_json:
        terms.echo(printing.as_json({"contracts": [as_brief(one) for one in found]}))
    elif found:
        terms.echo("\n".join(desk.list_lines(found, printing.style())))
    else:
        terms.echo("there is no contract; name one under `contracts` in the configuration")


@sla.command("statement", short_help="How a contract was kept in a month, step by step.")
def statement(
    contract: Annotated[str, terms.Argument(metavar="CONTRACT", help="Its name.")],
    month: Annotated[
        str | None, terms.Option("--month", metavar="YYYY-MM", help="Otherwise the last one that is over.")
    ] = None,
    as_html: Annotated[bool, terms.Option("--html", help="Print a page of its own, to read or print.")] = False,
    as_csv: Annotated[bool, terms.Option("--csv", help="Print one table.")] = False,
    as_json: AsJson = False,
    config: ConfigFile = None,
    database: Database = None,
) -> None:
    """How a contract was kept: minutes by state, incidents, what does not count, the result between its bounds, and the
    documents that prove it.

    Exit code: 0 no breach, 1 a breach, 3 what is not known decides.

    \b
    Examples:
      statuswire sla statement payments-api
      statuswire sla statement payments-api --month 2026-10 --csv > payments-2026-10.csv
    """
    from statuswire.desk import contracts as desk
    from statuswire.desk import reaching
    from statuswire.engine.clock import Clock

    if as_html + as_csv + as_json > 1:
        raise ConfigError("one of --html, --csv and --json is enough")
    loaded = reaching.load(RunOptions(config=config, database=database))
    found = desk.statement(loaded, contract, month, Clock().now())
    terms.echo(_shown(found, "html" if as_html else "csv" if as_csv else "json" if as_json else ""), nl=not as_csv)
    end(desk.EXIT_CODES[found.breach])


def _shown(found: Statement, form: str) -> str:
    from statuswire.cli import printing
    from statuswire.core.figures import to_csv
    from statuswire.desk import contracts as desk
    from statuswire.engine.statement_forms import as_body, as_rows

    if form == "html":
        from statuswire.web.face.sla import as_file

        return as_file(found)
    if form == "csv":
        return to_csv(as_rows(found))
    return printing.as_json(as_body(found)) if form else "\n".join(desk.lines(found, printing.style()))


@sla.command("document", short_help="Print a document as it was received.")
def document(
    digest: Annotated[str, terms.Argument(metavar="SHA256", help="Its name in a statement.")],
    config: ConfigFile = None,
    database: Database = None,
) -> None:
    """Print a document that is kept, byte by byte as it was received. Exit code 1 where it is not kept.

    On a terminal what it would obey is left out.

    \b
    Examples:
      statuswire sla document 5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03 > document.json
    """
    import sys

    from statuswire.channels.terminal import one_line
    from statuswire.desk import contracts as desk
    from statuswire.desk import reaching

    loaded = reaching.load(RunOptions(config=config, database=database))
    body = desk.document(loaded, digest)
    if not body:
        word = "is not kept" if body is None else "held a secret: its digest alone is kept"
        terms.echo(f"statuswire: the document {word}", err=True)
        end(1)
    elif sys.stdout.isatty():
        terms.echo("\n".join(one_line(line) for line in body.decode("utf-8", "replace").splitlines()))
    else:
        sys.stdout.buffer.write(body)


@sla.command("verify", short_help="Reckon the digests of all documents anew.")
def verify(config: ConfigFile = None, database: Database = None, as_json: AsJson = False) -> None:
    """Whether the documents that are kept are those that their names say. Exit code 1 where one is not.

    \b
    Examples:
      statuswire sla verify
    """
    from statuswire.cli import printing
    from statuswire.desk import contracts as desk
    from statuswire.desk import reaching

    loaded = reaching.load(RunOptions(config=config, database=database))
    found = desk.verify(loaded)
    if as_json:
        body = {"good": found.good, "withheld": found.withheld, "damaged": list(found.damaged)}
        terms.echo(printing.as_json(body))
    else:
        terms.echo(f"{found.good} good, {found.withheld} kept by their digest alone, {len(found.damaged)} damaged")
        for one in found.damaged:
            terms.echo(f"damaged: {one}")
    end(1 if found.damaged else 0)
