"""The line to Redis against a real one: killed, stopped, slow, refused, and back."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest

from statuswire.config.redis import RedisPlace
from statuswire.core.circuit import CircuitState
from tests.peers.scene import SHORT_S, line_to, play, running, until
from tests.servers import redis
from tests.servers.redis import RedisServer


def test_a_question_has_its_answers_in_order(redis_server: RedisServer) -> None:
    async def scene() -> None:
        line = line_to(redis_server.place)
        async with running(line.run()):
            await until(lambda: line.is_there)
            assert await line.ask(("SET", "a", 1), ("GET", "a"), ("GET", "b")) == [b"OK", b"1", None]

    play(scene)


def test_a_socket_serves_as_well(redis_server: RedisServer) -> None:
    async def scene() -> None:
        line = line_to(RedisPlace(path=str(redis_server.socket_path), database=3))
        async with running(line.run()):
            await until(lambda: line.is_there)
            assert await line.ask(("PING",)) == [b"PONG"]

    play(scene)


def test_nothing_is_asked_before_it_was_reached() -> None:
    async def scene() -> None:
        line = line_to(RedisPlace(host="127.0.0.1", port=1))
        assert await line.ask(("PING",)) is None
        assert line.counts == {"skipped": 1}

    play(scene)


def test_many_questions_at_once_each_have_their_own_answer(redis_server: RedisServer) -> None:
    async def scene() -> None:
        line = line_to(redis_server.place)
        async with running(line.run()):
            await until(lambda: line.is_there)
            found = await asyncio.gather(*(line.ask(("ECHO", str(number))) for number in range(200)))
            assert found == [[str(number).encode()] for number in range(200)]

    play(scene)


def test_a_killed_server_is_left_alone_and_taken_again_when_it_is_back(own_redis: RedisServer) -> None:
    returns: list[int] = []

    async def scene() -> None:
        line = line_to(own_redis.place, on_return=lambda: returns.append(1))
        async with running(line.run()):
            await until(lambda: line.is_there)
            own_redis.kill()
            while line.is_there:
                assert await line.ask(("PING",)) is None
            assert line.counts["opened"] == 1
            assert await line.ask(("PING",)) is None
            assert line.counts["skipped"] >= 1

            own_redis.start()
            await until(lambda: line.is_there)
            assert await line.ask(("PING",)) == [b"PONG"]

    play(scene)

    assert len(returns) >= 2  # a server that is just starting may go once more


def test_a_stopped_server_costs_one_deadline_once_and_then_nothing(own_redis: RedisServer) -> None:
    async def scene() -> None:
        line = line_to(own_redis.place, SHORT_S)
        async with running(line.run()):
            await until(lambda: line.is_there)
            own_redis.pause()
            started_s = time.monotonic()
            assert await asyncio.gather(*(line.ask(("PING",)) for _ in range(50))) == [None] * 50
            waited_s = time.monotonic() - started_s
            assert line.state is not CircuitState.CLOSED
            assert SHORT_S - 0.01 <= waited_s < SHORT_S * 4

            own_redis.resume()
            await until(lambda: line.is_there)
            assert await line.ask(("ECHO", "mine")) == [b"mine"]

    play(scene)


def test_an_answer_that_comes_after_its_deadline_is_never_taken_for_another_ones(own_redis: RedisServer) -> None:
    async def scene() -> None:
        line = line_to(own_redis.place, SHORT_S)
        async with running(line.run()):
            for number in range(3):
                await until(lambda: line.is_there)
                own_redis.pause()
                assert await line.ask(("ECHO", f"lost {number}")) is None
                own_redis.resume()
                await until(lambda: line.is_there)
                assert await line.ask(("ECHO", f"asked {number}")) == [f"asked {number}".encode()]

    play(scene)


def test_a_deadline_that_our_own_loop_slept_through_is_no_proof_against_the_server(redis_server: RedisServer) -> None:
    async def scene() -> None:
        line = line_to(redis_server.place, SHORT_S)
        async with running(line.run()):
            await until(lambda: line.is_there)
            asked = asyncio.create_task(line.ask(("PING",)))
            await asyncio.sleep(0)
            time.sleep(SHORT_S * 2)  # noqa: ASYNC251 - the loop is to be busy
            await asked
            assert line.is_there

    play(scene)


def test_refusals_count_as_errors_and_three_in_a_row_open_the_circuit(redis_server: RedisServer) -> None:
    async def scene() -> None:
        line = line_to(redis_server.place)
        async with running(line.run()):
            await until(lambda: line.is_there)
            for _ in range(3):
                assert line.is_there
                assert await line.ask(("INCR",)) is None
            assert not line.is_there
            assert (line.counts["error"], line.counts["late"]) == (3, 0)

    play(scene)


def test_each_change_is_told_once_and_never_with_the_password(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def scene(server: RedisServer) -> None:
        wrong = RedisPlace(host="127.0.0.1", port=server.port, password="hunter-two")
        line = line_to(wrong)
        async with running(line.run()):
            await until(lambda: line.counts["error"] >= 3)
            assert not line.is_there

    with redis.running("--requirepass", "swordfish") as server:
        play(lambda: scene(server))

    told = [record.message for record in caplog.records if record.name.startswith("statuswire")]
    assert len(told) == 1 and "redis left alone" in told[0] and f"127.0.0.1:{server.port}" in told[0]
    assert "hunter" not in caplog.text


def test_the_right_password_opens() -> None:
    async def scene(server: RedisServer) -> None:
        line = line_to(RedisPlace(host="127.0.0.1", port=server.port, password="swordfish", user="default"))
        async with running(line.run()):
            await until(lambda: line.is_there)

    with redis.running("--requirepass", "swordfish") as server:
        play(lambda: scene(server))
