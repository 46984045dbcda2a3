"""Standard output of the long-running commands: the banner, events as they come, the watcher's reports and heartbeats.

What is printed is decided in `channels`; here it meets the stream. A reader that goes away (`| head`) ends the printing
and not the service.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
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
from statuswire.engine.overview import PageLook, look_at, page_beat
from statuswire.model import Event, KnownIncident
from statuswire.platforms import PLATFORMS
from statuswire.store import Tx, queries

log = logging.getLogger(__name__)

MAX_LISTED = 1000
FEED_WORDS = {"rss": "RSS", "atom": "Atom", "jsonfeed": "JSON Feed"}


class Console:
    """Writes to one stream in one format. `selections` are the components that matter, by the slug of the page.
    `when_unread` is called once, when nobody reads the stream any more."""

    def __init__(
        self,
        out: TextIO,
        form: str,
        style: Style,
        selections: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.form = form
        self._out = out
        self._style = style
        self._selections = selections or {}
        self._is_closed = False
        self.when_unread: Callable[[], None] = _nothing

    def tell(self, events: Sequence[Event]) -> None:
        """Print what the format has to say of each event; a listener of the tail."""
        wanted = (event for event in events if concerns(event, self._selections.get(event.page.slug, ())))
        self._print(text for event in wanted if (text := rendering.render(event, self.form, self._style)))

    def greet(self, banner: Banner) -> None:
        self._print((render_banner(banner, self._style),))

    def report(self, reports: Sequence[WatcherReport]) -> None:
        self._print((render_reports(reports, self._style),) if reports else ())

    def beat(self, heartbeat: Heartbeat) -> None:
        self._print((render_heartbeat(heartbeat, self._style),))

    def _print(self, texts: Iterable[str]) -> None:
        if self._is_closed:
            return
        try:
            for text in texts:
                self._out.write(f"{text}\n")
            self._out.flush()
        except (BrokenPipeError, ValueError) as error:
            self._is_closed = True
            log.info("nobody reads standard output any more: %s", error)
            self.when_unread()


def _nothing() -> None:
    """What happens by default when nobody reads any more."""


# --- what there is to report -------------------------------------------------------------------------------------


def load_reports(tx: Tx, slugs: Sequence[str], interval: timedelta) -> list[WatcherReport]:
    """The start-up report of each watched page, in the order of `slugs`."""
    looks = {look.page.slug: look for look in load_looks(tx)}
    return [_report(tx, looks[slug], interval) for slug in slugs if slug in looks]


def load_heartbeat(tx: Tx, slugs: Sequence[str], at: datetime) -> Heartbeat:
    looks = {look.page.slug: look for look in load_looks(tx)}
    return Heartbeat(at, tuple(_beat(tx, looks[slug]) for slug in slugs if slug in looks))


def load_looks(tx: Tx) -> list[PageLook]:
    """Every page as it is now."""
    return look_at(queries.page_states(tx), queries.open_incidents(tx))


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
