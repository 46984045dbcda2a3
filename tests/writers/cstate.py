"""cState: the index with what goes on, the list of all issues, the text of each, and the feed.

The documents are files of one site, built anew with every change. What is open and names no system stands in no index;
the texts of what ended long ago are not fetched, and none has a stamp by which a correction could be told from a late
copy. Nothing is reopened: a list may tell it before a text has told of the end before. The feed is the reserve.

Shapes from the vendor's source (checked 2026-11).
"""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from html import escape

import msgspec

from statuswire.model import Component, Impact, Status
from statuswire.platforms import cstate
from tests.core.histories import Provider, TrueIncident, TrueUpdate

from .base import PAGE_URL, Writer
from .markup import in_order

LEVELS = {
    Status.OPERATIONAL: "ok",
    Status.DEGRADED: "notice",
    Status.PARTIAL_OUTAGE: "disrupted",
    Status.MAJOR_OUTAGE: "down",
}
IMPACTS = {Impact.MINOR: "notice", Impact.MAJOR: "disrupted", Impact.CRITICAL: "down"}


def write(provider: Provider, url: str) -> bytes | None:
    """One of the files."""
    path = url.removeprefix(PAGE_URL)
    if path == "/index.json":
        return msgspec.json.encode(_index(provider))
    if path == "/issues/index.json":
        pages = [_issue(provider, one) for one in reversed(provider.alive())]
        return msgspec.json.encode({"is": "issues", "title": "Acme Relay", "baseURL": f"{PAGE_URL}/", "pages": pages})
    if path == "/index.xml":
        return _rss(provider).encode()
    for one in provider.alive():
        if url == f"{_link(one)}index.json":
            return msgspec.json.encode({**_issue(provider, one), "body": _body(one)})
    return None


def incident_id(one: TrueIncident) -> str:
    """The permalink, without what is the same of all."""
    return _link(one).removesuffix("/")


def component_id(number: int) -> str:
    return f"Core/Part {number}"


def _link(one: TrueIncident) -> str:
    return f"{PAGE_URL}/issues/{one.id}/"


def _index(provider: Provider) -> dict[str, object]:
    worst = max((one.status for one in provider.components.values()), key=list(LEVELS).index)
    built = provider.now
    return {
        "is": "index",
        "cStateVersion": "6.0",
        "apiVersion": "2.0",
        "title": "Acme Relay",
        "baseURL": f"{PAGE_URL}/",
        "summaryStatus": LEVELS[worst],
        "categories": [{"name": "Core", "hideTitle": False, "closedByDefault": False}],
        "pinnedIssues": [],
        "systems": [_system(provider, one) for one in provider.components.values()],
        "buildDate": f"{built:%Y-%m-%d}",
        "buildTime": f"{built:%H:%M:%S}",
        "buildTimezone": "UTC",
    }


def _system(provider: Provider, one: Component) -> dict[str, object]:
    shown = [issue for issue in provider.alive() if issue.is_open and one.id in issue.components]
    return {
        "name": one.name,
        "description": "",
        "category": "Core",
        "status": LEVELS[one.status],
        "unresolvedIssues": [_issue(provider, issue) for issue in shown],
    }


def _issue(provider: Provider, one: TrueIncident) -> dict[str, object]:
    return {
        "is": "issue",
        "title": one.title,
        "createdAt": _stamp(one.created_at),
        "lastMod": _stamp(one.updated_at),
        "permalink": _link(one),
        "severity": IMPACTS.get(one.impact, "notice"),
        "resolved": not one.is_open,
        "informational": False,
        "resolvedAt": "<no value>" if one.is_open else _stamp(_ended(one)),
        "affected": [provider.components[id_].name for id_ in one.components],
        "filename": f"{one.id}.md",
    }


def _ended(one: TrueIncident) -> datetime:
    """The first message of the end, since it was last open."""
    ended: datetime | None = None
    for update in in_order(one):
        ended = (ended or update.at) if update.phase.is_closed else None
    return ended or one.updated_at


def _body(one: TrueIncident) -> str:
    return "".join(_paragraph(update) for update in reversed(in_order(one)))


def _paragraph(update: TrueUpdate) -> str:
    label, text = update.phase.value.capitalize(), escape(update.text).replace("\n", "<br />")
    at = f"{update.at:%H:%M} — {update.at:%b} {update.at.day}"
    return f'<p><em>{label}</em> - {text} <span class="faded">({at})</span></p>\n'


def _rss(provider: Provider) -> str:
    items = "".join(_item(one) for one in reversed(provider.alive()))
    return (
        '<?xml version="1.0" encoding="utf-8" standalone="yes"?><rss version="2.0"><channel><title>Acme Relay</title>'
        f"<link>{PAGE_URL}/</link><description>Incident history</description><generator>github.com/cstate</generator>"
        f"<lastBuildDate>{format_datetime(provider.now)}</lastBuildDate>{items}</channel></rss>"
    )


def _item(one: TrueIncident) -> str:
    """A resolved one has a word before its title, and the moment as its category."""
    mark, ended = ("", "&lt;no value&gt;") if one.is_open else ("[Resolved] ", _stamp(_ended(one)))
    return (
        f"<item><title>{mark}{escape(one.title)}</title><link>{_link(one)}</link>"
        f"<pubDate>{format_datetime(one.created_at)}</pubDate><guid>{_link(one)}</guid><category>{ended}</category>"
        f"<description>{escape(_body(one))}</description></item>"
    )


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} +0000 UTC"


JSON = Writer(
    platform=cstate.PLATFORM,
    write=lambda provider, url: None if url.endswith(".xml") else write(provider, url),
    incident_id=incident_id,
    component_id=component_id,
    most_incidents=10,
    has_unplaced=False,
    has_backfilling=False,
    has_reopening=False,
    has_maintenances=False,
    has_edits=False,
    has_renaming=False,
)
FEED = Writer(
    platform=cstate.PLATFORM,
    write=write,
    incident_id=incident_id,
    page_url=f"{PAGE_URL}/index.xml",
    has_maintenances=False,
    shows_deletions=False,
    shows_components=False,
)
WRITERS = (JSON, FEED)
