"""Loops that one process alone runs at a time: whoever holds the duty's lease.

Where only one process can have the database they are all held, for ever.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from enum import StrEnum
from typing import Final

from statuswire.model import ReplicaRole

Loop = Callable[[], Awaitable[None]]


class Duty(StrEnum):
    PLANNER = "planner"
    CALENDAR = "calendar"
    JANITOR = "janitor"
    MAIL = "mail"
    """Fetching mail; listening for it is no duty, since whoever sends it chooses where."""

    HEARTBEATS = "heartbeats"


NEEDS: Final[Mapping[Duty, ReplicaRole | None]] = {
    Duty.PLANNER: ReplicaRole.DELIVER,
    Duty.CALENDAR: ReplicaRole.POLL,
    Duty.JANITOR: None,
    Duty.MAIL: ReplicaRole.HOOKS,
    Duty.HEARTBEATS: ReplicaRole.DELIVER,
}
"""The part of the work that a duty belongs to; None: of every process."""


def duties_of(roles: Collection[ReplicaRole]) -> frozenset[Duty]:
    """What a process with these roles may be asked to do."""
    return frozenset(duty for duty, role in NEEDS.items() if role is None or role in roles)


class _Held:
    """Whether one duty is held, and the two moments that its loops wait for."""

    def __init__(self) -> None:
        self.taken = asyncio.Event()
        self.gone = asyncio.Event()
        self.gone.set()

    def put(self, *, is_held: bool) -> None:
        now, before = (self.taken, self.gone) if is_held else (self.gone, self.taken)
        before.clear()
        now.set()


class Duties:
    """The duties of one process. All methods belong to one event loop."""

    def __init__(self, held: Collection[str] = ()) -> None:
        self._held = {duty.value: _Held() for duty in Duty}
        self.hold(held)

    @property
    def held(self) -> tuple[str, ...]:
        return tuple(name for name, one in self._held.items() if one.taken.is_set())

    def hold(self, names: Collection[str]) -> None:
        """From now on just these are ours: the loops of the others end, those of these begin."""
        for name, one in self._held.items():
            one.put(is_held=name in names)

    def bound(self, duty: Duty, loop: Loop) -> Loop:
        """The loop, which runs while the duty is held."""

        async def run() -> None:
            held = self._held[duty.value]
            while True:
                await held.taken.wait()
                if await _until(held.gone, loop):
                    return

        return run


async def _until(gone: asyncio.Event, loop: Loop) -> bool:
    """Run the loop until it ends by itself or the event comes; whether it ended by itself. Raises what it raises."""
    running = asyncio.ensure_future(loop())
    waiting = asyncio.ensure_future(gone.wait())
    try:
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
            return True
        return False
    finally:
        waiting.cancel()
        running.cancel()
        await asyncio.wait({running, waiting})
