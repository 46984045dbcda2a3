"""Standard output of the long-running commands: the banner, events as they come, the watcher's reports and heartbeats.

What is printed is decided in `channels`; here it meets the stream. A reader who goes away (`| head`) ends the printing
and not the service; one who pauses lets the console fall behind in the log of events, and everything else goes on.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TextIO

from statuswire.channels import console as rendering
from statuswire.channels.console_report import (
    Banner,
    Heartbeat,
    LastIncident,
    PageBeat,
    WatcherReport,
    render_banner,
    render_heartbeat,
    render_reports,
)
from statuswire.channels.terminal import Style
from statuswire.core.selection import concerns
from statuswire.engine.bell import Bell
from statuswire.engine.clock import Clock
from statuswire.engine.overview import PageLook, look_at, page_beat
from statuswire.errors import StoreError
from statuswire.model import Event, KnownIncident
from statuswire.platforms import PLATFORMS
from statuswire.printer import Printer, Printing
from statuswire.store import Store, Tx, queries

log = logging.getLogger(__name__)

BATCH = 100
LOOK_EVERY_S = 1.0
STALLED_S = 10.0
LAST_WRITE_S = 1.0
MAX_LISTED = 1000
FEED_WORDS = {"rss": "RSS", "atom": "Atom", "jsonfeed": "JSON Feed"}


class Console:
    """Writes to one stream in one format, in the order of the calls, none of which waits for the reader.

    `is_terminal`: what is written is seen and not kept. `selections` are the components that matter, by the slug of the
    page. `when_unread` is called once, as soon as it shows that nobody reads the stream any more.
    """

    def __init__(
        self,
        out: TextIO,
        form: str,
        style: Style,
        selections: Mapping[str, tuple[str, ...]] | None = None,
        when_unread: Callable[[], object] | None = None,
    ) -> None:
        self.form = form
        self.is_terminal = out.isatty()
        self._printer = Printer(out)
        self._style = style
        self._selections = selections or {}
        self._when_unread = when_unread
        self._is_closed = False

    def tell(self, events: Sequence[Event]) -> Printing:
        """Print what the format has to say of each event: one text for each, empty where it says nothing."""
        return self._put([self._text(event) for event in events])

    def greet(self, banner: Banner) -> Printing:
        return self._put([render_banner(banner, self._style)])

    def report(self, reports: Sequence[WatcherReport]) -> Printing:
        return self._put([render_reports(reports, self._style)] if reports else [])

    def beat(self, heartbeat: Heartbeat) -> Printing:
        return self._put([render_heartbeat(heartbeat, self._style)])

    async def say(self, text: str) -> None:
        """Print lines that somebody else has made, and wait until they are out or nobody reads any more."""
        await self.printed(self._put([text]))

    async def printed(self, printing: Printing) -> None:
        """Until it is out, or nobody reads any more."""
        try:
            await asyncio.wrap_future(printing.done)
        except (OSError, ValueError) as error:
            self._give_up(error)

    def select(self, selections: Mapping[str, tuple[str, ...]]) -> None:
        """From now on these are the components that matter."""
        self._selections = selections

    def stop(self) -> None:
        """Print nothing more."""
        self._printer.stop()

    def _text(self, event: Event) -> str:
        if not concerns(event, self._selections.get(event.page.slug, ())):
            return ""
        return rendering.render(event, self.form, self._style)

    def _put(self, texts: Sequence[str]) -> Printing:
        return self._printer.put(() if self._is_closed else texts)

    def _give_up(self, error: Exception) -> None:
        if not self._is_closed:
            self._is_closed = True
            log.info("nobody reads standard output any more: %s", error)
            if self._when_unread is not None:
                self._when_unread()


@dataclass(slots=True)
class _Batch:
    """Events on their way out, the place before them, and how their printing goes once it has begun."""

    place: int
    events: Sequence[Event]
    printing: Printing | None = None

    @property
    def printed_place(self) -> int:
        """The id of the last event that is out."""
        count = self.printing.printed if self.printing is not None else 0
        return self.events[count - 1].id if count else self.place


class Follower:
    """Follows the log of events for the console, as fast as its reader reads; what he has not taken stays in the log.

    With a name its place is kept in the store. It is moved on before a batch is printed: a kill may lose the lines
    that were under way, but none is ever repeated (docs/decisions/console-moves-before-it-prints.md). An orderly end
    knows what was not printed and takes the place back to it.
    """

    def __init__(self, store: Store, console: Console, clock: Clock, name: str = "") -> None:
        self._store = store
        self._console = console
        self._name = name
        self._bell = Bell(clock)
        self._turn = asyncio.Lock()
        self._place: int | None = None
        self._under_way: _Batch | None = None

    async def begin(self) -> None:
        """Take up the place where it was left, else the head of the log. Raises StoreError."""
        work = self._store.write if self._name else self._store.read
        self._place = await asyncio.to_thread(work, self._begin)
        self._bell.ring()

    def notify(self, _: Sequence[Event] = ()) -> None:
        """There is something new: look now. A listener of the tail."""
        self._bell.ring()

    async def run(self) -> None:
        """Tell what comes until cancelled; nothing before `begin`."""
        while True:
            try:
                await self.tell_new()
            except StoreError as error:
                log.warning("events not printed: reason=%s %s", error.reason, error)
            await self._bell.wait(LOOK_EVERY_S)

    async def tell_new(self) -> None:
        """Print everything up to the head of the log. Raises StoreError."""
        async with self._turn:
            while self._place is not None and (events := await self._read(self._place)):
                await self._tell(self._place, events)

    async def end(self) -> None:
        """Print nothing more, and let what was not printed be told by the next process. Raises StoreError."""
        self._console.stop()
        batch = self._under_way
        if batch is not None and batch.printing is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_WRITE_S):
                    await self._console.printed(batch.printing)
        if batch is not None:
            await self._save(batch.printed_place)

    async def _read(self, place: int) -> list[Event]:
        return await asyncio.to_thread(self._store.read, lambda tx: queries.events_after(tx, place, BATCH))

    async def _tell(self, place: int, events: Sequence[Event]) -> None:
        batch = self._under_way = _Batch(place, events)
        await self._save(events[-1].id)
        self._place = events[-1].id
        batch.printing = self._console.tell(events)
        complaint = asyncio.get_running_loop().call_later(STALLED_S, _complain, place)
        try:
            await self._console.printed(batch.printing)
        finally:
            complaint.cancel()
        self._under_way = None

    async def _save(self, place: int) -> None:
        if self._name:
            await asyncio.wrap_future(self._store.submit(lambda tx: queries.set_follower(tx, self._name, place)))

    def _begin(self, tx: Tx) -> int:
        """A name met for the first time is put at the head, so that a restart finds it."""
        place = queries.follower(tx, self._name) if self._name else None
        if place is None:
            place = queries.last_event_id(tx)
            if self._name:
                queries.set_follower(tx, self._name, place)
        return place


def _complain(place: int) -> None:
    log.warning("standard output takes nothing: events wait in the log place=%d", place)


# --- what there is to report -------------------------------------------------------------------------------------


def load_reports(tx: Tx, slugs: Sequence[str], interval: timedelta, now: datetime) -> list[WatcherReport]:
    """The start-up report of each watched page, in the order of `slugs`."""
    looks = {look.page.slug: look for look in load_looks(tx, now)}
    return [_report(tx, looks[slug], interval) for slug in slugs if slug in looks]


def load_heartbeat(tx: Tx, slugs: Sequence[str], at: datetime) -> Heartbeat:
    looks = {look.page.slug: look for look in load_looks(tx, at)}
    return Heartbeat(at, tuple(_beat(tx, looks[slug]) for slug in slugs if slug in looks))


def load_looks(tx: Tx, now: datetime) -> list[PageLook]:
    """Every page as it is now."""
    return look_at(queries.page_states(tx), queries.open_incidents(tx), now)


def _beat(tx: Tx, look: PageLook) -> PageBeat:
    return page_beat(look, _last(_incidents(tx, look)))


def _incidents(tx: Tx, look: PageLook) -> list[KnownIncident]:
    listed, _ = queries.incident_list(tx, limit=MAX_LISTED, page=look.page.slug)
    return [incident for _, incident in listed]


def _last(incidents: Sequence[KnownIncident]) -> LastIncident | None:
    """The incident that the provider spoke of last."""
    moments = [(one.updates[-1].at if one.updates else one.started_at, one.title) for one in incidents]
    known = [(at, title) for at, title in moments if at is not None]
    if not known:
        return None
    at, title = max(known)
    return LastIncident(title, at)


def _report(tx: Tx, look: PageLook, interval: timedelta) -> WatcherReport:
    incidents = _incidents(tx, look)
    known = [one.name for one in queries.load_known(tx, look.page.id, feed_id=None, ids=()).components]
    named = [one.name for incident in incidents for one in incident.components]
    platform = look.page.platform
    found = FEED_WORDS.get(platform) or (PLATFORMS[platform].title if platform in PLATFORMS else "the feed")
    return WatcherReport(
        source=look.feeds[0].spec.url if look.feeds else look.page.url,
        interval=interval,
        existing=len(incidents),
        beat=page_beat(look, _last(incidents)),
        services=tuple(sorted(dict.fromkeys((*known, *named)), key=str.casefold)),
        discovered_from=found,
    )
