"""The whole demo: build the stage, start the real service on it, play, and stop."""

from __future__ import annotations

import asyncio
import sys
from typing import TextIO

from statuswire import looping, server
from statuswire.demo.playing import demo_config, play
from statuswire.demo.script import LENGTH_S, opening
from statuswire.demo.stage import CAST, Stage
from statuswire.engine.clock import Clock
from statuswire.errors import first_of_ours
from statuswire.options import DemoOptions

AFTERMATH_S = 2.5
"""How long the last change is given to be seen, at any speed: a poll interval and a little more."""


def run(options: DemoOptions, out: TextIO) -> int:
    """Play the whole script once and stop. Exit code of the service."""
    with asyncio.Runner(loop_factory=looping.new_loop) as runner:
        try:
            return runner.run(perform(options, out, Clock()))
        except BaseExceptionGroup as group:
            ours = first_of_ours(group)
            if ours is None:
                raise
            raise ours from group


async def perform(options: DemoOptions, out: TextIO, clock: Clock) -> int:
    """Build the stage, start the service, play, and stop it. Where the format is for programs, the words around the
    events go to standard error."""
    async with Stage(clock.now) as stage:
        opening(stage, clock.now(), options.speed)
        aside = sys.stderr if options.format == "json" else out
        print(_prologue(options), file=aside, flush=True)
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        stop = asyncio.Event()
        config = demo_config(stage, options)
        async with asyncio.TaskGroup() as tasks:
            playing = tasks.create_task(_play_and_stop(stage, ready, stop, clock, options.speed))
            service = tasks.create_task(
                server.serve(config, ready=ready.set_result, stop=stop, out=out, when_unread=playing.cancel)
            )
            service.add_done_callback(lambda _: playing.cancel())
        print(
            f"The demo is over: {sum(stage.answers.values())} requests, {stage.answers[304]} answered 304.", file=aside
        )
        return service.result()


async def _play_and_stop(
    stage: Stage, ready: asyncio.Future[str], stop: asyncio.Event, clock: Clock, speed: float
) -> None:
    try:
        await play(stage, await ready, clock, speed=speed)
        await clock.sleep(AFTERMATH_S)
    finally:
        stop.set()


def _prologue(options: DemoOptions) -> str:
    length = round(LENGTH_S / options.speed)
    return f"Demo: {len(CAST)} simulated providers play a scripted outage for {length} s. CTRL+C ends it."
