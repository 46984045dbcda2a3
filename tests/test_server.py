"""The whole of a process, where it cannot begin or go on."""

from __future__ import annotations

import asyncio
import io

import pytest

from statuswire import config, server
from statuswire.errors import StoreError, StoreReason
from statuswire.options import RunOptions
from statuswire.server import answering


def test_a_database_that_goes_away_during_the_start_is_said_in_our_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """And not as a group of exceptions, which the command line would show with all of its places."""

    async def greet(*_: object) -> None:
        raise StoreError(StoreReason.UNAVAILABLE, "the database cannot be reached")

    monkeypatch.setattr(answering, "greet", greet)
    chosen = config.load(options=RunOptions(database="sqlite://", port=0))

    with pytest.raises(StoreError, match="cannot be reached"):
        asyncio.run(server.serve(chosen, stop=asyncio.Event(), out=io.StringIO()))
