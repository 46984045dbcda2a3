"""When a page was not read, as far as the log tells. Pure.

A feed that fails is told of after three failures or ten minutes, so a gap begins up to ten minutes late; the one that
goes on now begins with the last good reading, which is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from statuswire.core.health import TROUBLED
from statuswire.core.timeline import Span, Window, between, merged
from statuswire.core.turns import Turn
from statuswire.model import EventType, Feed, Role

_BEGINS = frozenset({EventType.FEED_FAILING, EventType.FEED_UNREADABLE})


def blind_spans(feeds: Sequence[Feed], later: Sequence[Turn], window: Window) -> tuple[Span, ...]:
    """When no feed of the page that tells of the present could be read.

    `later` are the `feed.*` events of the page seen since the window began, up to this day. A feed that the page has no
    more counts where its trouble was told to be over; while it has others, one that was never read does not help.
    """
    told: dict[str, list[Turn]] = defaultdict(list)
    for event in later:
        if event.feed is not None:
            told[event.feed.url].append(event)
    present = [feed for feed in feeds if feed.spec.role is not Role.HISTORY]
    mine = [_spells(told.pop(feed.spec.url, []), feed, window) for feed in present if _is_read(feed)]
    gone = [span for events in told.values() for span in _spells(events, None, window)]
    sighted = [span for spells in mine for span in between(merged(spells), window)]
    blind = between(merged(sighted), window) if mine else ()
    return merged((*blind, *gone))


def _is_read(feed: Feed) -> bool:
    return feed.health.last_ok_at is not None or feed.health.state in TROUBLED


def _spells(events: Iterable[Turn], feed: Feed | None, window: Window) -> list[Span]:
    """When this feed could not be read, from the beginning of the window on."""
    spells: list[Span] = []
    begun: datetime | None = None
    is_first = True
    for event in events:
        if event.type in _BEGINS:
            begun = begun or event.seen_at
        elif event.type is EventType.FEED_RECOVERED and (begun or is_first):
            spells.append((begun or window.since, event.seen_at))
            begun = None
        is_first = False
    if feed is not None and feed.health.state in TROUBLED:
        spells.append((_unread_since(feed, begun, window), window.until))
    return [span for one in spells if (span := window.clip(one))]


def _unread_since(feed: Feed, told_at: datetime | None, window: Window) -> datetime:
    """Since when a feed that cannot be read now was not."""
    moments = [at for at in (feed.health.last_ok_at, told_at) if at is not None]
    return min(moments, default=window.since)


def unwatched_spans(runs: Sequence[Span], silence: timedelta, now: datetime) -> tuple[Span, ...]:
    """The time between the runs of a service, and after the last one; each run is one of signs of life that are at most
    `silence` apart. Before the first one it was not written down whether a service ran."""
    if not runs:
        return ()
    gaps = [(before[1], after[0]) for before, after in pairwise(runs)]
    gaps.append((runs[-1][1], now))
    return tuple(gap for gap in gaps if gap[1] - gap[0] > silence)
