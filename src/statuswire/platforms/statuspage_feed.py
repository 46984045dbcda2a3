"""The history feeds of Atlassian Statuspage: `/history.atom` and `/history.rss` (shape checked 2026-11).

An entry is an incident or a maintenance with its whole story in one HTML body, newest update first:

    <p><small>May <var data-var='date'> 4</var>, <var data-var='time'>10:22</var> UTC</small><br>
       <strong>Identified</strong> - A bad deploy.</p>

A maintenance starts with `<p><strong>THIS IS A SCHEDULED EVENT May 9, 22:00 - 23:30 UTC</strong></p>`. There are no
update ids, components or impact, times are whole minutes without a year, and `Update` means "as before". The incident's
code stands in the link; the Atom id is another number, kept as an alias. The feed's own date moves without any change,
and the list is cut at about 25 entries: it covers nothing and has no `as_of`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from statuswire.model import Document, Impact, Incident, IncidentUpdate, Kind, PageFacts, Phase, Problem, Snapshot
from statuswire.platforms.feeds import Entry, FeedDocument, read_feed
from statuswire.platforms.markup import MarkedUpdate, scheduled_window, split_updates
from statuswire.platforms.reading import html_text, moment, normalise_url
from statuswire.platforms.remembering import remembered
from statuswire.platforms.statuspage_terms import MAINTENANCE_PHASES, read_phase

ATOM_ID = re.compile(r"tag:[^,]*,2005:(?:[A-Za-z]+::)?(?:Incident|ScheduledMaintenance)/\d+")
INCIDENT_LINK = re.compile(r"/incidents/([0-9A-Za-z_-]{1,64})/?(?:[?#].*)?$")
OWN_LINK = re.compile(r"/incidents/[0-9a-z]{12}/?$")
SCHEDULED_MARK = "THIS IS A SCHEDULED EVENT"
TITLE_TAIL = re.compile(r"\s*(?:Status)?\s*-\s*Incident History\s*$")
END_DATE_FIELD = "maintenanceEndDate"


def read_history(document: Document) -> Snapshot:
    """The Snapshot of an Atom or RSS history; raises ParseError where it is no feed."""
    feed = read_feed(document)
    problems = list(feed.problems)
    zone = document.time_zone
    incidents = (
        _incident(entry, f"entries[{index}]", problems, _near(entry, document), zone)
        for index, entry in enumerate(feed.entries)
    )
    return Snapshot(
        platform="statuspage",
        page=PageFacts(name=_page_name(feed.title), url=feed.link.rstrip("/") or None),
        incidents=tuple(incident for incident in incidents if incident is not None),
        problems=tuple(problems),
        generator=feed.generator,
    )


def is_history(feed: FeedDocument) -> bool:
    """Whether a feed is Statuspage's: by the ids of its entries or the markup under their codes.

    A feed without entries is only told by an Atom id or self link of the one known form; its RSS twin says nothing
    that imitators do not say too.
    """
    if "incident.io" in feed.generator.lower():
        return False
    if feed.entries:
        return any(_is_own(entry) for entry in feed.entries[:5])
    return feed.self_link.endswith("/history.atom") and TITLE_TAIL.search(feed.title) is not None


def _is_own(entry: Entry) -> bool:
    if ATOM_ID.fullmatch(entry.id):
        return True
    is_marked = SCHEDULED_MARK in entry.html or bool(split_updates(entry.html, entry.published))
    return is_marked and OWN_LINK.search(entry.link or entry.id) is not None


def _page_name(title: str) -> str | None:
    """`Acme Status - Incident History` is the history of `Acme`."""
    return TITLE_TAIL.sub("", title).strip() or None


@remembered
def _incident(entry: Entry, where: str, problems: list[Problem], near: datetime, zone: str | None) -> Incident | None:
    incident_id, aliases = _identity(entry)
    if not incident_id:
        problems.append(Problem(where, "an entry without link and id"))
        return None
    is_planned = _is_planned(entry)
    updates = _updates(entry, split_updates(entry.html, near, zone), where, problems)
    phase = updates[-1].phase if updates else None
    begins, ends = _window(entry, near, zone) if is_planned else (None, None)
    is_maintenance = is_planned or any(update.phase in MAINTENANCE_PHASES for update in updates)
    return Incident(
        id=incident_id,
        title=entry.title,
        kind=Kind.MAINTENANCE if is_maintenance else Kind.INCIDENT,
        phase=phase,
        impact=Impact.UNKNOWN,
        url=entry.link,
        updated_at=entry.updated,
        scheduled_for=begins,
        scheduled_until=ends,
        updates=updates,
        aliases=aliases,
        raw_phase=next((update.raw_phase for update in reversed(updates) if update.phase is phase), ""),
    )


def _identity(entry: Entry) -> tuple[str, tuple[str, ...]]:
    """The code in the link, else the link, else the entry's id; the others are aliases."""
    found = INCIDENT_LINK.search(entry.link) or INCIDENT_LINK.search(entry.id)
    link = normalise_url(entry.link) if entry.link else ""
    own_id = found.group(1) if found else link or entry.id
    others = dict.fromkeys(name for name in (link, entry.id if ATOM_ID.fullmatch(entry.id) else "") if name)
    return own_id, tuple(name for name in others if name != own_id)


def _is_planned(entry: Entry) -> bool:
    return SCHEDULED_MARK in entry.html or END_DATE_FIELD in entry.extra


def _near(entry: Entry, document: Document) -> datetime:
    """A moment near the newest update, from which its missing year follows.

    `published` is that of the newest update, but for a maintenance its planned start, which lies up to months ahead.
    """
    dates = (entry.updated, entry.published) if _is_planned(entry) else (entry.published, entry.updated)
    near = next((date for date in dates if date is not None), document.received_at)
    return min(near, document.received_at)


def _window(entry: Entry, near: datetime, zone: str | None) -> tuple[datetime | None, datetime | None]:
    """Start and end of a maintenance: RSS gives both as dates, Atom the end only in words."""
    begins, ends = scheduled_window(entry.html, entry.published or near, zone)
    return entry.published or begins, moment(entry.extra.get(END_DATE_FIELD), zone) or ends


def _updates(
    entry: Entry, marked: Sequence[MarkedUpdate], where: str, problems: list[Problem]
) -> tuple[IncidentUpdate, ...]:
    """Oldest first; a body in another markup is one update of the entry's own date."""
    told = [update for update in marked if not update.label.startswith(SCHEDULED_MARK)]
    if not told:
        body = html_text(entry.html)
        raw = entry.html if entry.html != body else ""
        return (IncidentUpdate("", None, body, entry.published, raw=raw),) if body else ()
    updates: list[IncidentUpdate] = []
    phase: Phase | None = None
    for index, update in enumerate(told):
        phase = read_phase(update.label, f"{where}.updates[{index}]", problems) or phase
        raw = update.raw if update.raw != update.text else ""
        updates.append(IncidentUpdate("", phase, update.text, update.at, raw=raw, raw_phase=update.label))
    return tuple(updates)
