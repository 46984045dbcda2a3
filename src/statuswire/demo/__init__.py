"""`statuswire demo`: simulated providers play a scripted outage while the real service watches them, on loopback."""

from __future__ import annotations

import asyncio
from typing import TextIO

import uvloop

from statuswire import server
from statuswire.config import Config
from statuswire.demo.script import LENGTH_S, SCRIPT, SECRET, HookPost, Step, opening
from statuswire.demo.stage import CAST, Stage
from statuswire.engine.clock import Clock
from statuswire.errors import FetchError, FetchReason, StatuswireError
from statuswire.net.http import HttpClient
from statuswire.options import DemoOptions

AFTERMATH_S = 3.0
"""How long the last change is given to be seen, at any speed: a poll interval and a little more."""


def run(options: DemoOptions, out: TextIO) -> int:
    """Play the whole script once and stop. Exit code of the service."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            return runner.run(perform(options, out, Clock()))
        except BaseExceptionGroup as group:
            raise _cause(group) from group


def demo_config(stage: Stage, options: DemoOptions) -> Config:
    """The real service's configuration for watching the stage: one page for each provider, polled every second."""
    pages = [
        {
            "slug": one.slug,
            "name": one.name,
            "platform": one.platform,
            "url": stage.bases[one.slug],
            "feed": stage.bases[one.slug] + one.feed_path if one.feed_path else "",
            "allow_private": True,
        }
        for one in CAST
    ]
    return Config.model_validate(
        {
            "database": "sqlite://",
            "server": {"host": "127.0.0.1", "port": options.port},
            "poll": {"interval": "1s", "while_open": "1s"},
            "pages": pages,
            "hooks": {"secrets": {"incident-io": [SECRET]}},
            "console": {"format": options.format, "heartbeat": "10s", "tz": options.tz},
            "log": {"level": "error"},
        }
    )


async def perform(options: DemoOptions, out: TextIO, clock: Clock) -> int:
    """Build the stage, start the service, play, and stop it."""
    async with Stage(clock.now) as stage:
        opening(stage, clock.now(), options.speed)
        print(_prologue(options), file=out, flush=True)
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        stop = asyncio.Event()
        config = demo_config(stage, options)
        async with asyncio.TaskGroup() as tasks:
            service = tasks.create_task(
                server.serve(config, ready=ready.set_result, stop=stop, out=out, console_format=options.format)
            )
            service.add_done_callback(lambda _: ready.cancel())
            tasks.create_task(_play_and_stop(stage, ready, stop, clock, options.speed))
        print(f"The demo is over: {sum(stage.answers.values())} requests, {stage.answers[304]} answered 304.", file=out)
        return service.result()


async def play(
    stage: Stage, hook_address: str, clock: Clock, *, speed: float = 1.0, script: tuple[Step, ...] = SCRIPT
) -> None:
    """Let the script happen, hooks included; `hook_address` is where the service listens. Raises FetchError where a
    hook cannot be delivered."""
    start = clock.monotonic()
    async with HttpClient(user_agent="statuswire demo") as client:
        for step in script:
            await clock.sleep(start + step.at_s / speed - clock.monotonic())
            post = step.act(stage, clock.now())
            if post is not None:
                await _send(client, hook_address, post)


async def _play_and_stop(
    stage: Stage, ready: asyncio.Future[str], stop: asyncio.Event, clock: Clock, speed: float
) -> None:
    try:
        await play(stage, await ready, clock, speed=speed)
        await clock.sleep(AFTERMATH_S)
    finally:
        stop.set()


async def _send(client: HttpClient, hook_address: str, post: HookPost) -> None:
    headers = {"Content-Type": "application/json", **post.headers}
    url = hook_address + post.path
    response = await client.request("POST", url, headers=headers, body=post.body, allow_private=True)
    if response.status >= 300:
        raise FetchError(
            FetchReason.STATUS, f"{post.path}: the service answered {response.status}", status=response.status
        )


def _cause(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first of our own exceptions in it, which the command line can word; else the group."""
    ours, _ = group.split(StatuswireError)
    while isinstance(ours, BaseExceptionGroup):
        ours = ours.exceptions[0]
    return ours or group


def _prologue(options: DemoOptions) -> str:
    length = round(LENGTH_S / options.speed)
    return f"Demo: {len(CAST)} simulated providers play a scripted outage for {length} s. CTRL+C ends it."
