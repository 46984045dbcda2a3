"""A page of unknown make that offers nothing but an RSS feed: each item an incident with its whole story."""

from __future__ import annotations

from email.utils import format_datetime
from html import escape

from statuswire.platforms import rss
from tests.core.histories import Provider, TrueIncident

from .base import PAGE_URL, Writer
from .markup import story

FEED_URL = f"{PAGE_URL}/feed.rss"


def write(provider: Provider, url: str) -> bytes | None:
    """The feed with all that there ever was, the newest item first."""
    items = "".join(_item(one) for one in reversed(provider.alive()))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Acme Relay</title>'
        f"<link>{PAGE_URL}</link><description>News</description>"
        f"<lastBuildDate>{format_datetime(provider.now)}</lastBuildDate>{items}</channel></rss>"
    ).encode()


def incident_id(one: TrueIncident) -> str:
    """The address of the item, which is its id."""
    return f"{PAGE_URL}/incidents/{one.id}"


def _item(one: TrueIncident) -> str:
    return (
        f"<item><title>{escape(one.title)}</title><link>{incident_id(one)}</link><guid>{incident_id(one)}</guid>"
        f"<pubDate>{format_datetime(one.created_at)}</pubDate>"
        f"<description>{escape(story(one))}</description></item>"
    )


WRITER = Writer(
    platform=rss.PLATFORM,
    write=write,
    incident_id=incident_id,
    page_url=FEED_URL,
    shows_deletions=False,
    shows_components=False,
)
