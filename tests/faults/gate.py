"""A gate before a script: the first request that it is to catch is answered only when it is opened."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.fake_provider import Script, Seen

LOOK_S = 0.02


@dataclass
class Gate:
    """`passed` are the requests with the moments (monotonic seconds) at which they came."""

    catches: Callable[[Seen], bool]
    caught: Seen | None = None
    passed: list[tuple[float, Seen]] = field(default_factory=list)
    is_set: bool = False
    _is_open: threading.Event = field(default_factory=threading.Event)

    def open(self) -> None:
        self._is_open.set()

    def before(self, script: Script) -> Script:
        async def play(request: Seen, writer: asyncio.StreamWriter) -> bool:
            if self.is_set and self.caught is None and self.catches(request):
                self.caught = request
                while not self._is_open.is_set():  # noqa: ASYNC110 - it is opened by another thread
                    await asyncio.sleep(LOOK_S)
            else:
                self.passed.append((time.monotonic(), request))
            return await script(request, writer)

        return play
