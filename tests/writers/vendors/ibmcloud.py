"""IBM Cloud's feed of notifications: an item for each update, whose facts stand as labelled lines at its end.

Shape as its documentation and clients have it (checked 2026-11): announcements stand between the incidents; the end of
an incident is a label, that of a maintenance a mark of the title; a maintenance has begun when its time has come.
"""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime
from html import escape

from statuswire.model import Kind, Phase, Status
from statuswire.platforms.vendors import ibmcloud
from tests.core.histories import Provider, TrueIncident, TrueUpdate
from tests.core.memory import START
from tests.writers.base import Writer
from tests.writers.markup import in_order
from tests.writers.sayings import begun_by_place, hit_at, number, paragraphs

AHEAD = timedelta(days=30)
MARKS = {Phase.RESOLVED: "RESOLVED: ", Phase.COMPLETED: "COMPLETED: ", Phase.CANCELLED: "CANCELLED: "}
LEVELS = {Kind.INCIDENT: Status.DEGRADED, Kind.MAINTENANCE: Status.OPERATIONAL}


def component_id(number: int) -> str:
    """A resource in a region."""
    return f"is.part{number}/eu-de"


def write(provider: Provider, url: str) -> bytes | None:
    """All that there ever was, the newest item first, and an announcement."""
    told = [(update, one) for one in provider.alive() for update in in_order(one)]
    told.sort(key=lambda pair: pair[0].at, reverse=True)
    items = "".join(_item(one, update) for update, one in told) + _announcement()
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>IBM Cloud Status</title>'
        f"<link>{ibmcloud.PAGE_URL}</link><description>Notifications</description>{items}</channel></rss>"
    ).encode()


def incident_id(one: TrueIncident) -> str:
    return f"{'CHG' if one.kind is Kind.MAINTENANCE else 'INC'}{number(one):07}"


def phase(phase: Phase, number: int) -> Phase:
    return phase if phase is Phase.CANCELLED else begun_by_place(phase, number)


def _item(one: TrueIncident, update: TrueUpdate) -> str:
    begins = one.created_at + AHEAD if update.phase is Phase.SCHEDULED else one.created_at
    labels = {
        "ID": incident_id(one),
        "Type": one.kind.value,
        "Regions": "eu-de",
        "Resources": ", ".join(part.partition("/")[0] for part in one.components),
        "Outage Start": f"{begins:%Y-%m-%dT%H:%M:%SZ}",
        "Outage End": f"{update.at:%Y-%m-%dT%H:%M:%SZ}" if update.phase.is_closed else "",
        "Update Time": f"{update.at:%Y-%m-%dT%H:%M:%SZ}",
    }
    body = paragraphs(update.text) + " " + " <br/> ".join(f"{name}: {value}" for name, value in labels.items())
    return (
        f"<item><title>{MARKS.get(update.phase, '')}{one.title}</title>"
        f"<link>{ibmcloud.PAGE_URL}?selected=current</link>"
        f"<guid>{incident_id(one)}-{update.token}</guid><pubDate>{format_datetime(update.at)}</pubDate>"
        f"<description>{escape(body)}</description></item>"
    )


def _announcement() -> str:
    at = START - timedelta(days=1)
    body = f"<p>A new region.</p> ID: ANN1 <br/> Type: announcement <br/> Update Time: {at:%Y-%m-%dT%H:%M:%SZ}"
    return (
        f"<item><title>News</title><link>{ibmcloud.PAGE_URL}?selected=announcement</link><guid>ANN1-1</guid>"
        f"<pubDate>{format_datetime(at)}</pubDate><description>{escape(body)}</description></item>"
    )


WRITER = Writer(
    platform=ibmcloud.PLATFORM,
    write=write,
    incident_id=incident_id,
    component_id=component_id,
    phase=phase,
    page_url=ibmcloud.PAGE_URL,
    level=hit_at(LEVELS),
    shows_deletions=False,
    shows_components=False,
    shows_troubled=True,
)
