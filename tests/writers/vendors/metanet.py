"""METANET's feed: notices of any kind without a field for where they stand, each rewritten in place.

Shape as one client knows it (checked 2026-11): a notice is over where its title says so, and may say so above the very
words that it had before. A category tells a maintenance from an outage.
"""

from __future__ import annotations

from email.utils import format_datetime
from html import escape

from statuswire.model import Kind
from statuswire.platforms.vendors import metanet
from tests.core.histories import Provider, TrueIncident
from tests.writers.base import Writer
from tests.writers.markup import in_order
from tests.writers.sayings import newest_update, number_text, paragraphs, planned_or_over

CATEGORIES = {Kind.INCIDENT: "Betriebsunterbruch", Kind.MAINTENANCE: "Wartungsarbeiten"}


def write(provider: Provider, _: str) -> bytes | None:
    """The feed, the newest notice first."""
    items = "".join(_item(one) for one in reversed(provider.alive()))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Statusmeldungen</title>'
        f"<link>{metanet.HOME}</link><description>Status</description>{items}</channel></rss>"
    ).encode()


def _item(one: TrueIncident) -> str:
    newest = in_order(one)[-1]
    end = "" if one.is_open else " (behoben)"
    return (
        f"<item><title>{escape(one.title)}{end}</title><link>{metanet.HOME}/meldung/{number_text(one)}</link>"
        f"<guid>{number_text(one)}</guid><category>{CATEGORIES[one.kind]}</category>"
        f"<pubDate>{format_datetime(newest.at)}</pubDate>"
        f"<description><![CDATA[{paragraphs(newest.text)}]]></description></item>"
    )


WRITER = Writer(
    platform=metanet.PLATFORM,
    write=write,
    incident_id=number_text,
    phase=planned_or_over,
    page_url=metanet.HOME,
    styles=("stamped", "untidy"),
    shown=newest_update,
    has_edits=False,
    has_updates_apart=False,
    shows_deletions=False,
    shows_components=False,
)
