"""The words of this package: topics, who listens to them, and the ways by which hints go."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from enum import StrEnum
from typing import Protocol

log = logging.getLogger(__name__)


class Topic(StrEnum):
    """What there may be something new in."""

    LOG = "log"
    """The event log."""

    INBOX = "inbox"
    """Hooks that wait to be read."""

    LANES = "lanes"
    """Deliveries that wait to be sent."""

    OWN = "own"
    """Pages, routes and orders that are kept in the database."""

    LEASES = "leases"
    """Shards and duties that were let go."""


Callback = Callable[[], object]


class Wakeups(Protocol):
    """Hints between equal processes. All methods belong to one event loop."""

    def hint(self, topic: Topic) -> None:
        """Tell the others, after a commit, that there may be something new. Cheap; nothing is promised."""
        ...

    def listen(self, topic: Topic, callback: Callback) -> None:
        """Call this, quickly, when another one has hinted, and whenever hints may have been lost."""
        ...

    async def run(self) -> None:
        """Send and hear until cancelled."""
        ...


class Way(Protocol):
    """One way by which hints go to the others."""

    @property
    def name(self) -> str: ...

    @property
    def is_hearing(self) -> bool:
        """Whether the others are heard this way now."""
        ...

    async def send(self, topics: Collection[Topic]) -> bool:
        """False where they cannot be sent this way now; another may be tried."""
        ...

    async def run(self) -> None:
        """Hear what the others send, until cancelled."""
        ...


class Board:
    """Who wants to be told of which topic."""

    def __init__(self) -> None:
        self._callbacks: dict[Topic, list[Callback]] = {}

    def listen(self, topic: Topic, callback: Callback) -> None:
        self._callbacks.setdefault(topic, []).append(callback)

    def ring(self, topic: Topic) -> None:
        for callback in self._callbacks.get(topic, ()):
            try:
                callback()
            except Exception:
                log.exception("listener failed topic=%s", topic)

    def ring_all(self) -> None:
        """Hints may have been lost."""
        for topic in Topic:
            self.ring(topic)

    def hear(self, word: str) -> bool:
        """Ring what another process has named; False for a word that is no topic."""
        try:
            topic = Topic(word)
        except ValueError:
            return False
        self.ring(topic)
        return True
