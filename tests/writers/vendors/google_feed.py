"""Google's pages: the Atom feed, all that Search has, with an entry for each update under the link of its incident.

Shape as captured documents have it (checked 2026-11). Its titles have a word for the end and none for anything else.
"""

from __future__ import annotations

from html import escape

from statuswire.model import Phase
from statuswire.platforms.vendors import google
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.writers.base import Writer
from tests.writers.sayings import paragraphs

HOME = "https://status.search.google.com"
TAG = "tag:status.search.google.com,2026:feed:"


def write(provider: Provider, url: str) -> bytes | None:
    """`/en/feed.atom`, the newest entry first."""
    told = [(update, one) for one in provider.alive() for update in one.updates]
    told.sort(key=lambda pair: pair[0].at, reverse=True)
    entries = "".join(_entry(one, update) for update, one in told)
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f'<title>Google Search Status Dashboard Updates</title><link href="{HOME}/" rel="alternate" type="text/html"/>'
        f'<link href="{url}" rel="self"/><id>{HOME}/</id><updated>{provider.now.isoformat()}</updated>{entries}</feed>'
    ).encode()


def incident_id(one: TrueIncident) -> str:
    return f"AbCdEfGh{one.id}"


def phase(phase: Phase, _: int) -> Phase:
    return Phase.RESOLVED if phase.is_closed else Phase.UNKNOWN


def _entry(one: TrueIncident, update: TrueUpdate) -> str:
    word = "RESOLVED" if update.phase.is_closed else "UPDATE"
    return (
        f"<entry><title>{word}: {one.title}</title>"
        f'<link href="{HOME}/incidents/{incident_id(one)}" rel="alternate" type="text/html"/>'
        f"<id>{TAG}{incident_id(one)}.{update.token[1:]}</id><updated>{update.at.isoformat()}</updated>"
        f'<summary type="html">{escape(paragraphs(update.text))}</summary></entry>'
    )


WRITER = Writer(
    platform=google.PLATFORM,
    write=write,
    incident_id=incident_id,
    phase=phase,
    page_url=HOME,
    has_maintenances=False,
    has_reopening=False,
    shows_deletions=False,
    shows_components=False,
)
