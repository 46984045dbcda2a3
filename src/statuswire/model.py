"""The nouns of statuswire: frozen values without behaviour that needs a socket, a clock or a database.

A `Document` arrives, a platform reads it into a `Snapshot`, `core.reconcile` compares the Snapshot with what is
`Known`, and the `Event`s that follow are stored, delivered and streamed. All times are aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum

# --- vocabulary ------------------------------------------------------------------------------------------------


class Status(StrEnum):
    """Level of a component or a page. `UNKNOWN` also stands for every word no table knows."""

    OPERATIONAL = "operational"
    DEGRADED = "degraded"
    PARTIAL_OUTAGE = "partial_outage"
    MAJOR_OUTAGE = "major_outage"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"


class Phase(StrEnum):
    """Where an incident or a maintenance stands."""

    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MONITORING = "monitoring"
    RESOLVED = "resolved"
    POSTMORTEM = "postmortem"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    VERIFYING = "verifying"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"

    @property
    def is_closed(self) -> bool:
        return self in _CLOSED_PHASES


_CLOSED_PHASES = frozenset({Phase.RESOLVED, Phase.POSTMORTEM, Phase.COMPLETED, Phase.CANCELLED})


class Impact(StrEnum):
    """How bad an incident is, in the provider's judgement (or the worst component level, where it gives none)."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    INCIDENT = "incident"
    MAINTENANCE = "maintenance"


class Source(StrEnum):
    """How an event became known: `infer` means that the provider said it only by silence."""

    POLL = "poll"
    HOOK = "hook"
    IMPORT = "import"
    INFER = "infer"


class EventType(StrEnum):
    """Public API: grows by addition only."""

    INCIDENT_CREATED = "incident.created"
    INCIDENT_UPDATED = "incident.updated"
    INCIDENT_EDITED = "incident.edited"
    INCIDENT_RESOLVED = "incident.resolved"
    INCIDENT_REOPENED = "incident.reopened"
    INCIDENT_POSTMORTEM = "incident.postmortem"
    MAINTENANCE_SCHEDULED = "maintenance.scheduled"
    MAINTENANCE_UPDATED = "maintenance.updated"
    MAINTENANCE_STARTED = "maintenance.started"
    MAINTENANCE_COMPLETED = "maintenance.completed"
    MAINTENANCE_CANCELLED = "maintenance.cancelled"
    COMPONENT_STATUS_CHANGED = "component.status_changed"
    COMPONENT_ADDED = "component.added"
    COMPONENT_REMOVED = "component.removed"
    COMPONENT_RENAMED = "component.renamed"
    PAGE_STATUS_CHANGED = "page.status_changed"
    FEED_FAILING = "feed.failing"
    FEED_RECOVERED = "feed.recovered"
    FEED_UNREADABLE = "feed.unreadable"
    FEED_MOVED = "feed.moved"
    HEARTBEAT = "heartbeat"


class Cover(StrEnum):
    """A list of which a Snapshot shows all there is, so that absence from it means something."""

    COMPONENTS = "components"
    OPEN_INCIDENTS = "open_incidents"
    OPEN_MAINTENANCES = "open_maintenances"


class DocumentKind(StrEnum):
    POLL = "poll"
    HOOK = "hook"


# --- what arrives ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes as received and inflated, with lower-cased header names and the time of receipt."""

    body: bytes
    received_at: datetime
    url: str = ""
    kind: DocumentKind = DocumentKind.POLL
    headers: Mapping[str, str] = field(default_factory=dict)
    time_zone: str | None = None
    """IANA name of the page's zone where it is known from elsewhere; for times that carry none."""

    @property
    def content_type(self) -> str:
        """Media type, lower case, without parameters; empty when none was sent."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        for parameter in self.headers.get("content-type", "").split(";")[1:]:
            name, _, value = parameter.partition("=")
            if name.strip().lower() == "charset":
                return value.strip().strip("\"'").lower() or None
        return None

    @property
    def served_at(self) -> datetime:
        """When the origin made this body: `Date` minus `Age` (RFC 9111 section 5.1), else the time of receipt.

        Never later than the receipt: a clock that runs ahead must not make a body look newer than it is.
        """
        sent = _http_date(self.headers.get("date", ""))
        if sent is None:
            return self.received_at
        age = self.headers.get("age", "0").strip()
        seconds = min(int(age), 366 * 86_400) if age.isdecimal() and len(age) < 12 else 0
        return min(sent - timedelta(seconds=seconds), self.received_at)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


# --- what one document says ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a document says of its page. `status` is the provider's own roll-up, None where it gives none."""

    id: str | None = None
    name: str | None = None
    url: str | None = None
    time_zone: str | None = None
    status: Status | None = None
    status_text: str = ""


@dataclass(frozen=True, slots=True)
class Component:
    """One row of a page that can fail; never a group (`group` is the name of the group it stands in).

    `updated_at` is the provider's version stamp of this row and None where the provider's stamp does not move
    with the status. `raw_status` is the provider's word.
    """

    id: str
    name: str
    group: str | None = None
    status: Status = Status.UNKNOWN
    raw_status: str = ""
    updated_at: datetime | None = None
    position: int = 0


@dataclass(frozen=True, slots=True)
class AffectedComponent:
    """A component as an incident names it; `id` is empty where only a name is given."""

    id: str
    name: str
    group: str | None = None
    status: Status = Status.UNKNOWN


@dataclass(frozen=True, slots=True)
class IncidentUpdate:
    """One message of a provider about an incident.

    `id` is the provider's own and empty where it gives none (feeds). `phase` None means "as before". `text` is
    plain text, `raw` the provider's markup where that differs. `at` is the moment the provider shows and None
    where it shows none. `updated_at` is the provider's version stamp for in-place edits.
    """

    id: str
    phase: Phase | None
    text: str
    at: datetime | None
    updated_at: datetime | None = None
    raw: str = ""
    raw_phase: str = ""
    components: tuple[AffectedComponent, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """An incident or a maintenance as one document shows it.

    `updates` are oldest first. `components` None means that the document does not speak of them, an empty tuple
    that there are none; likewise `impact` UNKNOWN never replaces a known one. `phase` None: not stated, follow the
    updates. `updated_at` is the provider's version stamp of the whole incident. `aliases` are other identities under
    which the same incident is met elsewhere (a numeric Atom id, a normalised URL). `backfilled` is the provider's
    own word that this is history entered later.
    """

    id: str
    title: str
    kind: Kind = Kind.INCIDENT
    phase: Phase | None = None
    impact: Impact = Impact.UNKNOWN
    url: str = ""
    created_at: datetime | None = None
    started_at: datetime | None = None
    resolved_at: datetime | None = None
    updated_at: datetime | None = None
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None
    components: tuple[AffectedComponent, ...] | None = None
    updates: tuple[IncidentUpdate, ...] = ()
    aliases: tuple[str, ...] = ()
    backfilled: bool = False
    raw_phase: str = ""
    raw_impact: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One item that was skipped or one word that no table knows: where, and what was wrong."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one document says, normalised.

    `as_of` is the provider's own moment and None where it gives none (then `served_at` of the document counts).
    `covers` says of which lists absence means something. `event_name` is the provider's own name for a hook
    (`public_incident.incident_created_v2`). `generator` names the software where the document does.
    """

    platform: str
    page: PageFacts = PageFacts()
    as_of: datetime | None = None
    covers: frozenset[Cover] = frozenset()
    components: tuple[Component, ...] = ()
    incidents: tuple[Incident, ...] = ()
    problems: tuple[Problem, ...] = ()
    event_name: str = ""
    generator: str = ""


# --- what we knew ----------------------------------------------------------------------------------------------


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
    `cycle` counts reopenings. `revision` counts changes told without an update of their own.
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


# --- events ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PageRef:
    slug: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class EventIncident:
    id: str
    title: str
    kind: Kind
    phase: Phase
    impact: Impact
    url: str
    started_at: datetime | None
    resolved_at: datetime | None
    components: tuple[AffectedComponent, ...] = ()
    scheduled_for: datetime | None = None
    scheduled_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class EventUpdate:
    id: str
    phase: Phase
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class EventComponent:
    """`old` and `new` are statuses for `component.status_changed`, names for `component.renamed`."""

    id: str
    name: str
    group: str | None
    status: Status
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True)
class EventFeed:
    url: str
    reason: str


@dataclass(frozen=True, slots=True)
class EventPage:
    old: Status
    new: Status


@dataclass(frozen=True, slots=True)
class Event:
    """An immutable, numbered fact. `id` is 0 until the store has numbered it; `key` makes it happen once.

    `at` is the provider's moment, `seen_at` ours. `event_name` is the provider's own name for it, from a hook.
    """

    type: EventType
    key: str
    at: datetime
    seen_at: datetime
    source: Source
    page: PageRef
    incident: EventIncident | None = None
    update: EventUpdate | None = None
    component: EventComponent | None = None
    page_change: EventPage | None = None
    feed: EventFeed | None = None
    event_name: str = ""
    id: int = 0

    @property
    def lag(self) -> timedelta:
        """How long after the provider's moment we saw it; never negative."""
        return max(self.seen_at - self.at, timedelta(0))


# --- pages and feeds -------------------------------------------------------------------------------------------


class Role(StrEnum):
    """What a feed is for: `STATE` is polled for the present, `ENTRIES` is polled and covers nothing, `HISTORY` is
    fetched only to learn how something ended."""

    STATE = "state"
    ENTRIES = "entries"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class FeedSpec:
    """One URL of a page. Feeds of `tier` 0 are polled; a higher tier only when the lower one cannot be read."""

    url: str
    role: Role = Role.STATE
    tier: int = 0
    accept: str = "application/json"


@dataclass(frozen=True, slots=True)
class Page:
    """A watched page. `origin`: `config`, `catalog`, `hook` (made by a believed webhook) or `watch`."""

    id: int
    slug: str
    name: str
    url: str
    platform: str
    origin: str = "config"
    provider_id: str | None = None
    time_zone: str | None = None
    status: Status | None = None
    allow_private: bool = False

    @property
    def ref(self) -> PageRef:
        return PageRef(self.slug, self.name, self.url)


class FeedState(StrEnum):
    """`new` until the first good read; `failing` after three failures in a row or ten minutes of them."""

    NEW = "new"
    OK = "ok"
    FAILING = "failing"
    UNREADABLE = "unreadable"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class FeedHealth:
    """How reading a feed has gone lately; the part of a feed that survives a restart beside its validators."""

    state: FeedState = FeedState.NEW
    failures: int = 0
    failing_since: datetime | None = None
    last_ok_at: datetime | None = None
    last_error: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """A polled URL with its validators and bookkeeping, as stored."""

    id: int
    page_id: int
    spec: FeedSpec
    etag: str = ""
    last_modified: str = ""
    wire_digest: bytes = b""
    health: FeedHealth = FeedHealth()
    due_at: datetime | None = None
    polls: int = 0
    not_modified: int = 0
    read_at: datetime | None = None
    moment: Moment | None = None


# --- what a transaction writes ---------------------------------------------------------------------------------


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


# --- hooks -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hook:
    """A believed webhook body waiting in the inbox to be read.

    `source` names where it came in (`statuspage`, `incident-io`, `generic`, `webhook`, `test`), `hint` what the path
    said of the page: a slug (`page_slug`, from a secret address) or a provider's name (`/webhook/generic/{provider}`).
    `message_id` is the sender's own where it sends one, else a random one.
    """

    source: str
    message_id: str
    platform: str
    body: bytes
    received_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    page_slug: str = ""
    provider: str = ""
    id: int = 0
    attempts: int = 0
