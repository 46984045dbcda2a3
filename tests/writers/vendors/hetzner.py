"""Hetzner's feed: notices without any state, which are over where their words say so. One entry each, rewritten.

Shape as clients know it (checked 2026-11). The date of an entry is that of its text, so that a corrected text is
another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from statuswire.model import Kind
from statuswire.platforms.vendors import hetzner
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.markup import in_order, stamp
from tests.writers.sayings import paragraphs, planned_or_over

HOME = "https://status.hetzner.com"
ENDS = {Kind.INCIDENT: "The fault has been resolved.", Kind.MAINTENANCE: "The work was completed."}


def write(provider: Provider, url: str) -> bytes | None:
    """`/en.atom`."""
    entries = "".join(_entry(one) for one in reversed(provider.alive()))
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Hetzner Status</title>'
        f"<id>{HOME}/</id><link href='{HOME}/'/><link rel='self' href='{url}'/>"
        f"<updated>{stamp(provider.now)}</updated>{entries}</feed>"
    ).encode()


def incident_id(one: TrueIncident) -> str:
    return f"{HOME}/incident/{one.id}"


def shown(one: TrueIncident) -> Sequence[TrueUpdate]:
    """The newest text, with the end where it has come."""
    newest = in_order(one)[-1]
    return (newest if one.is_open else replace(newest, text=f"{newest.text}\n\n{ENDS[one.kind]}"),)


def _entry(one: TrueIncident) -> str:
    heading = f"Maintenance: {one.title}" if one.kind is Kind.MAINTENANCE else one.title
    return (
        f"<entry><id>{incident_id(one)}</id><title>{heading}</title><link href='{incident_id(one)}'/>"
        f"<updated>{stamp(in_order(one)[-1].at)}</updated><content type='xhtml'>"
        f"<div xmlns='http://www.w3.org/1999/xhtml'>{paragraphs(shown(one)[0].text)}</div></content></entry>"
    )


WRITER = Writer(
    platform=hetzner.PLATFORM,
    write=write,
    incident_id=incident_id,
    phase=planned_or_over,
    page_url=HOME,
    shown=shown,
    has_edits=False,
    has_updates_apart=False,
    styles=("stamped", "untidy"),
    shows_deletions=False,
    shows_components=False,
)
