"""Who may keep an idle connection open: hosts where keeping has paid, and only so many of them.

An idle TLS connection costs 60 to 70 KB. Where the peer closes it before the next poll it is pure loss, so a host
that let us down twice in a row is asked with `Connection: close` for a while and then tried again.
"""

from __future__ import annotations

from dataclasses import dataclass

_PATIENCE = 2
_PAUSE = 16
"""Requests without keep-alive before a host is tried again: idle limits of peers and our intervals both change."""
_STALE_S = 900.0
_SWEEP_S = 60.0
_MAX_PAUSED = 20_000


@dataclass(slots=True)
class Kept:
    """One host's place. `has_idle` is our belief that a connection waits in the pool, `expects_reuse` what it was
    when the last exchange began."""

    used_at: float
    has_idle: bool = False
    expects_reuse: bool = False
    misses: int = 0


class KeepAlive:
    """Grants at most `capacity` hosts a place. First come, first kept: under a round of polls longer than the
    capacity, giving the place to the latest would close every connection just before its next use."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._kept: dict[str, Kept] = {}
        self._paused: dict[str, int] = {}
        self._swept_at = 0.0

    def begin(self, origin: str, now: float) -> Kept | None:
        """Before an exchange; `now` is monotonic seconds. None means: ask the peer to close."""
        kept = self._kept.get(origin) or self._admit(origin, now)
        if kept is not None:
            kept.used_at, kept.expects_reuse, kept.has_idle = now, kept.has_idle, False
        return kept

    def end(self, origin: str, kept: Kept, *, was_fresh: bool) -> None:
        """After a complete exchange; a failed one is simply not reported and leaves nothing to expect."""
        kept.has_idle = True
        if not kept.expects_reuse:
            return
        kept.misses = kept.misses + 1 if was_fresh else 0
        if kept.misses >= _PATIENCE:
            self._pause(origin)

    def _admit(self, origin: str, now: float) -> Kept | None:
        if self._paused and self._is_paused(origin):
            return None
        if len(self._kept) >= self._capacity and not self._make_room(now):
            return None
        kept = self._kept[origin] = Kept(now)
        return kept

    def _is_paused(self, origin: str) -> bool:
        left = self._paused.get(origin, 0)
        if left > 1:
            self._paused[origin] = left - 1
        else:
            self._paused.pop(origin, None)
        return left > 0

    def _make_room(self, now: float) -> bool:
        """Take the places of hosts that are no longer asked at all; looked for now and then, not each time."""
        if now - self._swept_at < _SWEEP_S:
            return False
        self._swept_at = now
        for origin in [origin for origin, kept in self._kept.items() if now - kept.used_at > _STALE_S]:
            del self._kept[origin]
        return len(self._kept) < self._capacity

    def _pause(self, origin: str) -> None:
        self._kept.pop(origin, None)
        if len(self._paused) >= _MAX_PAUSED:
            self._paused.clear()
        self._paused[origin] = _PAUSE
