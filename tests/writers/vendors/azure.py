"""Azure: a feed of what is active, each item rewritten in place until it is gone; and tables of services by region.

Shapes as captured and as clients know them (checked 2026-11). Where an incident stands tell the usual phrases of its
text, of when it is some texts say themselves; another wording is another update, also a corrected one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from html import escape

from statuswire.model import Component, Kind, Phase, Status
from statuswire.platforms.vendors import azure
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order
from tests.writers.sayings import hit_at, number, over_is_resolved, paragraphs

REGION = "West Europe"
LABELS = {Status.OPERATIONAL: "Good", Status.DEGRADED: "Warning", Status.MAJOR_OUTAGE: "Critical"}
PHRASES = {Phase.IDENTIFIED: "We have identified a failed rack.", Phase.MONITORING: "Mitigation has been applied."}


def component_id(number: int) -> str:
    return f"Part {number}/{REGION}"


# --- the feed ----------------------------------------------------------------------------------------------------


def write_feed(provider: Provider, url: str) -> bytes | None:
    """The canonical feed and its copy."""
    if url not in (azure.FEED, azure.COPY):
        return None
    items = "".join(_item(one) for one in provider.alive() if one.is_open)
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Azure Status</title>'
        "<link>https://azurestatusprodnr.azurewebsites.net/en-us/status/</link><description>Azure Status</description>"
        f"<lastBuildDate>{provider.now:%a, %d %b %Y %H:%M:%S} Z</lastBuildDate>{items}</channel></rss>"
    ).encode()


def incident_id(one: TrueIncident) -> str:
    return f"trouble-{number(one)}"


def shown(one: TrueIncident) -> Sequence[TrueUpdate]:
    """The text of today, with the phrase that tells its phase."""
    return (replace(in_order(one)[-1], text=_words(one)),) if one.is_open else ()


def _words(one: TrueIncident) -> str:
    newest = in_order(one)[-1]
    when = f"This message was last updated at {newest.at:%H:%M} UTC on {newest.at.day} {newest.at:%B %Y}"
    told = (newest.text, PHRASES.get(newest.phase, ""), when if number(one) % 2 else "")
    return "\n\n".join(filter(None, told))


def _item(one: TrueIncident) -> str:
    parts = [part.partition("/")[0] for part in one.components]
    categories = "".join(f"<category>{name}</category>" for name in ([*parts, REGION] if parts else []))
    return (
        f'<item><guid isPermaLink="false">{incident_id(one)}</guid><link>https://azure.status.microsoft/en-us/status'
        f"</link>{categories}<title>{one.title}</title><description>{escape(paragraphs(_words(one)))}</description>"
        f"<pubDate>{one.created_at:%a, %d %b %Y %H:%M:%S} Z</pubDate></item>"
    )


# --- the tables --------------------------------------------------------------------------------------------------


def write_page(provider: Provider, url: str) -> bytes | None:
    """The page for people."""
    rows = "".join(_row(one) for one in provider.components.values())
    table = (
        '<table class="region-status-table" data-zone-name="europe"><thead><tr><th>Products and services</th>'
        f"<th>*Non-Regional</th><th>{REGION}</th></tr></thead><tbody>"
        f'<tr class="status-category"><td colspan="3">Compute</td></tr>{rows}</tbody></table>'
    )
    return f"<!DOCTYPE html><html><body>{table}</body></html>".encode() if url == azure.PAGE_URL else None


def _row(one: Component) -> str:
    cells = (_cell("Not available"), _cell(LABELS[one.status]))
    return f"<tr><td>{one.name}</td>{''.join(cells)}</tr>"


def _cell(label: str) -> str:
    return f'<td class="status-cell"><span data-label="{label}"></span></td>'


WRITERS = (
    Writer(
        platform=azure.PLATFORM,
        write=write_feed,
        incident_id=incident_id,
        component_id=component_id,
        phase=over_is_resolved,
        page_url=azure.PAGE_URL,
        styles=("stamped", "untidy"),
        shown=shown,
        level=hit_at({Kind.INCIDENT: Status.PARTIAL_OUTAGE}),
        has_maintenances=False,
        has_edits=False,
        shows_components=False,
        shows_troubled=True,
    ),
    Writer(
        platform=azure.PLATFORM,
        write=write_page,
        component_id=component_id,
        page_url=azure.PAGE_URL,
        levels=tuple(LABELS),
        has_incidents=False,
        has_renaming=False,
    ),
)
