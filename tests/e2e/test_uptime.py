"""`statuswire uptime` beside a database that a service has written."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.site import Site, body


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, "pages: []\n")
    yield made
    made.close()


def test_uptime_is_told_of_every_page_and_of_those_that_are_named(site: Site) -> None:
    with site.run() as server:
        server.post("/webhook/statuspage", body(1))
        server.until_line("Word 1.")

        everything = site.command("uptime")
        named = site.json("uptime", "acme*", "--since", "30d")["uptime"]
        unknown = site.command("uptime", "nobody")

    assert everything.stdout.splitlines()[0].split() == ["Page", "Up", "Down", "Observed", "Component"]
    assert len(everything.stdout.splitlines()) == 2
    assert {row["by"] for row in named} == {"page"}
    assert {row["page"] for row in named} == {everything.stdout.splitlines()[1].split()[0]}
    assert (unknown.returncode, unknown.stderr) == (1, "statuswire: no page is meant\n")
