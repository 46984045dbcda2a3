"""What one document says, normalised: no more than is in it, and nothing that we knew before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from statuswire.model.vocabulary import Cover, Impact, Kind, Phase, Status


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

    Some platforms spread a component over several documents: an empty `name`, `lacks_status` and `lacks_group` say that
    this one does not state it, and what is known stays.
    """

    id: str
    name: str
    group: str | None = None
    status: Status = Status.UNKNOWN
    raw_status: str = ""
    updated_at: datetime | None = None
    position: int = 0
    lacks_status: bool = False
    lacks_group: bool = False


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
    `covers` says of which lists absence means something. Where one page is spread over several documents, each covers
    its own part: only ids that begin with `within`, and none that begin with `besides`. `event_name` is the provider's
    own name for a hook (`public_incident.incident_created_v2`). `generator` names the software where the document does.
    `wish` is how long the document wants to be left alone after each read.
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
    wish: timedelta | None = None
    within: str = ""
    besides: str = ""
