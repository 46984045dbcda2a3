"""Name lookup."""

from __future__ import annotations

import logging

import pytest

from statuswire.net import resolver
from statuswire.net.resolver import BoundedResolver, make_resolver
from tests.net.support import on_a_loop


@on_a_loop
async def test_localhost_is_found_without_a_network() -> None:
    lookup = make_resolver()

    found = await lookup.resolve("localhost", 443)
    await lookup.close()

    assert {result["host"] for result in found} <= {"127.0.0.1", "::1"}
    assert found


@on_a_loop
async def test_where_c_ares_cannot_start_the_system_looks_up(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(**_: object) -> None:
        raise OSError("no inotify left")

    monkeypatch.setattr(resolver, "AsyncResolver", broken)
    with caplog.at_level(logging.WARNING):
        lookup = make_resolver()

    found = await lookup.resolve("localhost", 443)

    assert isinstance(lookup, BoundedResolver)
    assert found
    assert "no inotify left" in caplog.text
