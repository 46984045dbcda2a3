"""When to ask anew: after every event of the stream, which goes on by itself, and now and then even without one.

What is shown is always read whole, so a stream that was broken leaves no gap. Whether the connection holds is told by
the reading alone: a stream that is quiet and one that hangs look the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import aclosing

from statuswire.client import calls
from statuswire.client.aio import AsyncClient
from statuswire.client.errors import ClientError
from statuswire.client.following import backed_off
from statuswire.top import asking
from statuswire.top.around import Clock
from statuswire.top.picture import Picture

EVERY_S = 20.0
"""Pages that go stale make no event at once."""

LEAST_S = 0.5
"""Between two readings, and four times as long as one takes: hundreds of events may come at once."""

LONGEST_PAUSE_S = 15.0
STREAM_AGAIN_S = 30.0


class Following:
    """`on_picture` is told what was read, `on_failure` why it was not. `run` ends with its task."""

    def __init__(
        self,
        client: AsyncClient,
        clock: Clock,
        on_picture: Callable[[Picture], object],
        on_failure: Callable[[ClientError], object],
    ) -> None:
        self._client = client
        self._clock = clock
        self._on_picture = on_picture
        self._on_failure = on_failure
        self._news = asyncio.Event()

    def look_now(self) -> None:
        """Something may be different."""
        self._news.set()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._read_on())
            group.create_task(self._listen_on())

    async def _read_on(self) -> None:
        failures = 0
        while True:
            self._news.clear()
            began = self._clock.monotonic()
            try:
                picture = await self._client.carry(asking.picture(self._clock.now()))
            except ClientError as error:
                self._on_failure(error)
                await self._clock.sleep(min(backed_off(failures), LONGEST_PAUSE_S))
                failures += 1
                continue
            failures = 0
            self._on_picture(picture)
            await self._clock.sleep(max(LEAST_S, 4 * (self._clock.monotonic() - began)))
            await self._until_news()

    async def _until_news(self) -> None:
        """Until there is some, or for long enough."""
        waits = {asyncio.ensure_future(self._news.wait()), asyncio.ensure_future(self._clock.sleep(EVERY_S))}
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for one in waits:
                one.cancel()

    async def _listen_on(self) -> None:
        while True:
            try:
                await self._listen()
            except ClientError:
                # Waiting may not help the stream; whether it helps the reader, and why not, is told by the reading.
                self.look_now()
            await self._clock.sleep(STREAM_AGAIN_S)

    async def _listen(self) -> None:
        """Raises ClientError where the stream cannot be had."""
        last = await self._client.carry(calls.newest_event())
        self.look_now()
        events = self._client.events(last, on_break=lambda error: self.look_now())
        async with aclosing(events) as stream:  # type: ignore[type-var]  # it is a generator, and closes
            async for _ in stream:
                self.look_now()
