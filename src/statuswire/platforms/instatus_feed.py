"""The history of an Instatus page as Atom and RSS: one entry for each incident or maintenance, with all its updates.

    <p><strong>Type:</strong> Incident</p><p><strong>Duration:</strong> 4 hours and 31 minutes</p>
    <p><strong>Affected Components:</strong> API, Web</p>
    <p><small>May <var data-var='date'> 4</var>, <var data-var='time'>10:22:31</var> GMT+0</small><br />
       <strong>Identified</strong> - A bad deploy..</p>

The Atom id is `tag:<host>,2005:Incident/<id>` or `.../Maintenance/<id>`, the link ends in the same id. `published` is
the start, of a maintenance the planned one, which may lie ahead of `updated`. Updates have neither ids nor years, may
stand in any order, and gain a full stop. Names of components are joined by commas, so that names with a comma come
apart. There is no impact, and an entry that falls off the end has not ended. Checked 2026-11.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from statuswire.model import Document, Incident, IncidentUpdate, Kind, Snapshot
from statuswire.platforms.feed_incidents import feed_snapshot
from statuswire.platforms.feeds import Entry, FeedDocument, read_feed
from statuswire.platforms.instatus_terms import CUID, NAME, id_in_link, made_at
from statuswire.platforms.remembering import known_again

_TAG: Final = re.compile(rf"tag:[^,]*,2005:(Incident|Maintenance)/({CUID.pattern})")
_LINK: Final = re.compile(rf"/(?:incident|maintenance)/{CUID.pattern}/?(?:[?#].*)?$")


def is_our_feed(feed: FeedDocument) -> bool:
    """Whether an entry has their id, or their link."""
    return any(_TAG.fullmatch(entry.id) or _LINK.search(entry.link) for entry in feed.entries[:5])


def read_our_feed(document: Document) -> Snapshot:
    """The Snapshot of the feed, which covers nothing. Raises ParseError."""
    feed = read_feed(document)
    entries = tuple(map(_with_own_id, feed.entries))
    snapshot = feed_snapshot(NAME, replace(feed, entries=entries), document)
    return replace(snapshot, incidents=tuple(map(_finished, snapshot.incidents)))


@known_again
def _with_own_id(entry: Entry) -> Entry:
    return replace(entry, id=_own_id(entry))


def _own_id(entry: Entry) -> str:
    tag = _TAG.fullmatch(entry.id)
    return tag[2] if tag else id_in_link(entry.link) or id_in_link(entry.id) or entry.id


@known_again
def _finished(incident: Incident) -> Incident:
    """With the creation time that the id holds where the entry shows nothing that has come yet."""
    is_planned = incident.kind is Kind.MAINTENANCE
    return replace(
        incident,
        created_at=incident.created_at or (made_at(incident.id) if is_planned else None),
        updates=tuple(map(_as_written, incident.updates)),
    )


def _as_written(update: IncidentUpdate) -> IncidentUpdate:
    """The full stop that the feed adds is taken off where the text had one of its own."""
    return replace(update, text=update.text[:-1]) if update.text.endswith("..") else update
