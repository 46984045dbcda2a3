"""OPML, as feed readers write it: outlines with `xmlUrl` and a title (http://opml.org/spec2.opml, read 2026-11)."""

from __future__ import annotations

from statuswire.elsewhere.listed import Listed
from statuswire.engine.clock import Clock
from statuswire.errors import ConfigError, ParseError
from statuswire.model import Document
from statuswire.platforms.loading_xml import load_xml


def read(text: str) -> list[Listed]:
    """Every outline that is a feed, however deep. Raises ConfigError."""
    try:
        root = load_xml(Document(text.encode(), Clock().now()))
    except ParseError as error:
        raise ConfigError("is no XML that can be read") from error
    if root.tag != "opml":
        raise ConfigError("is XML, but no OPML")
    feeds = (one for one in root.iter("outline") if one.get("xmlUrl"))
    return [Listed(one.get("title") or one.get("text") or "", one.get("xmlUrl") or "", is_page=False) for one in feeds]
