"""P11: a loop that stands still is told of once, with where it stands, and again when it goes on."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest

from statuswire import looping
from statuswire.looping import Pulse


class Time:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, "statuswire.looping")
    return caplog


def test_P11_a_loop_that_stands_still_says_once_where_and_when_it_goes_on(said: pytest.LogCaptureFixture) -> None:
    time = Time()
    pulse = Pulse(time)

    for _ in range(3):
        time.now += 1.0
        pulse.look()
    time.now += 1.0
    pulse.beat()

    assert [record.message.partition(" at=")[0] for record in said.records] == [
        "event loop stands still for_s=2.0",
        "event loop goes on after_s=4.0",
    ]
    assert f" < {__name__}:" in said.records[0].message


def test_P11_a_loop_at_which_nobody_could_look_says_afterwards_how_long_it_stood(
    said: pytest.LogCaptureFixture,
) -> None:
    time = Time()
    pulse = Pulse(time)

    time.now = 30.0
    pulse.beat()
    pulse.look()

    assert [record.message for record in said.records] == ["event loop goes on after_s=30.0"]


def test_a_loop_that_goes_on_says_nothing(said: pytest.LogCaptureFixture) -> None:
    time = Time()
    pulse = Pulse(time)

    for _ in range(10):
        time.now += 0.7
        pulse.look()
        pulse.beat()

    assert said.records == []


def test_P11_the_loop_of_a_service_is_watched_to_its_end(
    said: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looping, "STALL_S", -1.0)
    monkeypatch.setattr(looping, "BEAT_S", 0.001)
    told = threading.Event()

    def hear(record: logging.LogRecord) -> bool:
        if "stands still" in record.msg:
            told.set()
        return True

    said.handler.addFilter(hear)

    async def stand_still() -> bool:
        return told.wait(60.0)

    assert looping.run(stand_still(), is_watched=True)
    assert f"{__name__}:" in said.text
    assert not any(thread.name == "pulse" for thread in threading.enumerate())


def test_what_is_run_to_its_end_gives_its_result() -> None:
    assert looping.run(asyncio.sleep(0, "done")) == "done"
