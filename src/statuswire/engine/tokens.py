"""Polls of hosts that other processes poll too: their tokens come from the buckets that all of them share.

One question for all polls of a burst, with a deadline of its own. Where it is not answered, the bucket decides that
this process has of the host, as for every other one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from statuswire.engine.hosts import SharedBuckets
from statuswire.engine.polled import PolledFeed, PollSettings

IsShared = Callable[[str], bool]


class Tokens:
    """`is_shared` says whether a host is polled by others too."""

    def __init__(self, buckets: SharedBuckets, is_shared: IsShared) -> None:
        self._buckets = buckets
        self._is_shared = is_shared

    def are_needed(self, polled: PolledFeed) -> bool:
        """Whether the poll has none yet, and they are not ours alone."""
        return not polled.is_reserved and self._is_shared(polled.host.name)

    async def take(self, due: Sequence[PolledFeed], settings: PollSettings) -> list[float] | None:
        """One for each: how many seconds it has to wait. None where nobody could be asked."""
        wanted = Counter(polled.host.name for polled in due)
        gap_s = settings.host_gap.total_seconds()
        found = await self._buckets.reserve(wanted, gap_s, gap_s * (settings.host_burst - 1))
        if found is None:
            return None
        waits = {name: iter(some) for name, some in found.items()}
        return [next(waits[polled.host.name]) for polled in due]
