"""The former page of Stripe: the levels of components in one document, in the other only which of them are troubled.

Shapes as clients recorded them (checked 2026-11). A row of `/current/full` has a warning or none, and is then as bad as
the page as a whole: so that here all that is troubled is degraded.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from statuswire.model import Status
from statuswire.platforms.vendors import stripe
from tests.core.histories import Provider
from tests.writers.base import Writer
from tests.writers.sayings import part_name

HOME = "https://status.stripe.com"
WORDS = {Status.OPERATIONAL: "up", Status.DEGRADED: "degraded", Status.MAJOR_OUTAGE: "down"}
WORST_FIRST = (Status.MAJOR_OUTAGE, Status.DEGRADED, Status.OPERATIONAL)


def write(provider: Provider, url: str) -> bytes | None:
    """`/current` and `/current/full`, each of which is polled alone."""
    parts = list(provider.components.values())
    worst = next(level for level in WORST_FIRST if any(one.status is level for one in parts))
    said: dict[str, object] = {"message": "Read on."}
    if url == f"{HOME}/current":
        levels = {one.id: WORDS[one.status] for one in parts}
        said |= {"largestatus": WORDS[worst], "statuses": levels, "time": provider.now.isoformat()}
    else:
        rows = [{"key": one.id, "title": one.name, "warning": one.status is not Status.OPERATIONAL} for one in parts]
        said |= {"UptimeStatus": WORDS[worst], "uptimeData": rows}
    return msgspec.json.encode(said)


_CURRENT = Writer(
    platform=stripe.PLATFORM,
    write=write,
    component_id=part_name,
    page_url=f"{HOME}/current",
    levels=tuple(WORDS),
    has_incidents=False,
    has_renaming=False,
)

WRITERS = (
    _CURRENT,
    replace(
        _CURRENT,
        component_id=str,
        page_url=f"{HOME}/current/full",
        levels=(Status.OPERATIONAL, Status.DEGRADED),
        has_renaming=True,
    ),
)
