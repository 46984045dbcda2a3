"""Admin Labs: the page for people, with a block for each monitor, and events of which phase and minute are shown.

Shape from a public client (checked 2026-11).
"""

from __future__ import annotations

from html import escape

from statuswire.model import Component, Status
from statuswire.platforms import adminlabs
from tests.core.histories import Provider, TrueIncident

from .base import Writer
from .markup import in_order
from .sayings import no_update, short_of_words

LEVELS = {
    Status.OPERATIONAL: ("ok", "Operational"),
    Status.DEGRADED: ("warning", "Degraded"),
    Status.PARTIAL_OUTAGE: ("partial", "Partial outage"),
    Status.MAJOR_OUTAGE: ("error", "Outage"),
}


def write(provider: Provider, _: str) -> bytes:
    """The page with every event there ever was."""
    tiles = "".join(map(_tile, provider.components.values()))
    events = "".join(map(_event, reversed(provider.alive())))
    return (
        "<!DOCTYPE html><html><head><title>Acme Relay</title></head><body>"
        '<div class="overall-status ok"><h1>All systems operational</h1></div>'
        f'<div class="block-item block-item-has-block-item-sub"><h3>Europe</h3>{tiles}</div>{events}</body></html>'
    ).encode()


def component_id(number: int) -> str:
    return str(70 + number)


def _tile(one: Component) -> str:
    colour, word = LEVELS[one.status]
    return (
        f'<div class="block-item-sub open"><h3>{escape(one.name)} '
        f'<span data-tooltip-content="#component_{one.id}">?</span></h3>'
        f'<h4 class="status-title {colour}">{word}</h4></div>'
    )


def _event(one: TrueIncident) -> str:
    at = in_order(one)[-1].at
    return (
        f'<div><h5>{escape(one.title)} <a href="/status/incident/id/{one.id}">more</a></h5>'
        f'<p class="update-time"><b>{one.phase.value.capitalize()}</b> | '
        f"{at:%b} {at.day}, {at:%Y} | {at:%H:%M} GMT</p></div>"
    )


WRITER = Writer(
    platform=adminlabs.PLATFORM,
    write=write,
    component_id=component_id,
    phase=short_of_words,
    has_maintenances=False,
    shows_deletions=False,
    shown=no_update,
)
