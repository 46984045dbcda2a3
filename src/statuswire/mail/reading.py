"""What a mail in the inbox says of its page. Pure.

A mail may tell of an incident only on a page whose platform is `email`, which is the operator's word that mail is all
there is; anywhere else it is a sign that the page has news, and the page is polled. The headers that are kept with a
mail are ours, never the sender's.
"""

from __future__ import annotations

from dataclasses import replace

from statuswire.engine import readings
from statuswire.model import Document, Snapshot
from statuswire.platforms import email

PAGE_URL = "x-page-url"
IS_HINT = "x-is-hint"
AUTHENTICATION = "x-authentication"


def read_body(document: Document, platform: str, page_platform: str) -> Snapshot:
    """As `engine.readings.read_body`, for mail too. Raises ParseError."""
    if platform != email.NAME:
        return readings.read_body(document, platform, page_platform)
    snapshot = email.parse(replace(document, url=document.headers.get(PAGE_URL, "")))
    if page_platform == email.NAME and not document.headers.get(IS_HINT):
        return snapshot
    return replace(snapshot, incidents=(), problems=())
