"""Token buckets of providers' hosts that all replicas share: one script, one question for a burst of polls.

The bucket is one number, the moment at which it will be full again, as in `engine/hosts.py`; only the clock is that of
the Redis server. It is worth nothing once it is full, so the key ends by itself then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha1

from redis.exceptions import NoScriptError

from statuswire.peers.line import Command, Line, Reply
from statuswire.peers.names import Names

MOST_WAIT_S = 600.0

_MICRO = 1_000_000

SCRIPT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local gap, slack = tonumber(ARGV[1]), tonumber(ARGV[2])
local waits = {}
for place, key in ipairs(KEYS) do
  local kept = redis.call('GET', key)
  local full = kept and tonumber(kept) or 0
  if full > now + 600000000 then full = 0 end
  local of_host = {}
  for number = 1, tonumber(ARGV[2 + place]) do
    local start = math.max(now, full - slack)
    full = math.max(full, start) + gap
    of_host[number] = start - now
  end
  redis.call('SET', key, string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000) + 1)
  waits[place] = of_host
end
return waits
"""
"""For each key how many microseconds each of its tokens has to wait. ARGV: the gap and the slack of a bucket in
microseconds, then how many tokens of each key. A bucket that would be full only after ten minutes is not one that we
filled, and counts as none."""

_SHA = sha1(SCRIPT.encode(), usedforsecurity=False).hexdigest()


class Buckets:
    """The shared buckets, as `engine/hosts.py` wants them."""

    def __init__(self, line: Line, names: Names) -> None:
        self.counts: Counter[str] = Counter()
        """Bursts whose tokens came from here (`shared`), and those that the process had to judge alone (`local`)."""
        self._line = line
        self._names = names

    async def reserve(
        self, wanted: Mapping[str, int], gap_s: float, slack_s: float
    ) -> Mapping[str, Sequence[float]] | None:
        """Take so many tokens of each host: how many seconds each has to wait. None where Redis cannot be asked within
        its deadline, and then nothing may have been taken or all of it."""
        arguments = (int(gap_s * _MICRO), int(slack_s * _MICRO), *wanted.values())
        keys = tuple(self._names.host(name) for name in wanted)
        replies = await self._line.ask(("EVALSHA", _SHA, len(keys), *keys, *arguments))
        if replies is not None and isinstance(replies[0], NoScriptError):
            load: Command = ("SCRIPT", "LOAD", SCRIPT)
            replies = await self._line.ask(load, ("EVALSHA", _SHA, len(keys), *keys, *arguments))
        waits = None if replies is None else _waits(replies[-1], wanted)
        self.counts["local" if waits is None else "shared"] += 1
        return waits


def _waits(reply: Reply, wanted: Mapping[str, int]) -> dict[str, list[float]] | None:
    """None for what our script would not answer."""
    if not isinstance(reply, list) or len(reply) != len(wanted):
        return None
    found: dict[str, list[float]] = {}
    for (name, count), waits in zip(wanted.items(), reply, strict=True):
        if not isinstance(waits, list) or len(waits) != count or not all(isinstance(one, int) for one in waits):
            return None
        found[name] = [one / _MICRO for one in waits]
    longest_s = max((wait for waits in found.values() for wait in waits), default=0.0)
    return found if longest_s <= MOST_WAIT_S else None
