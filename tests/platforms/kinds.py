"""Which kinds of golden documents a platform has, told by what they say and not by their names.

Of each platform there should be five: a page where all is well, an incident that goes on, one that is over, a
maintenance, and something odd that the format is known for. Of a format without incidents a component in trouble stands
for one that goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from statuswire.model import Kind, Phase, Snapshot, Status
from statuswire.platforms import PLATFORMS
from tests.platforms.golden import cases, document_of, snapshot_of

_WELL: Final = (None, Status.OPERATIONAL, Status.UNKNOWN)


def _is_quiet(told: Snapshot) -> bool:
    levels = (told.page.status, *(row.status for row in told.components))
    goes_on = any(one.phase is None or not one.phase.is_closed for one in told.incidents)
    return not goes_on and not told.problems and all(level in _WELL for level in levels)


def _has_open(told: Snapshot) -> bool:
    """A feed that states no phase (None) tells what goes on, as far as anybody knows; an unknown word does not."""
    if not PLATFORMS[told.platform].coverage.incidents and not told.incidents:
        return any(row.status not in (*_WELL, Status.MAINTENANCE) for row in (*told.components, told.page))
    of_incidents = [one.phase for one in told.incidents if one.kind is Kind.INCIDENT]
    return any(phase is None or not (phase.is_closed or phase is Phase.UNKNOWN) for phase in of_incidents)


def _has_resolved(told: Snapshot) -> bool:
    return any(one.kind is Kind.INCIDENT and one.phase and one.phase.is_closed for one in told.incidents)


def _has_maintenance(told: Snapshot) -> bool:
    levels = (told.page.status, *(row.status for row in told.components))
    return Status.MAINTENANCE in levels or any(one.kind is Kind.MAINTENANCE for one in told.incidents)


def _is_odd(told: Snapshot) -> bool:
    """Something could not be read, and was named."""
    return bool(told.problems)


KINDS: Final[Mapping[str, Callable[[Snapshot], bool]]] = {
    "quiet": _is_quiet,
    "open": _has_open,
    "resolved": _has_resolved,
    "maintenance": _has_maintenance,
    "oddity": _is_odd,
}


def kinds_by_platform() -> dict[str, set[str]]:
    """The kinds that the golden documents of each platform are of."""
    found: dict[str, set[str]] = {name: set() for name in PLATFORMS}
    for case in cases():
        told = snapshot_of(case.platform, document_of(case))
        found[case.platform] |= {kind for kind, is_such in KINDS.items() if is_such(told)}
    return found
