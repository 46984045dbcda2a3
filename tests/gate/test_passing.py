"""Whom the gate asks, and as whom."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from statuswire.gate.passing import finder
from tests.client.bodies import listed, page
from tests.fake_provider import ThreadedProvider


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STATUSWIRE_SERVER", raising=False)
    monkeypatch.setenv("STATUSWIRE_TOKEN", "sw_environment")


def shown(url: str | None, server: ThreadedProvider, token_file: Path | None = None) -> set[str]:
    """The tokens that the server is shown."""
    server.serve("/api/v1/pages/acme", json.dumps(page()).encode())
    server.serve("/api/v1/components", listed())
    server.serve("/api/v1/incidents", listed())
    find, _ = finder(("acme",), url, token_file)

    assert [one.is_known for one in find()] == [True]
    return {one.headers.get("authorization", "") for one in server.seen}


def test_the_token_of_the_environment_goes_to_the_server_that_is_named_with_it() -> None:
    with ThreadedProvider() as server:
        assert shown(server.url(""), server) == {"Bearer sw_environment"}


def test_the_server_of_the_environment_is_asked_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    with ThreadedProvider() as server:
        monkeypatch.setenv("STATUSWIRE_SERVER", server.url(""))

        assert shown(None, server) == {"Bearer sw_environment"}


def test_a_token_in_a_file_counts_before(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("sw_file\n", encoding="utf-8")

    with ThreadedProvider() as server:
        assert shown(server.url(""), server, file) == {"Bearer sw_file"}
