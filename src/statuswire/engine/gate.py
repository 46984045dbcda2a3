"""What may start now: the wheel says what is due, the hosts say what they bear.

Never two polls of one host in one burst, never more at once than a host may have (of one that several processes ask our
part, and at least one), a token for each, and none while the host has asked for a pause. A feed that has to wait is
given its place once and not tried again each tick.
"""

from __future__ import annotations

from collections.abc import Callable

from statuswire.core.schedule import MISSED, Due, DueReason
from statuswire.engine.clock import Clock
from statuswire.engine.polled import PolledFeed, PollSettings, Stage
from statuswire.engine.wheel import TICK_S, Wheel

_PLACED, _BUSY = Stage.PLACED, Stage.BUSY
"""Looking a member up in its enum is a tenth of what letting a feed through costs."""


class Gate:
    """Places feeds and lets them through to `start`."""

    def __init__(self, clock: Clock, settings: PollSettings, start: Callable[[PolledFeed], None]) -> None:
        self._clock = clock
        self._start = start
        self._per_host = settings.per_host
        self._gap_s = settings.host_gap.total_seconds()
        self._slack_s = self._gap_s * (settings.host_burst - 1)
        self._wheel: Wheel[PolledFeed] = Wheel(clock.monotonic())
        self.next_at = self._wheel.next_at
        self.take_due = self._wheel.take_due
        self.drop = self._wheel.drop

    def place(self, polled: PolledFeed, due: Due) -> None:
        """Due so long after now; a place given before is void."""
        polled.due_at = self._clock.monotonic() + due.after.total_seconds()
        polled.due_reason = due.reason
        polled.is_reserved = False
        self._wheel.put(polled, polled.due_at)

    def hasten(self, polled: PolledFeed, at: float) -> None:
        """Due at `at` at the latest, or once more right after the poll under way."""
        if polled.stage is _BUSY:
            polled.wants_again = True
        if polled.stage is _PLACED and at < polled.due_at:
            polled.due_at = at
            if polled.due_reason not in MISSED:
                polled.due_reason = DueReason.SOON
            if not polled.is_reserved:
                self._wheel.put(polled, at)

    def admit(self, polled: PolledFeed, now: float, not_before: float | None = None) -> None:
        """Start a due feed, or give it the next place its host has; `not_before` where it has its token already."""
        if polled.stage is not _PLACED or not polled.is_in_use:
            return
        host = polled.host
        start = now
        if not polled.is_reserved or host.paused_until > now:
            start = host.reserve(now, self._gap_s, self._slack_s, TICK_S, not_before)
        if start > now or host.last_burst_at == now:
            polled.is_reserved = True
            self._wheel.put(polled, start)
        elif host.active * host.stretch >= self._per_host:
            polled.stage = Stage.WAITING
            host.wait(polled)
        else:
            polled.is_reserved = False
            polled.stage = _BUSY
            host.active += 1
            host.last_burst_at = now
            self._start(polled)

    def release(self, polled: PolledFeed) -> None:
        """A poll ended: the next that waits for its host comes with the next tick."""
        host = polled.host
        polled.stage = _PLACED
        host.active -= 1
        waiting = host.next_waiting() if host.waiting else None
        if waiting is not None:
            waiting.stage = _PLACED
            waiting.is_reserved = True
            self._wheel.put(waiting, self._clock.monotonic())
