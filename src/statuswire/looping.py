"""The event loop: uvloop, which the extra `fast` brings, else asyncio's own (five times the memory of idle TLS)."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from importlib import import_module
from typing import Any, TypeVar

T = TypeVar("T")


def new_loop() -> asyncio.AbstractEventLoop:
    """The best that there is."""
    try:
        loop: asyncio.AbstractEventLoop = import_module("uvloop").new_event_loop()
    except ModuleNotFoundError:
        return asyncio.new_event_loop()
    return loop


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run it on a loop of its own, to its end."""
    with asyncio.Runner(loop_factory=new_loop) as runner:
        return runner.run(main)
