"""The real command beside the real service, asked by the SDK's own client."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mcp import Client, StdioServerParameters

from .running import PATIENCE_S, Running
from .site import Site, body

TOOLS = {"list_pages", "current_state", "open_incidents", "history", "maintenance", "search_catalog", "explain_feeds"}


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Running]:
    site = Site(tmp_path, "pages: []\n")
    running = site.run()
    assert running.post("/webhook/statuspage", body(1)).status in (200, 202)
    running.until_status("/api/v1/incidents", lambda answer: bool(answer["items"]))
    yield running
    site.close()


async def _asked(server: Any) -> tuple[set[str], Any]:
    async with asyncio.timeout(PATIENCE_S):
        async with Client(server) as client:
            tools = {tool.name for tool in (await client.list_tools()).tools}
            return tools, await client.call_tool("open_incidents", {})


def _is_told(tools: set[str], result: Any) -> None:
    assert tools == TOOLS
    assert not result.is_error, result.content
    answer = result.structured_content
    assert [one["quoted"]["title"] for one in answer["items"]] == ["⟦Slow API⟧"]
    assert answer["freshness"]["unknown"] == 1, "nobody polls the page that the hook made"


def test_over_standard_input_and_output(service: Running) -> None:
    words = ["-m", "statuswire", "mcp", "--server", service.base_url]
    where = {name: value for name, value in os.environ.items() if name == "PYTHONPATH"}  # the client passes on little

    _is_told(*asyncio.run(_asked(StdioServerParameters(command=sys.executable, args=words, env=where))))


def test_over_streamable_http(service: Running, tmp_path: Path) -> None:
    with Running("mcp", "--http", "--port", "0", cwd=tmp_path, environ={"STATUSWIRE_SERVER": service.base_url}) as own:
        _is_told(*asyncio.run(_asked(own.until_error(r"Listening on: (\S+)"))))


def test_without_the_library_it_says_what_to_install(tmp_path: Path) -> None:
    script = "import sys; sys.modules['mcp'] = None; sys.argv[1:] = ['mcp']; from statuswire.cli import main; main()"

    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert re.search(r"pip install 'statuswire\[mcp\]'", done.stderr)
