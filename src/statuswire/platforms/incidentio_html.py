"""incident.io's pages with their data inside: what a browser gets, and all there is for pages of several regions.

The pages are made with Next.js, which sends the data that a page was drawn from along with it (`next_stream`; captured
pages, checked 2026-11). The shapes inside are the native ones; `initialNow.isoDate` is when the page was drawn.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from statuswire.errors import ParseError, ParseReason
from statuswire.model import Document, Problem, Snapshot
from statuswire.platforms.incidentio_native import read_listed, read_rows, read_summary
from statuswire.platforms.incidentio_terms import NAME
from statuswire.platforms.next_stream import NextStream, seamless
from statuswire.platforms.reading import as_mapping, moment, text

_STREAM = b"__next_f"
_MARKS = ("ongoing_incidents", "affected_components")
_WANTED = (b'"ongoing_incidents"', b'"incidents"', b'"incident"', b'"initialNow"')


def is_page(body: bytes) -> bool:
    """True for a page with incident.io's data inside, by its bytes alone."""
    if _STREAM not in body:
        return False
    source = seamless(body.decode("latin-1"))
    return all(mark in source for mark in _MARKS)


def parse_page(document: Document) -> Snapshot:
    """What the data inside the page says. Raises ParseError where there is none."""
    stream = NextStream(document)
    summary: dict[str, object] = {}
    listed: list[object] = []
    drawn_at: datetime | None = None
    for node in stream.objects(_WANTED):
        if not summary and "ongoing_incidents" in as_mapping(node.get("summary")):
            summary = as_mapping(stream.plain(node["summary"]))
        if isinstance(node.get("incidents"), list):
            listed += as_list(stream.plain(node["incidents"]))
        if "updates" in as_mapping(node.get("incident")):
            listed.append(stream.plain(node["incident"]))
        drawn_at = drawn_at or moment(as_mapping(node.get("initialNow")).get("isoDate"))
    if not summary and not listed:
        raise ParseError(ParseReason.HTML, "an HTML page without incident.io's data inside")
    return replace(_with_history(summary, listed), as_of=drawn_at)


def as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _with_history(summary: dict[str, object], listed: list[object]) -> Snapshot:
    """The present state, and beside it what the page lists of the past."""
    present = read_summary(summary) if summary else Snapshot(platform=NAME)
    problems: list[Problem] = []
    url = text(summary.get("public_url"))
    past = read_listed.each(listed, "incidents", [], url, read_rows(summary, problems)).found
    known = {incident.id for incident in present.incidents}
    fresh = {incident.id: incident for incident in past if incident.id not in known}
    return replace(present, incidents=(*present.incidents, *fresh.values()))
