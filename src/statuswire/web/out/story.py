"""An incident or maintenance as an entry of a feed: the same in Atom and in JSON.

The content is HTML that feed readers show and that programs can take apart: what is touched and when it is planned,
then every update, the newest first, in the markup that Statuspage's feeds made common. What providers wrote is cleaned
as in the dashboard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape
from urllib.parse import quote

from statuswire.channels import wording
from statuswire.engine.overview import last_update_at
from statuswire.model import KnownIncident, KnownUpdate, PageRef, Phase
from statuswire.store import queries
from statuswire.web import paths
from statuswire.web.face.quoting import quoted
from statuswire.web.face.words import safe_url

TAG = "tag:statuswire,2026:"
"""Ids begin so (RFC 4151) and go on with our own name of the page and the provider's id of the incident: an entry is
the same for ever, whatever our address."""

NO_WORDS = "The provider has said no more of it."


@dataclass(frozen=True, slots=True)
class Story:
    """`url` is where we show it, `via` the provider's own page of it (empty: none). `tags` are kind, impact, phase and
    page."""

    id: str
    title: str
    url: str
    via: str
    published: datetime
    updated: datetime
    html: str
    tags: tuple[str, ...]
    author: str
    author_url: str


def story_of(page: PageRef, incident: KnownIncident, base: str, *, is_named: bool) -> Story:
    """`base` is our address. `is_named`: the title names the page, as in a feed of several."""
    title = incident.title or "Without a title"
    return Story(
        id=f"{TAG}{quote(page.slug, safe='')}/{quote(incident.id, safe='')}",
        title=f"{page.name}: {title}" if is_named else title,
        url=f"{base}{paths.incident_path(page.slug, incident.id)}",
        via=safe_url(incident.url),
        published=_published(incident),
        updated=changed_at(incident),
        html="\n".join(_content(incident)),
        tags=(incident.kind.value, incident.impact.value, incident.phase.value, page.slug),
        author=page.name,
        author_url=safe_url(page.url),
    )


def changed_at(incident: KnownIncident) -> datetime:
    """When anything of it last changed, as far as anybody said."""
    edits = [update.updated_at for update in incident.updates]
    told = [last_update_at(incident), incident.updated_at, incident.resolved_at, *edits]
    return max(one for one in told if one is not None)


def _published(incident: KnownIncident) -> datetime:
    """When it was announced; for a maintenance that is before it begins."""
    first = incident.updates[0].at if incident.updates else None
    given = (incident.created_at, incident.started_at, first, incident.first_seen_at)
    return min((one for one in given if one is not None), default=queries.begun_at(incident))


def _content(incident: KnownIncident) -> Iterator[str]:
    if incident.components:
        rows = "".join(
            f"<li>{escape(f'{one.group} / {one.name}' if one.group else one.name)}"
            f" ({wording.STATUS_WORDS[one.status]})</li>"
            for one in incident.components
        )
        yield f"<p><strong>Affected components</strong></p><ul>{rows}</ul>"
    if incident.scheduled_for is not None and incident.scheduled_until is not None:
        yield f"<p>THIS IS A SCHEDULED EVENT {_plain(incident.scheduled_for)} - {_stamp(incident.scheduled_until)}</p>"
    elif incident.scheduled_for is not None:
        yield f"<p>Scheduled for {_stamp(incident.scheduled_for)}</p>"
    end = _silent_end(incident)
    if end is not None:
        yield _said(end, wording.PHASE_WORDS[incident.phase], f"<p>{NO_WORDS}</p>")
    for update in reversed(incident.updates):
        yield _said(update.at, _label(update), str(quoted(update.text, _harmless(update.raw))))


def _silent_end(incident: KnownIncident) -> datetime | None:
    """When a phase began of which no update tells; None where one does."""
    told = next((one.phase for one in reversed(incident.updates) if one.phase is not None), None)
    if incident.phase in (told, Phase.UNKNOWN):
        return None
    return max(incident.resolved_at or incident.moment.as_of, last_update_at(incident) + timedelta(seconds=1))


def _said(at: datetime, label: str, words: str) -> str:
    return f"<p><small>{_stamp(at)}</small><br><strong>{label}</strong></p>{words}"


def _label(update: KnownUpdate) -> str:
    return wording.PHASE_WORDS[update.phase or Phase.UNKNOWN]


def _harmless(raw: str) -> str:
    """The provider's markup, unless it looks like a heading of ours: nobody writes updates in our name."""
    return "" if "<small" in raw.lower() else raw


def _stamp(moment: datetime) -> str:
    return f"{_plain(moment)} UTC"


def _plain(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
