"""A site without pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.parts import Site


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.store.close()
