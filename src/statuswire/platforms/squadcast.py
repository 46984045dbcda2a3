"""Squadcast's status pages: webhooks of visitors, whose shape is not published.

Support.squadcast.com ("Status Page", checked 2026-11) offers visitors mail and webhooks, and no feed and no JSON. Any
incident in a body is read as the generic reader reads it. The states of a page have names of the owner's own: a word
that no table knows is unknown and kept.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, FeedSpec, Snapshot
from statuswire.platforms import generic
from statuswire.platforms.base import Confidence, Coverage, Platform
from statuswire.platforms.reading import load_json

NAME: Final = "squadcast"


def feeds(page_url: str, page_id: str | None = None) -> tuple[FeedSpec, ...]:
    """None: there is nothing to poll."""
    return ()


def parse_hook(document: Document) -> Snapshot:
    """Any incident in the body. Raises ParseError where there is none."""
    value = load_json(document)
    if not isinstance(value, dict):
        raise ParseError(ParseReason.SHAPE, "no object: not a webhook of Squadcast")
    return replace(generic.read(value, NAME), covers=frozenset())


PLATFORM: Final = Platform(
    name=NAME,
    title="Squadcast",
    feeds=feeds,
    parse=parse_hook,
    parse_hook=parse_hook,
    coverage=Coverage(
        incidents=True,
        updates=True,
        identity="the id in the hook, whatever it is called",
        confidence=Confidence.LOW,
    ),
)
