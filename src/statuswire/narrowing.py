"""What one look at a page says of the components that matter. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from statuswire.core.selection import is_meant
from statuswire.model import Cover, Incident, Snapshot
from statuswire.verdict import Verdict


def narrowed(verdict: Verdict) -> Verdict:
    """The verdict on the components that its target names, or the same where it names none.

    The page's roll-up is about everything and left out. Incidents that name no component stay, and one that touches any
    of them counts with its whole impact. Where the page lists its
    components and none is meant, nothing is known: a wrong name must not read as fine.
    """
    patterns = verdict.target.components
    if not patterns:
        return verdict
    snapshots = tuple(_of(snapshot, patterns) for snapshot in verdict.snapshots)
    if not any(one.components or _named(one.incidents) for one in snapshots) and _lists_all(verdict.snapshots):
        doubt = f"no component is called {' or '.join(patterns)}; see `statuswire detect`"
        return replace(verdict, snapshots=(), doubts=(doubt, *verdict.doubts))
    return replace(verdict, snapshots=snapshots)


def _of(snapshot: Snapshot, patterns: Sequence[str]) -> Snapshot:
    components = tuple(one for one in snapshot.components if is_meant(one, patterns))
    ids = {one.id for one in components}
    incidents = tuple(one for one in snapshot.incidents if _touches(one, patterns, ids))
    page = replace(snapshot.page, status=None, status_text="")
    return replace(snapshot, page=page, components=components, incidents=incidents)


def _touches(incident: Incident, patterns: Sequence[str], ids: set[str]) -> bool:
    touched = incident.components
    return not touched or any(one.id in ids or is_meant(one, patterns) for one in touched)


def _named(incidents: Sequence[Incident]) -> bool:
    return any(incident.components for incident in incidents)


def _lists_all(snapshots: Sequence[Snapshot]) -> bool:
    """Whether a component that is missing is none of the page's: not where only those in trouble are shown."""
    return any(one.components for one in snapshots) and not any(Cover.TROUBLED in one.covers for one in snapshots)
