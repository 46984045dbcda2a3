"""Whether our own line is down: most hosts cannot be reached at once, and nothing of it is held against the pages."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import replace

from statuswire.core import health
from statuswire.engine.hosts import Hosts
from statuswire.engine.polled import PollCounters, PolledFeed, PolledPage

log = logging.getLogger(__name__)


class Line:
    """Looked at after each poll that was not plain."""

    def __init__(self, hosts: Hosts[PolledFeed], counters: PollCounters) -> None:
        self._hosts = hosts
        self._counters = counters
        self.is_down = False

    def judge(self, pages: Iterable[PolledPage]) -> None:
        """Tell once that we are offline, and hold nothing of it against the feeds of these pages, which are all."""
        is_offline = self._hosts.is_offline
        if is_offline == self.is_down:
            return
        self.is_down = is_offline
        log.warning(
            "observer %s hosts=%d unreachable=%d",
            "offline: no page is told as failing" if is_offline else "online again",
            len(self._hosts),
            self._hosts.down,
        )
        if is_offline:
            self._counters.offline_spells += 1
            _forgive(pages)


def _forgive(pages: Iterable[PolledPage]) -> None:
    for page in pages:
        for polled in page.feeds:
            if polled.feed.health.failures:
                polled.keep(replace(polled.feed, health=health.forgive(polled.feed.health)))
