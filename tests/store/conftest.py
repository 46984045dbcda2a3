"""The store contract runs over every engine: a file, memory, and a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from statuswire.store import SqliteOptions, Store, open_store

SMALL = SqliteOptions(reserve_bytes=1 << 16)


@pytest.fixture(params=["sqlite file", "sqlite memory", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "postgresql":
        url: str = request.getfixturevalue("postgres_database")
    else:
        url = "sqlite://" if request.param == "sqlite memory" else f"sqlite:///{tmp_path}/statuswire.db"
    with closing(open_store(url, options=SMALL)) as opened:
        yield opened


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test may make a database."""
    return tmp_path / "statuswire.db"
