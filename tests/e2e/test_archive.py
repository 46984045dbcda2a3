"""Backup, restore and prune with the real command, beside a service and after it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .site import Site, body

CONFIG = """
pages: [{slug: fjord, name: Fjord, url: "http://127.0.0.1:9", allow_private: true}]
channels: {all: {kind: console, format: json}}
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    made = Site(tmp_path, CONFIG)
    yield made
    made.close()


def test_a_backup_beside_a_service_is_restored_and_tells_nothing_again(site: Site, tmp_path: Path) -> None:
    with site.run() as server:
        server.until_status("/stats", lambda stats: stats["stored"]["pages"] == 1)
        address = server.get("/api/v1/pages/fjord/hook").json["path"]
        assert server.post(address, body(1)).status == 202
        server.until_line("Status: Word 1.")

        kept = site.command("backup", "kept.backup")
        pruned = site.command("prune")

        assert (kept.returncode, pruned.returncode) == (0, 0)
        assert "verdicts: 0 from before " in pruned.stdout
        assert server.stop() == 0

    (tmp_path / "site.db").rename(tmp_path / "lost.db")
    assert site.command("restore", "kept.backup").returncode == 0
    with site.run() as again:
        assert again.post(address, body(1)).status in (200, 202)
        assert again.post(address, body(2)).status == 202
        again.until_line("Status: Word 2.")
        assert not [line for line in again.lines if "Word 1." in line]
