"""What user templates are given, cut to a size: no field of an event can make a template slow."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from statuswire import wire
from statuswire.channels import phrasing
from statuswire.channels.wording import STATUS_WORDS
from statuswire.model import Event, Message, Standing

TEXT_LIMIT: Final = 16 * 1024
LIST_LIMIT: Final = 100
_END: Final = 256
_BEFORE_END: Final = TEXT_LIMIT - _END
"""Only at the end of a long text has it to be known where its graphemes end."""

_PARTS: Final = ("incident", "update", "component", "feed")
_OPTIONAL: Final = {
    "page": ("from", "to"),
    "component": ("from", "to"),
    "incident": ("scheduled_for", "scheduled_until"),
}
"""What an event has only at times. It is None otherwise, so that a template can ask `{% if incident %}`."""

NAMES: Final = (
    "event",
    "events",
    "page",
    *_PARTS,
    "standing",
    "kind",
    "headline",
    "words",
    "facts",
    "link",
    "level",
    "state",
    "duration",
    "reason",
    "evidence",
    "route",
    "is_first",
    "is_last",
)
"""The variables there are, in the order of the reference."""


def values(message: Message) -> dict[str, Any]:
    """All of NAMES: texts, numbers, truth values, None, and lists and mappings of them."""
    events = [_event(event) for event in message.events[-LIST_LIMIT:]]
    newest = events[-1] if events else None
    level = phrasing.level(message)
    found = {
        "event": newest,
        "events": events,
        "page": newest["page"] if newest else None,
        **{part: newest[part] if newest else None for part in _PARTS},
        "standing": _standing(message.standing) if message.standing is not None else None,
        "kind": message.kind.value,
        "headline": phrasing.headline(message),
        "words": phrasing.words(message),
        "facts": [{"label": fact.label, "value": fact.value} for fact in phrasing.facts(message)],
        "link": phrasing.address(message),
        "level": level.value,
        "state": STATUS_WORDS[level],
        "duration": _duration(message),
        "reason": message.reason,
        "evidence": list(message.evidence),
        "route": message.route,
        "is_first": message.is_first,
        "is_last": message.is_last,
    }
    return {name: _cut(value) for name, value in found.items()}


def _event(event: Event) -> dict[str, Any]:
    """The one JSON shape, with None for what is missing."""
    found: dict[str, Any] = {**dict.fromkeys(_PARTS), "event_name": "", **wire.to_mapping(event)}
    for part, names in _OPTIONAL.items():
        if found[part] is not None:
            found[part] = {**found[part], **{name: found[part].get(name) for name in names}}
    return found


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "state": standing.state,
        "label": standing.label,
        "message": standing.message,
        "at": wire.timestamp(standing.at),
        "impacted": list(standing.impacted),
    }


def _duration(message: Message) -> str:
    """How long it took, or has taken until the newest event; empty where that is not known."""
    if not message.events or message.event.incident is None:
        return ""
    incident = message.event.incident
    begun = incident.started_at or message.opened_at
    ended = incident.resolved_at or message.event.at
    return "" if begun is None else phrasing.duration(max(ended - begun, timedelta(0)))


def _cut(value: Any) -> Any:
    """The same with long texts and lists shortened."""
    if isinstance(value, str):
        return (
            value if len(value) <= TEXT_LIMIT else value[:_BEFORE_END] + phrasing.shortened(value[_BEFORE_END:], _END)
        )
    if isinstance(value, list):
        return [_cut(one) for one in value[:LIST_LIMIT]]
    if isinstance(value, dict):
        return {name: _cut(one) for name, one in value.items()}
    return value
