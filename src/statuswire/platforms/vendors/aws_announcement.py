"""`/public/announcement` of AWS Health: the banner above its page.

    {"description": null}          {"description": "<p>We are aware of ...</p>"}

Known from working clients that ask whether `description` says something; checked 2026-11. It has neither id nor time:
its first line names it, so that a corrected text is an edit and another headline another announcement. It is a note and
no trouble by itself; what is wrong stands in the events. It is over when it is gone.
"""

from __future__ import annotations

from statuswire.fingerprint import digest
from statuswire.model import Cover, Impact, Incident, IncidentUpdate, PageFacts, Phase, Snapshot
from statuswire.platforms.reading import as_mapping, plain, text, title
from statuswire.platforms.vendors.aws_terms import NAME, PAGE_NAME, PAGE_URL

BEGINNING = "announcement/"
"""Of the ids of announcements, which the list of events does not cover."""

_TEXT_ID = "text"


def is_announcement(loaded: object) -> bool:
    """The one field that it has, and none of an event."""
    fields = as_mapping(loaded)
    return "description" in fields and not fields.keys() & {"service", "current", "archive", "event_log"}


def read_announcement(loaded: object) -> Snapshot:
    """The announcement, if there is one: it is all that there is."""
    said, raw = plain(text(as_mapping(loaded).get("description")))
    headline = title(said.partition("\n")[0], 200)
    incident = Incident(
        id=f"{BEGINNING}{digest(NAME, headline)[:16]}",
        title=headline,
        phase=Phase.INVESTIGATING,
        impact=Impact.NONE,
        url=PAGE_URL,
        updates=(IncidentUpdate(_TEXT_ID, Phase.INVESTIGATING, said, None, raw=raw),),
    )
    return Snapshot(
        NAME,
        page=PageFacts(name=PAGE_NAME, url=PAGE_URL),
        covers=frozenset({Cover.OPEN_INCIDENTS}),
        incidents=(incident,) if headline else (),
        within=BEGINNING,
    )
