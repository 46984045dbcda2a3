"""A feed as JSON Feed 1.1 (jsonfeed.org/version/1.1, checked 2026-11)."""

from __future__ import annotations

import msgspec

from statuswire.web.out.feed import Feed
from statuswire.web.out.story import Story
from statuswire.wire import timestamp

CONTENT_TYPE = b"application/feed+json; charset=utf-8"
VERSION = "https://jsonfeed.org/version/1.1"


def write(feed: Feed) -> bytes:
    body = {
        "version": VERSION,
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.url,
        "items": [_item(story) for story in feed.stories],
    }
    return msgspec.json.encode(body)


def _item(story: Story) -> dict[str, object]:
    author = {"name": story.author} | ({"url": story.author_url} if story.author_url else {})
    item: dict[str, object] = {
        "id": story.id,
        "url": story.url,
        "title": story.title,
        "content_html": story.html,
        "date_published": timestamp(story.published),
        "date_modified": timestamp(story.updated),
        "authors": [author],
        "tags": list(story.tags),
    }
    return item | ({"external_url": story.via} if story.via else {})
