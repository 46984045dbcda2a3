"""Bodies of any shape, as senders without an adapter make them: what such a sender usually says, in three ways.

With all updates and their ids; flat, with the words of today; and with nothing but a name and a label. Squadcast's
webhook, of which only is known that there is one (support.squadcast.com, checked 2026-11), is taken for a flat one.
"""

from __future__ import annotations

from dataclasses import replace

import msgspec

from statuswire.model import Kind
from statuswire.platforms import generic, squadcast
from tests.core.histories import Provider, TrueIncident, TrueUpdate, What

from .base import Writer, nothing
from .markup import in_order, short_stamp, window
from .sayings import no_update, open_or_over

Fields = dict[str, object]


def listed(provider: Provider, what: What) -> bytes | None:
    """The incident with its whole history, whatever has happened to it."""
    if isinstance(what, str) or what.is_deleted:
        return None
    times = {"created_at": short_stamp(what.created_at), "updated_at": short_stamp(what.updated_at)}
    own: Fields = {"id": what.id, "title": what.title, "status": what.phase.value, **times}
    own |= {"impact": what.impact.value, "updates": [_update(update) for update in reversed(in_order(what))]}
    row = own | _window(what) | {"components": _parts(provider, what)}
    return msgspec.json.encode({"event": f"{what.kind.value}.changed", what.kind.value: row})


def flat(provider: Provider, what: What) -> bytes | None:
    """One object for each update, with its words."""
    if isinstance(what, str) or not _is_said_now(provider, what):
        return None
    newest = what.updates[-1]
    own: Fields = {"event": "notice", "incident_id": what.id, "title": what.title, "kind": what.kind.value}
    told = {"status": newest.phase.value, "message": newest.text, "timestamp": int(newest.at.timestamp())}
    return msgspec.json.encode(own | told | {"services": _parts(provider, what)})


def labelled(provider: Provider, what: What) -> bytes | None:
    """A name and a label, when it begins and when it is over."""
    if isinstance(what, str) or not _is_said_now(provider, what):
        return None
    row = {"name": what.title, "status": {"label": what.phase.value.capitalize()}}
    return msgspec.json.encode({"event_type": "incident.updated", "data": {"id": what.id, "incident": row}})


def _is_said_now(provider: Provider, one: TrueIncident) -> bool:
    return not one.is_deleted and one.updates[-1].at == provider.now


def _update(update: TrueUpdate) -> Fields:
    told = {"status": update.phase.value, "message": update.text}
    return {"id": update.token, **told, "created_at": short_stamp(update.at)}


def _window(one: TrueIncident) -> Fields:
    if one.kind is Kind.INCIDENT:
        return {}
    begins, ends = window(one)
    return {"scheduled_for": short_stamp(begins), "scheduled_until": short_stamp(ends)}


def _parts(provider: Provider, one: TrueIncident) -> list[dict[str, str]]:
    return [{"id": id_, "name": provider.components[id_].name} for id_ in one.components]


LISTED = Writer(
    platform=generic.PLATFORM,
    write=nothing,
    hook=listed,
    has_backfilling=False,
    shows_deletions=False,
    shows_components=False,
)
FLAT = replace(LISTED, hook=flat, has_edits=False)
LABELLED = replace(
    FLAT,
    hook=labelled,
    phase=open_or_over,
    shown=no_update,
    has_maintenances=False,
    has_dated_hooks=False,
)
WRITERS = (LISTED, FLAT, LABELLED, replace(FLAT, platform=squadcast.PLATFORM))
