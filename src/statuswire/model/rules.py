"""What the operator wants told, where, and how quietly: filters, routes, silences, and marks set by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from enum import StrEnum

from statuswire.model.vocabulary import Impact, Phase, Source, Status


@dataclass(frozen=True, slots=True)
class Filter:
    """Which events are meant; an empty field leaves nothing out.

    `pages`, `tags`, `categories` and `types` are globs (`incident.*`), `components` globs over `Group / Name`.
    """

    pages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    impacts: frozenset[Impact] = frozenset()
    types: tuple[str, ...] = ()
    phases: frozenset[Phase] = frozenset()
    sources: frozenset[Source] = frozenset()


class Mode(StrEnum):
    """`all`: every update; `first_and_last`: the beginning and the end alone."""

    ALL = "all"
    FIRST_AND_LAST = "first_and_last"


@dataclass(frozen=True, slots=True)
class Digest:
    """Told together: so many hours apart, counted from midnight, or every day `at` that time of `zone`."""

    every: timedelta
    at: time = time()
    zone: tzinfo | None = None


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Between `begin` and `end` of `zone`, on the days that begin on one of `days` (0 is Monday; none: every day), only
    what has one of the `loud` impacts is told; the rest is told together at the end."""

    begin: time
    end: time
    zone: tzinfo
    days: frozenset[int] = frozenset()
    loud: frozenset[Impact] = frozenset({Impact.CRITICAL})


@dataclass(frozen=True, slots=True)
class Escalation:
    """What is still open and not acknowledged `after` this long is told to these channels too."""

    after: timedelta
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Quiet:
    """How a route keeps quiet.

    `hold`: the beginning of an incident is told only if it still goes on after this long. `settle`: the same for
    changes of components, pages and feeds. `flap`: what comes back within this long after its end is the same story,
    and told only if it lasts as long. `has_gate`: an incident that names nearly all components counts only for those
    that are not well themselves. `groups_titles`: incidents of one title on one page within a day share a thread.
    `is_quiet_in_maintenance`: nothing of components under a running maintenance. `leaves_to_incidents`: nothing of a
    component while an incident that names it is told. `gathers`: what is learnt of one story at once, from one
    document, is told by its newest event.
    """

    hold: timedelta = timedelta(0)
    settle: timedelta = timedelta(minutes=3)
    flap: timedelta = timedelta(minutes=10)
    has_gate: bool = True
    groups_titles: bool = True
    mode: Mode = Mode.ALL
    digest: Digest | None = None
    quiet_hours: QuietHours | None = None
    escalation: Escalation | None = None
    is_quiet_in_maintenance: bool = True
    leaves_to_incidents: bool = True
    gathers: bool = True


PLAIN_QUIET = Quiet(
    settle=timedelta(0),
    flap=timedelta(0),
    has_gate=False,
    groups_titles=False,
    is_quiet_in_maintenance=False,
    leaves_to_incidents=False,
    gathers=False,
)
"""Nothing held, nothing left out: what a plain route would send."""


@dataclass(frozen=True, slots=True)
class Route:
    """Which events go to which channels, and how quietly. `template` names the user's wording, empty for the usual."""

    name: str
    channels: tuple[str, ...]
    filter: Filter = Filter()
    quiet: Quiet = Quiet()
    template: str = ""

    @property
    def all_channels(self) -> tuple[str, ...]:
        """Also those to which it escalates, each once."""
        later = self.quiet.escalation.channels if self.quiet.escalation is not None else ()
        return tuple(dict.fromkeys((*self.channels, *later)))


@dataclass(frozen=True, slots=True)
class Silence:
    """What is withheld until `until` (None: for good), by whom and why. `id` 0 is one of the configuration file."""

    filter: Filter
    reason: str
    until: datetime | None = None
    author: str = ""
    id: int = 0

    def is_active(self, now: datetime) -> bool:
        return self.until is None or now < self.until


class MarkKind(StrEnum):
    """`acknowledged` ends escalation, `snoozed` withholds until a moment, `override` replaces the status of a
    component, or impact and phase of an incident."""

    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Mark:
    """What an operator said of one incident or component, which no provider can take back before `until`."""

    page: str
    subject: str
    kind: MarkKind
    at: datetime
    author: str = ""
    reason: str = ""
    until: datetime | None = None
    impact: Impact | None = None
    status: Status | None = None
    phase: Phase | None = None

    def is_active(self, now: datetime) -> bool:
        return self.until is None or now < self.until


class VerdictKind(StrEnum):
    """`told`: a delivery was made; `held`: later, perhaps; `suppressed`: not at all; `folded`: told with another."""

    TOLD = "told"
    HELD = "held"
    SUPPRESSED = "suppressed"
    FOLDED = "folded"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a route made of an event, and why."""

    event_id: int
    route: str
    kind: VerdictKind
    reason: str


@dataclass(frozen=True, slots=True)
class Story:
    """One incident, component or feed as one route has told it so far.

    `thread` is where it is told: its own key, that of an earlier one of the same title, or that of a correlation.
    `held` are the ids of events waiting until `due_at`. `told` counts the messages since it began, `was_told` is
    whether there were any, even before it last ended at `closed_at`. `escalate_at` is when it is told to more people,
    None when it never is, or was already. `impact` is the worst since it began. `left_to` is what tells of a component
    in its stead: the key of an incident's story, or `maintenance`; empty where nothing does. `is_escalated`: more
    people were told of it since it began, and are told its end.
    """

    route: str
    key: str
    thread: str
    opened_at: datetime
    page: str = ""
    title_key: str = ""
    is_open: bool = True
    told: int = 0
    held: tuple[int, ...] = ()
    due_at: datetime | None = None
    why_held: str = ""
    closed_at: datetime | None = None
    escalate_at: datetime | None = None
    last_event_id: int = 0
    impact: Impact = Impact.UNKNOWN
    was_told: bool = False
    left_to: str = ""
    is_escalated: bool = False

    @property
    def wake_at(self) -> datetime | None:
        """When there is something to decide without any event."""
        return min((at for at in (self.due_at, self.escalate_at) if at is not None), default=None)
