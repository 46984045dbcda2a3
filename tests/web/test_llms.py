"""`/llms.txt`."""

from __future__ import annotations

import re

from statuswire.web.table import ROWS
from tests.web.parts import Site


def test_anybody_may_read_it() -> None:
    reply = Site().get("/llms.txt", client="203.0.113.9")

    assert (reply.status, reply.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert reply.body.startswith(b"# statuswire\n\n> ")


def test_whatever_it_leads_to_is_there() -> None:
    """As a path of the table; of feeds the name is free."""
    text = Site().get("/llms.txt").body.decode()

    named = re.findall(r"\]\((/[^)]*)\)", text) + [
        path.partition("?")[0] for path in re.findall(r"`(/api[^`]*)`", text)
    ]
    patterns = [re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(row.pattern))) for row in ROWS]
    assert len(named) > 10
    assert [path for path in named if not any(one.fullmatch(path) for one in patterns)] == []


def test_it_names_the_api_its_description_the_stream_and_the_tools() -> None:
    text = Site().get("/llms.txt").body.decode()

    for word in ("/api/v1/pages", "/openapi.json", "/api/v1/stream", "statuswire mcp", "STATUSWIRE_TOKEN"):
        assert word in text
