"""Which part of the shared work a process takes up and gives up, so that equal processes come to equal parts.

Pages are spread over shards by the host of their main feed. A process holds at most its fair share, takes what is free
up to it, and gives up what is beyond it a little at a time, so that a newcomer does not stop everybody's polling.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

SHARDS: Final = 256

MOST_GIVEN_UP: Final = 8
"""At once: what is given up is polled by nobody until the next one has read it from the database."""

TTL: Final = timedelta(seconds=15)
RENEW_EVERY: Final = timedelta(seconds=5)
"""Two renewals may fail before a lease ends."""


def shard_of(host: str) -> int:
    """The shard of all pages whose main feed is at that host; the same in every process and version."""
    digest = hashlib.sha256(host.lower().encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8]) % SHARDS


def fair_share(live: int, shards: int = SHARDS) -> int:
    """How many shards each of so many live processes may hold. Those shares together are at least all of them."""
    return -(-shards // max(live, 1))


@dataclass(frozen=True, slots=True)
class Balance:
    """What to do with leases: how many free ones to take, and which of those held to give up."""

    take: int
    give_up: tuple[int, ...] = ()


def balance(held: Collection[int], live: int, shards: int = SHARDS) -> Balance:
    """What one process does when so many live, itself included. Never both: whoever is beyond its share takes nothing.

    The highest numbers are given up: pages keep their process where a process comes and goes.
    """
    beyond = len(held) - fair_share(live, shards)
    if beyond <= 0:
        return Balance(-beyond)
    return Balance(0, tuple(sorted(held, reverse=True)[: min(beyond, MOST_GIVEN_UP)]))
