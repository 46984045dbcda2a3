"""A real Redis for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.servers import redis
from tests.servers.redis import RedisServer


@pytest.fixture(scope="session")
def _shared_redis() -> Iterator[RedisServer]:
    with redis.running() as server:
        yield server


@pytest.fixture
def redis_server(_shared_redis: RedisServer) -> RedisServer:
    """One that was just emptied; not to be hurt."""
    _shared_redis.flush()
    return _shared_redis


@pytest.fixture
def own_redis() -> Iterator[RedisServer]:
    """One of the test's own, to be killed and stopped."""
    with redis.running() as server:
        yield server
