"""How something ended that left a list, and what came and went while nobody looked: read the page's history documents
once, then settle.

The documents go through the same wheel, hosts and workers as every poll. Whatever comes of them, `settle` follows
within about a minute: an incident must not stay open for ever because its history cannot be fetched.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from statuswire.core import health, schedule
from statuswire.core.schedule import Due, DueReason
from statuswire.engine.clock import Clock
from statuswire.engine.ingest import Recorded
from statuswire.engine.polled import HistoryRun, PolledFeed, PolledPage
from statuswire.engine.visit import Outcome, Visit, Visitor

PATIENCE_S = 60.0
"""How long after the first wish a document may be read anew because of a later one."""

_AT_ONCE = Due(timedelta(0), DueReason.HISTORY)


class Histories:
    """Runs the reading of history documents. `place(feed, due)` puts a feed into the wheel, `announce` tells of what
    settling recorded."""

    def __init__(
        self,
        clock: Clock,
        visitor: Visitor,
        place: Callable[[PolledFeed, Due], None],
        announce: Callable[[Recorded], None],
    ) -> None:
        self._clock = clock
        self._visitor = visitor
        self._place = place
        self._announce = announce

    async def want(self, page: PolledPage) -> None:
        """Something left a list of this page. Settles at once where there is no history to read."""
        if page.history_run is not None:
            page.history_run.wanted_at = self._clock.monotonic()
        elif page.history:
            self._begin(page, lambda _: _AT_ONCE)
        else:
            await self._settle(page)

    def catch_up(self, page: PolledPage) -> None:
        """Nobody looked at this page for a while."""
        if page.history and page.history_run is None:
            self._begin(page, lambda polled: schedule.after_absence(polled.pace, polled.jitter))

    def _begin(self, page: PolledPage, due: Callable[[PolledFeed], Due]) -> None:
        now = self._clock.monotonic()
        page.history_run = HistoryRun(set(page.history), now, now + PATIENCE_S)
        for polled in page.history:
            polled.tries = 0
            self._place(polled, due(polled))

    async def after_visit(self, polled: PolledFeed, visit: Visit, started_at: float) -> Due | None:
        """When this history document, of which a visit began then, is to be read again (None: not any more); settles
        after the last one."""
        run = polled.page.history_run
        if run is None:
            return None
        again = self._again(polled, visit, run, started_at)
        if again is None:
            run.pending.discard(polled)
            if not run.pending:
                await self._finish(polled.page, run)
        return again

    async def _finish(self, page: PolledPage, run: HistoryRun) -> None:
        """Settle, and begin anew where something else left a list meanwhile: the feed of the last document is busy
        until now and could not be placed. Where settling fails the next document of the list asks for it again."""
        began_at = self._clock.monotonic()
        try:
            await self._settle(page)
        finally:
            page.history_run = None
        if run.wanted_at > began_at:
            await self.want(page)

    def _again(self, polled: PolledFeed, visit: Visit, run: HistoryRun, started_at: float) -> Due | None:
        if visit.error is not None:
            polled.tries += 1
            return None if health.is_miss(visit.error) else schedule.history_retry(polled.tries)
        has_time = self._clock.monotonic() < run.until
        return _AT_ONCE if started_at < run.wanted_at and has_time and visit.outcome is Outcome.CHANGED else None

    async def _settle(self, page: PolledPage) -> None:
        recorded = await self._visitor.settle(page)
        if recorded.events:
            self._announce(recorded)
