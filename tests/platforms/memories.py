"""Everything in a process that remembers what it read, so that a test can begin as a fresh process does."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Protocol, cast


class Memory(Protocol):
    def cache_clear(self) -> None: ...


def memories_of_ours() -> list[Memory]:
    """Everything in our modules that remembers, be it by `functools` or by `remembering`."""
    return list(dict.fromkeys(_remembering()))


def forget_all() -> None:
    for memory in memories_of_ours():
        memory.cache_clear()


def _remembering() -> Iterator[Memory]:
    for name, module in sorted(sys.modules.items()):
        if name.startswith("statuswire."):
            for one in vars(module).values():
                if hasattr(type(one), "cache_clear"):  # asked of its type: a proxy may not be asked for anything
                    yield cast("Memory", one)
