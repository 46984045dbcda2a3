"""Feeds that vendors offer beside their own documents, read as any feed is: here with the markup that most have.

What these vendors write into them was seen nowhere (checked 2026-11), or only empty.
"""

from __future__ import annotations

from dataclasses import replace

from statuswire.platforms.vendors import auth0, deepl, meta, okta, webex, zscaler
from tests.writers.plain_feeds import RSS

WRITERS = (
    replace(RSS, platform=auth0.PLATFORM, page_url="https://status.auth0.com/api/rss?domain=acme.example"),
    replace(RSS, platform=deepl.PLATFORM, page_url="https://api-status.deepl.com/rss"),
    replace(RSS, platform=meta.PLATFORM, page_url="https://metastatus.com/outage-events-feed-acme.rss"),
    replace(RSS, platform=okta.PLATFORM, page_url=okta.FEED),
    replace(RSS, platform=webex.PLATFORM, page_url="https://status.webex.com/history.rss"),
    replace(RSS, platform=zscaler.PLATFORM, page_url="https://trust.zscaler.com/rss-feed"),
)
