"""Pages are watched in this process, and its application is asked without a socket."""

from __future__ import annotations

import asyncio
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from statuswire.options import RunOptions
from statuswire.server.parts import Parts
from statuswire.top import alone, asking
from statuswire.top.picture import Picture
from tests.e2e.acme import summary
from tests.fake_provider import FakeProvider


def test_what_is_watched_here_is_asked_here(tmp_path: Path) -> None:
    async def seen() -> Picture:
        async with FakeProvider() as provider:
            provider.serve("/api/v2/summary.json", summary(1, "major_outage", incident="Slow API"))
            page = {"slug": "acme", "url": provider.url("/"), "allow_private": True}
            said = {"pages": [page], "auth": {"required": True}, "database": f"sqlite:///{tmp_path}/kept.db"}
            (tmp_path / "acme.yaml").write_text(json.dumps(said), encoding="utf-8")
            async with alone.watched(RunOptions(config=tmp_path / "acme.yaml"), io.StringIO()) as (client, watching):
                picture = Picture()
                while not picture.stories:
                    await asyncio.sleep(0.01)
                    picture = await client.carry(asking.picture(datetime.now(UTC)))
                assert not watching.done()
            return picture

    picture = asyncio.run(seen())

    assert [one.title for one in picture.stories] == ["Slow API"]
    assert not (tmp_path / "kept.db").exists()


def test_watching_that_breaks_off_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: Any) -> int:
        return 1

    monkeypatch.setattr(alone, "live", broken)
    with pytest.raises(alone.Stopped, match="the watching broke off"):
        asyncio.run(alone._until_broken(cast(Parts, None), asyncio.Event(), asyncio.Event()))
