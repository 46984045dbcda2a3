"""Per-host politeness: so many polls at once, a token bucket, a pause for all when a host asks for one.

Also the judgement whether the hosts are failing or we are (FAULTS N11).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final, Generic, Protocol, TypeVar
from urllib.parse import urlsplit

from statuswire.core.health import is_offline

T = TypeVar("T")


def host_of(url: str) -> str:
    """`status.acme.example` or `127.0.0.1:8081`: what one server is called. Empty for what is no URL at all."""
    try:
        return urlsplit(url).netloc.rpartition("@")[2].lower()
    except ValueError:
        return ""


class SharedBuckets(Protocol):
    """The token buckets of hosts that several processes poll."""

    async def reserve(
        self, wanted: Mapping[str, int], gap_s: float, slack_s: float
    ) -> Mapping[str, Sequence[float]] | None:
        """Take so many tokens of each host, by its name: how many seconds each has to wait. Soon, if need be without
        success: None, and then each process judges by its own buckets."""
        ...


class Rate(Protocol):
    """How fast this process may ask hosts."""

    def stretch(self, host: str) -> float:
        """How many times longer the gaps between two polls of this host are than for a process that is alone: 1.0
        where nobody else asks the host."""
        ...


class WholeRate:
    """Nobody else asks anything."""

    def stretch(self, host: str) -> float:
        return 1.0


WHOLE_RATE: Final = WholeRate()


class Host(Generic[T]):
    """One host: how much is under way there, when the next poll may start, and who waits for a free place.

    `full_at` is the moment (monotonic seconds) at which the token bucket will be full again: the bucket as one number.
    `last_start` is the latest start given away, `last_burst_at` when the last one came true. `stretch` is that of the
    `Rate`.
    """

    __slots__ = (
        "active",
        "feeds",
        "full_at",
        "is_down",
        "last_burst_at",
        "last_start",
        "name",
        "paused_until",
        "stretch",
        "waiting",
    )

    def __init__(self, name: str, stretch: float = 1.0) -> None:
        self.name = name
        self.stretch = stretch
        self.active = 0
        self.feeds = 0
        self.full_at = 0.0
        self.last_start = self.last_burst_at = -1.0
        self.paused_until = 0.0
        self.is_down = False
        self.waiting: deque[T] | None = None

    def reserve(
        self, now: float, gap_s: float, slack_s: float, tick_s: float, not_before: float | None = None
    ) -> float:
        """Take one token; when the poll that took it may start (`now` or later).

        The bucket gains a token each `gap_s` and holds as many as fit into `slack_s` beyond the one in hand; starts
        are at least one tick apart. `not_before`: what a bucket that other processes have a share in says instead.
        """
        start = now
        if self.paused_until > start:
            start = self.paused_until
        allowed_at = self.full_at - slack_s if not_before is None else not_before
        if allowed_at > start:
            start = allowed_at
        if self.last_start + tick_s > start:
            start = self.last_start + tick_s
        self.full_at = min(self.full_at if self.full_at > start else start, start + slack_s) + gap_s * self.stretch
        self.last_start = start
        return start

    def pause(self, until: float) -> None:
        """No poll of this host starts before `until`."""
        self.paused_until = max(self.paused_until, until)

    def wait(self, item: T) -> None:
        """Remember `item` until a place is free."""
        if self.waiting is None:
            self.waiting = deque()
        self.waiting.append(item)

    def next_waiting(self) -> T | None:
        if not self.waiting:
            return None
        item = self.waiting.popleft()
        if not self.waiting:
            self.waiting = None
        return item


class Hosts(Generic[T]):
    """All hosts that feeds are polled from, and how many of them cannot be reached."""

    def __init__(self, rate: Rate = WHOLE_RATE) -> None:
        self._hosts: dict[str, Host[T]] = {}
        self._down = 0
        self._rate = rate

    def __len__(self) -> int:
        return len(self._hosts)

    def join(self, url: str) -> Host[T]:
        """The host of a feed that is added."""
        name = host_of(url)
        host = self._hosts.get(name)
        if host is None:
            host = self._hosts[name] = Host(name, self._rate.stretch(name))
        host.feeds += 1
        return host

    def leave(self, host: Host[T]) -> None:
        """A feed was removed; a host without feeds is forgotten."""
        host.feeds -= 1
        if host.feeds == 0:
            self.note(host, is_down=False)
            del self._hosts[host.name]

    def restretch(self) -> None:
        """The rate has changed: others ask the same hosts, or no more."""
        for host in self._hosts.values():
            host.stretch = self._rate.stretch(host.name)

    def note(self, host: Host[T], *, is_down: bool) -> None:
        """How the last poll of a host went; a host that nobody polls any more does not count."""
        if host.is_down != is_down and self._hosts.get(host.name) is host:
            host.is_down = is_down
            self._down += 1 if is_down else -1

    @property
    def down(self) -> int:
        return self._down

    @property
    def is_offline(self) -> bool:
        """More than half of the hosts cannot be reached at once: it is our line that is down."""
        return is_offline(self._down, len(self._hosts))
