"""incident.io as people see it: the page with the native shapes inside, in the stream of Next.js.

Shape from captured pages (checked 2026-11).
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from statuswire.platforms import incidentio
from tests.core.histories import Provider

from . import incidentio as native
from .base import PAGE_URL, Writer, start_page
from .markup import next_page

NATIVE = f"{PAGE_URL}/proxy/status.acme-relay.example"


def write(provider: Provider, _: str) -> bytes:
    """The page with the summary and every incident there ever was."""
    summary, listed = (
        msgspec.json.decode(native.write(provider, url) or b"") for url in (NATIVE, f"{NATIVE}/incidents")
    )
    drawn_at = {"isoDate": provider.now.isoformat(timespec="milliseconds")}
    return next_page("Acme Relay Status", {**summary, **listed, "initialNow": drawn_at})


WRITER = Writer(
    platform=replace(incidentio.PLATFORM, feeds=start_page),
    write=write,
    incident_id=native.incident_id,
    component_id=native.component_id,
    phase=native.phase,
)
