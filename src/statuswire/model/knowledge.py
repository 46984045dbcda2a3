"""What we know of a page, as the store keeps it, and what of that one transaction changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from statuswire.model.snapshots import AffectedComponent
from statuswire.model.vocabulary import Impact, Kind, Phase, Source, Status


@dataclass(frozen=True, slots=True, order=True)
class Moment:
    """A place in a provider's time: its own stamp first, then when the body was made.

    Two bodies with different stamps are ordered by them; with equal stamps (edits that do not move it) by the
    time of making.
    """

    as_of: datetime
    served_at: datetime


@dataclass(frozen=True, slots=True)
class KnownComponent:
    id: str
    name: str
    group: str | None
    status: Status
    raw_status: str
    updated_at: datetime | None
    moment: Moment
    since: datetime
    """When the present status began, as far as we were told."""
    position: int = 0
    missing: int = 0
    """How many covering snapshots in a row did not show it."""


@dataclass(frozen=True, slots=True)
class KnownUpdate:
    """An update as stored. `key` is the provider's id or a derived one and unique within the incident.

    `ids` are all provider ids under which it was met; `revisions` the fingerprints of all texts it ever had, so
    that a late copy of an older text is not an edit. `seq` is the order of arrival.
    """

    key: str
    seq: int
    phase: Phase | None
    text: str
    at: datetime
    fold: str
    ids: tuple[str, ...] = ()
    revisions: tuple[str, ...] = ()
    updated_at: datetime | None = None
    raw: str = ""
    raw_phase: str = ""
    source: Source = Source.POLL
    has_own_time: bool = True
    is_told: bool = True
    seen_at: datetime | None = None
    components: tuple[AffectedComponent, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownIncident:
    """An incident as stored, with its updates in order of provider time.

    `absent_since` is set while a list that should show it does not, until its end is learnt or inferred; `absences`
    counts such documents, since one alone may prove nothing. `is_told` is False for history that was stored silently.
    `cycle` counts reopenings. `revision` counts changes told without an update of their own. `moved_at` is when the
    page moved to another platform which did not show it.
    """

    id: str
    kind: Kind
    title: str
    phase: Phase
    impact: Impact
    url: str
    moment: Moment
    components: tuple[AffectedComponent, ...] = ()
    updates: tuple[KnownUpdate, ...] = ()
    aliases: tuple[str, ...] = ()
    created_at: datetime | None = None
    started_at: datetime | None = None
    resolved_at: datetime | None = None
    updated_at: datetime | None = None
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None
    absent_since: Moment | None = None
    absences: int = 0
    is_told: bool = True
    cycle: int = 0
    revision: int = 0
    first_seen_at: datetime | None = None
    raw_phase: str = ""
    raw_impact: str = ""
    moved_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """True where the provider says that it goes on; of an unknown phase we claim nothing."""
        return not self.phase.is_closed and self.phase is not Phase.UNKNOWN


@dataclass(frozen=True, slots=True)
class Known:
    """What we know of one page, as far as one Snapshot needs it: `incidents` holds every open incident and every
    incident that the Snapshot names by id or alias; `components` all of them.

    `baseline_at` is when the page was first read (None: never), `feed_read_at` when the feed that the Snapshot
    comes from was last read, `feed_moment` the newest moment it told.
    """

    version: int = 0
    status: Status | None = None
    moment: Moment | None = None
    baseline_at: datetime | None = None
    feed_read_at: datetime | None = None
    feed_moment: Moment | None = None
    components: tuple[KnownComponent, ...] = ()
    incidents: tuple[KnownIncident, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What `reconcile` decided to remember, as rows to write.

    `incidents` are written without their updates; `updates` are the new or changed ones, by incident id.
    """

    status: Status | None = None
    moment: Moment | None = None
    baseline_at: datetime | None = None
    feed_moment: Moment | None = None
    components: tuple[KnownComponent, ...] = ()
    removed_components: tuple[str, ...] = ()
    incidents: tuple[KnownIncident, ...] = ()
    updates: tuple[tuple[str, KnownUpdate], ...] = ()
