"""`statuswire top`: everything live, for who sits at a terminal."""
# ruff: noqa: PLC0415 - the command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from statuswire.cli import overview, terms
from statuswire.cli.arguments import AllowPrivate, ConfigFile, Interval, Zone, end, known_zone, span
from statuswire.errors import ConfigError
from statuswire.options import RunOptions

if TYPE_CHECKING:
    from statuswire.client.settings import Server

USUAL_SERVER = "http://127.0.0.1:8000"


def add_top(app: terms.Group) -> None:
    """Make the command known."""
    app.command("top", short_help=overview.summary("top"))(top)


def top(
    what: Annotated[
        list[str] | None,
        terms.Argument(metavar="[WHAT]...", help="Pages to watch in this process, without a server."),
    ] = None,
    server: Annotated[
        str | None,
        terms.Option("--server", metavar="URL", help="The statuswire that is asked; else STATUSWIRE_SERVER."),
    ] = None,
    token_file: Annotated[
        Path | None, terms.Option("--token-file", metavar="FILE", help="Its token; else STATUSWIRE_TOKEN.")
    ] = None,
    config: ConfigFile = None,
    interval: Interval = None,
    allow_private: AllowPrivate = False,
    tz: Zone = None,
    light: Annotated[bool, terms.Option("--light", help="Dark letters on a light ground.")] = False,
) -> None:
    """Show every page, what is wrong, and the thread of an incident, live in this terminal. `?` lists the keys.

    Asks a running statuswire. With pages, or a configuration file, it watches them itself: then nothing is kept,
    nothing listens and nobody is told.

    \b
    Examples:
      statuswire top
      statuswire top --server https://status.example.com
      statuswire top openai github
    """
    is_alone = bool(what) or config is not None
    if is_alone and (server is not None or token_file is not None):
        raise ConfigError("either a server is asked, or pages are watched here: --server goes with neither of them")
    try:
        from statuswire.top.running import TopOptions, run
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("textual", "rich"):
            raise
        raise ConfigError(
            "needs a library that is not installed: pip install 'statuswire[tui]'", where="top"
        ) from error
    zone = known_zone(tz or "UTC")
    if is_alone:
        pages = RunOptions(
            config=config,
            watch=tuple(what or ()),
            allow_private=allow_private,
            interval=span(interval, "--interval"),
        )
        end(run(TopOptions(alone=pages, tz=zone, is_light=light)))
    else:
        asked, is_named = _server(server, token_file)
        end(run(TopOptions(asked, is_named=is_named, tz=zone, is_light=light)))


def _server(url: str | None, token_file: Path | None) -> tuple[Server, bool]:
    """Who is asked, and whether anybody named them. Raises ConfigError."""
    from statuswire.client.settings import is_named, server_of_command

    return server_of_command(url, USUAL_SERVER, token_file), is_named(url)
