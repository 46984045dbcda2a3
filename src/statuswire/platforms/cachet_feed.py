"""The feeds of Cachet: `/rss` (versions 2 and 3), `/atom` and `/atom/<group>` (version 2); checked 2026-11.

One entry for each incident, by the time of its creation. Only version 3 says where it stands, as `[Fixed] Title`, in
the site's language. The guid of version 3 is a digest of the content and new with every update: the link names the
incident. Nothing is covered, and the dates of the feed itself are those of the request.
"""

from __future__ import annotations

import re
from typing import Final

from statuswire.model import Document, Incident, IncidentUpdate, PageFacts, Phase, Snapshot
from statuswire.platforms.cachet_terms import NAME
from statuswire.platforms.feed_titles import read_heading
from statuswire.platforms.feeds import Entry, read_feed
from statuswire.platforms.reading import has_markup, html_text, normalise_url, url_path_tail
from statuswire.platforms.remembering import known_again

_INCIDENT: Final = re.compile(r"(?:\d{1,18}|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})")
_NAME_ENDINGS: Final = (" RSS Feed", " Atom Feed")


def read(document: Document) -> Snapshot:
    """The Snapshot of a feed; raises ParseError where it is none."""
    feed = read_feed(document)
    name = feed.title
    for ending in _NAME_ENDINGS:
        name = name.removesuffix(ending)
    incidents = (_incident(entry) for entry in feed.entries)
    return Snapshot(
        platform=NAME,
        page=PageFacts(name=name.strip() or None),
        incidents=tuple(incidents),
        problems=feed.problems,
        generator=feed.generator,
    )


@known_again
def _incident(entry: Entry) -> Incident:
    heading = read_heading(entry.title)
    body = html_text(entry.html)
    link = normalise_url(entry.link) if entry.link else ""
    own_id = url_path_tail(entry.link).lower()
    names = (own_id if _INCIDENT.fullmatch(own_id) else "", link, "" if link else entry.id)
    known = tuple(dict.fromkeys(name for name in names if name))
    raw = entry.html if has_markup(entry.html) else ""
    return Incident(
        id=known[0],
        title=heading.title or entry.title,
        phase=heading.phase,
        url=entry.link,
        created_at=entry.published,
        started_at=entry.published,
        resolved_at=entry.updated if heading.phase is Phase.RESOLVED else None,
        updates=(IncidentUpdate("", None, body, entry.published, raw=raw),) if body else (),
        aliases=known[1:],
        raw_phase=heading.raw,
    )
