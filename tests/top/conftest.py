"""A site to fill by hand, whose API is loaded before anybody waits for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from statuswire.web.api.application import application
from tests.web.parts import Site


@pytest.fixture(scope="session", autouse=True)
def _loaded() -> None:
    application()


@pytest.fixture
def site() -> Iterator[Site]:
    one = Site()
    yield one
    one.store.close()
