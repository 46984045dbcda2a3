"""A page of unknown make that offers nothing but an Atom feed: each entry an incident with its whole story."""

from __future__ import annotations

from html import escape

from statuswire.platforms import atom
from tests.core.histories import Provider, TrueIncident

from .base import PAGE_URL, Writer
from .markup import story

FEED_URL = f"{PAGE_URL}/feed.atom"
SHOWN = 100
"""More than a history here ever has: what a short window hides can be learnt from no other source."""


def write(provider: Provider, url: str) -> bytes | None:
    """The feed, the newest entry first."""
    entries = "".join(_entry(one) for one in reversed(provider.alive()[-SHOWN:]))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{PAGE_URL}/</id><title>Acme Relay</title>"
        f'<link rel="self" href="{FEED_URL}"/><updated>{provider.now.isoformat()}</updated>{entries}</feed>'
    ).encode()


def incident_id(one: TrueIncident) -> str:
    """The address of the entry, which is its id."""
    return f"{PAGE_URL}/incidents/{one.id}"


def _entry(one: TrueIncident) -> str:
    return (
        f"<entry><id>{incident_id(one)}</id><title>{escape(one.title)}</title>"
        f'<link rel="alternate" href="{incident_id(one)}"/>'
        f"<published>{one.created_at.isoformat()}</published><updated>{one.updated_at.isoformat()}</updated>"
        f'<content type="html">{escape(story(one))}</content></entry>'
    )


WRITER = Writer(
    platform=atom.PLATFORM,
    write=write,
    incident_id=incident_id,
    page_url=FEED_URL,
    shows_deletions=False,
    shows_components=False,
)
