"""A page of unknown make, read for its components alone: JSON-LD of schema.org, microdata, or a word beside a name.

Shapes from <https://schema.org> and pages of several products (checked 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from html import escape

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms import html
from tests.core.histories import Provider

from .base import Writer
from .sayings import part_name

WORDS = {
    Status.OPERATIONAL: "Operational",
    Status.DEGRADED: "Degraded Performance",
    Status.PARTIAL_OUTAGE: "Partial Outage",
    Status.MAJOR_OUTAGE: "Major Outage",
}


def write(body: Callable[[Provider], str], provider: Provider, _: str) -> bytes:
    """The page around what one way of writing puts into its body."""
    head = "<!DOCTYPE html><html><head><title>Acme Relay Status</title></head>"
    return f"{head}<body><h1>Status</h1>{body(provider)}</body></html>".encode()


def linked(provider: Provider) -> str:
    """Objects of JSON-LD with ids of their own."""
    rows = [
        {"@type": "Service", "@id": one.id, "name": one.name, "serviceStatus": WORDS[one.status]}
        for one in provider.components.values()
    ]
    graph = msgspec.json.encode({"@context": "https://schema.org", "@graph": rows}).decode()
    return f'<script type="application/ld+json">{graph}</script>'


def microdata(provider: Provider) -> str:
    return "".join(
        f'<div itemscope itemtype="https://schema.org/Service" itemid="{one.id}">'
        f'<b itemprop="name">{escape(one.name)}</b><meta itemprop="serviceStatus" content="{WORDS[one.status]}"></div>'
        for one in provider.components.values()
    )


def texts(provider: Provider) -> str:
    """A list of names, each with a word beside it."""
    return f'<div class="list">{"".join(map(_row, provider.components.values()))}</div>'


def attributes(provider: Provider) -> str:
    """A table of names, each with a picture that has a title."""
    rows = (
        f'<tr><td>{escape(one.name)}</td><td><img src="x.png" alt="{WORDS[one.status]}"></td></tr>'
        for one in provider.components.values()
    )
    return f"<table>{''.join(rows)}</table>"


def _row(one: Component) -> str:
    return f'<div class="row"><span class="name">{escape(one.name)}</span> <span>{WORDS[one.status]}</span></div>'


def with_id(number: int) -> str:
    return f"#{number}"


def _writer(body: Callable[[Provider], str], *, has_ids: bool) -> Writer:
    return Writer(
        platform=html.PLATFORM,
        write=partial(write, body),
        component_id=with_id if has_ids else part_name,
        has_renaming=has_ids,
        has_incidents=False,
    )


WRITERS = (
    _writer(linked, has_ids=True),
    _writer(microdata, has_ids=True),
    _writer(texts, has_ids=False),
    _writer(attributes, has_ids=False),
)
