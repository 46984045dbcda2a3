"""Flashduty: a feed with the latest update of each incident, its phase and components as labelled paragraphs.

Shape as captured documents have it (checked 2026-11): times carry the offset of the vendor's home.
"""

from __future__ import annotations

from datetime import timedelta, timezone
from email.utils import format_datetime
from html import escape

from statuswire.platforms import flashduty
from tests.core.histories import Provider, TrueIncident

from .base import PAGE_URL, Writer
from .markup import in_order
from .sayings import newest_update, short_of_words

HOME = timezone(timedelta(hours=8))


def write(provider: Provider, url: str) -> bytes | None:
    """The feed, the newest incident first."""
    items = "".join(_item(provider, one) for one in reversed(provider.alive()))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Acme Relay</title>'
        f"<link>{PAGE_URL}</link><description>Status</description>{items}</channel></rss>"
    ).encode()


def incident_id(one: TrueIncident) -> str:
    return str(88_000 + int(one.id[:-1]))


def _item(provider: Provider, one: TrueIncident) -> str:
    number, newest = incident_id(one), in_order(one)[-1]
    names = ", ".join(provider.components[id_].name for id_ in one.components)
    affected = f"<p><strong>Affected components:</strong> {escape(names)}</p>" if names else ""
    return (
        f"<item><title>{escape(one.title)}</title><link>{PAGE_URL}/incidents/{number}</link>"
        f'<guid isPermaLink="false">urn:flashduty:change:{number}</guid>'
        f"<pubDate>{format_datetime(newest.at.astimezone(HOME))}</pubDate>"
        f"<description><![CDATA[<p><strong>Status:</strong> {one.phase.value}</p>"
        f"<p>{escape(newest.text)}</p>{affected}]]></description></item>"
    )


WRITER = Writer(
    platform=flashduty.PLATFORM,
    write=write,
    incident_id=incident_id,
    phase=short_of_words,
    has_maintenances=False,
    has_edits=False,
    has_updates_apart=False,
    styles=("stamped", "untidy"),
    shows_deletions=False,
    shows_components=False,
    shown=newest_update,
)
