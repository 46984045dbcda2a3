"""How reading the feeds of a page goes: what the doctor says in words and the dashboard shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from statuswire.core.health import Flag, page_flag
from statuswire.engine.complaints import Complaint
from statuswire.model import Feed, FeedState, Page, Role

LATE_AFTER = timedelta(minutes=10)
"""Due times are stored once a minute, and a busy host may keep its feeds waiting for some; this is neither."""


@dataclass(frozen=True, slots=True)
class Feeds:
    """All feeds of one page. `is_polled`: a service that polls this page is running, so that a feed can be late.
    `complaints`: what could not be read in the last document of each, by the feed's id."""

    page: Page
    all: tuple[Feed, ...]
    is_polled: bool = True
    complaints: Mapping[int, Complaint] = field(default_factory=dict)

    @property
    def present(self) -> tuple[Feed, ...]:
        """Those that tell of the present, of whatever tier."""
        return tuple(feed for feed in self.all if feed.spec.role is not Role.HISTORY)

    def flag(self, now: datetime) -> Flag | None:
        """What failures of days say of the page."""
        return page_flag(self.all, now)

    def stands_in(self, feed: Feed) -> bool:
        """Whether a feed of a higher tier is read in the place of this one."""
        return any(other.spec.tier > feed.spec.tier and other.health.state is FeedState.OK for other in self.present)


def lateness(feeds: Feeds, feed: Feed, now: datetime) -> timedelta:
    """How far a feed is behind its due time; zero where nobody polls it regularly."""
    is_regular = feed.spec.tier == 0 and feed.spec.role is not Role.HISTORY
    if not (feeds.is_polled and is_regular) or feed.due_at is None:
        return timedelta(0)
    return max(now - feed.due_at, timedelta(0))


def unchanged_share(feed: Feed) -> float | None:
    """The part of all polls that was answered by 304; None before the first one."""
    return round(feed.not_modified / feed.polls, 4) if feed.polls else None
