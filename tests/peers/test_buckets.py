"""Token buckets that several processes share, against a real Redis."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

import pytest

from statuswire.peers.buckets import MOST_WAIT_S, Buckets
from statuswire.peers.line import Line
from statuswire.peers.names import Names
from tests.peers.scene import PATIENT_S, SHORT_S, line_to, play, running, until
from tests.servers.redis import RedisServer

GAP_S, SLACK_S = 0.5, 1.5
HOST = "status.acme.example"


@asynccontextmanager
async def replicas(
    server: RedisServer, count: int = 1, database: str = "d1", deadline_s: float = PATIENT_S
) -> AsyncIterator[list[Buckets]]:
    lines = [line_to(server.place, deadline_s) for _ in range(count)]
    async with running(*(line.run() for line in lines)):
        await until(lambda: all(line.is_there for line in lines))
        yield [Buckets(line, Names("statuswire", database)) for line in lines]


async def waits_of(buckets: Buckets, count: int) -> list[float]:
    found = await buckets.reserve({HOST: count}, GAP_S, SLACK_S)
    assert found is not None
    return list(found[HOST])


def test_a_rested_host_bears_a_burst_and_then_one_poll_for_each_gap(redis_server: RedisServer) -> None:
    async def scene() -> None:
        async with replicas(redis_server) as (buckets,):
            waits = await waits_of(buckets, 7)
            assert waits == [0.0, 0.0, 0.0, 0.0, 0.5, 1.0, 1.5]
            assert buckets.counts == {"shared": 1}

    play(scene)


def test_all_replicas_together_have_one_bucket(redis_server: RedisServer) -> None:
    async def scene() -> None:
        async with replicas(redis_server, 3) as several:
            starts: list[float] = []
            for _ in range(4):
                for buckets in several:
                    asked_at = time.monotonic()
                    starts += [asked_at + wait for wait in await waits_of(buckets, 1)]
            allowed_early = 0.02  # between our clock and the server's answer
            for first, later in pairwise(starts[3:]):
                assert later - first >= GAP_S - allowed_early
            assert starts[-1] - starts[0] >= GAP_S * (len(starts) - 4) - allowed_early

    play(scene)


def test_several_hosts_are_one_question_and_each_has_its_own_bucket(redis_server: RedisServer) -> None:
    async def scene() -> None:
        async with replicas(redis_server) as (buckets,):
            found = await buckets.reserve({"a.example": 5, "b.example": 1}, GAP_S, SLACK_S)
            assert found == {"a.example": [0.0, 0.0, 0.0, 0.0, 0.5], "b.example": [0.0]}
            assert buckets._line.counts["answered"] <= 2  # the second because the script was not known yet

    play(scene)


def test_another_installation_has_buckets_of_its_own(redis_server: RedisServer) -> None:
    async def scene() -> None:
        async with replicas(redis_server) as (ours,), replicas(redis_server, database="d2") as (theirs,):
            await waits_of(ours, 6)
            assert await waits_of(theirs, 1) == [0.0]

    play(scene)


def test_a_bucket_that_is_full_again_leaves_nothing_behind(redis_server: RedisServer) -> None:
    async def scene() -> None:
        async with replicas(redis_server) as (buckets,):
            assert await buckets.reserve({HOST: 2}, 0.01, 0.03) is not None
            await until(lambda: redis_server.command("DBSIZE") == b":0\r\n")

    play(scene)


@pytest.mark.parametrize("left", ["not a number", "9e15", "-1", "", "99999999999999999999999999"])
def test_whatever_stands_in_the_key_the_host_is_asked_within_reason(redis_server: RedisServer, left: str) -> None:
    redis_server.command("SET", f"statuswire:d1:host:{HOST}", left)

    async def scene() -> None:
        async with replicas(redis_server) as (buckets,):
            found = await buckets.reserve({HOST: 1}, GAP_S, SLACK_S)
            assert found is None or 0.0 <= found[HOST][0] <= MOST_WAIT_S
            assert (await waits_of(buckets, 1))[0] <= GAP_S

    play(scene)


def test_an_emptied_redis_begins_with_full_buckets_and_learns_the_script_anew(redis_server: RedisServer) -> None:
    async def scene() -> None:
        async with replicas(redis_server) as (buckets,):
            await waits_of(buckets, 8)
            redis_server.flush()
            assert await waits_of(buckets, 1) == [0.0]

    play(scene)


@pytest.mark.parametrize("fault", ["kill", "pause"])
def test_where_redis_cannot_be_asked_the_process_judges_alone_and_soon(own_redis: RedisServer, fault: str) -> None:
    async def scene() -> None:
        async with replicas(own_redis, deadline_s=SHORT_S) as (buckets,):
            await waits_of(buckets, 1)
            getattr(own_redis, fault)()
            started_s = time.monotonic()
            for _ in range(10):
                assert await buckets.reserve({HOST: 1}, GAP_S, SLACK_S) is None
            assert time.monotonic() - started_s < SHORT_S * 4
            assert buckets.counts["local"] == 10
            {"kill": own_redis.start, "pause": own_redis.resume}[fault]()
            line: Line = buckets._line
            await until(lambda: line.is_there)
            await waits_of(buckets, 1)

    play(scene)


@pytest.mark.parametrize("reply", [None, b"OK", [], [[1], [2]], [[1, 2]], [[b"1"]], [[int(1e15)]]])
def test_an_answer_that_is_not_our_scripts_is_none(reply: object) -> None:
    class Paper:
        async def ask(self, *commands: object) -> list[object]:
            return [reply for _ in commands]

    buckets = Buckets(Paper(), Names("statuswire", "d1"))  # type: ignore[arg-type]

    assert asyncio.run(buckets.reserve({HOST: 1}, GAP_S, SLACK_S)) is None
