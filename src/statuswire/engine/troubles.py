"""The feeds that are in trouble which was told of and has not ended, and what that says of their pages."""

from __future__ import annotations

from datetime import datetime

from statuswire.core import health
from statuswire.core.health import Flag
from statuswire.engine.polled import PolledFeed
from statuswire.model import Feed


class Troubles:
    """Kept beside the pages, so that asking costs nothing where nothing is wrong."""

    def __init__(self) -> None:
        self._feeds: dict[int, PolledFeed] = {}

    def note(self, polled: PolledFeed) -> None:
        """How the feed is may have changed."""
        if polled.feed.health.state in health.TROUBLED and not polled.page.is_removed:
            self._feeds[polled.feed.id] = polled
        else:
            self.forget(polled)

    def forget(self, polled: PolledFeed) -> None:
        """The feed is not polled any more."""
        self._feeds.pop(polled.feed.id, None)

    def feeds(self) -> tuple[Feed, ...]:
        return tuple(polled.feed for polled in self._feeds.values())

    def flags(self, now: datetime) -> dict[str, Flag]:
        """What failures of days say of pages, by slug."""
        pages = {polled.page.page.id: polled.page for polled in self._feeds.values()}.values()
        flags = {page.page.slug: health.page_flag((polled.row() for polled in page.feeds), now) for page in pages}
        return {slug: flag for slug, flag in flags.items() if flag is not None}
