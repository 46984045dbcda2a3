"""The words providers use for levels, phases and impacts, in one vocabulary.

Keys are folded: lower case, without blanks, `_` and `-` (see `reading.fold_word`). Numbers are missing on purpose:
they mean something else on every platform and stand in that platform's own table. A word in no table is `unknown`
and named in `Snapshot.problems`, never guessed. Collected from the formats of some thirty platforms, checked 2026-11.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from statuswire.model import Impact, Phase, Status

_Meaning = TypeVar("_Meaning")


def _table(words: Mapping[_Meaning, str]) -> dict[str, _Meaning]:
    """Each blank-separated word with its meaning."""
    return {word: meaning for meaning, listed in words.items() for word in listed.split()}


COMPONENT_WORDS: dict[str, Status] = _table(
    {
        Status.OPERATIONAL: "operational up ok online available normal success op none informational healthy",
        Status.DEGRADED: "degraded degradedperformance performanceissues partiallydegraded minor warning notice pd",
        Status.PARTIAL_OUTAGE: "partialoutage minoroutage disrupted partialservicedisruption po",
        Status.MAJOR_OUTAGE: "majoroutage fulloutage downtime down outage danger servicedisruption unavailable mo",
        Status.MAINTENANCE: "maintenance undermaintenance plannedmaintenance scheduled scheduledmaintenance um",
        Status.UNKNOWN: "unknown notmonitored paused black pending nodata",
    }
)

PHASE_WORDS: dict[str, Phase] = _table(
    {
        Phase.INVESTIGATING: "investigating started triage detected open new initialnotification",
        Phase.IDENTIFIED: "identified fixing acknowledged",
        Phase.MONITORING: "monitoring watching recovering mitigated",
        Phase.RESOLVED: "resolved fixed closed restored recovered falsealarm",
        Phase.POSTMORTEM: "postmortem",
        Phase.SCHEDULED: "scheduled notstartedyet maintenancescheduled upcoming future planned",
        Phase.IN_PROGRESS: "inprogress maintenanceinprogress active underway ongoing",
        Phase.VERIFYING: "verifying",
        Phase.COMPLETED: "completed complete maintenancecomplete maintenancecompleted ended",
        Phase.CANCELLED: "cancelled canceled postponed inactive",
        Phase.UNKNOWN: "unknown",
    }
)

IMPACT_WORDS: dict[str, Impact] = _table(
    {
        Impact.NONE: "none informational operational",
        Impact.MINOR: "minor medium notice degraded degradedperformance",
        Impact.MAJOR: "major disrupted partialoutage",
        Impact.CRITICAL: "critical majoroutage fulloutage down",
        Impact.MAINTENANCE: "maintenance undermaintenance",
        Impact.UNKNOWN: "unknown",
    }
)

UNCHANGED_WORDS = frozenset({"update", "updated"})
"""Labels of a message that say nothing of the phase: it stays as it was."""

STATUS_IMPACT: dict[Status, Impact] = {
    Status.OPERATIONAL: Impact.NONE,
    Status.DEGRADED: Impact.MINOR,
    Status.PARTIAL_OUTAGE: Impact.MAJOR,
    Status.MAJOR_OUTAGE: Impact.CRITICAL,
    Status.MAINTENANCE: Impact.MAINTENANCE,
}
"""The impact of an incident whose provider gives none: that of the worst level one of its components reached."""

IMPACT_ORDER: tuple[Impact, ...] = (
    Impact.UNKNOWN,
    Impact.NONE,
    Impact.MAINTENANCE,
    Impact.MINOR,
    Impact.MAJOR,
    Impact.CRITICAL,
)
"""From least to worst."""
