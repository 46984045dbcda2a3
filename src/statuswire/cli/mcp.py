"""`statuswire mcp`: for language models that want to know how services are."""
# ruff: noqa: PLC0415 - the command imports what it needs when it runs, so that the others start without it

from __future__ import annotations

from typing import Annotated

from statuswire.cli import overview, terms


def add_mcp(app: terms.Group) -> None:
    """Make the command known."""
    app.command("mcp", short_help=overview.summary("mcp"))(mcp)


def mcp(
    server: Annotated[
        str | None,
        terms.Option("--server", metavar="URL", help="The statuswire that is asked; else STATUSWIRE_SERVER."),
    ] = None,
    http: Annotated[bool, terms.Option("--http", help="Streamable HTTP on this machine, not standard input.")] = False,
    port: Annotated[
        int, terms.Option("--port", "-p", min=0, max=65_535, metavar="PORT", help="Of --http; 0 takes a free one.")
    ] = 8765,
) -> None:
    """Serve what a running statuswire knows to language models, by the Model Context Protocol. Reads only. The token
    that lets us in is taken from STATUSWIRE_TOKEN.

    \b
    Examples:
      statuswire mcp
      statuswire mcp --server https://status.example.com
      statuswire mcp --http --port 8765
    """
    from importlib.metadata import version

    from statuswire.client.settings import server_of_command

    found = server_of_command(server, "http://127.0.0.1:8000")
    from statuswire.mcp.serving import McpOptions, serve

    serve(McpOptions(found, port if http else None, version("statuswire")))
