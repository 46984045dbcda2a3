"""The inbox: hooks are kept first and acknowledged, then read.

Two halves share nothing but the table. `Inbox.accept` answers after the commit that holds the hook (`arrivals`).
`Inbox.run` reads what waits, in order, also what was left from before a restart: a body
that its platform cannot read is quarantined with the reason, and a bug of ours costs two attempts and then the same.
Neither can lose or refuse a hook that was acknowledged.

Where several processes have the database any of them keeps a hook, and each reads those that it claims: the oldest of
lanes that nobody else is reading, so that hooks of one page or source are read in order. Whoever ends without having
read its hooks costs each of them an attempt.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import timedelta
from functools import partial
from typing import TypeVar

from statuswire.engine import readings
from statuswire.engine.arrivals import Arrivals, InboxLimits
from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock
from statuswire.engine.confirmations import Confirmation
from statuswire.engine.counting import count_snapshot
from statuswire.engine.ingest import Keep, Recorded, keep_nothing, names_other_page
from statuswire.engine.readings import ClaimLost, Read, Reading
from statuswire.engine.zones import Zones
from statuswire.errors import ParseError, StoreError, StoreReason
from statuswire.metrics import Metrics
from statuswire.model import Hook, Page, Snapshot
from statuswire.store import Queue, Store, Tx, Work, queries
from statuswire.store.queries import Claim

log = logging.getLogger(__name__)

T = TypeVar("T")

BATCH = 64
"""Hooks read at a time; their bodies are in memory together."""

STRIDE_S = 0.005
"""What recording may add to the time that an acknowledgement takes."""

MAX_ATTEMPTS = 2
MAX_ENDS = 6
"""So often may readers come to no end with a hook: most of them were killed, or cut off from the database, and had
nothing to do with the hook."""

LOOK_EVERY_S = 1.0
CLAIM = timedelta(seconds=15)
"""So long a hook is its reader's. A claim that is far longer was given by a clock that was wrong."""

NO_ZONES = Zones()

OnRecorded = Callable[[Page, Recorded], None]


class Inbox:
    """Acknowledges hooks and reads them. All methods belong to one event loop.

    `on_recorded(page, recorded)` is called after each hook's commit: it polls the page soon and wakes the followers.
    `owner` names this process in claims.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        on_recorded: OnRecorded,
        metrics: Metrics,
        limits: InboxLimits | None = None,
        read: Read = readings.read_body,
        zones: Zones = NO_ZONES,
        owner: str = "here",
        keep: Keep = keep_nothing,
    ) -> None:
        self._store = store
        self._owner = owner
        self._clock = clock
        self._on_recorded = on_recorded
        self._metrics = metrics
        self._read = read
        self._zones = zones
        self._keep_document = keep
        self._arrivals = Arrivals(store, clock, metrics, limits or InboxLimits(), self._ring)
        self._stride = 1
        self._worked_s: list[float] = []
        self._count_again_at = 0.0
        self._reading = asyncio.Lock()
        self._bell = Bell(clock)
        self.on_kept: Callable[[], object] = lambda: None
        """Called after a commit that holds new hooks, which another process may read."""

    async def accept(self, hook: Hook, *, is_reserved: bool = False) -> bool:
        """Keep a hook; True after the commit that holds it, False where its message id was seen before.

        Raises Overloaded, or StoreError where it could not be committed, or not in time.
        """
        return await self._arrivals.accept(hook, is_reserved=is_reserved)

    def _ring(self) -> None:
        self._bell.ring()
        self.on_kept()

    # --- reading -----------------------------------------------------------------------------------------------

    def notify(self) -> None:
        """Something may wait that was not kept just now."""
        self._bell.ring()

    async def run(self) -> None:
        """Read waiting hooks until cancelled."""
        try:
            while True:
                await self._read_some()
        finally:
            self._let_go()

    async def _read_some(self) -> None:
        try:
            count = await self.read_waiting()
        except StoreError as error:
            log.warning("hooks not read: reason=%s %s", error.reason, error)
            await self._clock.sleep(LOOK_EVERY_S)
        except Exception:
            log.exception("hooks not read")
            await self._clock.sleep(LOOK_EVERY_S)
        else:
            if count == 0:
                await self._bell.wait(LOOK_EVERY_S)

    def _let_go(self) -> None:
        """Others need not wait for the end of our claims; what is being recorded is done before."""
        if not self._store.dialect.is_shared:
            return
        try:
            work = partial(queries.let_go_hooks, owner=self._owner)
            self._store.submit(work, queue=Queue.INBOX).add_done_callback(_noted)
        except StoreError as error:
            log.warning("hooks not let go: reason=%s %s", error.reason, error)

    async def read_waiting(self) -> int:
        """Read the oldest hooks that wait, some dozens at most; how many.

        Raises StoreError where the store kept one of them from being recorded; those wait on.
        """
        async with self._reading:  # at the end of the process the loop is not the only one that reads
            return await self._read_group()

    async def _read_group(self) -> int:
        hooks, pages = await self._taken()
        if not hooks:
            return 0
        if hooks[0].ends >= MAX_ENDS:
            return await self._set_poison_aside(hooks)
        parsed = await self._parsed(hooks, pages)
        outcomes = await self._keep_all(parsed)
        failures = [
            (reading.hook, outcome)
            for reading, outcome in zip(parsed, outcomes, strict=True)
            if isinstance(outcome, BaseException)
        ]
        self._arrivals.unread = max(0, self._arrivals.unread - (len(hooks) - len(failures)))
        await self._settle(failures)
        return len(hooks)

    async def _taken(self) -> tuple[list[Hook], dict[str, Page]]:
        """The hooks to read now, and by slug the pages that secret addresses name."""
        if not self._store.dialect.is_shared:
            found = await asyncio.to_thread(self._store.read, partial(readings.load, limit=BATCH))
            if not found[0]:
                self._arrivals.unread = 0
            return found
        now = self._clock.now()
        claim = Claim(self._owner, now, now + CLAIM, now + 2 * CLAIM)
        claimed = self._store.submit(partial(readings.claim, asked=claim, limit=BATCH), queue=Queue.INBOX)
        await self._count_unread()
        return await asyncio.wrap_future(claimed)

    async def _count_unread(self) -> None:
        """Once a second at most, since others read too."""
        if self._clock.monotonic() >= self._count_again_at:
            self._count_again_at = self._clock.monotonic() + LOOK_EVERY_S
            self._arrivals.unread, _ = await asyncio.to_thread(self._store.read, queries.unread_hooks)

    async def _set_poison_aside(self, hooks: Sequence[Hook]) -> int:
        """Hooks whose readers ended without a word, again and again; such are claimed one by one."""
        for hook in hooks:
            reason = f"reading it came to no end {hook.ends} times"
            log.error("hook failed hook=%d source=%s reason=%s", hook.id, hook.source, reason)
            self._metrics.unreadable(hook.platform, "error")
            await self._end(hook, readings.set_aside, reason)
        return len(hooks)

    async def _parsed(self, hooks: Sequence[Hook], pages: Mapping[str, Page]) -> list[Reading]:
        """What the hooks say. Where zones of pages are known, which page is meant may decide how its times are read."""
        parsed = await asyncio.to_thread(readings.parse_all, hooks, pages, self._read, self._zones)
        if all(one.hook.page_slug for one in parsed):
            return parsed
        find = partial(readings.find_pages, read=parsed, has_zones=bool(self._zones.configured))
        found = await asyncio.to_thread(self._store.read, find)
        return await asyncio.to_thread(readings.parse_again, parsed, found, self._read, self._zones)

    async def _keep_all(self, parsed: Sequence[Reading]) -> list[BaseException | None]:
        """Record them in order, some at a time; for each None or what it raised.

        The writer takes works in order of arrival, so a hook that wants its acknowledgement waits behind all that are
        queued here. How many that are follows from how long the last ones worked; their commit does not count, which
        they share, and which takes the longer the slower the disk is.
        """
        self._worked_s.clear()
        if self._store.dialect.is_shared:  # hooks that are to be acknowledged have a writer of their own
            return await asyncio.gather(*map(self._keep, parsed), return_exceptions=True)
        outcomes: list[BaseException | None] = []
        while len(outcomes) < len(parsed):
            some = parsed[len(outcomes) : len(outcomes) + self._stride]
            self._worked_s.clear()
            outcomes += await asyncio.gather(*map(self._keep, some), return_exceptions=True)
            self._stride = next_stride(len(some), sum(self._worked_s))
        return outcomes

    async def _write(self, work: Work[T]) -> T:
        """What the work returned, after its commit."""

        def timed(tx: Tx) -> tuple[T, float]:
            started_s = self._clock.monotonic()
            return work(tx), self._clock.monotonic() - started_s

        result, worked_s = await asyncio.wrap_future(self._store.submit(timed, queue=Queue.INBOX))
        self._worked_s.append(worked_s)
        return result

    async def _keep(self, reading: Reading) -> None:
        """Record one reading. The works of a stride are queued in order, before the first is awaited."""
        outcome = reading.outcome
        if isinstance(outcome, Snapshot):
            await self._record(reading, outcome)
        elif isinstance(outcome, Confirmation):
            await self._ask(reading.hook, outcome)
        elif isinstance(outcome, ParseError):
            await self._quarantine(reading, outcome)
        else:
            raise outcome

    async def _record(self, reading: Reading, snapshot: Snapshot) -> None:
        now, keep = self._clock.now(), self._keep_document
        work = partial(readings.record, reading=reading, snapshot=snapshot, now=now, keep=keep)
        page, recorded = await self._write(work)
        count_snapshot(self._metrics, snapshot)
        log.info(
            "read hook=%d source=%s page=%s events=%d problems=%d",
            reading.hook.id,
            reading.hook.source,
            page.slug,
            len(recorded.events),
            len(snapshot.problems),
        )
        if names_other_page(page, snapshot):
            sentence = "hook=%d has another id than page=%s: was its secret address pasted at another page?"
            log.warning(sentence, reading.hook.id, page.slug)
        self._on_recorded(page, recorded)

    async def _ask(self, hook: Hook, asked: Confirmation) -> None:
        await self._write(partial(readings.ask, hook=hook, asked=asked))
        sentence = "confirmation wanted page=%s from=%s hook=%d source=%s; `statuswire doctor` shows the link"
        log.warning(sentence, asked.slug, asked.sender, hook.id, hook.source)

    async def _quarantine(self, reading: Reading, error: ParseError) -> None:
        hook = reading.hook
        reason = f"{error.reason}: {error}"
        await self._write(partial(readings.set_aside, hook=hook, reason=reason))
        self._metrics.unreadable(reading.platform, error.reason)
        log.warning("quarantined hook=%d source=%s reason=%s %s", hook.id, hook.source, error.reason, error)

    async def _settle(self, failures: Sequence[tuple[Hook, BaseException]]) -> None:
        """Count an attempt against hooks that met a bug; raise where it was the store that failed."""
        for hook, error in failures:
            if isinstance(error, ClaimLost):
                self._count_lost(hook)
            elif not _is_store_trouble(error):
                await self._count_failure(hook, error)
        for _, error in failures:
            if _is_store_trouble(error):
                raise error

    async def _count_failure(self, hook: Hook, error: BaseException) -> None:
        is_last = hook.attempts + 1 >= MAX_ATTEMPTS
        reason = f"{type(error).__name__}: {error}"
        log.error("hook failed hook=%d source=%s last=%s", hook.id, hook.source, is_last, exc_info=error)
        self._metrics.unreadable(hook.platform, "error")
        await self._end(hook, readings.set_aside if is_last else readings.try_again, reason)

    async def _end(self, hook: Hook, end: Callable[[Tx, Hook, str], None], reason: str) -> None:
        try:
            await self._write(lambda tx: end(tx, hook, reason))
        except ClaimLost:
            self._count_lost(hook)

    def _count_lost(self, hook: Hook) -> None:
        self._metrics.claim_lost()
        log.warning("hook lost hook=%d source=%s: another process reads it", hook.id, hook.source)


def next_stride(count: int, took_s: float) -> int:
    """How many hooks to record at once, so that they work about `STRIDE_S`: never more than twice as many as before."""
    wanted = int(count * STRIDE_S / took_s) if took_s > 0 else BATCH
    return max(1, min(wanted, count * 2, BATCH))


def _noted(done: Future[int]) -> None:
    error = done.exception()
    if error is not None:
        log.warning("hooks not let go: %s", error)


def _is_store_trouble(error: BaseException) -> bool:
    """Whether it was the store and not the hook: a damaged row is the row's fault."""
    return isinstance(error, StoreError) and error.reason is not StoreReason.CORRUPT
