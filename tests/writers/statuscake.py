"""StatusCake: the page for people, with a tile for each service, known by its name, and boxes of events without texts.

Shape from a public client (checked 2026-11).
"""

from __future__ import annotations

from datetime import datetime
from html import escape

from statuswire.model import Component, Status
from statuswire.platforms import statuscake
from tests.core.histories import Provider, TrueIncident

from .base import Writer
from .sayings import no_update, part_name, short_of_words

LEVELS = {
    Status.OPERATIONAL: ("is-success", "Good Service"),
    Status.DEGRADED: ("is-warning", "Degraded"),
    Status.MAJOR_OUTAGE: ("is-danger", "Major outage"),
}


def write(provider: Provider, _: str) -> bytes:
    """The page with every event there ever was."""
    tiles = "".join(map(_tile, provider.components.values()))
    boxes = "".join(map(_box, reversed(provider.alive())))
    return (
        "<!DOCTYPE html><html><head><title>Acme Relay</title></head><body>"
        '<div id="status-bar" class="notification is-success">All systems are online</div>'
        f'{tiles}<div id="outage_history">{boxes}</div></body></html>'
    ).encode()


def incident_id(one: TrueIncident) -> str:
    return one.id


def _tile(one: Component) -> str:
    colour, word = LEVELS[one.status]
    return (
        '<div class="box singleton-parent"><div class="level">'
        f'<div class="level-left"><span>{escape(one.name)}</span></div>'
        f'<div class="level-right"><span class="tag {colour}">{word}</span></div></div></div>'
    )


def _box(one: TrueIncident) -> str:
    word = one.phase.value
    return (
        f'<div class="box event {word}"><h3>{escape(one.title)}</h3><p><strong>{word.capitalize()}</strong></p>'
        f'<p>Created <span class="timestamp">{_stamp(one.created_at)}</span></p>'
        f'<p>Posted: <span class="timestamp">{_stamp(one.updates[-1].at)}</span></p>'
        f'<a href="/details/{one.id}">Details</a></div>'
    )


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


WRITER = Writer(
    platform=statuscake.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=part_name,
    phase=short_of_words,
    levels=tuple(LEVELS),
    has_maintenances=False,
    has_renaming=False,
    shows_deletions=False,
    shown=no_update,
)
