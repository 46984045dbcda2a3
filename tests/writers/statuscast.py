"""StatusCast: roll-up, open incidents, the feed of posts and hooks; on Fastly's page lists of components and incidents.

Times in JSON have no zone. The feed says neither phases nor kinds. Shapes from the vendor's help on webhooks and
captured documents (checked 2026-11).
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from email.utils import format_datetime
from functools import partial
from html import escape

import msgspec

from statuswire.model import Component, Kind, Phase, Status
from statuswire.platforms import statuscast
from tests.core.histories import Provider, TrueIncident, TrueUpdate, What

from .base import Writer
from .markup import in_order, window

HOME = "https://acme-relay.status.page"
FASTLY = "https://www.fastlystatus.com"
PACIFIC = timezone(timedelta(hours=-7))
LEVELS = {
    Status.OPERATIONAL: "Available",
    Status.DEGRADED: "Degraded",
    Status.PARTIAL_OUTAGE: "PartialOutage",
    Status.MAJOR_OUTAGE: "Unavailable",
}
WORDS = {
    Phase.INVESTIGATING: "InProgress",
    Phase.IDENTIFIED: "Identified",
    Phase.MONITORING: "Monitoring",
    Phase.RESOLVED: "Resolved",
    Phase.SCHEDULED: "Future",
    Phase.IN_PROGRESS: "InProgress",
    Phase.COMPLETED: "Closed",
    Phase.CANCELLED: "Cancelled",
}
NEAREST = {Phase.VERIFYING: Phase.IN_PROGRESS, Phase.POSTMORTEM: Phase.RESOLVED}
TYPES = {Kind.INCIDENT: "ServiceUnavailable", Kind.MAINTENANCE: "ScheduledMaintenance"}


def write(provider: Provider, url: str) -> bytes | None:
    """The document at one of the addresses; the page for people is written elsewhere."""
    path = url.removeprefix(HOME).removeprefix(FASTLY)
    if path == "/rss":
        return _posts(provider).encode()
    if path in _JSON:
        return msgspec.json.encode(_JSON[path](provider))
    return None


def hook(provider: Provider, what: What) -> bytes | None:
    """An incident with all its posts, and the levels of what it affects."""
    if isinstance(what, str) or what.is_deleted:
        return None
    affected = [provider.components[id_] for id_ in what.components]
    body = {
        **_incident(what),
        "DateCreated": _stamp(what.created_at),
        "EndDate": None if what.is_open else _stamp(what.updates[-1].at),
        "EstimatedDurationMinutes": 0,
        "ExternalId": "",
        "CurrentComponentStatus": [_level(one) for one in affected],
        "PreviousComponentStatus": [],
        "AffectedComponents": [
            {"ComponentId": int(one.id), "ComponentName": one.name, "DirectlyEffected": True} for one in affected
        ],
        "Posts": [_post(update) for update in reversed(in_order(what))],
        "CustomFieldList": [],
        "Groups": [],
    }
    return msgspec.json.encode(body)


def incident_id(one: TrueIncident) -> str:
    return str(5_100 + int(one.id[:-1]))


def component_id(number: int) -> str:
    return str(81 + number)


def phase(phase: Phase, _: int) -> Phase:
    return NEAREST.get(phase, phase)


def _roll_up(provider: Provider) -> dict[str, object]:
    worst = max((one.status for one in provider.components.values()), key=list(LEVELS).index)
    return {"InEffectSince": _stamp(provider.now), "StatusText": LEVELS[worst], "Status": LEVELS[worst]}


def _summary(provider: Provider) -> dict[str, object]:
    shown = [one for one in reversed(provider.alive()) if one.is_open]
    head = {"PageName": "Acme Relay", "Domain": "acme-relay.status.page"}
    return {
        **head,
        **_roll_up(provider),
        "UnresolvedIncidents": [_incident(one) for one in shown if one.phase is not Phase.SCHEDULED],
        "UpcomingIncidents": [_incident(one) for one in shown if one.phase is Phase.SCHEDULED],
    }


def _components(provider: Provider) -> list[object]:
    rows = provider.components.values()
    return [{"id": int(one.id), "text": one.name, "Level": 0, "CurrentStatus": LEVELS[one.status]} for one in rows]


def _incidents(provider: Provider) -> list[object]:
    return [_incident(one) for one in reversed(provider.alive())]


_JSON = {
    statuscast.STATUS: _roll_up,
    statuscast.SUMMARY: _summary,
    statuscast.COMPONENTS: _components,
    statuscast.INCIDENTS: _incidents,
}


def _incident(one: TrueIncident) -> dict[str, object]:
    return {
        "Id": int(incident_id(one)),
        "Title": one.title,
        "Status": WORDS[one.phase],
        "IncidentType": TYPES[one.kind],
        "StartDate": _stamp(window(one)[0] if one.kind is Kind.MAINTENANCE else one.created_at),
        "ShortUrl": f"https://stcst.example/{one.id}",
    }


def _level(one: Component) -> dict[str, object]:
    return {"ComponentId": int(one.id), "Status": LEVELS[one.status], "DateChanged": _stamp(one.updated_at)}


def _post(update: TrueUpdate) -> dict[str, object]:
    return {
        "Id": int(update.token[1:]),
        "Text": f"<p>{escape(update.text)}</p>",
        "Date": _stamp(update.at),
        "IsPublished": True,
        "PostType": WORDS[update.phase],
        "NewComponentStatus": None,
    }


def _posts(provider: Provider) -> str:
    told = [(update, one) for one in provider.alive() for update in one.updates]
    told.sort(key=lambda row: row[0].at, reverse=True)
    items = "".join(_item(one, update) for update, one in told)
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:sc="http://statuscast.com"><channel>'
        f"<title>Acme Relay Status</title><link>{HOME}/</link><copyright>StatusCast</copyright>{items}</channel></rss>"
    )


def _item(one: TrueIncident, update: TrueUpdate) -> str:
    number = incident_id(one)
    return (
        f'<item><guid isPermaLink="false">/{number}/{int(update.token[1:])}</guid>'
        f"<link>{HOME}/incident/{number}</link><title>{escape(one.title)}</title>"
        f"<description>{escape(f'<p>{escape(update.text)}</p>')}</description>"
        f"<pubDate>{format_datetime(update.at.astimezone(PACIFIC))}</pubDate></item>"
    )


def _stamp(moment: datetime | None) -> str:
    assert moment is not None
    return f"{moment:%Y-%m-%dT%H:%M:%S}"


_ANY = partial(
    Writer,
    platform=statuscast.PLATFORM,
    write=write,
    hook=hook,
    incident_id=incident_id,
    component_id=component_id,
    phase=phase,
    time_zone="UTC",
)
WRITERS = (
    _ANY(page_url=HOME, has_maintenances=False, shows_components=False),
    _ANY(page_url=FASTLY, shows_deletions=False),
)
