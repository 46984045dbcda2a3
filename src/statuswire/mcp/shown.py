"""What the tools show of pages, components, incidents and feeds: our own words plain, all others quoted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from statuswire.doctor.feeds import feed_finding
from statuswire.engine.sources import Feeds
from statuswire.mcp.answers import Affected, ComponentRow, IncidentRow, OpenIncident, PageRow, ProviderRow, Update
from statuswire.mcp.freshness import Body, Reading, stamp
from statuswire.mcp.quoting import MOST_LETTERS, plain, quote
from statuswire.model import Feed

MOST_UPDATES = 10
MOST_COMPONENTS = 50


def page(reading: Reading) -> Body:
    """A page in a list."""
    one = reading.page
    return {
        "page": one.slug,
        "state": one.state,
        "last_known_state": one.last_known,
        **reading.as_body(),
        "open_incidents": len(one.open_incidents),
        "components": dict(one.components),
        "tags": [plain(tag) for tag in one.tags],
        "category": one.category,
        "quoted": {"name": quote(one.name), "url": quote(one.url)},
    }


def state(reading: Reading, troubled: Sequence[ComponentRow]) -> Body:
    """A page with what is wrong on it."""
    return page(reading) | {
        "flag": reading.page.flag,
        "open_incidents": [_open(one) for one in reading.page.open_incidents],
        "components_not_operational": [_component(one) for one in troubled[:MOST_COMPONENTS]],
        "components_left_out": max(0, len(troubled) - MOST_COMPONENTS),
    }


def _open(one: OpenIncident) -> Body:
    return {
        "kind": one.kind,
        "phase": one.phase,
        "impact": one.impact,
        "updated_at": stamp(one.updated_at),
        "quoted": {"id": quote(one.id), "title": quote(one.title)},
    }


def _component(one: ComponentRow) -> Body:
    return {"status": one.status, "since": stamp(one.since), "quoted": _named(one)}


def _named(one: ComponentRow | Affected) -> Body:
    return {"name": quote(one.name), "group": quote(one.group or "")}


def incident(one: IncidentRow, readings: Mapping[str, Reading]) -> Body:
    """An incident or maintenance with its latest updates, and how fresh that is."""
    reading = readings.get(one.page.slug)
    body: Body = {
        "page": one.page.slug,
        "phase": one.phase,
        "impact": one.impact,
        "started_at": stamp(one.started_at),
        "resolved_at": stamp(one.resolved_at),
        "updated_at": stamp(one.updated_at),
        "freshness": reading.freshness.value if reading else "unknown",
        "last_read_at": stamp(reading.last_read_at) if reading else None,
        "updates_left_out": max(0, len(one.updates) - MOST_UPDATES),
        "quoted": _quoted(one),
    }
    planned = {"scheduled_for": stamp(one.scheduled_for), "scheduled_until": stamp(one.scheduled_until)}
    return body | {name: at for name, at in planned.items() if at}


def _quoted(one: IncidentRow) -> Body:
    return {
        "page_name": quote(one.page.name),
        "id": quote(one.id),
        "title": quote(one.title),
        "url": quote(one.url),
        "components": [{"status": each.status, **_named(each)} for each in one.components[:MOST_COMPONENTS]],
        "updates": [_update(each) for each in one.updates[-MOST_UPDATES:]],
    }


def _update(one: Update) -> Body:
    return {"at": stamp(one.at), "phase": one.phase, "text": quote(one.text, MOST_LETTERS)}


def provider(one: ProviderRow, watched: Mapping[str, PageRow]) -> Body:
    """A row of the catalog: it is ours, and says nothing of how anything is."""
    return {
        "slug": one.slug,
        "name": plain(one.name),
        "page_url": plain(one.page_url),
        "homepage": plain(one.homepage),
        "platform": one.platform,
        "category": one.category,
        "aliases": [plain(alias) for alias in one.aliases],
        "is_watched": one.slug in watched,
    }


def feed(feeds: Feeds, one: Feed, now: datetime) -> Body:
    """What the doctor says of a feed; what others said in its trouble is quoted inside the sentence."""
    found = feed_finding(feeds, one, now)
    error = one.health.last_error
    sentence = found.sentence.replace(error, quote(error)) if error else found.sentence
    return {
        "page": feeds.page.slug,
        "grade": found.grade.value,
        "sentence": sentence,
        "advice": found.advice,
        "state": one.health.state.value,
        "last_read_at": found.facts["last_read_at"],
        "last_changed_at": found.facts["last_changed_at"],
        "due_at": found.facts["due_at"],
        "late_s": found.facts["late_s"],
        "failures": one.health.failures,
        "quoted": {"url": quote(str(found.facts["url"]))},
    }
