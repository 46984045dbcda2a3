"""What the doctor says of Redis."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from statuswire import config
from statuswire.config import layers
from statuswire.doctor.finding import Finding, Grade
from statuswire.doctor.peers import peer_findings
from tests.servers import redis
from tests.servers.redis import RedisServer

POSTGRES = "database: 'postgresql://127.0.0.1:1/none'"


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    with redis.running("--requirepass", "swordfish") as running:
        yield running


def found(text: str) -> list[Finding]:
    return list(peer_findings(config.validate(layers.parse(text, "test.yaml"), {})))


def test_a_redis_that_answers_is_fine(server: RedisServer) -> None:
    (one,) = found(f"{{{POSTGRES}, redis: {{url: 'redis://:swordfish@127.0.0.1:{server.port}'}}}}")

    assert one.grade is Grade.OK and f"redis://127.0.0.1:{server.port} answers after" in one.sentence


@pytest.mark.parametrize("place", ["127.0.0.1:1", ":hunter@127.0.0.1:{port}"], ids=["nobody there", "wrong password"])
def test_one_that_does_not_is_named_without_its_password(server: RedisServer, place: str) -> None:
    (one,) = found(f"{{{POSTGRES}, redis: {{url: 'redis://{place.format(port=server.port)}'}}}}")

    assert one.grade is Grade.NOTE and "does not answer" in one.sentence
    assert "hunter" not in repr(one)


def test_one_that_nobody_uses_is_worth_a_note(server: RedisServer) -> None:
    (one,) = found(f"{{database: 'sqlite:///x.db', redis: {{url: '{server.url}'}}}}")

    assert one.grade is Grade.NOTE and "not used" in one.sentence


def test_without_one_nothing_is_said() -> None:
    assert found(f"{{{POSTGRES}}}") == []
