"""A page of unknown make that offers nothing but a JSON Feed: each item an incident with its whole story.

Shape from <https://jsonfeed.org/version/1.1> (checked 2026-11).
"""

from __future__ import annotations

import msgspec

from statuswire.platforms import jsonfeed
from tests.core.histories import Provider, TrueIncident

from .base import PAGE_URL, Writer
from .markup import story

FEED_URL = f"{PAGE_URL}/feed.json"


def write(provider: Provider, url: str) -> bytes:
    """The feed with all that there ever was, the newest item first."""
    head = {"version": "https://jsonfeed.org/version/1.1", "title": "Acme Relay", "home_page_url": PAGE_URL}
    items = [_item(one) for one in reversed(provider.alive())]
    return msgspec.json.encode({**head, "feed_url": url, "items": items})


def incident_id(one: TrueIncident) -> str:
    """The address of the item, which is its id."""
    return f"{PAGE_URL}/incidents/{one.id}"


def _item(one: TrueIncident) -> dict[str, object]:
    return {
        "id": incident_id(one),
        "url": incident_id(one),
        "title": one.title,
        "content_html": story(one),
        "date_published": one.created_at.isoformat(),
        "date_modified": one.updated_at.isoformat(),
    }


WRITER = Writer(
    platform=jsonfeed.PLATFORM,
    write=write,
    incident_id=incident_id,
    page_url=FEED_URL,
    shows_deletions=False,
    shows_components=False,
)
