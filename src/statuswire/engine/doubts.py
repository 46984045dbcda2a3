"""When a page gives cause to look at it again, because it may have moved to other software."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from statuswire.core import health
from statuswire.engine.fence import OPEN, Fence
from statuswire.engine.ingest import Recorded
from statuswire.engine.polled import PolledFeed
from statuswire.engine.visit import Visit
from statuswire.model import EventType, Page


class Heals(Protocol):
    """Who looks again at pages that may have moved to other software (`healing.Healer`)."""

    def wish(self, page: Page, reason: str, fence: Fence = OPEN) -> None:
        """Look at this page again, for this reason, if it was not looked at lately."""
        ...

    def trusts_id(self, page: Page) -> bool:
        """Whether the page was looked at lately, so that whatever page's id its documents carry is its own."""
        ...


def cause_for_doubt(polled: PolledFeed, visit: Visit, now: datetime) -> str:
    """Why the page should be looked at again after this visit; empty where nothing speaks for it."""
    if visit.recorded is not None and (told := _told(visit.recorded)):
        return told
    if visit.error is not None and health.may_have_moved(polled.feed.health, visit.error, now):
        return polled.feed.health.last_error
    return ""


def _told(recorded: Recorded) -> str:
    if recorded.is_of_other_page:
        return "its documents carry another page's id"
    if recorded.new_maker:
        return f"its documents are made by other software: {recorded.new_maker}"
    moved = (event.feed for event in recorded.events if event.type is EventType.FEED_MOVED)
    feed = next(moved, None)
    return feed.reason if feed is not None else ""
