"""Who is told: takes messages, sometimes slowly and sometimes not at first, and remembers what came how often."""

from __future__ import annotations

import asyncio
import json
import math
import random
import time
from collections import Counter
from dataclasses import dataclass, field

from tests.fake_provider import Seen, reply
from tests.faults.ledger import Receipts

PLAIN = ("standard", "flat")
"""Channels that are told every update alone."""

QUIET = "quiet"
"""The channel of a route that keeps quiet as usual."""

LIFE = "x-life"

READ_S = 2.0
"""How long an answer may lie with a process until it is read, on a busy machine."""


@dataclass
class Standstill:
    """A process did nothing from `since` to `until`, in seconds of `time.monotonic()`."""

    life: int
    since: float
    until: float = math.inf


@dataclass(frozen=True, slots=True)
class Taken:
    """Who sent a message that was taken, when it came and when it was answered."""

    life: int
    came: float
    answered: float

    def is_unread(self, still: Standstill) -> bool:
        """Whether its sender may have found the answer only when its patience was over."""
        return still.life == self.life and still.since < self.answered + READ_S and self.came < still.until


@dataclass
class Receiver:
    """Takes messages: most at once, some slowly, some not at first.

    Each process says in a header the how-manieth it is. Of messages that were taken before, `again` counts how often
    they came again, by the process that sent them; `again_at_once` are those that one process sent twice though it did
    not stand still over the answer.
    """

    dice: random.Random
    receipts: dict[str, Receipts] = field(default_factory=lambda: {name: Receipts() for name in (*PLAIN, QUIET)})
    bodies: dict[str, int] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    told: dict[int, set[str]] = field(default_factory=dict)
    taken: dict[str, Taken] = field(default_factory=dict)
    standstills: list[Standstill] = field(default_factory=list)
    again: Counter[int] = field(default_factory=Counter)
    again_at_once: list[str] = field(default_factory=list)
    put_off: int = 0

    @property
    def count(self) -> int:
        return sum(one.counts.total() for one in self.receipts.values())

    def hear(self, channel: str, name: str, body: bytes, life: int) -> None:
        self.receipts[channel].hear(name)
        if self.bodies.setdefault(name, hash(body)) != hash(body):
            self.changed.add(name)
        if channel == QUIET:
            event_id = json.loads(body)["data"]["id"]
            self.told.setdefault(event_id, set()).add(name)
        if name in self.taken:
            self.again[life] += 1
            self.again_at_once += [name] if self._is_at_once(self.taken[name], life) else []

    def take(self, name: str, life: int, came: float, answered: float) -> None:
        self.taken[name] = Taken(life, came, answered)

    def stand_still(self, life: int, since: float) -> Standstill:
        """A process stands still from now on; its `until` is set by whoever lets it go on."""
        still = Standstill(life, since)
        self.standstills.append(still)
        return still

    def _is_at_once(self, taken: Taken, life: int) -> bool:
        return taken.life == life and not any(map(taken.is_unread, self.standstills))

    async def play(self, request: Seen, writer: asyncio.StreamWriter) -> bool:
        name, life, came = request.headers["webhook-id"], int(request.headers[LIFE]), time.monotonic()
        self.hear(request.path.removeprefix("/"), name, request.body, life)
        fate = self.dice.random()
        if fate < 0.01:
            self.put_off += 1
            return await reply(503, b"", {"Retry-After": "1"})(request, writer)
        if fate < 0.05:
            await asyncio.sleep(self.dice.random() * 0.3)
        self.take(name, life, came, time.monotonic())
        return await reply(200, b"{}")(request, writer)
