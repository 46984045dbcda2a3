"""Slack's feeds, Atom and RSS: one entry for each incident, rewritten, without a word for its phase.

Shapes as clients know them (checked 2026-11). The date of an entry is that of its text, so that a corrected text is
another.
"""

from __future__ import annotations

from dataclasses import replace
from email.utils import format_datetime
from html import escape

from statuswire.model import Phase
from statuswire.platforms.vendors import slack
from tests.core.histories import Provider, TrueIncident
from tests.writers.base import Writer
from tests.writers.markup import in_order, stamp
from tests.writers.sayings import newest_update, number, paragraphs

HOME = "https://slack-status.com"


def write_atom(provider: Provider, url: str) -> bytes | None:
    """`/feed/atom`."""
    entries = "".join(
        f"<entry><title>Incident: {one.title}</title><id>{incident_id(one)}</id><link href='{incident_id(one)}'/>"
        f"<updated>{stamp(in_order(one)[-1].at)}</updated><published>{stamp(one.created_at)}</published>"
        f"<content type='html'>{_body(one)}</content></entry>"
        for one in reversed(provider.alive())
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Slack System Status'
        f"</title><id>{HOME}/</id><link href='{HOME}/'/>{entries}</feed>"
    ).encode()


def write_rss(provider: Provider, url: str) -> bytes | None:
    """`/feed/rss`."""
    items = "".join(
        f"<item><title>Incident: {one.title}</title><link>{incident_id(one)}</link><guid>{incident_id(one)}</guid>"
        f"<pubDate>{format_datetime(in_order(one)[-1].at)}</pubDate><description>{_body(one)}</description></item>"
        for one in reversed(provider.alive())
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Slack System Status</title>'
        f"<link>{HOME}/</link>{items}</channel></rss>"
    ).encode()


def incident_id(one: TrueIncident) -> str:
    """Its address, in which a month stands."""
    return f"{HOME}/2026-05/{number(one):016}"


def phase(_: Phase, __: int) -> Phase:
    return Phase.UNKNOWN


def _body(one: TrueIncident) -> str:
    return escape(paragraphs(in_order(one)[-1].text))


_ATOM = Writer(
    platform=slack.PLATFORM,
    write=write_atom,
    incident_id=incident_id,
    phase=phase,
    page_url=f"{HOME}/feed/atom",
    shown=newest_update,
    has_maintenances=False,
    has_edits=False,
    shows_deletions=False,
    shows_components=False,
)

WRITERS = (_ATOM, replace(_ATOM, write=write_rss, page_url=f"{HOME}/feed/rss"))
