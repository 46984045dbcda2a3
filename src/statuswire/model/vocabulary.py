"""The closed sets of words: what a provider's words are mapped to, and what our events are called."""

from __future__ import annotations

from enum import StrEnum


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
    """How an event became known: `infer` means that the provider said it only by silence, `operator` that not the
    provider says it but whoever runs statuswire."""

    POLL = "poll"
    HOOK = "hook"
    IMPORT = "import"
    INFER = "infer"
    OPERATOR = "operator"


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
    MAINTENANCE_REMINDER = "maintenance.reminder"
    MAINTENANCE_OVERRUN = "maintenance.overrun"
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
    """A list of which a Snapshot shows all there is, so that absence from it means something.

    `TROUBLED` are the components that are not operational: the page shows no others, and each that is known and not
    shown is operational.
    """

    COMPONENTS = "components"
    TROUBLED = "troubled"
    OPEN_INCIDENTS = "open_incidents"
    OPEN_MAINTENANCES = "open_maintenances"
