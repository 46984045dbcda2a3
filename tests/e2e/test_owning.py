"""Pages and routes beside the file, with the real command: added by API, told, kept over a restart, dropped."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from .running import Running
from .site import Site, body

CONFIG = """
pages: []
channels: {all: {kind: console, format: json}}
quiet: {settle: 0s}
routes: [{name: nothing, channel: all, page: nothing-else}]
"""
PAGE = {"slug": "fjord", "name": "Fjord", "url": "http://127.0.0.1:9", "tags": ["critical-path"]}
ROUTE = {"name": "fjord", "channel": "all", "tag": "critical-path", "hold": "0s"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, CONFIG)
    yield made
    made.close()


def told(running: Running) -> list[str]:
    """The texts of the updates that the channel printed."""
    return [json.loads(line)["update"]["text"] for line in running.lines if line.startswith('{"id"')]


def until_routes(server: Running, *names: str) -> None:
    server.until_status("/api/v1/routes", lambda found: {one["name"] for one in found["items"]} == set(names))


def test_a_page_and_a_route_are_added_told_kept_and_dropped(site: Site) -> None:
    with site.run() as server:
        assert server.post("/api/v1/pages", PAGE).status == 201
        assert server.post("/api/v1/routes", ROUTE).status == 201
        until_routes(server, "fjord", "nothing")
        address = server.get("/api/v1/pages/fjord/hook").json["path"]
        server.until_status("/stats", lambda stats: stats["stored"]["pages"] == 1)
        assert server.post(address, body(1)).status == 202
        server.until(lambda _: told(server) == ["Word 1."], "the first word")
        assert server.stop() == 0

    with site.run() as again:
        assert [one["slug"] for one in site.json("page")["pages"]] == ["fjord"]
        again.post(address, body(2))
        again.until(lambda _: told(again) == ["Word 2."], "the second word")
        assert site.command("route", "drop", "fjord").stdout == "route fjord tells nothing any more\n"
        until_routes(again, "nothing")
        assert site.command("page", "drop", "fjord").returncode == 0
        assert again.post(address, body(3)).status == 202
        again.until_error(r"(read hook=3 source=hooks page=fjord events=0)")  # nobody watches it any more
        assert told(again) == ["Word 2."]
        assert site.command("export").stdout == "# the database holds no pages and no routes\n"
