"""Hund: a feed with the latest words of each issue under its label, and hooks about issues and levels of components.

A hook tells what was written when the issue was opened, or the updates since. Moments there are in UNIX seconds. Shapes
from the vendor's documentation and a captured feed (checked 2026-11).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape

import msgspec

from statuswire.model import Component, Status
from statuswire.platforms import hund
from tests.core.histories import Provider, TrueIncident, TrueUpdate, What

from .base import PAGE_URL, Writer
from .markup import in_order
from .sayings import newest_update, short_of_words

LEVELS = {Status.OPERATIONAL: "operational", Status.DEGRADED: "degraded", Status.MAJOR_OUTAGE: "outage"}


def write(provider: Provider, _: str) -> bytes:
    """The feed, the newest issue first."""
    entries = "".join(map(_entry, reversed(provider.alive())))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xml:lang="en-US" xmlns="http://www.w3.org/2005/Atom">'
        "<id>tag:status.acme-relay.example,2005:/state_feed/feed</id>"
        f'<link rel="alternate" type="text/html" href="{PAGE_URL}"/><title>Acme Relay Status</title>'
        f"<updated>{provider.now.isoformat()}</updated>{entries}</feed>"
    ).encode()


def hook(provider: Provider, what: What) -> bytes | None:
    """An event of a component or of an issue; what is deleted, entered afterwards or only rated anew is none."""
    if isinstance(what, str):
        return _component_event(provider.components[what])
    if what.is_deleted or what.is_backfilled or what.updates[-1].at != provider.now:
        return None
    return _issue_event(provider, what)


def incident_id(one: TrueIncident) -> str:
    return f"6657a1b28fbb652a{int(one.id[:-1]):08x}"


def component_id(number: int) -> str:
    return f"574f20d2af26c94f{number:08x}"


def _entry(one: TrueIncident) -> str:
    number, newest = incident_id(one), in_order(one)[-1]
    return (
        f"<entry><id>tag:status.acme-relay.example,2005:State::FeedNotifier::Entry/{number}</id>"
        f"<published>{_shown(one.created_at).isoformat()}</published><updated>{_shown(newest.at).isoformat()}</updated>"
        f'<link rel="alternate" type="text/html" href="{PAGE_URL}/issues/{number}"/>'
        f"<title>[{_label(newest)}] {escape(one.title)}</title>"
        f'<content type="html">{escape(_markup(newest))}</content></entry>'
    )


def _component_event(one: Component) -> bytes:
    assert one.updated_at is not None
    word = "restored" if one.status is Status.OPERATIONAL else LEVELS[one.status]
    subject = {"id": "6657a1b28fbb652ab878c300", "type": "status", "state": LEVELS[one.status]}
    about = {"component": {"id": one.id, "type": "component", "name": one.name}}
    return _event(word, one.updated_at, subject, about)


def _issue_event(provider: Provider, one: TrueIncident) -> bytes:
    opening, *later = in_order(one)
    newest = one.updates[-1]
    subject: dict[str, object] = {
        "id": incident_id(one),
        "type": "issue",
        "title": one.title,
        "body": _markup(opening),
        "label": _label(newest),
        "began_at": _seconds(one.created_at),
        "resolved": not one.is_open,
    }
    if later:
        subject["updates"] = [_update(update) for update in reversed(later)]
    affected = [provider.components[id_] for id_ in one.components]
    rows = [{"id": each.id, "type": "component", "name": each.name, "state": LEVELS[each.status]} for each in affected]
    kind = "created" if not later else "updated" if one.is_open else "resolved"
    return _event(f"issue_{kind}", newest.at, subject, {"components": rows})


def _event(kind: str, at: datetime, subject: dict[str, object], contexts: dict[str, object]) -> bytes:
    event = {"id": "6657a1b28fbb652ab878c197", "type": "event", "created_at": _seconds(at), "kind": kind}
    return msgspec.json.encode(
        {
            "created_at": _seconds(at) + 1,
            "event": {**event, "eventable": subject, "contexts": contexts},
            "subscription": {"id": "6657a1b28fbb652ab878c196", "type": "subscription", "plugin": "webhook"},
            "status_page": {"name": "Acme Relay"},
            "_embedded": {"status_page": {"_links": {"self-view": {"href": f"{PAGE_URL}/"}}}},
        }
    )


def _update(update: TrueUpdate) -> dict[str, object]:
    return {
        "id": f"6657a1b28fbb652b{int(update.token[1:]):08x}",
        "body": _markup(update),
        "label": _label(update),
        "created_at": _seconds(update.at),
    }


def _label(update: TrueUpdate) -> str:
    return update.phase.value.capitalize()


def _markup(update: TrueUpdate) -> str:
    return f"<p>{escape(update.text)}</p>"


def _shown(moment: datetime) -> datetime:
    """Never a whole minute, of which nobody could say whether a feed means just that or any second of it."""
    return moment + timedelta(seconds=7)


def _seconds(moment: datetime) -> int:
    return int(_shown(moment).timestamp())


WRITER = Writer(
    platform=hund.PLATFORM,
    write=write,
    hook=hook,
    incident_id=incident_id,
    component_id=component_id,
    phase=short_of_words,
    levels=tuple(LEVELS),
    has_maintenances=False,
    has_edits=False,
    shows_deletions=False,
    shows_components=False,
    shown=newest_update,
)
