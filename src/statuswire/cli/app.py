"""The commands. Each asks, hands over plain options, and turns the answer into an exit code."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from statuswire.cli import overview, version
from statuswire.cli.group import Commands, Searching
from statuswire.errors import ConfigError
from statuswire.options import DemoOptions, LookOptions, ReplayOptions, RunOptions, VerifyOptions, WatchOptions

T = TypeVar("T")

app = typer.Typer(
    cls=Commands,
    name="statuswire",
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
database = typer.Typer(help="Look after the database.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(database, name="db")
catalog = typer.Typer(
    cls=Searching,
    help="""Search the known services, verify them, and keep your own.

    \b
    Examples:
      statuswire catalog opnai
      statuswire catalog show openai
    """,
    short_help=overview.summary("catalog"),
    rich_markup_mode=None,
)
app.add_typer(catalog, name="catalog")

ConfigFile = Annotated[Path | None, typer.Option("--config", "-c", metavar="FILE", help="Configuration file (YAML).")]
Database = Annotated[str | None, typer.Option("--database", metavar="URL", help="Such as sqlite:///statuswire.db.")]
Host = Annotated[str | None, typer.Option("--host", metavar="HOST", help="Address that the service listens on.")]
Port = Annotated[int | None, typer.Option("--port", "-p", metavar="PORT", help="Port that the service listens on.")]
Format = Annotated[
    str | None, typer.Option("--format", "-f", metavar="FORMAT", help="default, provider, watcher or json.")
]
Zone = Annotated[str | None, typer.Option("--tz", metavar="ZONE", help="Zone of the times shown; UTC otherwise.")]
Interval = Annotated[
    str | None, typer.Option("--interval", "-i", metavar="TIME", help="Time between two polls, such as 30s or 3m.")
]
HeartbeatEvery = Annotated[
    str | None, typer.Option("--heartbeat", metavar="TIME", help="Time between two heartbeats of the watcher format.")
]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Also look at loopback and private addresses.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Debug = Annotated[bool, typer.Option("--debug", help="Log everything.")]
What = Annotated[
    list[str],
    typer.Argument(metavar="WHAT", help="Slugs, pages or feeds; WHAT:COMPONENT for one component.", show_default=False),
]


@app.callback()
def first(
    context: typer.Context,
    show_version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> None:
    if show_version:
        typer.echo(version())
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(overview.render())


@app.command(short_help=overview.summary("run"))
def run(
    config: ConfigFile = None,
    host: Annotated[str | None, typer.Option("--host", metavar="HOST", help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", "-p", metavar="PORT", help="Port; 0 takes a free one.")] = None,
    database: Database = None,
    watch: Annotated[
        list[str] | None, typer.Option("--watch", "-w", metavar="WHAT", help="A page to watch; may be repeated.")
    ] = None,
    allow_private: AllowPrivate = False,
    format_: Format = None,
    interval: Interval = None,
    heartbeat: HeartbeatEvery = None,
    tz: Zone = None,
    debug: Debug = False,
) -> None:
    """Run the whole service: hooks, polling, console and HTTP on one port.

    Without a configuration it watches a small default set (OpenAI first), keeps everything in ./statuswire.db and
    listens on 127.0.0.1:8000.

    \b
    Examples:
      statuswire run
      statuswire run --port 5000 --watch openai --watch https://status.example.com
      statuswire run --config statuswire.yaml --debug
    """
    from statuswire import server

    _end(
        server.run(
            RunOptions(
                config=config,
                host=host,
                port=port,
                database=database,
                watch=tuple(watch or ()),
                allow_private=allow_private,
                debug=debug,
                format=format_,
                interval=_span(interval, "--interval"),
                heartbeat=_span(heartbeat, "--heartbeat"),
                tz=tz,
            )
        )
    )


@app.command(short_help=overview.summary("watch"))
def watch(
    what: What,
    format_: Format = None,
    interval: Interval = None,
    heartbeat: HeartbeatEvery = None,
    tz: Zone = None,
    allow_private: AllowPrivate = False,
    as_json: AsJson = False,
    debug: Debug = False,
) -> None:
    """Print what changes on some pages until CTRL+C. Nothing is kept and nothing listens.

    \b
    Examples:
      statuswire watch openai github
      statuswire watch 'aws:us-east-1 / EC2'
      statuswire watch https://status.openai.com/history.rss --format watcher --interval 10s
    """
    from statuswire import server

    default = WatchOptions(what=())
    _end(
        server.watch(
            WatchOptions(
                what=tuple(what),
                format="json" if as_json else _known_format(format_ or default.format),
                interval=_span(interval, "--interval") or default.interval,
                heartbeat=_span(heartbeat, "--heartbeat") or default.heartbeat,
                tz=_known_zone(tz or default.tz),
                allow_private=allow_private,
                debug=debug,
            )
        )
    )


@app.command(short_help=overview.summary("status"))
def status(
    what: Annotated[
        list[str] | None,
        typer.Argument(metavar="WHAT", help="Slugs, pages or feeds; else the configured ones.", show_default=False),
    ] = None,
    config: ConfigFile = None,
    as_json: AsJson = False,
    allow_private: AllowPrivate = False,
    tz: Zone = None,
) -> None:
    """Look once at pages and say what is wrong.

    Exit code: 0 all fine, 1 something degraded, 2 an outage, 3 unknown (what is known to be wrong counts first).

    \b
    Examples:
      statuswire status openai github
      statuswire status --json https://status.example.com
    """
    from statuswire import lookup

    _end(lookup.status(_look_options(what or (), config, as_json, allow_private, tz), sys.stdout))


@app.command(short_help=overview.summary("detect"))
def detect(
    url: Annotated[str, typer.Argument(metavar="URL", help="A page, a feed or a slug.", show_default=False)],
    config: ConfigFile = None,
    as_json: AsJson = False,
    allow_private: AllowPrivate = False,
    tz: Zone = None,
) -> None:
    """Find out which platform serves a page, which feeds it has and which components, with the evidence.

    Exit code 3 where nothing is recognised.

    \b
    Examples:
      statuswire detect https://status.example.com
      statuswire detect --json openai
    """
    from statuswire import lookup

    _end(lookup.detect(_look_options((url,), config, as_json, allow_private, tz), sys.stdout))


@catalog.command("search", short_help="Search the known services (also without this word).")
def catalog_search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="A name, with or without typos.")] = "",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=5000, help="Rows at most.")] = 20,
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
    typer.echo(printing.catalog_json(found) if as_json else printing.catalog_table(found, printing.style()))
    _end(0 if found else 1)


@catalog.command("show", short_help="All that is known of one service.")
def catalog_show(slug: Annotated[str, typer.Argument(metavar="SLUG")], as_json: AsJson = False) -> None:
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
    typer.echo(printing.catalog_json((provider,)) if as_json else printing.provider_lines(provider))


@catalog.command("verify", short_help="Look at pages and tell what is true of their rows.")
def catalog_verify(
    query: Annotated[list[str] | None, typer.Argument(metavar="QUERY", show_default=False)] = None,
    is_all: Annotated[bool, typer.Option("--all", help="Every row: a long, slow, polite walk.")] = False,
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, help="Rows at most.")] = None,
    write: Annotated[Path | None, typer.Option("--write", metavar="FILE", help="Write what was found there.")] = None,
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

    _end(catalog_upkeep.verify(VerifyOptions(tuple(query or ()), is_all, limit, write, allow_private), sys.stdout))


@catalog.command("export", short_help="Print your own rows as CSV.")
def catalog_export(
    is_all: Annotated[bool, typer.Option("--all", help="Every row that counts, not only your own.")] = False,
) -> None:
    """Print your own additions and corrections as CSV.

    \b
    Examples:
      statuswire catalog export > mine.csv
    """
    from statuswire import catalog_upkeep

    _end(catalog_upkeep.export(sys.stdout, all_rows=is_all))


@catalog.command("import", short_help="Add rows to your own.")
def catalog_import(file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV with a header.")]) -> None:
    """Add the rows of a file to your own additions and corrections. Nothing changes where the file has a mistake.

    \b
    Examples:
      statuswire catalog import mine.csv
    """
    from statuswire import catalog_upkeep

    _end(catalog_upkeep.import_rows(file, sys.stdout))


@app.command(short_help=overview.summary("read"))
def read(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A stored document; - is standard input.")],
    platform: Annotated[
        str | None, typer.Option("--platform", metavar="NAME", help="Read it as this platform's, not by content.")
    ] = None,
    url: Annotated[str, typer.Option("--url", metavar="URL", help="Where it came from.")] = "",
    is_hook: Annotated[bool, typer.Option("--hook", help="It is the body of a webhook.")] = False,
) -> None:
    """Parse one stored document and print the snapshot as JSON. Exit code 4 where it cannot be read, with the reason.

    \b
    Examples:
      statuswire read summary.json
      curl -s https://status.example.com/history.atom | statuswire read -
      statuswire read body.json --hook --platform statuspage
    """
    from statuswire.cli import reading

    typer.echo(reading.snapshot_json(reading.document(file, url, is_hook), platform))


@app.command(short_help=overview.summary("replay"))
def replay(
    series: Annotated[list[Path], typer.Argument(metavar="SERIES", help="JSON lines, plain, .gz, .xz or .zst.")],
    platform: Annotated[
        str | None, typer.Option("--platform", metavar="NAME", help="Read all documents as this platform's.")
    ] = None,
    one_page: Annotated[bool, typer.Option("--one-page", help="The series are feeds and hooks of one page.")] = False,
    speed: Annotated[
        float, typer.Option("--speed", min=0, metavar="X", help="1 is real time; 0 as fast as possible.")
    ] = 0.0,
    history: Annotated[
        bool, typer.Option("--history", help="Also print what a first sight would keep silent.")
    ] = False,
) -> None:
    """Feed stored documents, oldest first, through the real pipeline and print the events as JSON lines.

    A line of a series is an object with `captured_at` and `body`, and `headers`, `url` and `kind` (`poll` or `hook`)
    where they are known.

    \b
    Examples:
      statuswire replay github.series.jsonl.xz
      statuswire replay --one-page summary.jsonl history-atom.jsonl
    """
    from statuswire import replay as pipeline

    _end(pipeline.replay(ReplayOptions(tuple(series), platform, one_page, speed, history), sys.stdout))


@app.command(short_help=overview.summary("demo"))
def demo(
    speed: Annotated[
        float, typer.Option("--speed", min=0.1, max=20, metavar="X", help="2 plays it in half the time.")
    ] = 1.0,
    port: Annotated[int, typer.Option("--port", "-p", min=0, max=65_535, help="Port; 0 takes a free one.")] = 0,
    format_: Format = None,
    tz: Zone = None,
) -> None:
    """Let the real service watch simulated providers that play a scripted outage. Needs no network.

    \b
    Examples:
      statuswire demo
      statuswire demo --speed 3 --format provider
    """
    from statuswire.demo import performance

    options = DemoOptions(speed, port, _known_format(format_ or "default"), _known_zone(tz or "UTC"))
    _end(performance.run(options, sys.stdout))


@app.command("check-config", short_help=overview.summary("check-config"))
def check_config(
    config: ConfigFile = None,
    schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of the file and stop.")] = False,
    as_json: AsJson = False,
) -> None:
    """Validate the configuration: file, environment variables and all. Exit code 2 with every mistake and its line.

    \b
    Examples:
      statuswire check-config --config statuswire.yaml
      statuswire check-config --schema > statuswire.schema.json
    """
    import statuswire.config as settings
    from statuswire.cli import printing

    if schema:
        typer.echo(printing.as_json(settings.schema()))
        return
    loaded = settings.load(config)
    typer.echo(printing.config_json(loaded) if as_json else printing.config_lines(loaded, config))


@app.command(short_help=overview.summary("doctor"))
def doctor(
    config: ConfigFile = None,
    database: Database = None,
    host: Host = None,
    port: Port = None,
    as_json: AsJson = False,
) -> None:
    """Explain the health of the installation and of every feed, with what to do. Exit code 1 where something needs it.

    \b
    Examples:
      statuswire doctor
      statuswire doctor --config statuswire.yaml --json
      statuswire doctor --port 5000
    """
    from statuswire import doctor as examination

    options = RunOptions(config=config, database=database, host=host, port=port)
    _end(examination.examine(options, as_json, sys.stdout))


@database.command("upgrade", short_help="Bring the database to this version's schema")
def upgrade(config: ConfigFile = None, database: Database = None) -> None:
    """Bring the database to the schema of this version. `run` does the same by itself when it starts.

    \b
    Examples:
      statuswire db upgrade
      statuswire db upgrade --database sqlite:////var/lib/statuswire/statuswire.db
    """
    import statuswire.config as settings
    from statuswire.store import open_store

    url = settings.load(options=RunOptions(config=config, database=database)).database
    open_store(url).close()
    typer.echo("the database is up to date")


def _look_options(
    what: list[str] | tuple[str, ...], config: Path | None, as_json: bool, allow_private: bool, tz: str | None
) -> LookOptions:
    return LookOptions(tuple(what), config, as_json, allow_private, _known_zone(tz or "UTC"))


def _span(text: str | None, option: str) -> timedelta | None:
    """The length of time that an option names. Raises ConfigError."""
    from statuswire.config import parse_duration

    if text is None:
        return None
    span = _checked(parse_duration, text, f"{option} `{text}`")
    if not isinstance(span, timedelta) or span < timedelta(seconds=1):
        raise ConfigError("must be at least 1s", where=option)
    return span


def _checked(read: Callable[[str], T], text: str, what: str) -> T:
    try:
        return read(text)
    except ValueError as error:
        raise ConfigError(f"{what} {error}; right: 60s, 3m, 24h") from error


def _known_format(name: str) -> str:
    from statuswire.channels.console import FORMATS

    if name not in FORMATS:
        raise ConfigError(f"`{name}` is not a format; right: {', '.join(FORMATS)}", where="--format")
    return name


def _known_zone(name: str) -> str:
    if name != "UTC":
        from statuswire.config import zone

        zone(name)
    return name


def _end(code: int) -> None:
    if code:
        raise typer.Exit(code)
