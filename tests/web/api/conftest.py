"""The seeded site, fresh for each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.api.seed import seeded
from tests.web.parts import Site


@pytest.fixture
def site() -> Iterator[Site]:
    made = seeded()
    yield made
    made.store.close()
