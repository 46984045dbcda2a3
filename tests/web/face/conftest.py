"""The house of the pages' tests, made anew for each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.web.face.house import House, open_house


@pytest.fixture
def house() -> Iterator[House]:
    made = open_house()
    yield made
    made.site.store.close()
