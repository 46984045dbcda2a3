"""How fresh an answer is: when each page was last read, and whether what is shown of it still counts.

`fresh`: the page is read as it should be. `stale`: it was read, and cannot be now, or is not. `unknown`: nothing says
how old it is. Only what is fresh can be called fine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from statuswire.channels.console_report import spell
from statuswire.engine.sources import LATE_AFTER, Feeds, lateness
from statuswire.mcp.answers import FeedRow, PageRow
from statuswire.model import Feed, FeedHealth, FeedSpec, Page, Role
from statuswire.wire import timestamp

MOST_NAMED = 50
"""So many pages are named of which the state is not known now; the others are counted."""

Body = dict[str, object]


class Freshness(StrEnum):
    FRESH = "fresh"
    STALE = "stale"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """How reading one page goes. `why` is a sentence."""

    page: PageRow
    freshness: Freshness
    why: str
    last_read_at: datetime | None = None

    def as_body(self) -> Body:
        return {
            "freshness": self.freshness.value,
            "last_read_at": stamp(self.last_read_at),
            "stale_since": stamp(self.page.stale_since),
            "freshness_because": self.why,
        }


def reading_of(page: PageRow, rows: Sequence[FeedRow] | None, now: datetime, *, offline: bool = False) -> Reading:
    """`rows` are the feeds of the page; None where the token may not see feeds."""
    last = max((row.last_ok_at for row in rows or () if row.last_ok_at and row.role is not Role.HISTORY), default=None)
    return Reading(page, *_judgement(page, rows, last, now, offline), last)


def _judgement(
    page: PageRow, rows: Sequence[FeedRow] | None, last: datetime | None, now: datetime, offline: bool
) -> tuple[Freshness, str]:
    if page.dropped_at is not None:
        return Freshness.STALE, f"It is not watched since {timestamp(page.dropped_at)}: how it is now is not known."
    if page.stale:
        since = f" since {timestamp(page.stale_since)}" if page.stale_since else ""
        words = f"Nobody has read it{since}" if page.overdue else f"It cannot be read{since}"
        return Freshness.STALE, f"{words}: how it is now is not known, only how it was."
    if rows is None:
        return _unseen(page)
    if last is None:
        word = "It has not been read yet." if rows else "It is not polled: what is shown is what was sent last."
        return Freshness.UNKNOWN, word
    if offline:
        return Freshness.STALE, "The statuswire server reaches no page at all: how it is now is not known."
    late = _late_by(page, rows, now)
    if late:
        return Freshness.STALE, f"It should have been read {late} ago: how it is now is not known."
    if page.state == "unknown":
        return Freshness.FRESH, "It is read, and does not itself say how it is: that is not the same as fine."
    return Freshness.FRESH, "It is read as it should be."


def _unseen(page: PageRow) -> tuple[Freshness, str]:
    if page.state == "unknown" or not page.platform:
        return Freshness.UNKNOWN, "Nothing is known of it, which is not the same as fine."
    return Freshness.FRESH, "The server holds it for fresh; when it was read is not shown to this token."


def _late_by(page: PageRow, rows: Sequence[FeedRow], now: datetime) -> str:
    """By how much the feed that is least late is late, in words; empty where one is in time."""
    feeds = feeds_of(page, rows)
    regular = [one for one in feeds.all if one.spec.tier == 0 and one.spec.role is not Role.HISTORY and one.due_at]
    late = min((lateness(feeds, one, now) for one in regular), default=None)
    return spell(late) if late is not None and late > LATE_AFTER else ""


def feeds_of(page: PageRow, rows: Sequence[FeedRow]) -> Feeds:
    """The same feeds as the server has them, as far as the API tells of them."""
    known = Page(0, page.slug, page.name, page.url, page.platform)
    return Feeds(known, tuple(_feed(row) for row in rows))


def _feed(row: FeedRow) -> Feed:
    return Feed(
        row.id,
        0,
        FeedSpec(row.url, row.role, row.tier),
        health=FeedHealth(row.state, row.failures, row.failing_since, row.last_ok_at, row.last_error),
        due_at=row.due_at,
        polls=row.polls,
        not_modified=row.not_modified,
        read_at=row.read_at,
    )


def summed(readings: Sequence[Reading]) -> Body:
    """What an answer says of the freshness of all the pages that it is about."""
    counts = Counter(one.freshness for one in readings)
    doubtful = [one for one in readings if one.freshness is not Freshness.FRESH]
    oldest = min((one.last_read_at for one in readings if one.last_read_at), default=None)
    return {
        "sentence": _sentence(len(readings), counts[Freshness.FRESH]),
        "pages": len(readings),
        **{one.value: counts[one] for one in Freshness},
        "least_recently_read_at": stamp(oldest),
        "not_fresh": [{"page": one.page.slug, **one.as_body()} for one in doubtful[:MOST_NAMED]],
    }


def _sentence(all_pages: int, fresh: int) -> str:
    if not all_pages:
        return "No watched page is meant, so nothing is known of any."
    if fresh == all_pages:
        return "Every page that this is about is read as it should be."
    return (
        f"Of {all_pages - fresh} of the {all_pages} pages that this is about it is not known how they are now. "
        "That nothing is shown of them does not mean that they are fine."
    )


def stamp(moment: datetime | None) -> str | None:
    return None if moment is None else timestamp(moment)
