"""What every decision about one Snapshot needs to know, gathered once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from statuswire.model import Cover, Incident, Kind, Known, Moment, PageRef, Snapshot, Source

FUTURE_TOLERANCE = timedelta(minutes=10)
"""A provider's stamp further ahead of us than this orders nothing: its clock is wrong (or ours is)."""

BACKDATING_TOLERANCE = timedelta(hours=24)
"""An entry older than the last reading by more than this was entered afterwards: history, not news."""

LONGEST_GAP = timedelta(days=7)
"""After a longer time without reading, what ended meanwhile is history too."""


@dataclass(frozen=True, slots=True)
class Context:
    """One Snapshot in its circumstances.

    `moment` is its place in the provider's time, `read_before` when its feed was last read: now for another feed of
    a page that we know, None on first sight of the page. `is_followed`: this very feed was read before; of another one
    what was written before the page was first seen (`seen_since`) is history.
    """

    page: PageRef
    source: Source
    moment: Moment
    now: datetime
    is_dated: bool
    covers: frozenset[Cover]
    read_before: datetime | None
    is_followed: bool = False
    seen_since: datetime | None = None
    event_name: str = ""
    within: str = ""
    besides: str = ""

    @property
    def news_after(self) -> datetime | None:
        """What the provider wrote before this is history; None: everything closed is history."""
        if self.source is Source.HOOK:
            return self.now - BACKDATING_TOLERANCE
        if self.read_before is None:
            return None
        after = max(self.read_before - BACKDATING_TOLERANCE, self.now - LONGEST_GAP)
        return after if self.is_followed or self.seen_since is None else max(after, self.seen_since)

    def covers_open(self, kind: Kind) -> bool:
        return _OPEN_COVER[kind] in self.covers

    def is_present_view(self, told: Incident) -> bool:
        """Whether the document is polled, and shows the incident as the provider has it now: it is dated, or it lists
        what is open, or it names updates by id. A feed does none of these, and may be older than its reading."""
        if self.source is Source.HOOK:
            return False
        return self.is_dated or self.covers_open(told.kind) or any(update.id for update in told.updates)

    def covers_id(self, id_: str) -> bool:
        """Whether a list that the document shows in full would have this id: some list one part of a page."""
        return id_.startswith(self.within) and not (self.besides and id_.startswith(self.besides))


_OPEN_COVER = {Kind.INCIDENT: Cover.OPEN_INCIDENTS, Kind.MAINTENANCE: Cover.OPEN_MAINTENANCES}


def moment_of(snapshot: Snapshot, served_at: datetime, now: datetime) -> Moment:
    """The Snapshot's place in the provider's time."""
    as_of = snapshot.as_of
    if as_of is None or as_of > now + FUTURE_TOLERANCE:
        as_of = served_at
    return Moment(as_of, served_at)


def context_of(
    known: Known, snapshot: Snapshot, page: PageRef, source: Source, served_at: datetime, now: datetime
) -> Context:
    return Context(
        page=page,
        source=source,
        moment=moment_of(snapshot, served_at, now),
        now=now,
        is_dated=snapshot.as_of is not None,
        covers=snapshot.covers,
        read_before=known.feed_read_at or (now if known.baseline_at else None),
        is_followed=known.feed_read_at is not None,
        seen_since=known.baseline_at,
        event_name=snapshot.event_name,
        within=snapshot.within,
        besides=snapshot.besides,
    )


def supersedes(stamp: datetime | None, moment: Moment, old_stamp: datetime | None, old_moment: Moment) -> bool:
    """True when what is said at (`stamp`, `moment`) may replace what was known at (`old_stamp`, `old_moment`).

    The provider's own version stamp of the thing decides where both sides have one and they differ; else the moment
    of the document. Equal moments may: the same document, read again, changes nothing.
    """
    if stamp is not None and old_stamp is not None and stamp != old_stamp:
        return stamp > old_stamp
    return moment >= old_moment
