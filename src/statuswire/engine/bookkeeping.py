"""Schedules and counters of feeds, written in batches: a poll that found nothing new costs no database work.

Once a minute, and at the end, all feeds polled since are written: their due time, counters and last good moment, so
that a restart goes on where we were. What is lost when the process is killed is at most a minute of these. What belongs
to pages that another process polls now is left out.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from statuswire.engine.clock import Clock
from statuswire.engine.fence import Fence, standing
from statuswire.engine.polled import PolledFeed, Stage
from statuswire.errors import StoreError
from statuswire.store import Store, Tx, history, queries

BATCH = 500
"""Rows per transaction: a few milliseconds, so that hooks do not queue behind ten thousand schedules."""

ScheduleRow = tuple[int, datetime, int, int, datetime | None]

log = logging.getLogger(__name__)


class Bookkeeping:
    """Feeds whose schedule or row changed since they were last written."""

    def __init__(self, store: Store, clock: Clock, every: timedelta) -> None:
        self._store = store
        self._clock = clock
        self._every_s = every.total_seconds()
        self._noted: deque[PolledFeed] = deque()
        self._saving: asyncio.Task[None] | None = None
        self.next_at = clock.monotonic() + self._every_s

    def note(self, polled: PolledFeed) -> None:
        """The schedule or a counter of this feed changed."""
        if not polled.is_noted:
            polled.is_noted = True
            self._noted.append(polled)

    def forget(self, polled: PolledFeed) -> None:
        """Its pointer is left behind until its turn comes."""
        polled.is_noted = False

    def take_out(self, feeds: Iterable[PolledFeed]) -> list[PolledFeed]:
        """Those of the feeds that are noted, which are not noted any more."""
        noted = [polled for polled in feeds if polled.is_noted]
        for polled in noted:
            polled.is_noted = False
        return noted

    def save_when_due(self, now: float) -> None:
        """Start writing what is noted, if it is time and the last writing is over; returns at once."""
        if now < self.next_at:
            return
        self.next_at = now + self._every_s
        if self._noted and (self._saving is None or self._saving.done()):
            self._saving = asyncio.create_task(self._save_logged(), name="save schedules")

    async def close(self) -> None:
        """Write what is noted. Raises nothing: what could not be written is only polled a little sooner."""
        if self._saving is not None:
            await asyncio.wait({self._saving})
        await self._save_logged()

    async def _save_logged(self) -> None:
        """The outermost frame of one saving: nobody awaits its task, and polling goes on without it."""
        try:
            saved = await self.save()
        except StoreError as error:
            log.warning("schedules not saved: reason=%s %s", error.reason, error)
        except Exception:
            log.exception("schedules not saved")
        else:
            log.debug("saved schedules feeds=%d", saved)

    async def save(self) -> int:
        """Write all that is noted, 500 feeds per transaction; how many. Raises StoreError, keeping the rest."""
        saved = 0
        while batch := list(islice(self._taken(), BATCH)):
            whole = [polled for polled in batch if polled.is_unsaved and polled.stage is not Stage.BUSY]
            for polled in whole:
                polled.is_unsaved = False
            try:
                await asyncio.wrap_future(self._store.submit(self._work(batch, whole)))
            except BaseException:
                self._put_back(batch, whole)
                raise
            saved += len(batch)
        return saved

    async def save_last(self, feeds: Sequence[PolledFeed]) -> None:
        """Write these, which are not polled here any more. Raises nothing, as `close`."""
        try:
            for start in range(0, len(feeds), BATCH):
                batch = feeds[start : start + BATCH]
                whole = [polled for polled in batch if polled.is_unsaved and polled.stage is not Stage.BUSY]
                await asyncio.wrap_future(self._store.submit(self._work(batch, whole)))
        except StoreError as error:
            log.warning("schedules not saved: reason=%s %s", error.reason, error)

    def _taken(self) -> Iterator[PolledFeed]:
        """Those that are noted, the longest first, which are not noted any more."""
        while self._noted:
            polled = self._noted.popleft()
            if polled.is_noted:
                polled.is_noted = False
                yield polled

    def _put_back(self, batch: Sequence[PolledFeed], whole: Sequence[PolledFeed]) -> None:
        """Before what was noted meanwhile, and without the feeds of pages that were removed meanwhile."""
        missing = [polled for polled in batch if not (polled.is_noted or polled.page.is_removed)]
        for polled in missing:
            polled.is_noted = True
        self._noted.extendleft(reversed(missing))
        for polled in whole:
            polled.is_unsaved = True

    def _work(self, batch: Sequence[PolledFeed], whole: Sequence[PolledFeed]) -> Callable[[Tx], None]:
        """A busy feed's row is left alone: the record under way writes it, and ours would be the older one."""
        epoch = self._clock.now() - timedelta(seconds=self._clock.monotonic())
        schedules = [(polled.page.fence, _schedule(polled, epoch)) for polled in batch]
        now = self._clock.now()
        feeds = [(polled.page.fence, polled.row()) for polled in whole]
        fences: frozenset[Fence] = frozenset(fence for fence, _ in schedules)

        def work(tx: Tx) -> None:
            ours = standing(tx, fences)
            for feed in (feed for fence, feed in feeds if fence in ours):
                queries.save_feed(tx, feed)
            queries.save_schedules(tx, [schedule for fence, schedule in schedules if fence in ours])
            history.note_watching(tx, now)

        return work


def _schedule(polled: PolledFeed, epoch: datetime) -> ScheduleRow:
    """`epoch` is the wall-clock time of monotonic zero, as of now: a clock that was set meanwhile is no matter."""
    due_at = epoch + timedelta(seconds=polled.due_at)
    return (polled.feed.id, due_at, polled.polls, polled.not_modified, polled.last_ok_at)
