"""Serving the tools: over standard input and output, or over streamable HTTP on this machine."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass

import uvicorn
from mcp.server.mcpserver import MCPServer

from statuswire.client.settings import Server
from statuswire.engine.clock import Clock
from statuswire.mcp.asking import over_http
from statuswire.mcp.tools import make_server
from statuswire.net.http import HttpClient
from statuswire.web.listening import base_url, listen

HOST = "127.0.0.1"
"""Nothing else: whoever can ask us asks the server with our token."""

PATH = "/mcp"


@dataclass(frozen=True, slots=True)
class McpOptions:
    """`port` None: over standard input and output."""

    server: Server
    port: int | None
    version: str


def serve(options: McpOptions) -> None:
    """Until standard input ends, or until interrupted. Raises ConfigError where the port is taken."""
    asyncio.run(_serve(options))


async def _serve(options: McpOptions) -> None:
    async with HttpClient(user_agent=f"statuswire-mcp/{options.version}") as client:
        get = over_http(client, options.server.url, options.server.token)
        server = make_server(get, Clock().now, options.version)
        if options.port is None:
            await server.run_stdio_async()
        else:
            await _serve_http(server, options.port)


async def _serve_http(server: MCPServer, port: int) -> None:
    app = server.streamable_http_app(streamable_http_path=PATH, host=HOST, stateless_http=True, json_response=True)
    listener = listen(HOST, port)
    print(f"Listening on: {base_url(listener)}{PATH}", file=sys.stderr, flush=True)
    await uvicorn.Server(uvicorn.Config(app, log_level="warning")).serve(sockets=[listener])
