"""Honeybadger: the page for people with a coloured site each, and a feed of incidents.

The page's shape from a public client (checked 2026-11); the feed is read as any maker's, and so it is written as one.
"""

from __future__ import annotations

from html import escape

from statuswire.model import Component, Status
from statuswire.platforms import honeybadger
from tests.core.histories import Provider

from .base import PAGE_URL, Writer
from .plain_feeds import ATOM

LEVELS = {Status.OPERATIONAL: "up", Status.DEGRADED: "degraded", Status.MAJOR_OUTAGE: "down"}


def write(provider: Provider, url: str) -> bytes | None:
    """The page or its feed."""
    if url == f"{PAGE_URL}{honeybadger.ATOM}":
        return ATOM.write(provider, url)
    head = "<!DOCTYPE html><html><head><title>Acme Relay</title></head>"
    sites = "".join(map(_site, provider.components.values()))
    return f"{head}<body><h1>Acme Relay</h1>{sites}</body></html>".encode()


def component_id(number: int) -> str:
    return f"a{1 + number}"


def _site(one: Component) -> str:
    return (
        f'<div class="site"><div class="color-bar-{LEVELS[one.status]} wide"></div>'
        f'<a href="/sites/{one.id}">{escape(one.name)}</a><span>99.9%</span></div>'
    )


WRITER = Writer(
    platform=honeybadger.PLATFORM,
    write=write,
    incident_id=ATOM.incident_id,
    component_id=component_id,
    levels=tuple(LEVELS),
    shows_deletions=False,
)
