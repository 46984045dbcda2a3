"""`run` and `watch`, by themselves: a service lives for months, and would hold the other commands all that time."""
# ruff: noqa: PLC0415 - both import what they need when they run, so that their help starts without it

from __future__ import annotations

from typing import Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import (
    AllowPrivate,
    AsJson,
    ConfigFile,
    Database,
    Debug,
    Format,
    HeartbeatEvery,
    Interval,
    RedisUrl,
    What,
    Zone,
    end,
    known_format,
    known_zone,
    span,
)
from statuswire.cli.group import program
from statuswire.options import RunOptions, WatchOptions


def add_service(app: terms.Group) -> None:
    """Make the commands known."""
    for name, command in (("run", run), ("watch", watch)):
        app.command(name, short_help=overview.summary(name))(command)


def alone() -> terms.Group:
    """A program of these two alone."""
    app = program()
    add_service(app)
    return app


def run(
    config: ConfigFile = None,
    host: Annotated[str | None, terms.Option("--host", metavar="HOST", help="Address to listen on.")] = None,
    port: Annotated[int | None, terms.Option("--port", "-p", metavar="PORT", help="Port; 0 takes a free one.")] = None,
    database: Database = None,
    redis: RedisUrl = None,
    watch: Annotated[
        list[str] | None, terms.Option("--watch", "-w", metavar="WHAT", help="A page to watch; may be repeated.")
    ] = None,
    allow_private: AllowPrivate = False,
    format_: Format = None,
    interval: Interval = None,
    heartbeat: HeartbeatEvery = None,
    tz: Zone = None,
    roles: Annotated[
        str | None,
        terms.Option("--roles", metavar="ROLES", help="Parts of the work: hooks,poll,deliver,web; all otherwise."),
    ] = None,
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

    end(
        server.run(
            RunOptions(
                config=config,
                host=host,
                port=port,
                database=database,
                redis=redis,
                watch=tuple(watch or ()),
                allow_private=allow_private,
                debug=debug,
                format=format_,
                interval=span(interval, "--interval"),
                heartbeat=span(heartbeat, "--heartbeat"),
                tz=tz,
                roles=roles,
            )
        )
    )


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
    end(
        server.watch(
            WatchOptions(
                what=tuple(what),
                format="json" if as_json else known_format(format_ or default.format),
                interval=span(interval, "--interval") or default.interval,
                heartbeat=span(heartbeat, "--heartbeat") or default.heartbeat,
                tz=known_zone(tz or default.tz),
                allow_private=allow_private,
                debug=debug,
            )
        )
    )
