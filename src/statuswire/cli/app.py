"""The commands. Each asks, hands over plain options, and turns the answer into an exit code."""
# ruff: noqa: PLC0415 - every command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from statuswire.cli import overview, terms, version
from statuswire.cli.archive import add_archive
from statuswire.cli.arguments import (
    AllowPrivate,
    AsJson,
    ConfigFile,
    Database,
    Format,
    Host,
    Port,
    Zone,
    end,
    known_format,
    known_zone,
)
from statuswire.cli.asking import add_asking
from statuswire.cli.backtest import add_backtest
from statuswire.cli.catalog import catalog
from statuswire.cli.database import database
from statuswire.cli.deliveries import deliveries
from statuswire.cli.discover import add_discover
from statuswire.cli.gate import add_gate
from statuswire.cli.group import program
from statuswire.cli.marks import add_marks
from statuswire.cli.mcp import add_mcp
from statuswire.cli.own import add_own
from statuswire.cli.service import add_service
from statuswire.cli.signals import signals
from statuswire.cli.silence import silence
from statuswire.cli.sla import sla
from statuswire.cli.tokens import token
from statuswire.cli.top import add_top
from statuswire.cli.users import user
from statuswire.options import DemoOptions, LookOptions, ReplayOptions, RunOptions

app = program(invoke_without_command=True)
add_service(app)
app.add_command(database, "db")
app.add_command(catalog, "catalog")
app.add_command(deliveries, "deliveries")
app.add_command(signals, "signals")
app.add_command(silence, "silence")
app.add_command(sla, "sla")
app.add_command(user, "user")
app.add_command(token, "token")
add_marks(app)
add_top(app)
add_asking(app)
add_gate(app)
add_backtest(app)
add_discover(app)
add_own(app)
add_archive(app)
add_mcp(app)


@app.first
def first(
    context: terms.Context,
    show_version: Annotated[bool, terms.Option("--version", help="Show the version.")] = False,
    shown_for: Annotated[str | None, terms.Option("--show-completion", metavar="[SHELL]", bare="")] = None,
    installed_for: Annotated[str | None, terms.Option("--install-completion", metavar="[SHELL]", bare="")] = None,
) -> None:
    from statuswire.cli import completion

    if show_version:
        terms.echo(version())
    elif shown_for is not None:
        terms.echo(completion.script(app, shown_for))
    elif installed_for is not None:
        terms.echo(f"written: {completion.install(app, installed_for, Path.home())}")
    if show_version or shown_for is not None or installed_for is not None:
        raise terms.Exit
    if context.invoked_subcommand is None:
        terms.echo(overview.render())


@app.command(short_help=overview.summary("status"))
def status(
    what: Annotated[
        list[str] | None,
        terms.Argument(metavar="WHAT", help="Slugs, pages or feeds; else the configured ones."),
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

    end(lookup.status(_look_options(what or (), config, as_json, allow_private, tz), sys.stdout))


@app.command(short_help=overview.summary("detect"))
def detect(
    url: Annotated[str, terms.Argument(metavar="URL", help="A page, a feed or a slug.")],
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

    end(lookup.detect(_look_options((url,), config, as_json, allow_private, tz), sys.stdout))


@app.command(short_help=overview.summary("read"))
def read(
    file: Annotated[str, terms.Argument(metavar="FILE", help="A stored document; - is standard input.")],
    platform: Annotated[
        str | None, terms.Option("--platform", metavar="NAME", help="Read it as this platform's, not by content.")
    ] = None,
    url: Annotated[str, terms.Option("--url", metavar="URL", help="Where it came from.")] = "",
    is_hook: Annotated[bool, terms.Option("--hook", help="It is the body of a webhook.")] = False,
) -> None:
    """Parse one stored document and print the snapshot as JSON. Exit code 4 where it cannot be read, with the reason.

    \b
    Examples:
      statuswire read summary.json
      curl -s https://status.example.com/history.atom | statuswire read -
      statuswire read body.json --hook --platform statuspage
    """
    from statuswire.cli import reading

    terms.echo(reading.snapshot_json(reading.document(file, url, is_hook), platform))


@app.command(short_help=overview.summary("replay"))
def replay(
    series: Annotated[list[Path], terms.Argument(metavar="SERIES", help="JSON lines, plain, .gz, .xz or .zst.")],
    platform: Annotated[
        str | None, terms.Option("--platform", metavar="NAME", help="Read all documents as this platform's.")
    ] = None,
    one_page: Annotated[bool, terms.Option("--one-page", help="The series are feeds and hooks of one page.")] = False,
    speed: Annotated[
        float, terms.Option("--speed", min=0, metavar="X", help="1 is real time; 0 as fast as possible.")
    ] = 0.0,
    history: Annotated[
        bool, terms.Option("--history", help="Also print what a first sight would keep silent.")
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

    end(pipeline.replay(ReplayOptions(tuple(series), platform, one_page, speed, history), sys.stdout))


@app.command(short_help=overview.summary("demo"))
def demo(
    speed: Annotated[
        float, terms.Option("--speed", min=0.1, max=20, metavar="X", help="2 plays it in half the time.")
    ] = 1.0,
    port: Annotated[int, terms.Option("--port", "-p", min=0, max=65_535, help="Port; 0 takes a free one.")] = 0,
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

    options = DemoOptions(speed, port, known_format(format_ or "default"), known_zone(tz or "UTC"))
    end(performance.run(options, sys.stdout))


@app.command("check-config", short_help=overview.summary("check-config"))
def check_config(
    config: ConfigFile = None,
    schema: Annotated[bool, terms.Option("--schema", help="Print the JSON Schema of the file and stop.")] = False,
    as_json: AsJson = False,
) -> None:
    """Validate the configuration: file, environment variables and all. Exit code 2 with every mistake and its line.
    What is allowed and probably not meant is remarked upon, on standard error.

    \b
    Examples:
      statuswire check-config --config statuswire.yaml
      statuswire check-config --schema > statuswire.schema.json
    """
    import statuswire.config as settings
    from statuswire.cli import printing, summary
    from statuswire.engine.clock import Clock

    if schema:
        terms.echo(printing.as_json(settings.schema()))
        return
    loaded, remarks = settings.check(config, now=Clock().now())
    terms.echo(printing.config_json(loaded) if as_json else "\n".join(summary.lines(loaded, config)))
    for remark in remarks:
        terms.echo(f"remark: {remark}", err=True)


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
    end(examination.examine(options, as_json, sys.stdout))


def _look_options(
    what: list[str] | tuple[str, ...], config: Path | None, as_json: bool, allow_private: bool, tz: str | None
) -> LookOptions:
    return LookOptions(tuple(what), config, as_json, allow_private, known_zone(tz or "UTC"))
