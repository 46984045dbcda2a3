"""Rackspace's feed: an item for each product that an outage or a change touches, known by its number, with one text.

Shape as one client knows it (checked 2026-11): a table with the number, the window and the words of today. An outage is
over where it says so; a change follows its window, which is corrected as it goes on, and so the same words may stand in
another phase.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from html import escape

from statuswire.model import Kind
from statuswire.platforms.vendors import rackspace
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order, lived_window
from tests.writers.sayings import begun_or_over, number

NUMBERS = {Kind.INCIDENT: "OUT", Kind.MAINTENANCE: "CHG"}


def write(provider: Provider, _: str) -> bytes | None:
    """The feed, what began last first."""
    items = "".join(_item(one, part, provider) for one in reversed(provider.alive()) for part in one.components)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Rackspace System Status</title>'
        f"<link>{rackspace.HOME}</link><description>Status</description>{items}</channel></rss>"
    ).encode()


def incident_id(one: TrueIncident) -> str:
    return f"{NUMBERS[one.kind]}{number(one):07}"


def shown(one: TrueIncident) -> Sequence[TrueUpdate]:
    """The newest text, below the number and the window."""
    return (replace(in_order(one)[-1], text="\n".join(_lines(one))),)


def _lines(one: TrueIncident) -> list[str]:
    begins, ends = _window(one) if one.kind is Kind.MAINTENANCE else (one.created_at, None)
    end = [] if one.kind is Kind.MAINTENANCE or one.is_open else ["The trouble was resolved."]
    window = f"{begins:%Y-%m-%d %H:%M:%S}" + (f" {ends:%Y-%m-%d %H:%M:%S}" if ends else "")
    return [incident_id(one), window, in_order(one)[-1].text, *end]


def _window(one: TrueIncident) -> tuple[datetime, datetime]:
    """Moved to where it is over when a change is put down as done without a word."""
    begins, ends = lived_window(one)
    return (begins, ends) if one.own_phase is None else (min(begins, one.updated_at), min(ends, one.updated_at))


def _item(one: TrueIncident, part: str, provider: Provider) -> str:
    rows = "".join(f"<tr><td>{escape(line)}</td></tr>" for line in _lines(one))
    return (
        f"<item><title>{provider.components[part].name} | DFW9 | {escape(one.title)}</title>"
        f"<link>{rackspace.HOME}</link><pubDate>{format_datetime(in_order(one)[-1].at)}</pubDate>"
        f"<description><![CDATA[<table>{rows}</table>]]></description></item>"
    )


WRITER = Writer(
    platform=rackspace.PLATFORM,
    write=write,
    incident_id=incident_id,
    phase=begun_or_over,
    page_url=rackspace.HOME,
    styles=("stamped", "untidy"),
    shown=shown,
    has_unplaced=False,
    has_edits=False,
    has_updates_apart=False,
    shows_deletions=False,
    shows_components=False,
)
