"""X's page for developers, prose in Markdown: a card for each component, a paragraph for each incident and its day.

Layout as one client knows it (checked 2026-11). A paragraph is written when it begins and when it is over, and dated by
its day: what changes it within that day corrects it, and nobody opens an old one again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from statuswire.model import Component, Status
from statuswire.platforms.vendors import x
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.sayings import first_or_end, number, on_or_over

HOME = "https://docs.x.com/status"
WORDS = {
    Status.OPERATIONAL: "Operational",
    Status.DEGRADED: "Degraded performance",
    Status.MAJOR_OUTAGE: "Outage",
}


def write(provider: Provider, url: str) -> bytes | None:
    """`status.md`."""
    parts = list(provider.components.values())
    is_well = all(one.status is Status.OPERATIONAL for one in parts)
    banner = "All systems are operational.\n" if is_well else ""
    steps = "\n".join(_step(one) for one in reversed(provider.alive()))
    cards = "\n".join(_card(one) for one in parts)
    return f"# X Developer Platform Status\n\n{banner}\n{cards}\n\n## Incident history\n\n{steps}\n".encode()


def incident_id(one: TrueIncident) -> str:
    """Title and day."""
    return f"trouble-{number(one) - 1}/{one.created_at.date().isoformat()}"


def component_id(number: int) -> str:
    return f"part-{number}"


def shown(one: TrueIncident) -> Sequence[TrueUpdate]:
    """The whole paragraph."""
    return (replace(first_or_end(one), text=_paragraph(one)),)


def _card(one: Component) -> str:
    return f'<Card title="{one.name}" icon="bolt"><Tooltip tip="{WORDS[one.status]}">!</Tooltip></Card>'


def _step(one: TrueIncident) -> str:
    return f'<Step title="{one.title}">{_paragraph(one)}</Step>'


def _paragraph(one: TrueIncident) -> str:
    at, state = one.created_at, "Ongoing" if one.is_open else "Resolved"
    return f"{at:%B} {at.day}, {at:%Y}. {state}: {first_or_end(one).text}"


WRITER = Writer(
    platform=x.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=component_id,
    phase=on_or_over,
    page_url=HOME,
    levels=tuple(WORDS),
    shown=shown,
    has_maintenances=False,
    has_renaming=False,
    has_edits=False,
    has_reopening=False,
    shows_deletions=False,
)
