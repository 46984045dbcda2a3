"""`statuswire top` over a web application in this process whose store was filled by hand, driven by Textual's pilot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC
from typing import Any

from rich.segment import Segment
from textual.pilot import Pilot

from statuswire.client.aio import AsyncClient, Reader
from statuswire.client.errors import ClientError
from statuswire.client.exchange import Ask
from statuswire.top.app import Top
from statuswire.top.inside import dial_of
from tests.web.parts import Site

PATIENCE_S = 20.0
SMALL, LARGE = (80, 24), (120, 40)


@dataclass
class Seat:
    """Whoever sits before it. `is_cut`: the server is not reached any more."""

    site: Site
    is_cut: bool = False
    asked: list[str] = field(default_factory=list)
    top: Top = field(init=False)
    pilot: Pilot[ClientError] = field(init=False)
    photograph: list[list[Segment]] = field(default_factory=list)

    @property
    def segments(self) -> list[list[Segment]]:
        """Every line as it goes to the terminal; after the scene, as it was then."""
        return self.photograph or [list(strip) for strip in self.top.screen._compositor.render_strips()]

    @property
    def lines(self) -> list[str]:
        return ["".join(segment.text for segment in line).rstrip() for line in self.segments]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def line(self, words: str) -> str:
        """The first line that has these words."""
        found = next((line for line in self.lines if words in line), None)
        assert found is not None, f"no {words!r} in:\n{self.text}"
        return found

    async def until(self, *words: str, gone: str = "", step_s: float = 0.0) -> None:
        """Wait until all of these are shown, and the other one is not; meanwhile the clock goes on in such steps."""
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not all(one in self.text for one in words) or (gone and gone in self.text):
                    await self.pass_time(step_s)
                    await asyncio.sleep(0.005)
        except TimeoutError as error:
            raise AssertionError(f"never {words} without {gone!r}:\n{self.text}") from error

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def pass_time(self, seconds: float) -> None:
        if seconds:
            await self.site.clock.advance(seconds)
            self.top.tick()
        await self.pilot.pause()

    def sees(self) -> Any:
        """What reaches the application, and is cut where it is to be."""
        inner = dial_of(self.site.call)

        @asynccontextmanager
        async def dial(ask: Ask) -> AsyncIterator[Reader]:
            self.asked.append(f"{ask.method} {ask.path}")
            if self.is_cut:
                raise ConnectionRefusedError
            async with inner(ask) as reader:
                yield reader

        return dial


Scene = Callable[[Seat], Awaitable[None]]


def look(site: Site, scene: Scene, size: tuple[int, int] = SMALL, *, is_cut: bool = False, **options: Any) -> Seat:
    """Play a scene at a terminal of this size; what is there afterwards."""

    async def main() -> Seat:
        seat = Seat(site, is_cut)
        client = AsyncClient("http://status.example.com", "", dial=seat.sees(), sleep=site.clock.sleep, timeout_s=60)
        seat.top = Top(client, site.clock, zone=UTC, **{"source": "status.example.com"} | options)
        async with seat.top.run_test(size=size) as seat.pilot:
            await scene(seat)
            if seat.top.is_running:
                seat.photograph = seat.segments
        return seat

    return asyncio.run(main())
