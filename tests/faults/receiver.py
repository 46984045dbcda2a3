"""Who is told: takes messages, sometimes slowly and sometimes not at first, and remembers what came how often."""

from __future__ import annotations

import asyncio
import json
import random
from collections import Counter
from dataclasses import dataclass, field

from tests.fake_provider import Seen, reply
from tests.faults.ledger import Receipts

PLAIN = ("standard", "flat")
"""Channels that are told every update alone."""

QUIET = "quiet"
"""The channel of a route that keeps quiet as usual."""

LIFE = "x-life"


@dataclass
class Receiver:
    """Takes messages: most at once, some slowly, some not at first.

    Each process says in a header the how-manieth it is. Of messages that were taken before, `again` counts how often
    they came again, by the process that sent them; `again_at_once` are those that one process sent twice.
    """

    dice: random.Random
    receipts: dict[str, Receipts] = field(default_factory=lambda: {name: Receipts() for name in (*PLAIN, QUIET)})
    bodies: dict[str, int] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    told: dict[int, set[str]] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
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
            self.again_at_once += [name] if self.taken[name] == life else []

    async def play(self, request: Seen, writer: asyncio.StreamWriter) -> bool:
        name, life = request.headers["webhook-id"], int(request.headers[LIFE])
        self.hear(request.path.removeprefix("/"), name, request.body, life)
        fate = self.dice.random()
        if fate < 0.01:
            self.put_off += 1
            return await reply(503, b"", {"Retry-After": "1"})(request, writer)
        if fate < 0.05:
            await asyncio.sleep(self.dice.random() * 0.3)
        self.taken[name] = life
        return await reply(200, b"{}")(request, writer)
