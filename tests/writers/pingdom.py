"""Pingdom: the checks of a public report, as JSON with HTML inside and as a table. There is nothing but checks.

Shapes from a public client (checked 2026-11).
"""

from __future__ import annotations

from html import escape

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms import pingdom
from tests.core.histories import Provider

from .base import PAGE_URL, Writer

CHECKS, NOSCRIPT = (feed.url for feed in pingdom.feeds(PAGE_URL))
LEVELS = {Status.OPERATIONAL: "up", Status.MAJOR_OUTAGE: "down"}


def write(provider: Provider, url: str) -> bytes | None:
    """The same checks in either form."""
    rows = list(provider.components.values())
    if url == CHECKS:
        cells = [[_state(one), _link(one), "99.9%"] for one in rows]
        return msgspec.json.encode({"sEcho": 1, "iTotalRecords": len(rows), "aaData": cells})
    table = "".join(
        f'<tr><td class="check-status"><span class="status {LEVELS[one.status]}"></span></td>'
        f'<td class="check-name">{_link(one)}</td></tr>'
        for one in rows
    )
    head = "<!DOCTYPE html><html><head><title>Pingdom Public Reports</title></head>"
    return f"{head}<body><table>{table}</table></body></html>".encode()


def component_id(number: int) -> str:
    return str(1_001 + number)


def _state(one: Component) -> str:
    word = LEVELS[one.status]
    return f'<span class="status {word}">{word}</span>'


def _link(one: Component) -> str:
    return f'<a href="/{one.id}">{escape(one.name)}</a>'


WRITER = Writer(
    platform=pingdom.PLATFORM,
    write=write,
    component_id=component_id,
    levels=tuple(LEVELS),
    has_incidents=False,
)
