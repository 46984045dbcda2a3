"""PayPal's own page: levels for each environment, and a feed with one entry for each incident, which is rewritten.

Shapes as clients know them (checked 2026-11): an entry has one text, its title begins with its state, and its date is
that of its text, so that a corrected text is another.
"""

from __future__ import annotations

from collections.abc import Mapping
from email.utils import format_datetime
from html import escape

import msgspec

from statuswire.model import Kind, Status
from statuswire.platforms.vendors import paypal
from tests.core.histories import Provider, TrueIncident
from tests.writers.base import Writer
from tests.writers.markup import in_order, stamp
from tests.writers.sayings import newest_update, number, paragraphs, planned_or_over

HOME = "https://www.paypal-status.com"
WORDS = {
    Status.OPERATIONAL: "Operational",
    Status.MAINTENANCE: "Under Maintenance",
    Status.DEGRADED: "Service Disruption",
    Status.MAJOR_OUTAGE: "Service Outage",
}
TERMS: Mapping[Kind, str] = {Kind.INCIDENT: "Service Disruption", Kind.MAINTENANCE: "Under Maintenance"}


def write(provider: Provider, url: str) -> bytes | None:
    """The components, and the feed in both its forms."""
    if url.endswith("/feed/rss"):
        return _rss(provider)
    if url.endswith("/feed/atom"):
        return _atom(provider)
    rows = [
        {"name": one.name, "category": {"name": "product"}, "status": {"production": WORDS[one.status]}}
        for one in provider.components.values()
    ]
    return msgspec.json.encode({"result": rows})


def incident_id(one: TrueIncident) -> str:
    return f"{HOME}/incident/{number(one)}"


def component_id(number: int) -> str:
    return f"product/Part {number}/production"


def _title(one: TrueIncident) -> str:
    return f"{'Initial Notification' if one.is_open else 'Resolved'}: {one.title}"


def _body(one: TrueIncident) -> str:
    return escape(paragraphs(in_order(one)[-1].text))


def _atom(provider: Provider) -> bytes:
    entries = "".join(
        f"<entry><id>{incident_id(one)}</id><title>{_title(one)}</title><link href='{incident_id(one)}'/>"
        f"<published>{stamp(one.created_at)}</published><updated>{stamp(in_order(one)[-1].at)}</updated>"
        f"<category term='{TERMS[one.kind]}'/><content type='html'>{_body(one)}</content></entry>"
        for one in reversed(provider.alive())
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>PayPal Status</title>'
        f"<id>{HOME}/</id><link rel='self' href='{HOME}/feed/atom'/><updated>{stamp(provider.now)}</updated>"
        f"{entries}</feed>"
    ).encode()


def _rss(provider: Provider) -> bytes:
    items = "".join(
        f"<item><title>{_title(one)}</title><link>{incident_id(one)}</link><guid>{incident_id(one)}</guid>"
        f"<pubDate>{format_datetime(in_order(one)[-1].at)}</pubDate><category>{TERMS[one.kind]}</category>"
        f"<description>{_body(one)}</description></item>"
        for one in reversed(provider.alive())
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>PayPal Status</title>'
        f"<link>{HOME}/</link>{items}</channel></rss>"
    ).encode()


WRITER = Writer(
    platform=paypal.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=component_id,
    phase=planned_or_over,
    page_url=HOME,
    levels=tuple(WORDS),
    shown=newest_update,
    has_renaming=False,
    has_edits=False,
    has_updates_apart=False,
    styles=("stamped", "untidy"),
    shows_deletions=False,
)
