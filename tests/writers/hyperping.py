"""Hyperping: one document with the state of the page, or in older ones of its services. There are no incidents.

Shapes from a captured document and a working client (checked 2026-11).
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from statuswire.model import Status
from statuswire.platforms import hyperping
from tests.core.histories import Provider

from .base import PAGE_URL, Writer

PAGE_LEVELS = {Status.OPERATIONAL: "up", Status.PARTIAL_OUTAGE: "incident", Status.MAJOR_OUTAGE: "outage"}
LEVELS = {Status.OPERATIONAL: "up", Status.MAJOR_OUTAGE: "down"}


def write(provider: Provider, url: str) -> bytes | None:
    """The document with every service, the page named as its one part where there is but that."""
    services = [
        {"url": one.id, "name": one.name, "uptime": "99.2", "status": word, "indicator": word}
        for one in provider.components.values()
        if (word := LEVELS[one.status])
    ]
    worst = "incident" if any(one["status"] == "down" for one in services) else "up"
    body = {"name": "Acme Relay", "url": PAGE_URL, "status": worst, "indicator": worst, "services": services}
    return msgspec.json.encode(body)


def write_page(provider: Provider, url: str) -> bytes | None:
    """The document of today: the roll-up and a number."""
    (page,) = provider.components.values()
    return msgspec.json.encode({"indicator": PAGE_LEVELS[page.status], "uptime": "99.912%"})


def component_id(number: int) -> str:
    """Services are told apart by their addresses."""
    return f"https://part-{number}.acme-relay.example"


def the_page(number: int) -> str:
    return "page"


OLDER = Writer(
    platform=hyperping.PLATFORM,
    write=write,
    component_id=component_id,
    levels=tuple(LEVELS),
    has_incidents=False,
)
WRITERS = (
    OLDER,
    replace(
        OLDER,
        write=write_page,
        component_id=the_page,
        component_name="status.acme-relay.example",
        parts=1,
        levels=tuple(PAGE_LEVELS),
        has_renaming=False,
    ),
)
